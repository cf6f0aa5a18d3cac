// The storage of a Durable Object in memory, as far as alarms use it; it can end before some write, as an object does.

import type { DurableStorage } from '../../../src/worker/bindings.ts';

export interface ObjectStorage {
  readonly storage: DurableStorage;
  names(): readonly string[];
  alarmMs(): number | undefined;
  written(): number;
}

/** `writes`: so many are done; what comes later is never written. */
export function createObjectStorage(
  initial: Readonly<Record<string, number>> = {},
  writes = Number.POSITIVE_INFINITY,
): ObjectStorage {
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
