// Something made anew for whoever asks, and under load once for all that ask within a moment.

import { delay } from './delay.ts';

export interface RoundsPace {
  /** So many may be made at once … */
  readonly burst: number;
  /** … and one in this time afterwards. */
  readonly intervalMs: number;
}

/** What is given was always made after it was asked for. */
export function createRounds<T>(make: () => T, { burst, intervalMs }: RoundsPace): () => Promise<T> {
  let next: Promise<T> | undefined;
  let tokens = burst;
  let refilledMs = performance.now();

  function refill(): void {
    const nowMs = performance.now();
    tokens = Math.min(burst, tokens + (nowMs - refilledMs) / intervalMs);
    refilledMs = nowMs;
  }

  async function makeLater(): Promise<T> {
    await delay(Math.ceil((1 - tokens) * intervalMs));
    next = undefined;
    refill();
    tokens--;
    return make();
  }

  return () => {
    refill();
    if (!next && tokens >= 1) {
      tokens--;
      return Promise.resolve(make());
    }
    next ??= makeLater();
    return next;
  };
}
