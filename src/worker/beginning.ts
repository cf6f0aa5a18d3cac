// The beginning of a life: all events share one, and after one that failed the next event begins anew, so that hawser works as soon as it
// is configured.

import { formatError } from '../base/errors.ts';
import type { Clock, Log } from '../platform.ts';
import { createConsoleLog } from './log.ts';

const CLOCK: Clock = { now: () => Date.now() };

/** The function rejects with what `begin` rejects with; the log has each reason once, until it is another one. */
export function createBeginning<T>(
  begin: () => Promise<T>,
  log: Log = createConsoleLog({ clock: CLOCK }),
): () => Promise<T> {
  let current: Promise<T> | undefined;
  let told = '';
  return () => {
    current ??= begin().catch((error: unknown) => {
      current = undefined;
      const reason = formatError(error);
      if (reason !== told) log.error('hawser cannot begin', { reason });
      told = reason;
      throw error;
    });
    return current;
  };
}
