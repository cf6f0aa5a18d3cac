// Answers that cost somebody else something, remembered for a moment: nobody asks for them anew but for somebody who waits.

import type { Clock } from '../platform.ts';

export interface Remembered<T> {
  /** What is known of `key`, made now where it is older than the bound or `isFresh`. Those who ask meanwhile wait for the same. */
  get(key: string, make: () => Promise<T>, isFresh?: boolean): Promise<T>;
  /** What is known of it, as old as the bound lets it be; undefined where somebody would have to wait. */
  peek(key: string): T | undefined;
  forget(key: string): void;
}

/** More than any list that somebody looks at. */
const MOST = 1_000;

interface Entry<T> {
  readonly atMs: number;
  readonly value: Promise<T>;
  settled?: T;
}

export function createRemembered<T>(clock: Clock, forMs: number): Remembered<T> {
  const known = new Map<string, Entry<T>>();
  return {
    get: (key, make, isFresh = false) => {
      const now = clock.now();
      const found = known.get(key);
      if (found && !isFresh && now - found.atMs < forMs) return found.value;
      const value = make();
      const entry: Entry<T> = { atMs: now, value };
      known.delete(key);
      known.set(key, entry);
      value.then(
        (settled) => {
          entry.settled = settled;
        },
        () => known.delete(key),
      );
      for (const [oldest] of known) {
        if (known.size <= MOST) break;
        known.delete(oldest);
      }
      return value;
    },
    peek: (key) => {
      const found = known.get(key);
      return found && clock.now() - found.atMs < forMs ? found.settled : undefined;
    },
    forget: (key) => {
      known.delete(key);
    },
  };
}
