// Changes that wait for somebody who may be slow: of each thing the newest one alone, so that the queue is never longer than there are
// things.

export interface ChangeQueue<T> {
  put(change: T): void;
  /** No more will come; what waits is still given. */
  end(): void;
  /** What waits is given, then this is thrown. */
  fail(error: unknown): void;
  /** Ends by the signal at once. For one reader. */
  values(signal: AbortSignal): AsyncGenerator<T, void, undefined>;
}

/** `join` makes one of two changes of the same thing that nobody has taken yet. */
export function createChangeQueue<T>(keyOf: (change: T) => string, join: (before: T, after: T) => T): ChangeQueue<T> {
  const waiting = new Map<string, T>();
  let outcome: { readonly error?: unknown } | undefined;
  let wake: () => void = () => undefined;
  const close = (how: { readonly error?: unknown }) => {
    outcome ??= how;
    wake();
  };
  return {
    put: (change) => {
      const key = keyOf(change);
      const before = waiting.get(key);
      waiting.set(key, before === undefined ? change : join(before, change));
      wake();
    },
    end: () => close({}),
    fail: (error) => close({ error }),
    async *values(signal) {
      const leave = () => wake();
      signal.addEventListener('abort', leave, { once: true });
      try {
        while (!signal.aborted) {
          const [first] = waiting;
          if (first) {
            waiting.delete(first[0]);
            yield first[1];
          } else if (outcome) {
            if ('error' in outcome) throw outcome.error;
            return;
          } else {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        }
      } finally {
        signal.removeEventListener('abort', leave);
      }
    },
  };
}
