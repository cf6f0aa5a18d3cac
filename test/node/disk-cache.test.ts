import { existsSync, mkdtempSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDiskCache } from '../../src/node/disk-cache.ts';

const KEPT_BYTES = 1000;

describe('the cache on disk', () => {
  let folder = '';
  const bytes = (size: number) => new Uint8Array(size).fill(7);
  /** As if it had been used last so many hours ago. */
  const age = (key: string, hours: number) => {
    const then = new Date(Date.now() - hours * 3_600_000);
    utimesSync(join(folder, key), then, then);
  };
  const keysOf = (...keys: string[]) => keys.filter((key) => existsSync(join(folder, key)));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hawser-cache-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('gives what was put, and nothing for what was not', async () => {
    const cache = createDiskCache(folder);
    await cache.put('git/a/b', bytes(3));
    expect(await cache.get('git/a/b')).toEqual(Buffer.from(bytes(3)));
    expect(await cache.get('git/a')).toBeUndefined();
    expect(await cache.get('nothing')).toBeUndefined();
  });

  it('drops what was used longest ago', async () => {
    const cache = createDiskCache(folder, KEPT_BYTES);
    for (const [index, key] of ['git/one', 'git/two', 'git/three'].entries()) {
      await cache.put(key, bytes(100));
      age(key, 10 - index);
    }
    await cache.put('git/large', bytes(850));
    expect(keysOf('git/one', 'git/two', 'git/three', 'git/large')).toEqual(['git/three', 'git/large']);
  });

  it('keeps longer what is read', async () => {
    const cache = createDiskCache(folder, KEPT_BYTES);
    for (const [index, key] of ['git/one', 'git/two'].entries()) {
      await cache.put(key, bytes(100));
      age(key, 10 - index);
    }
    const before = statSync(join(folder, 'git/one')).mtimeMs;
    await cache.get('git/one');
    expect(statSync(join(folder, 'git/one')).mtimeMs).toBeGreaterThan(before);
    await cache.put('git/large', bytes(850));
    expect(keysOf('git/one', 'git/two')).toEqual(['git/one']);
  });

  it('drops objects of Git and charts before read sets, whatever their age', async () => {
    const cache = createDiskCache(folder, KEPT_BYTES);
    await cache.put('read-sets/quiet', bytes(100));
    age('read-sets/quiet', 1000);
    await cache.put('git/one', bytes(100));
    age('git/one', 1);
    await cache.put('git/large', bytes(850));
    expect(keysOf('read-sets/quiet', 'git/one', 'git/large')).toEqual(['read-sets/quiet', 'git/large']);
  });

  it('stays below its size however many write at once', async () => {
    const cache = createDiskCache(folder, KEPT_BYTES);
    const keys = Array.from({ length: 40 }, (_, index) => `git/${index}`);
    await Promise.all(keys.map((key) => cache.put(key, bytes(60))));
    await cache.put('git/last', bytes(130));
    const total = keysOf(...keys, 'git/last').reduce((sum, key) => sum + statSync(join(folder, key)).size, 0);
    expect(total).toBeLessThanOrEqual(KEPT_BYTES);
    expect(keysOf('git/last')).toEqual(['git/last']);
  });
});
