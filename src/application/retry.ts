// When a failed operation is tried again (Argo CD: RetryStrategy.NextRetryAt).

import { HawserError, isHawserError } from '../base/errors.ts';
import { parseGoDuration } from '../render/go/duration.ts';
import type { Retry } from './types.ts';

/** Argo CD: common.DefaultSyncRetryDuration, …MaxDuration, …Factor. */
const DEFAULTS = { durationMs: 5_000, maxDurationMs: 180_000, factor: 2 } as const;

/**
 * When the attempt after `attempts` retries is due, counted from `now` (milliseconds), or undefined when there is none: the limit is
 * reached, or there is no strategy. A limit below 0 is none (Argo CD: appcontroller.go, processRequestedAppOperation).
 * Throws InvalidInput for a duration that is none.
 */
export function nextRetryAt(retry: Retry | undefined, attempts: number, now: number): Date | undefined {
  const limit = retry?.limit ?? 0;
  if (limit >= 0 && attempts >= limit) return undefined;
  return new Date(now + retryWaitMs(retry, attempts));
}

/** How long to wait, in milliseconds: duration × factor^attempts, at most maxDuration where that is more than 0. */
export function retryWaitMs(retry: Retry | undefined, attempts: number): number {
  const { duration, factor = DEFAULTS.factor, maxDuration } = retry?.backoff ?? {};
  const wait = (duration ? parseWait(duration) : DEFAULTS.durationMs) * factor ** attempts;
  const most = maxDuration ? parseWait(maxDuration) : DEFAULTS.maxDurationMs;
  return most > 0 ? Math.min(most, wait) : wait;
}

/** A Go duration, or a bare number of seconds; in milliseconds. */
function parseWait(text: string): number {
  if (/^[+-]?\d+$/.test(text)) return Number(text) * 1000;
  try {
    return Number(parseGoDuration(text)) / 1e6;
  } catch (error) {
    if (!isHawserError(error)) throw error;
    throw new HawserError('InvalidInput', `unable to parse ${text} as a duration`, { cause: error });
  }
}
