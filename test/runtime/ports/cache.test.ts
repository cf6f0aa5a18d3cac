// The cache: it may forget, but never gives what was not put.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf, patternBytes } from '../support/pattern.ts';
import { type PortHost, startPortHost } from '../support/port-host.ts';
import type { CacheEntry } from './programs/cache.ts';

describe('the cache', () => {
  let host: PortHost;
  beforeAll(async () => {
    host = await startPortHost();
  });
  afterAll(() => host?.close());

  const digests = (entries: readonly CacheEntry[]) =>
    Promise.all(entries.map(({ length, seed }) => digestOf(patternBytes(length, seed))));
  const get = (entries: readonly CacheEntry[]) =>
    host.run(
      'getFromCache',
      entries.map(({ key }) => key),
    );

  it('has nothing under a key that was never put', async () => {
    expect(await host.run('getFromCache', ['never', 'never/put', 'a.b/c_d-e'])).toEqual([null, null, null]);
  });

  it('gives all bytes of what was put, even of nothing', async () => {
    const entries = [0, 1, 255, 4096, 300_000].map((length) => ({ key: `sizes/${length}`, length, seed: length }));
    await host.run('putInCache', entries);
    expect(await get(entries)).toEqual(await digests(entries));
  });

  it('takes all keys of its form, and tells them apart', async () => {
    const long = `tree/${'0123456789abcdef'.repeat(8)}/${'x'.repeat(100)}.json`;
    const keys = ['a', 'a.b', 'a-b', 'a_b', 'b/a', 'b/a.a', 'c/d/e/f/g', '0', '-', '_', 'a..b', '.a', long];
    const entries = keys.map((key, index) => ({ key, length: 32, seed: index + 1 }));
    await host.run('putInCache', entries);
    expect(await get(entries)).toEqual(await digests(entries));
  });

  it('gives the newest of one key', async () => {
    const entries = [50_000, 10, 20_000].map((length, index) => ({ key: 'overwritten', length, seed: index + 1 }));
    const [, , newest] = await digests(entries);
    await host.run('putInCache', entries);
    expect(await host.run('getFromCache', ['overwritten'])).toEqual([newest]);
  });

  it('gives a whole value while others put the same key, one of theirs', async () => {
    const entries = Array.from({ length: 20 }, (_, index) => ({ key: 'contested', length: 30_000, seed: index + 1 }));
    await host.run('putInCacheAtOnce', entries);
    const [found] = await host.run('getFromCache', ['contested']);
    expect(await digests(entries)).toContain(found);
  });

  it('takes a part of an array for that part alone', async () => {
    const { found, expected } = await host.run('putPartInCache', 'part');
    expect(found).toBe(expected);
  });

  it('fails for neither of two keys of which one lies below the other', async () => {
    const entries = ['below', 'below/it', 'above/it', 'above'].map((key, index) => ({
      key,
      length: 9,
      seed: index + 1,
    }));
    await host.run('putInCache', entries);
    const expected = await digests(entries);
    for (const [index, found] of (await get(entries)).entries()) expect([expected[index], null]).toContain(found);
  });

  it('gives large values and more than it keeps whole, or not at all', async () => {
    const large = { key: 'large', length: 25 << 20, seed: 3 };
    const many = Array.from({ length: 30 }, (_, index) => ({ key: `many/${index}`, length: 1 << 20, seed: index + 1 }));
    const entries = [large, ...many];
    await host.run('putInCache', entries);
    const expected = await digests(entries);
    const found = await get(entries);
    for (const [index, digest] of found.entries()) expect([expected[index], null]).toContain(digest);
    expect(found.at(-1)).toBe(expected.at(-1));
  });

  it('gives the same, or nothing, in its next life', async () => {
    const entries = [10, 100_000].map((length) => ({ key: `lives/${length}`, length, seed: 5 }));
    await host.run('putInCache', entries);
    await host.restart('kill');
    const expected = await digests(entries);
    for (const [index, found] of (await get(entries)).entries()) expect([expected[index], null]).toContain(found);
    await host.run('putInCache', entries);
    expect(await get(entries)).toEqual(expected);
  });
});
