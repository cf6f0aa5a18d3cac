// Bounds on logins: five wrong passwords for one name within five minutes, and a few passwords at a time, since each costs a moment of the
// processor (Argo CD: util/session/sessionmanager.go). In memory: each replica counts what it sees.

import { HawserError } from '../base/errors.ts';
import { createLimiter } from '../base/limiter.ts';

const MOST_FAILURES = 5;
const WINDOW_MS = 300_000;
/** Names are anybody's to make up. */
const MOST_NAMES = 10_000;
const AT_ONCE = 4;
const MOST_WAITING = 50;

interface Failures {
  readonly count: number;
  readonly lastMs: number;
}

export interface LoginLimits {
  /** Whether this name has failed too often of late. */
  isLocked(name: string): boolean;
  failed(name: string): void;
  succeeded(name: string): void;
  /** Runs it when its turn comes. Throws `TooMany` where too many wait already. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function createLoginLimits(now: () => number): LoginLimits {
  const failures = new Map<string, Failures>();
  const limiter = createLimiter(AT_ONCE);
  let waiting = 0;
  const recent = (name: string) => {
    const found = failures.get(name);
    return found && now() - found.lastMs <= WINDOW_MS ? found : undefined;
  };

  return {
    isLocked: (name) => (recent(name)?.count ?? 0) >= MOST_FAILURES,
    failed: (name) => {
      const count = (recent(name)?.count ?? 0) + 1;
      failures.delete(name);
      if (failures.size >= MOST_NAMES) forget();
      failures.set(name, { count, lastMs: now() });
    },
    succeeded: (name) => {
      failures.delete(name);
    },
    run: async (work) => {
      if (waiting >= MOST_WAITING) {
        throw new HawserError('TooMany', 'too many logins at a time', { hint: 'try again in a moment' });
      }
      waiting++;
      try {
        return await limiter(work);
      } finally {
        waiting--;
      }
    },
  };

  /** Those of whom the longest nothing was heard; admin's count is not pushed out by made-up names. */
  function forget(): void {
    for (const [name, { lastMs }] of failures) if (now() - lastMs > WINDOW_MS) failures.delete(name);
    for (const name of failures.keys()) {
      if (failures.size < MOST_NAMES) return;
      if (name !== 'admin') failures.delete(name);
    }
  }
}
