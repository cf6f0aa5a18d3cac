// One request to an API server: bounded, and repeated where that does no harm.

import { delay } from '../base/delay.ts';
import { HawserError, isHawserError, messageOf } from '../base/errors.ts';
import { withTimeLimit } from '../base/time-limit.ts';
import type { ClusterTransport } from '../platform.ts';
import { readRefusal, refusalCauses, refusalReason, refusalStatus } from './refusal.ts';

const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

export interface RequestPolicy {
  /** The same request twice has the effect of one: it may be sent again when its fate is unknown. */
  readonly repeatable: boolean;
  /** A 409 is worth another try: the server's own race, not a guard of ours. */
  readonly repeatConflicts?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
}

/**
 * Sends and reads the answer with `read`, inside the time limit. Throws `ClusterRefused`, `Unavailable` or `Timeout`; the caller's
 * abort passes as its own reason.
 */
export async function sendRequest<T>(
  transport: ClusterTransport,
  path: string,
  init: RequestInit,
  policy: RequestPolicy,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await sendOnce(transport, path, init, policy, read);
    } catch (error) {
      const pause = attempt < ATTEMPTS ? pauseBefore(error, attempt, policy) : undefined;
      if (pause === undefined) throw error;
      await delay(pause, policy.signal);
    }
  }
}

async function sendOnce<T>(
  transport: ClusterTransport,
  path: string,
  init: RequestInit,
  policy: RequestPolicy,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  const where = `${init.method ?? 'GET'} ${transport.server}${path}`;
  return withTimeLimit(policy.timeoutMs, policy.signal, async (signal, expired, watch) => {
    const turn = { waits: watch.stop, comes: watch.restart };
    try {
      const response = await transport.fetch(path, { ...init, signal, turn });
      if (!response.ok) throw await readRefusal(response, where);
      return await read(response);
    } catch (error) {
      if (isHawserError(error)) throw error;
      if (policy.signal?.aborted) throw policy.signal.reason;
      if (expired()) throw new HawserError('Timeout', `${where}: no answer within ${policy.timeoutMs / 1000} s`);
      throw unreachable(where, error);
    }
  });
}

function unreachable(where: string, cause: unknown): HawserError {
  const hint = 'look whether the API server runs and can be reached from here';
  return new HawserError('Unavailable', `${where}: ${describeLoss(cause)}`, { cause, hint });
}

/** `fetch failed` alone helps nobody: the cause says what happened. */
function describeLoss(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && cause.message ? cause.message : messageOf(error);
}

/** Milliseconds to wait before the next attempt, or undefined when there shall be none. */
function pauseBefore(error: unknown, attempt: number, policy: RequestPolicy): number | undefined {
  const backoff = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
  if (isHawserError(error, 'Unavailable')) return policy.repeatable ? backoff : undefined;
  const status = refusalStatus(error);
  const asked = retryAfterMs(error);
  // A 429 was turned away before anything happened, so that any verb may come again.
  if (status === 429) return asked ?? backoff;
  if (!policy.repeatable) return undefined;
  if (status === 502 || status === 503 || status === 504) return asked ?? backoff;
  if (status === 500 && asked !== undefined) return asked;
  if (status === 409 && policy.repeatConflicts && isRace(error)) return backoff;
  return undefined;
}

function isRace(error: unknown): boolean {
  if (refusalCauses(error).some((cause) => cause.reason === 'FieldManagerConflict')) return false;
  return ['Conflict', 'AlreadyExists'].includes(refusalReason(error));
}

function retryAfterMs(error: unknown): number | undefined {
  const seconds = isHawserError(error) ? error.data.retryAfterSeconds : undefined;
  return typeof seconds === 'number' ? Math.min(seconds * 1000, LONGEST_PAUSE_MS) : undefined;
}

/** An answer whose body comes bit by bit: only its head is bounded by `timeoutMs`; the signal ends the body, too. */
export async function openStream(
  transport: ClusterTransport,
  path: string,
  init: RequestInit,
  signal: AbortSignal | undefined,
  timeoutMs: number,
): Promise<Response> {
  const where = `${init.method ?? 'GET'} ${transport.server}${path}`;
  const controller = new AbortController();
  let isExpired = false;
  const timer = setTimeout(() => {
    isExpired = true;
    controller.abort();
  }, timeoutMs);
  const forward = () => controller.abort(signal?.reason);
  if (signal?.aborted) forward();
  else signal?.addEventListener('abort', forward, { once: true });
  try {
    const response = await transport.fetch(path, { ...init, signal: controller.signal });
    if (!response.ok) throw await readRefusal(response, where);
    return response;
  } catch (error) {
    if (isHawserError(error)) throw error;
    if (signal?.aborted) throw signal.reason;
    if (isExpired) throw new HawserError('Timeout', `${where}: no answer within ${timeoutMs / 1000} s`);
    throw unreachable(where, error);
  } finally {
    clearTimeout(timer);
  }
}
