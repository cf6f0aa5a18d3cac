// The two tiers of the cache: what is far may be slow, broken or somebody else's, and no work fails or waits for it.

import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Log } from '../../src/platform.ts';
import { createTieredCache } from '../../src/worker/cache.ts';
import type { FarCache } from '../../src/worker/far-cache.ts';

const KB = 1 << 10;

type Kept = Map<string, { value: Uint8Array<ArrayBuffer>; seal: string | undefined }>;

/** Far storage whose writes wait until they are let go. */
function createFar(kept: Kept = new Map(), pauseMs = 0) {
  let open = Promise.withResolvers<void>();
  open.resolve();
  const counts = { reads: 0, writes: 0, writing: 0, mostWriting: 0 };
  const far: FarCache = {
    kind: 'R2',
    pauseMs,
    read: async (key) => {
      counts.reads++;
      return kept.get(key);
    },
    write: async (key, value, seal) => {
      counts.writes++;
      counts.mostWriting = Math.max(counts.mostWriting, ++counts.writing);
      await open.promise;
      counts.writing--;
      kept.set(key, { value: value.slice(), seal });
    },
  };
  return {
    far,
    kept,
    counts,
    hold: () => {
      open = Promise.withResolvers<void>();
    },
    letGo: () => open.resolve(),
  };
}

function createCache(far: FarCache | undefined, nearBytes = 64 * KB) {
  const works: Promise<unknown>[] = [];
  const lines: string[] = [];
  const write = (message: string) => void lines.push(message);
  const log: Log = { info: write, warn: write, error: write };
  const clock = { nowMs: 0, now: () => clock.nowMs };
  const background = (work: Promise<unknown>) => void works.push(work);
  const cache = createTieredCache({ far, nearBytes, clock, log, background });
  /** One that ends may begin another one. */
  const written = async () => {
    for (let work = works.shift(); work; work = works.shift()) await work;
  };
  return { cache, clock, lines, written };
}

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (value: Uint8Array | undefined) => value && new TextDecoder().decode(value);

describe('a cache in two tiers', () => {
  it('gives in the next life what it was given in this one, byte for byte', async () => {
    const { far } = createFar();
    const first = createCache(far);
    const values = [new Uint8Array(0), new Uint8Array([0, 255, 10]), new Uint8Array(100 * KB).fill(7)];
    for (const [index, value] of values.entries()) await first.cache.put(`git/${index}`, value);
    await first.written();
    const { cache } = createCache(far);
    for (const [index, value] of values.entries()) expect(await cache.get(`git/${index}`)).toEqual(value);
  });

  it('waits for no write, and gives what is not written yet', async () => {
    const { far, kept, hold, letGo } = createFar();
    hold();
    const { cache, written } = createCache(far, 4);
    await cache.put('a', bytes('larger than the memory in front'));
    expect(kept.size).toBe(0);
    expect(text(await cache.get('a'))).toBe('larger than the memory in front');
    letGo();
    await written();
    expect(kept.size).toBe(1);
  });

  it('writes two at once, and of many values of one key the newest', async () => {
    const { far, kept, counts, hold, letGo } = createFar();
    hold();
    const { cache, written } = createCache(far);
    for (let times = 0; times < 20; times++) {
      for (const key of ['a', 'b', 'c']) await cache.put(key, bytes(`${key}${times}`));
    }
    await vi.waitFor(() => expect(counts.writing).toBe(2));
    letGo();
    await written();
    expect(['a', 'b', 'c'].map((key) => text(kept.get(key)?.value))).toEqual(['a19', 'b19', 'c19']);
    expect(counts.mostWriting).toBe(2);
    expect(counts.writes).toBeLessThanOrEqual(6);
  });

  it('pauses between two writes of one key, and of no others', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { far, kept, counts } = createFar(new Map(), 1_000);
    const { cache, written } = createCache(far);
    await cache.put('a', bytes('one'));
    await written();
    await cache.put('a', bytes('two'));
    await cache.put('b', bytes('other'));
    while (kept.size < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(counts.writes).toBe(2);
    await vi.advanceTimersByTimeAsync(1_000);
    await written();
    expect(text(kept.get('a')?.value)).toBe('two');
  });

  it('holds a bounded number of bytes that wait', async () => {
    const { far, kept, hold, letGo } = createFar();
    hold();
    const { cache, written } = createCache(far);
    for (let index = 0; index < 40; index++) await cache.put(`big/${index}`, new Uint8Array(KB * KB));
    letGo();
    await written();
    expect(kept.size).toBe(8);
  });

  it.each<[string, (kept: Kept) => void]>([
    ['cut short', (kept) => kept.set('a', { value: bytes('on'), seal: kept.get('a')?.seal })],
    ['of another key', (kept) => kept.set('a', kept.get('b') ?? { value: bytes(''), seal: '' })],
    ['without a seal', (kept) => kept.set('a', { value: bytes('one'), seal: undefined })],
    ['changed', (kept) => kept.set('a', { value: bytes('two'), seal: kept.get('a')?.seal })],
  ])('takes a value that is %s for none', async (_, damage) => {
    const { far, kept } = createFar();
    const first = createCache(far);
    await first.cache.put('a', bytes('one'));
    await first.cache.put('b', bytes('one'));
    await first.written();
    damage(kept);
    const { cache } = createCache(far);
    expect(await cache.get('a')).toBeUndefined();
    expect(text(await cache.get('b'))).toBe('one');
  });

  it('gives no earlier value of a key whose newest it could not keep', async () => {
    const { far } = createFar();
    const { cache, written } = createCache(far);
    for (const between of [written, async () => undefined]) {
      await cache.put('a', bytes('one'));
      await between();
      await cache.put('a', new Uint8Array(9 * KB * KB));
      expect(await cache.get('a')).toBeUndefined();
    }
    await written();
    expect(await cache.get('a')).toBeUndefined();
  });

  it('asks once for what is not there, until it is put', async () => {
    const { far, counts } = createFar();
    const { cache } = createCache(far);
    expect(await cache.get('a')).toBeUndefined();
    expect(await cache.get('a')).toBeUndefined();
    expect(counts.reads).toBe(1);
    await cache.put('a', bytes('one'));
    expect(text(await cache.get('a'))).toBe('one');
  });

  it('goes on without what is broken, says so once, and tries it again later', async () => {
    const { far, kept, counts } = createFar();
    let isBroken = true;
    const refuse = () => {
      if (isBroken) throw new Error('503 internal error');
    };
    const flaky: FarCache = {
      ...far,
      read: async (key) => {
        counts.reads++;
        refuse();
        return far.read(key);
      },
      write: async (key, value, seal) => {
        refuse();
        return far.write(key, value, seal);
      },
    };
    kept.set('torn', { value: bytes('x'), seal: 'y' });
    const { cache, clock, lines, written } = createCache(flaky);
    await cache.put('a', bytes('one'));
    await written();
    for (const key of ['b', 'c', 'd']) expect(await cache.get(key)).toBeUndefined();
    expect(text(await cache.get('a'))).toBe('one');
    expect(counts.reads).toBe(0);
    clock.nowMs += 30_000;
    for (const key of ['b', 'c', 'd']) expect(await cache.get(key)).toBeUndefined();
    expect(counts.reads).toBe(1);
    expect(lines).toEqual([
      'the cache cannot be written; what it would spare is fetched anew',
      'the cache cannot be read; what it would spare is fetched anew',
    ]);
    clock.nowMs += 30_000;
    isBroken = false;
    await cache.put('a', bytes('two'));
    await written();
    expect(text(kept.get('a')?.value)).toBe('two');
  });

  it.each([
    ['a key that is too long', `git/${'a'.repeat(1_000)}`, 10],
    ['a value that is too large to be read', 'git/a', 9 * KB * KB],
  ])('keeps %s in memory at most', async (_, key, length) => {
    const { far, kept, counts } = createFar();
    const { cache, written } = createCache(far);
    await cache.put(key, new Uint8Array(length));
    await written();
    expect(kept.size).toBe(0);
    await createCache(far).cache.get(key.length > 900 ? key : 'other');
    expect(counts.reads).toBe(key.length > 900 ? 0 : 1);
  });

  it('is memory alone where nothing is far, from which one large value drives out no others', async () => {
    const { cache, written } = createCache(undefined);
    await cache.put('a', bytes('one'));
    await cache.put('large', new Uint8Array(60 * KB));
    await written();
    expect(text(await cache.get('a'))).toBe('one');
  });
});
