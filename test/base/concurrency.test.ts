import { describe, expect, it } from 'vitest';
import { mapConcurrent } from '../../src/base/concurrency.ts';
import { delay } from '../../src/base/delay.ts';
import { createLimiter } from '../../src/base/limiter.ts';
import { withTimeLimit } from '../../src/base/time-limit.ts';

function meter() {
  let running = 0;
  let most = 0;
  return {
    most: () => most,
    work: async <T>(value: T): Promise<T> => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      await Promise.resolve();
      running--;
      return value;
    },
  };
}

describe('mapConcurrent', () => {
  it('keeps the order of the items and the bound', async () => {
    const { most, work } = meter();
    const items = Array.from({ length: 20 }, (_, index) => index);
    expect(await mapConcurrent(items, 3, work)).toEqual(items);
    expect(most()).toBe(3);
  });

  it('starts nothing new after a failure, which it throws', async () => {
    const started: number[] = [];
    const run = mapConcurrent([1, 2, 3, 4], 1, async (item) => {
      started.push(item);
      if (item === 2) throw new Error('two');
    });
    await expect(run).rejects.toThrow('two');
    expect(started).toEqual([1, 2]);
  });

  it('has nothing to do for no items', async () => {
    expect(await mapConcurrent([], 4, async () => 1)).toEqual([]);
  });
});

describe('a limiter', () => {
  it('bounds work that starts in different places, failures included', async () => {
    const { most, work } = meter();
    const limiter = createLimiter(2);
    const runs = Array.from({ length: 9 }, (_, index) =>
      limiter(async () => {
        await work(index);
        if (index === 0) throw new Error('zero');
        return index;
      }),
    );
    const settled = await Promise.allSettled(runs);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(8);
    expect(most()).toBe(2);
  });
});

describe('delay', () => {
  it('ends early with the reason of its signal', async () => {
    const controller = new AbortController();
    const pending = delay(60_000, controller.signal);
    controller.abort(new Error('enough'));
    await expect(pending).rejects.toThrow('enough');
    await expect(delay(60_000, AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
  });
});

describe('a time limit', () => {
  const untilAbort = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

  it('tells its own end from the caller’s', async () => {
    let byTime: boolean | undefined;
    const limited = withTimeLimit(5, undefined, (signal, expired) =>
      untilAbort(signal).catch(() => {
        byTime = expired();
      }),
    );
    await limited;
    expect(byTime).toBe(true);

    const controller = new AbortController();
    const aborted = withTimeLimit(60_000, controller.signal, (signal, expired) =>
      untilAbort(signal).catch(() => {
        byTime = expired();
      }),
    );
    controller.abort();
    await aborted;
    expect(byTime).toBe(false);
  });
});
