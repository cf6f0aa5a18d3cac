// What a Durable Object's alarm is for is done, even where the object ends meanwhile.

import { describe, expect, it } from 'vitest';
import type { DurableStorage } from '../../src/worker/bindings.ts';
import { takeDueAlarms } from '../../src/worker/platform.ts';

/** Storage that ends after so many writes: what comes later is never written. */
function createStorage(initial: Readonly<Record<string, number>>, writes = Number.POSITIVE_INFINITY) {
  const kept = new Map<string, unknown>(Object.entries(initial));
  let alarmMs: number | undefined;
  let left = writes;
  const write = async <T>(work: () => T): Promise<T> => {
    if (left-- <= 0) throw new Error('the object was ended');
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
  return { storage, names: () => [...kept.keys()].sort(), alarmMs: () => alarmMs };
}

const GUARD = { name: 'guard', atMs: 60_100 };

describe('alarms that are due', () => {
  it('are taken with a guard in their place, and the others stay', async () => {
    const { storage, names, alarmMs } = createStorage({ 'alarm/a': 50, 'alarm/b': 100, 'alarm/c': 200 });
    expect(await takeDueAlarms(storage, 100, GUARD)).toEqual(['a', 'b']);
    expect(names()).toEqual(['alarm/c', 'alarm/guard']);
    expect(alarmMs()).toBe(200);
  });

  it('keep the guard that is due itself', async () => {
    const { storage, names, alarmMs } = createStorage({ 'alarm/guard': 50 });
    expect(await takeDueAlarms(storage, 100, GUARD)).toEqual(['guard']);
    expect(names()).toEqual(['alarm/guard']);
    expect(alarmMs()).toBe(60_100);
  });

  it('leave nothing where none is due', async () => {
    const { storage, names, alarmMs } = createStorage({ 'alarm/c': 200 });
    expect(await takeDueAlarms(storage, 100, GUARD)).toEqual([]);
    expect(names()).toEqual(['alarm/c']);
    expect(alarmMs()).toBe(200);
  });

  it.each([0, 1, 2, 3])('are there or guarded where the object ends after %i writes', async (writes) => {
    const { storage, names } = createStorage({ 'alarm/a': 50, 'alarm/b': 100 }, writes);
    await takeDueAlarms(storage, 100, GUARD).catch(() => undefined);
    const isGuarded = names().includes('alarm/guard');
    expect(isGuarded || names().length === 2).toBe(true);
  });
});
