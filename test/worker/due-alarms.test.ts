// The one alarm of a Durable Object serves many instants, and work that is not done; what it is for is done even where the object ends.

import { describe, expect, it } from 'vitest';
import { createObjectAlarms } from '../../src/worker/alarms.ts';
import type { DurableStorage } from '../../src/worker/bindings.ts';
import { createObjectStorage } from './support/object-storage.ts';

const CLOCK = { now: () => 100 };
const LATER = 10_100;

describe('alarms that are due', () => {
  it('are taken, the others stay, and the object is woken again for the work', async () => {
    const { storage, names, alarmMs } = createObjectStorage({ 'alarm/a': 50, 'alarm/b': 100, 'alarm/c': 200_000 });
    expect(await createObjectAlarms(storage, CLOCK).take(false, LATER)).toEqual(['a', 'b']);
    expect([names(), alarmMs()]).toEqual([['alarm/c'], LATER]);
  });

  it('wake again at another one, where that is earlier', async () => {
    const { storage, alarmMs } = createObjectStorage({ 'alarm/a': 50, 'alarm/c': 200 });
    await createObjectAlarms(storage, CLOCK).take(false, LATER);
    expect(alarmMs()).toBe(200);
  });

  it('cost nothing where none is due and nothing goes on', async () => {
    const { storage, alarmMs, written } = createObjectStorage();
    expect(await createObjectAlarms(storage, CLOCK).take(false, LATER)).toEqual([]);
    expect([alarmMs(), written()]).toEqual([undefined, 0]);
  });

  it.each([0, 1, 2, 3])('are there, or wake again, where the object ends after %i writes', async (writes) => {
    const { storage, names, alarmMs } = createObjectStorage({ 'alarm/a': 50, 'alarm/b': 100 }, writes);
    await createObjectAlarms(storage, CLOCK)
      .take(false, LATER)
      .catch(() => undefined);
    expect(alarmMs() === LATER || names().length === 2).toBe(true);
  });
});

describe('the alarm for unfinished work', () => {
  it('is written once, however much work there is', async () => {
    const { storage, alarmMs, written } = createObjectStorage();
    const alarms = createObjectAlarms(storage, CLOCK);
    await Promise.all([alarms.stayAwake(1_000), alarms.stayAwake(1_050), alarms.stayAwake(900)]);
    expect([alarmMs(), written()]).toEqual([1_000, 1]);
  });

  it('is moved to an earlier instant only', async () => {
    const { storage, alarmMs } = createObjectStorage();
    const alarms = createObjectAlarms(storage, CLOCK);
    await alarms.stayAwake(1_000);
    await alarms.wakeBy(500);
    await alarms.wakeBy(2_000);
    expect(alarmMs()).toBe(500);
  });

  it('leaves the named ones when the work is done', async () => {
    const { storage, alarmMs } = createObjectStorage({ 'alarm/a': 50 });
    const alarms = createObjectAlarms(storage, CLOCK);
    await alarms.take(false, LATER);
    await alarms.set('b', 90_000);
    await alarms.rest(LATER);
    expect(alarmMs()).toBe(90_000);
    await alarms.cancel('b');
    expect(alarmMs()).toBeUndefined();
  });

  it('stays where an earlier one was asked for while the work was ended', async () => {
    const { storage, alarmMs } = createObjectStorage({ 'alarm/a': 50 });
    const alarms = createObjectAlarms(storage, CLOCK);
    await alarms.take(false, LATER);
    await Promise.all([alarms.wakeBy(100), alarms.rest(LATER)]);
    expect(alarmMs()).toBe(100);
  });

  it('is set again after a write that failed', async () => {
    const { storage, alarmMs } = createObjectStorage();
    let fails = true;
    const setAlarm: DurableStorage['setAlarm'] = async (atMs) => {
      if (fails) throw new Error('the disk is full');
      return storage.setAlarm(atMs);
    };
    const alarms = createObjectAlarms({ ...storage, setAlarm }, CLOCK);
    await expect(alarms.stayAwake(1_000)).rejects.toThrow('the disk is full');
    fails = false;
    await alarms.stayAwake(1_000);
    expect(alarmMs()).toBe(1_000);
  });
});

describe('an event that waits for the next one', () => {
  it('ends at an instant that has passed, and at one that is set later', async () => {
    const { storage } = createObjectStorage();
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
