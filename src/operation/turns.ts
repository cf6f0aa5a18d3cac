// Whose turn it is: what is decided of Applications without a look at each comes in the order in which the deliveries arrived, and holds
// only where no work has made it old meanwhile.

import type { Application } from '../application/types.ts';

export interface Turns {
  /** `isConcerned` tells later arrivals for which Applications they have to wait. */
  arrive(isConcerned: (app: Application) => boolean): Arrival;
  /** Work on the Application with this key begins or ends. */
  touch(key: string): void;
}

export interface Arrival {
  /** Resolves when whatever arrived earlier and concerns one of these has begun its work on them. */
  waitForEarlier(apps: readonly Application[]): Promise<void>;
  /** No work on it has begun or ended since the arrival. */
  isUntouched(key: string): boolean;
  /** All work of this arrival has begun. */
  end(): void;
}

export function createTurns(): Turns {
  const open = new Set<{ readonly isConcerned: (app: Application) => boolean; readonly ended: Promise<void> }>();
  const touched = new Map<string, number>();
  let count = 0;
  return {
    touch: (key) => {
      count++;
      touched.set(key, count);
    },
    arrive: (isConcerned) => {
      const earlier = [...open];
      const since = count;
      const { promise: ended, resolve } = Promise.withResolvers<void>();
      const own = { isConcerned, ended };
      open.add(own);
      return {
        waitForEarlier: async (apps) => {
          const before = earlier.filter((other) => open.has(other) && apps.some(other.isConcerned));
          await Promise.all(before.map((other) => other.ended));
        },
        isUntouched: (key) => (touched.get(key) ?? 0) <= since,
        end: () => {
          open.delete(own);
          resolve();
        },
      };
    },
  };
}
