// Synchronous work over things that have to be fetched: it runs, what it reached for in vain is brought, and it runs again.

import { HawserError } from './errors.ts';

/** Something that synchronous work may find missing, and that can be brought. */
export interface Wait<Signal = AbortSignal> {
  isIncomplete(): boolean;
  load(signal?: Signal): Promise<void>;
}

/** Each round brings at least one more folder, chart or repository that a render reaches for. */
const MAX_ROUNDS = 50;

/**
 * The result of `work` in the first run in which nothing was missing; only that run's error counts. `work` may not keep anything from run
 * to run. Throws what bringing throws, and `LimitExceeded` where something new is missing each time.
 */
export async function bringMissing<T, Signal = AbortSignal>(
  waits: readonly Wait<Signal>[],
  signal: Signal | undefined,
  work: () => T | Promise<T>,
): Promise<T> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    let result: { readonly value: T } | { readonly error: unknown };
    try {
      const made = work();
      // What is missing is looked at in the same turn where that can be: others may wait for the same things.
      result = { value: made instanceof Promise ? await made : made };
    } catch (error) {
      result = { error };
    }
    const incomplete = waits.filter((wait) => wait.isIncomplete());
    if (incomplete.length > 0) await Promise.all(incomplete.map((wait) => wait.load(signal)));
    else if ('value' in result) return result.value;
    else throw result.error;
  }
  throw new HawserError(
    'LimitExceeded',
    `rendering reached for files outside its path more than ${MAX_ROUNDS} times in a row`,
  );
}
