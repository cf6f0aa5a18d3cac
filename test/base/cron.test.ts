import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../src/base/cron.ts';
import { messageOf } from '../../src/base/errors.ts';

const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString().slice(0, 16));

describe('parseSchedule', () => {
  it.each([
    ['0 12 * * *', '2026-01-05T12:00', '2026-01-06T12:00', '2026-01-04T12:00'],
    ['*/15 8-10 * * *', '2026-01-05T09:20', '2026-01-05T09:30', '2026-01-05T09:15'],
    ['30/10 * * * *', '2026-01-05T09:51', '2026-01-05T10:30', '2026-01-05T09:50'],
    ['0 0 * * 6,0', '2026-01-07T12:00', '2026-01-10T00:00', '2026-01-04T00:00'],
    ['0 0 * * SAT,sun', '2026-01-07T12:00', '2026-01-10T00:00', '2026-01-04T00:00'],
    ['0 0 24 DEC ?', '2026-01-05T00:00', '2026-12-24T00:00', '2025-12-24T00:00'],
    ['0 0 29 2 *', '2026-01-05T00:00', '2028-02-29T00:00', '2024-02-29T00:00'],
    // Both day fields restricted: either is enough.
    ['0 0 13 * fri', '2026-01-05T00:00', '2026-01-09T00:00', '2026-01-02T00:00'],
    // A step makes a star a restriction, too.
    ['0 0 */2 * mon', '2026-01-05T00:00', '2026-01-07T00:00', '2026-01-03T00:00'],
    ['0 0 30 2 *', '2026-01-05T00:00', undefined, undefined],
  ])('%s around %s: next %s, previous %s', (text, around, next, previous) => {
    const schedule = parseSchedule(text);
    const at = Date.parse(`${around}:00Z`);
    expect([iso(schedule.next(at)), iso(schedule.previous(at))]).toEqual([next, previous]);
  });

  it.each([
    ['* * * * *', 1],
    ['*/15 * * * *', 15],
    ['0 2,14 * * *', 720],
    ['30 8-10 * * *', 22 * 60],
    ['0 2 * * *', 1440],
    ['0 2 * * 1-5', undefined],
  ])('%s has at most %s minutes between two times', (text, minutes) => {
    expect(parseSchedule(text).longestGapMs).toBe(minutes === undefined ? undefined : minutes * 60_000);
  });

  it.each([
    ['', 'empty spec string'],
    ['@daily', 'parser does not accept descriptors: @daily'],
    ['0 12 * *', 'expected exactly 5 fields, found 4: [0 12 * *]'],
    ['61 12 * * *', 'end of range (61) above maximum (59): 61'],
    ['0 0 0 * *', 'beginning of range (0) below minimum (1): 0'],
    ['0 0 * * 7', 'end of range (7) above maximum (6): 7'],
    ['10-5 * * * *', 'beginning of range (10) beyond end of range (5): 10-5'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
    ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
    ['noon * * * *', 'failed to parse int from noon: strconv.Atoi: parsing "noon": invalid syntax'],
    ['*/-1 * * * *', 'negative number (-1) not allowed: -1'],
  ])('refuses %j as robfig does', (text, message) => {
    let found = '';
    try {
      parseSchedule(text);
    } catch (error) {
      found = messageOf(error);
    }
    expect(found).toBe(message);
  });
});
