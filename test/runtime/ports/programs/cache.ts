// Programs about the cache.

import { digestOf, patternBytes } from '../../support/pattern.ts';
import type { PortContext } from './program.ts';

export interface CacheEntry {
  readonly key: string;
  readonly length: number;
  readonly seed: number;
}

async function get({ platform }: PortContext, key: string): Promise<string | null> {
  const found = await platform.cache.get(key);
  return found ? digestOf(found) : null;
}

export const CACHE_PROGRAMS = {
  putInCache: async ({ platform }: PortContext, entries: readonly CacheEntry[]) => {
    for (const { key, length, seed } of entries) await platform.cache.put(key, patternBytes(length, seed));
  },
  putInCacheAtOnce: async ({ platform }: PortContext, entries: readonly CacheEntry[]) => {
    await Promise.all(entries.map(({ key, length, seed }) => platform.cache.put(key, patternBytes(length, seed))));
  },
  /** Digests, in the order of the keys; null for what is not there. */
  getFromCache: async (context: PortContext, keys: readonly string[]) => {
    const found: (string | null)[] = [];
    for (const key of keys) found.push(await get(context, key));
    return found;
  },
  /** A part of a larger array, as what was cut out of an answer is. */
  putPartInCache: async (context: PortContext, key: string) => {
    const whole = patternBytes(1000, 7);
    await context.platform.cache.put(key, whole.subarray(100, 300));
    return { expected: await digestOf(whole.slice(100, 300)), found: await get(context, key) };
  },
};
