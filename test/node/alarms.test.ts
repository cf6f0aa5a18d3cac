// One-shot alarms in a process: each fires once, at its time, and one timer serves them all.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAlarms, type NodeAlarms } from '../../src/node/alarms.ts';

let alarms: NodeAlarms;
let fired: string[];
beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  fired = [];
  alarms = createAlarms({ now: () => Date.now() }, (name) => fired.push(name));
});
afterEach(() => {
  alarms.close();
  vi.useRealTimers();
});

describe('alarms', () => {
  it('fire once each, in the order of their instants, by one timer', async () => {
    await alarms.set('late', 3_000);
    await alarms.set('early', 1_000);
    await alarms.set('early, too', 1_000);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(999);
    expect(fired).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(fired).toEqual(['early', 'early, too']);
    vi.advanceTimersByTime(10_000);
    expect(fired).toEqual(['early', 'early, too', 'late']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('that are set again move, and cancelled ones are gone', async () => {
    await alarms.set('moved', 1_000);
    await alarms.set('moved', 5_000);
    await alarms.set('cancelled', 2_000);
    await alarms.cancel('cancelled');
    vi.advanceTimersByTime(4_999);
    expect(fired).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(fired).toEqual(['moved']);
  });

  it('in the past fire at once, and in the farthest future at their time', async () => {
    const year = 366 * 24 * 3_600_000;
    await alarms.set('next year', year);
    await alarms.set('yesterday', -1);
    vi.advanceTimersByTime(0);
    expect(fired).toEqual(['yesterday']);
    vi.advanceTimersByTime(year - 1);
    expect(fired).toEqual(['yesterday']);
    vi.advanceTimersByTime(1);
    expect(fired).toEqual(['yesterday', 'next year']);
  });

  it('do not fire after the end', async () => {
    await alarms.set('late', 1_000);
    alarms.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
