// The one alarm of a Durable Object serves many instants, and work that is not done; what it is for is done even where the object ends.

import { describe, expect, it } from 'vitest';
import { createObjectAlarms } from '../../src/worker/alarms.ts';
import type { DurableStorage } from '../../src/worker/bindings.ts';

/** Storage that ends after so many writes: what comes later is never written. */
function createStorage(initial: Readonly<Record<string, number>>, writes = Number.POSITIVE_INFINITY) {
  const kept = new Map<string, unknown>(Object.entries(initial));
  let alarmMs: number | undefined;
  let left = writes;
  let written = 0;
  const write = async <T>(work: () => T): Promise<T> => {
    if (left-- <= 0) throw new Error('the object was ended');
    written++;
    return work();
  };
  const storage: DurableStorage = {
    get: async <T>(key: string) => kept.get(key) as T | undefined,
    put: (key, value) => write(() => void kept.set(key, value)),
    delete: (key) => write(() => kept.delete(key)),
    list: async <T>({ prefix }: { readonly prefix: string }) =>
      new Map([...kept].filter(([key]) => key.startsWith(prefix)) as [string, T][]),
    setAlarm: (atMs) =>
      write(() => {
        alarmMs = atMs;
      }),
    deleteAlarm: () =>
      write(() => {
        alarmMs = undefined;
      }),
    sync: async () => undefined,
  };
  return { storage, names: () => [...kept.keys()].sort(), alarmMs: () => alarmMs, written: () => written };
}

const CLOCK = { now: () => 100 };
const LATER = 10_100;

describe('alarms that are due', () => {
  it('are taken, the others stay, and the object is woken again for the work', async () => {
    const { storage, names, alarmMs } = createStorage({ 'alarm/a': 50, 'alarm/b': 100, 'alarm/c': 200_000 });
    expect(await createObjectAlarms(storage, CLOCK).take(false, LATER)).toEqual(['a', 'b']);
    expect([names(), alarmMs()]).toEqual([['alarm/c'], LATER]);
  });

  it('wake again at another one, where that is earlier', async () => {
    const { storage, alarmMs } = createStorage({ 'alarm/a': 50, 'alarm/c': 200 });
    await createObjectAlarms(storage, CLOCK).take(false, LATER);
    expect(alarmMs()).toBe(200);
  });

  it('cost nothing where none is due and nothing goes on', async () => {
    const { storage, alarmMs, written } = createStorage({});
    expect(await createObjectAlarms(storage, CLOCK).take(false, LATER)).toEqual([]);
    expect([alarmMs(), written()]).toEqual([undefined, 0]);
  });

  it.each([0, 1, 2, 3])('are there, or wake again, where the object ends after %i writes', async (writes) => {
    const { storage, names, alarmMs } = createStorage({ 'alarm/a': 50, 'alarm/b': 100 }, writes);
    await createObjectAlarms(storage, CLOCK)
      .take(false, LATER)
      .catch(() => undefined);
    expect(alarmMs() === LATER || names().length === 2).toBe(true);
  });
});

describe('the alarm for unfinished work', () => {
  it('is written once, however much work there is', async () => {
    const { storage, alarmMs, written } = createStorage({});
    const alarms = createObjectAlarms(storage, CLOCK);
    await Promise.all([alarms.wakeBy(1_000), alarms.wakeBy(1_000), alarms.wakeBy(1_050)]);
    expect([alarmMs(), written()]).toEqual([1_000, 1]);
  });

  it('is moved to an earlier instant only', async () => {
    const { storage, alarmMs } = createStorage({});
    const alarms = createObjectAlarms(storage, CLOCK);
    await alarms.wakeBy(1_000);
    await alarms.wakeBy(500);
    await alarms.wakeBy(2_000);
    expect(alarmMs()).toBe(500);
  });

  it('leaves the named ones when the work is done', async () => {
    const { storage, alarmMs } = createStorage({ 'alarm/a': 50 });
    const alarms = createObjectAlarms(storage, CLOCK);
    await alarms.take(false, LATER);
    await alarms.set('b', 90_000);
    await alarms.rest(LATER);
    expect(alarmMs()).toBe(90_000);
    await alarms.cancel('b');
    expect(alarmMs()).toBeUndefined();
  });

  it('stays where an earlier one was asked for while the work was ended', async () => {
    const { storage, alarmMs } = createStorage({ 'alarm/a': 50 });
    const alarms = createObjectAlarms(storage, CLOCK);
    await alarms.take(false, LATER);
    await Promise.all([alarms.wakeBy(100), alarms.rest(LATER)]);
    expect(alarmMs()).toBe(100);
  });

  it('is set again after a write that failed', async () => {
    const { storage, alarmMs } = createStorage({});
    let fails = true;
    const setAlarm: DurableStorage['setAlarm'] = async (atMs) => {
      if (fails) throw new Error('the disk is full');
      return storage.setAlarm(atMs);
    };
    const alarms = createObjectAlarms({ ...storage, setAlarm }, CLOCK);
    await expect(alarms.wakeBy(1_000)).rejects.toThrow('the disk is full');
    fails = false;
    await alarms.wakeBy(900);
    expect(alarmMs()).toBe(900);
  });
});

describe('an event that waits for the next one', () => {
  it('ends at an instant that has passed, and at one that is set later', async () => {
    const { storage } = createStorage({});
    const alarms = createObjectAlarms(storage, CLOCK);
    const next = alarms.nextDue();
    await alarms.set('a', 90);
    await next.passed;
    next.end();
    await alarms.cancel('a');
    const another = alarms.nextDue();
    await alarms.wakeBy(110);
    await another.passed;
  });
});
