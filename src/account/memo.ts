// What was read a moment ago, so that a burst of requests costs one read, and what is not known yet is looked up at once.

import { delay } from '../base/delay.ts';
import type { Elapsed } from '../base/elapsed-time.ts';

/** As old as what is known may be. */
const MEMO_MS = 2_000;
/** Between two reads for what is not known: whoever sends forged tokens must not make hawser ask without end. */
const FRESH_PAUSE_MS = 500;
/** Requests that wait for such a read at a time. */
const MOST_WAITING = 100;

export interface Memo<T> {
  /** At most two seconds old. Rejects as the read does. */
  now(): Promise<T>;
  /** As it is after this call; undefined where too many wait for that. */
  fresh(): Promise<T | undefined>;
  /** What is known is old: something of it was just written. */
  drop(): void;
}

/** `cached`: as the API server's cache has it, milliseconds old. */
export function createMemo<T>(read: (freshness: 'cached' | 'consistent') => Promise<T>, elapsed: Elapsed): Memo<T> {
  let known: { readonly value: T; readonly readAtMs: number } | undefined;
  let reading: Promise<T> | undefined;
  let next: Promise<T> | undefined;
  let waiting = 0;
  let freshAtMs = Number.NEGATIVE_INFINITY;
  /** Counts what was written: a read that began before does not know it. */
  let written = 0;
  let isOld = false;

  function begin(freshness: 'cached' | 'consistent'): Promise<T> {
    const [readAtMs, before] = [elapsed(), written];
    return read(freshness).then((value) => {
      if (before === written && (!known || known.readAtMs <= readAtMs)) {
        known = { value, readAtMs };
        isOld = false;
      }
      return value;
    });
  }

  async function readSoon(): Promise<T> {
    const pauseMs = freshAtMs + FRESH_PAUSE_MS - elapsed();
    // Whoever asks meanwhile waits for the same read: it must not begin before `next` is set.
    await delay(Math.max(pauseMs, 0));
    next = undefined;
    freshAtMs = elapsed();
    return begin('consistent');
  }

  return {
    now: () => {
      if (known && !isOld && elapsed() - known.readAtMs < MEMO_MS) return Promise.resolve(known.value);
      if (reading) return reading;
      const begun = begin(isOld ? 'consistent' : 'cached').finally(() => {
        if (reading === begun) reading = undefined;
      });
      reading = begun;
      return begun;
    },
    fresh: async () => {
      if (waiting >= MOST_WAITING) return undefined;
      waiting++;
      try {
        next ??= readSoon();
        return await next;
      } finally {
        waiting--;
      }
    },
    drop: () => {
      written++;
      isOld = true;
      reading = undefined;
    },
  };
}
