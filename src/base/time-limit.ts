// A bound on work that takes an AbortSignal.

/**
 * Runs `work` with a signal that aborts when the caller's does or after `ms`. `expired()` tells which it was; the timer ends with
 * the work.
 */
export async function withTimeLimit<T>(
  ms: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal, expired: () => boolean) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let isExpired = false;
  const timer = setTimeout(() => {
    isExpired = true;
    controller.abort();
  }, ms);
  const forward = () => controller.abort(signal?.reason);
  if (signal?.aborted) forward();
  else signal?.addEventListener('abort', forward, { once: true });
  try {
    return await work(controller.signal, () => isExpired);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', forward);
  }
}
