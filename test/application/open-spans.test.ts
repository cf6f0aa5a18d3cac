// When a sync window is open, as spans to be drawn: they say the same as asking at each instant.

import { describe, expect, it } from 'vitest';
import { activeWindows, openSpans, type SyncWindow, windowState } from '../../src/application/sync-window.ts';

const at = (text: string) => Date.parse(text);
const iso = (ms: number) => new Date(ms).toISOString();

describe('the spans of a window', () => {
  it.each<[string, SyncWindow]>([
    ['in the morning', { schedule: '0 6 * * *', duration: '2h' }],
    ['over midnight', { schedule: '0 22 * * 5', duration: '8h' }],
    ['of another zone', { schedule: '30 9 * * 1-5', duration: '90m', timeZone: 'America/New_York' }],
    ['through a change of the clocks', { schedule: '0 0 * * *', duration: '6h', timeZone: 'America/New_York' }],
    ['that overlaps itself', { schedule: '0 */2 * * *', duration: '3h' }],
    ['that follows itself', { schedule: '0 * * * *', duration: '1h' }],
    ['that is short and often', { schedule: '*/10 * * * *', duration: '3m' }],
    ['in half an hour’s zone', { schedule: '0 6 * * *', duration: '1h', timeZone: 'Asia/Kolkata' }],
  ])('%s are those instants at which it is open', (_, window) => {
    const [from, to] = [at('2026-10-29T00:00:00Z'), at('2026-11-05T00:00:00Z')];
    const spans = openSpans(window, from, to);
    for (let instant = from + 30_000; instant < to; instant += 7 * 60_000) {
      const isDrawn = spans.some((span) => span.from < instant && instant < span.to);
      expect(`${iso(instant)} ${isDrawn}`).toBe(`${iso(instant)} ${activeWindows([window], instant).length > 0}`);
    }
    expect(spans.every((span, index) => span.from < span.to && span.from > (spans[index - 1]?.to ?? 0))).toBe(true);
  });

  it('are cut at the edges that are asked for', () => {
    const window = { schedule: '0 22 * * *', duration: '8h' };
    expect(openSpans(window, at('2026-11-23T00:00:00Z'), at('2026-11-24T00:00:00Z'))).toEqual([
      { from: at('2026-11-23T00:00:00Z'), to: at('2026-11-23T06:00:00Z') },
      { from: at('2026-11-23T22:00:00Z'), to: at('2026-11-24T00:00:00Z') },
    ]);
  });

  it('are one where it is always open', () => {
    const [from, to] = [at('2026-11-23T00:00:00Z'), at('2026-11-30T00:00:00Z')];
    expect(openSpans({ schedule: '* * * * *', duration: '1h' }, from, to)).toEqual([{ from, to }]);
  });

  it('cannot be told of what cannot be read', () => {
    expect(() => openSpans({ schedule: 'x', duration: '1h' }, 0, 1)).toThrow("cannot parse schedule 'x'");
  });
});

describe('the state of a window', () => {
  const window = { schedule: '0 6 * * *', duration: '2h', timeZone: 'Asia/Seoul' };
  it.each([
    ['2026-11-23T20:00:00Z', false, '2026-11-23T21:00:00.001Z'],
    ['2026-11-23T22:00:00Z', true, '2026-11-23T23:00:00.000Z'],
    ['2026-11-23T23:00:00Z', false, '2026-11-24T21:00:00.001Z'],
  ])('at %s is %s until %s', (now, isOpen, until) => {
    const state = windowState(window, at(now));
    expect([state.isOpen, state.untilMs === undefined ? '' : iso(state.untilMs)]).toEqual([isOpen, until]);
  });

  it('has no end where it is always open', () => {
    expect(windowState({ schedule: '* * * * *', duration: '1h' }, at('2026-11-23T20:00:00Z'))).toEqual({
      isOpen: true,
    });
  });
});
