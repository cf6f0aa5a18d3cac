import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRounds } from '../../src/base/rounds.ts';

describe('rounds', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('give everybody his own while few ask, and one to all that ask within a moment under load', async () => {
    let made = 0;
    const ask = createRounds(() => ++made, { burst: 2, intervalMs: 100 });
    expect([await ask(), await ask()]).toEqual([1, 2]);
    const waiting = [ask(), ask(), ask()];
    expect(made).toBe(2);
    await vi.advanceTimersByTimeAsync(100);
    expect(await Promise.all(waiting)).toEqual([3, 3, 3]);
    const later = ask();
    await vi.advanceTimersByTimeAsync(100);
    expect(await later).toBe(4);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([await ask(), await ask()]).toEqual([5, 6]);
  });
});
