// Mutual exclusion by name inside one process: work of one name runs one after another, in order of arrival.

export interface NamedLocks {
  /** Runs `work` when all earlier work of `name` has ended, whatever its end was. */
  run<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Whether no work of `name` runs or waits. */
  isFree(name: string): boolean;
}

export function createLocks(): NamedLocks {
  const tails = new Map<string, Promise<unknown>>();
  return {
    isFree: (name) => !tails.has(name),
    run: async (name, work) => {
      const before = tails.get(name) ?? Promise.resolve();
      const mine = before.then(work, work);
      const tail = mine.then(
        () => undefined,
        () => undefined,
      );
      tails.set(name, tail);
      try {
        return await mine;
      } finally {
        if (tails.get(name) === tail) tails.delete(name);
      }
    },
  };
}
