// The week's calendar of sync windows: blocks by the clocks of a zone, through changes of the clocks, and beside each other.

import { describe, expect, it } from 'vitest';
import type { SyncWindow } from '../../../src/application/sync-window.ts';
import {
  addDays,
  aheadByDay,
  type Calendar,
  dayOf,
  layoutWeek,
  minuteOf,
  mondayBefore,
  otherHours,
} from '../../../src/ui/web/projects/calendar.ts';
import { cronWords, scheduleProblem } from '../../../src/ui/web/projects/cron-words.ts';
import { wallClock } from '../../../src/ui/web/projects/zoned-time.ts';

const allow = (schedule: string, duration: string, timeZone = '', more: SyncWindow = {}): SyncWindow => ({
  ...{ kind: 'allow', schedule, duration, timeZone, applications: ['*'] },
  ...more,
});
const deny = (schedule: string, duration: string, timeZone = '') =>
  allow(schedule, duration, timeZone, { kind: 'deny' });

const clock = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
/** `Mon 06:00-08:00` */
const shown = ({ days }: Calendar) =>
  days.flatMap(({ date, blocks }) =>
    blocks.map(({ top, bottom }) => {
      const name = new Intl.DateTimeFormat('en', { weekday: 'short', timeZone: 'UTC' }).format(Date.parse(date));
      return `${name} ${clock(top)}-${clock(bottom)}`;
    }),
  );

describe('a week', () => {
  it('begins on Monday', () => {
    const { days } = layoutWeek([], '2026-11-26', 'UTC');
    expect(days.map(({ date }) => date)).toEqual([
      ...['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27', '2026-11-28', '2026-11-29'],
    ]);
  });

  it.each([
    ['2026-11-23', '2026-11-23'],
    ['2026-11-29', '2026-11-23'],
    ['2026-03-01', '2026-02-23'],
  ])('of %s begins on %s', (day, monday) => {
    expect(mondayBefore(day)).toBe(monday);
  });

  it('goes on over the end of a year', () => {
    expect(addDays('2026-12-28', 7)).toBe('2027-01-04');
  });
});

describe('a window', () => {
  it.each<[string, SyncWindow, string, readonly string[]]>([
    ['on one day', allow('0 6 * * 1', '2h'), 'UTC', ['Mon 06:00-08:00']],
    ['over midnight', allow('0 22 * * 5', '8h'), 'UTC', ['Fri 22:00-24:00', 'Sat 00:00-06:00']],
    ['over the end of the week', allow('0 22 * * 0', '8h'), 'UTC', ['Mon 00:00-06:00', 'Sun 22:00-24:00']],
    ['of another zone', allow('0 6 * * 1', '2h', 'Asia/Seoul'), 'UTC', ['Sun 21:00-23:00']],
    ['of its own zone', allow('0 6 * * 1', '2h', 'Asia/Seoul'), 'Asia/Seoul', ['Mon 06:00-08:00']],
    [
      'of a zone that is half a day away',
      allow('0 22 * * 2', '4h', 'America/New_York'),
      'Asia/Seoul',
      ['Wed 12:00-16:00'],
    ],
    ['of an unknown zone is UTC', allow('0 6 * * 1', '2h', 'Mars/Olympus'), 'UTC', ['Mon 06:00-08:00']],
    ['that follows itself without a gap', allow('0 6,7 * * 1', '1h'), 'UTC', ['Mon 06:00-08:00']],
    ['that never opens in this week', allow('0 6 1 1 *', '2h'), 'UTC', []],
  ])('%s', (_, window, zone, expected) => {
    expect(shown(layoutWeek([window], '2026-11-23', zone))).toEqual(expected);
  });

  it('that is always open fills every day', () => {
    const blocks = layoutWeek([allow('0 0 * * *', '24h')], '2026-11-23', 'UTC').days.flatMap((day) => day.blocks);
    expect(blocks.map(({ top, bottom }) => [top, bottom])).toEqual(Array.from({ length: 7 }, () => [0, 1440]));
  });

  it('that cannot be read is told, and the others are shown', () => {
    const week = layoutWeek([allow('nonsense', '1h'), allow('0 6 * * 1', '2h')], '2026-11-23', 'UTC');
    expect([...week.broken.keys()]).toEqual([0]);
    expect(shown(week)).toEqual(['Mon 06:00-08:00']);
  });

  it('knows where it began and where it ends', () => {
    const [, , , , friday, saturday] = layoutWeek([deny('0 22 * * 5', '8h')], '2026-11-23', 'UTC').days;
    expect(friday?.blocks).toMatchObject([{ kind: 'deny', startsHere: true, endsHere: false }]);
    expect(saturday?.blocks).toMatchObject([{ startsHere: false, endsHere: true }]);
    expect(saturday?.blocks[0]?.span).toEqual({
      from: Date.parse('2026-11-27T22:00:00Z'),
      to: Date.parse('2026-11-28T06:00:00Z'),
    });
  });
});

describe('a change of the clocks', () => {
  const NIGHT = [allow('30 0 * * *', '4h', 'America/New_York')];

  it('forward leaves out an hour', () => {
    // 2026-03-08: 02:00 EST is 03:00 EDT.
    const week = layoutWeek(NIGHT, '2026-03-08', 'America/New_York');
    const sunday = week.days[6];
    expect([sunday?.date, sunday?.hours]).toEqual(['2026-03-08', 23]);
    expect(week.days.slice(0, 6).map(({ hours }) => hours)).toEqual([24, 24, 24, 24, 24, 24]);
    expect(shown(week).filter((text) => text.startsWith('Sat'))).toEqual(['Sat 00:30-04:30']);
  });

  it('back has one twice, which a window that is open then covers', () => {
    // 2026-11-01: 02:00 EDT is 01:00 EST.
    const week = layoutWeek([allow('30 0 * * 0', '1h', 'America/New_York')], '2026-11-01', 'America/New_York');
    expect(week.days[6]?.hours).toBe(25);
    const [block] = week.days[6]?.blocks ?? [];
    expect(block?.top).toBe(30);
    expect(block?.bottom).toBeGreaterThanOrEqual(90);
  });

  it('of the window’s zone moves it in the reader’s', () => {
    const morning = [allow('0 9 * * *', '1h', 'America/New_York')];
    const week = layoutWeek(morning, '2026-11-01', 'Asia/Seoul');
    // Until Saturday it is 22:00 in Seoul; from Sunday on, 23:00.
    expect(shown(week)).toEqual([
      ...['Mon 22:00-23:00', 'Tue 22:00-23:00', 'Wed 22:00-23:00', 'Thu 22:00-23:00', 'Fri 22:00-23:00'],
      ...['Sat 22:00-23:00', 'Sun 23:00-24:00'],
    ]);
    expect(aheadByDay(week, 'America/New_York')).toEqual([-780, -780, -780, -780, -780, -780, -840]);
  });

  it.each([
    ['2026-03-08T02:30:00', '2026-03-08T07:00:00Z'],
    ['2026-11-01T01:30:00', '2026-11-01T05:30:00Z'],
    ['2026-07-01T00:00:00', '2026-07-01T04:00:00Z'],
  ])('makes of %s in New York the instant %s', (wall, instant) => {
    expect(wallClock('America/New_York').instantOf(Date.parse(`${wall}Z`))).toBe(Date.parse(instant));
  });
});

describe('windows at the same time', () => {
  const lanes = (windows: readonly SyncWindow[]) =>
    layoutWeek(windows, '2026-11-23', 'UTC').days[0]?.blocks.map(({ index, lane, lanes: of }) => [index, lane, of]);
  it.each<[string, readonly SyncWindow[], readonly (readonly number[])[]]>([
    [
      'stand beside each other',
      [allow('0 6 * * 1', '4h'), deny('0 8 * * 1', '1h')],
      [
        [0, 0, 2],
        [1, 1, 2],
      ],
    ],
    [
      'have all of the width where they only touch',
      [allow('0 6 * * 1', '2h'), deny('0 8 * * 1', '1h')],
      [
        [0, 0, 1],
        [1, 0, 1],
      ],
    ],
    [
      'take the place that is free again',
      [allow('0 6 * * 1', '6h'), deny('0 7 * * 1', '1h'), deny('0 9 * * 1', '1h')],
      [
        [0, 0, 2],
        [1, 1, 2],
        [2, 1, 2],
      ],
    ],
  ])('%s', (_, windows, expected) => {
    expect(lanes(windows)).toEqual(expected);
  });
});

describe('the clocks of another zone', () => {
  const [monday] = layoutWeek([], '2026-11-23', 'Asia/Seoul').days;
  it('stand beside those of the calendar, with the day that they show', () => {
    const hours = monday ? otherHours(monday, 'Asia/Seoul', 'America/New_York') : [];
    expect(hours[0]).toEqual({ hour: 0, text: '10:00', day: -1 });
    expect(hours[14]).toEqual({ hour: 14, text: '00:00', day: 0 });
  });

  it('may be half hours away', () => {
    const hours = monday ? otherHours(monday, 'Asia/Seoul', 'Asia/Kolkata') : [];
    expect(hours[4]).toEqual({ hour: 4, text: '00:30', day: 0 });
  });

  it('tell day and minute of an instant', () => {
    const instant = Date.parse('2026-11-23T20:30:00Z');
    expect([dayOf(instant, 'Asia/Seoul'), minuteOf(instant, 'Asia/Seoul')]).toEqual(['2026-11-24', 330]);
    expect([dayOf(instant, 'America/New_York'), minuteOf(instant, 'America/New_York')]).toEqual(['2026-11-23', 930]);
  });
});

describe('a schedule in words', () => {
  it.each([
    ['0 6 * * *', 'Every day at 06:00', '매일 06:00'],
    ['0 6 * * 1-5', 'Monday to Friday at 06:00', '월요일~금요일 06:00'],
    ['0 22 * * 5', 'On Friday at 22:00', '금요일 22:00'],
    ['30 6,18 * * *', 'Every day at 06:30 and 18:30', '매일 06:30, 18:30'],
    ['0 0 * * 0,6', 'At weekends at 00:00', '주말 00:00'],
    ['0 0 1 * *', 'On day 1 of the month at 00:00', '매월 1일 00:00'],
    ['0 0 1,15 * *', 'On day 1 and 15 of the month at 00:00', '매월 1, 15일 00:00'],
    ['0 0 24-26 12 *', 'On day 24 to 26 of the month in December at 00:00', '12월 매월 24~26일 00:00'],
    ['0 0 1 * mon', 'On day 1 of the month or on Monday at 00:00', '매월 1일 또는 월요일 00:00'],
    ['*/15 * * * *', 'Every day every 15 minutes', '매일 15분마다'],
    ['5 * * * *', 'Every day at minute 5 of every hour', '매일 매시 5분'],
    ['0 9-17 * * 1-5', 'Monday to Friday at minute 0 of the hours 09 to 17', '월요일~금요일 9시~17시 매시 0분'],
    ['* * * * *', 'Every day every minute', '매일 매분'],
    ['0 6 * 1,7 *', 'Every day in January and July at 06:00', '1월, 7월 매일 06:00'],
  ])('%s is %s', (schedule, english, korean) => {
    expect([cronWords(schedule, 'en'), cronWords(schedule, 'ko')]).toEqual([english, korean]);
  });

  it.each(['', '0 6 * *', '61 * * * *', '@daily'])('%j is none, and why is told', (schedule) => {
    expect(cronWords(schedule, 'en')).toBeUndefined();
    expect(scheduleProblem(schedule)).not.toBe('');
  });
});

describe('a window that opens very often', () => {
  it('fills the whole week', () => {
    const { days } = layoutWeek([allow('*/5 * * * *', '1m')], '2026-11-23', 'UTC');
    expect(days.map(({ blocks }) => blocks.length)).toEqual(Array.from({ length: 7 }, () => 288));
  });
});
