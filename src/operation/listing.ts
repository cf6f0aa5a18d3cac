// The list of Applications that deliveries begin with: one request in flight serves all that wait for it.

import type { Application } from '../application/types.ts';
import { delay } from '../base/delay.ts';

/** Under load lists may take a quarter of the time; and no two begin in less than the pause. */
const MOST_OF_TIME = 4;
const SHORTEST_PAUSE_MS = 100;
/** What an API server that was away made slow says nothing of the load; pushes wait for the next list. */
const LONGEST_PAUSE_MS = 1_000;

export interface Listing {
  /** Every Application there is, as of some moment after this call. Rejects with what the cluster answers. */
  now(): Promise<readonly Application[]>;
}

/** `read` asks the cluster. Whoever comes while it does waits for the next one: what was made a moment ago may not be in this one. */
export function createListing(read: () => Promise<readonly Application[]>): Listing {
  let inFlight: Promise<unknown> | undefined;
  let next: Promise<readonly Application[]> | undefined;
  let notBeforeMs = 0;

  function begin(): Promise<readonly Application[]> {
    const begunMs = performance.now();
    const reading = read().finally(() => {
      inFlight = undefined;
      const endedMs = performance.now();
      const quarterMs = begunMs + Math.max(SHORTEST_PAUSE_MS, MOST_OF_TIME * (endedMs - begunMs));
      notBeforeMs = Math.min(quarterMs, endedMs + LONGEST_PAUSE_MS);
    });
    reading.catch(() => undefined); // Those who wait are told; it may be that nobody does any more.
    inFlight = reading;
    return reading;
  }

  async function beginLater(): Promise<readonly Application[]> {
    try {
      await inFlight;
    } catch {
      // That one's own concern.
    }
    const pauseMs = notBeforeMs - performance.now();
    if (pauseMs > 0) await delay(pauseMs);
    next = undefined;
    return begin();
  }

  return {
    now: () => {
      if (next) return next;
      if (!inFlight && performance.now() >= notBeforeMs) return begin();
      next = beginLater();
      next.catch(() => undefined);
      return next;
    },
  };
}
