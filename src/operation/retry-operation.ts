// The end of an attempt: the operation has ended, or waits for its next attempt (Argo CD: appcontroller.go, processRequestedAppOperation).

import { nextRetryAt } from '../application/retry.ts';
import type { OperationState } from '../application/types.ts';
import { formatError, isHawserError } from '../base/errors.ts';
import { formatTime } from './road.ts';

export interface AttemptEnd {
  readonly nowMs: number;
  /** Terminated, or superseded by a newer push: nobody wants another attempt. */
  readonly isFinal: boolean;
}

/** What a failed attempt becomes: Running with `finishedAt` as long as another one follows. Other phases only get their end. */
export function endAttempt(state: OperationState, { nowMs, isFinal }: AttemptEnd): OperationState {
  const ended: OperationState = { ...state, finishedAt: formatTime(nowMs) };
  if ((state.phase !== 'Failed' && state.phase !== 'Error') || isFinal) return ended;
  const { operation, retryCount = 0, message = '' } = state;
  let next: Date | undefined;
  try {
    next = nextRetryAt(operation.retry, retryCount, nowMs);
  } catch (error) {
    if (!isHawserError(error)) throw error;
    return { ...ended, phase: 'Error', message: `${message} (failed to retry: ${formatError(error)})` };
  }
  if (next) {
    const attempt = retryCount + 1;
    const text = `${message}. Retrying attempt #${attempt} at ${formatKitchen(next)}.`;
    // The pause counts from what is recorded, in whole seconds: rounded up, no attempt comes early.
    const finishedAt = formatTime(Math.ceil(nowMs / 1000) * 1000);
    return { ...ended, finishedAt, phase: 'Running', message: text, retryCount: attempt };
  }
  return retryCount > 0 ? { ...ended, message: `${message} (retried ${retryCount} times).` } : ended;
}

/** Go's time.Kitchen, in UTC: `3:04PM`. */
function formatKitchen(time: Date): string {
  const hours = time.getUTCHours();
  const minutes = String(time.getUTCMinutes()).padStart(2, '0');
  return `${hours % 12 || 12}:${minutes}${hours < 12 ? 'AM' : 'PM'}`;
}
