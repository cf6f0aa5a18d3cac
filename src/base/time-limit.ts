// A bound on work that takes an AbortSignal.

/** The time that has been measured. */
export interface Stopwatch {
  /** It stands still from now on. */
  stop(): void;
  /** It begins anew. */
  restart(): void;
}

/**
 * Runs `work` with a signal that aborts when the caller's does or after `ms`. `expired()` tells which it was; the timer ends with
 * the work.
 */
export async function withTimeLimit<T>(
  ms: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal, expired: () => boolean, watch: Stopwatch) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let isExpired = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const watch: Stopwatch = {
    stop: () => clearTimeout(timer),
    restart: () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        isExpired = true;
        controller.abort();
      }, ms);
    },
  };
  watch.restart();
  const forward = () => controller.abort(signal?.reason);
  if (signal?.aborted) forward();
  else signal?.addEventListener('abort', forward, { once: true });
  try {
    return await work(controller.signal, () => isExpired, watch);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', forward);
  }
}
