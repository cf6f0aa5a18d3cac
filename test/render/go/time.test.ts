import { describe, expect, it } from 'vitest';
import { parseGoDuration, roundDuration, SECOND } from '../../../src/render/go/duration.ts';
import { type Instant, instantOf, wallClockOf, ZERO_INSTANT } from '../../../src/render/go/instant.ts';
import { formatRfc3339, formatTime, timeText } from '../../../src/render/go/time-format.ts';
import { parseTime } from '../../../src/render/go/time-parse.ts';
import { timeValue } from '../../../src/render/go/time-value.ts';
import { GoNumber, type GoValue, goInt } from '../../../src/render/go/value.ts';
import { fixedZone, loadZone, localZone, UTC } from '../../../src/render/go/zone.ts';

const RFC3339 = '2006-01-02T15:04:05Z07:00';

function instant(text: string): Instant {
  return parseTime(RFC3339, text, UTC);
}

describe('formatTime', () => {
  const morning = { ...instant('2024-02-29T05:06:07+05:30'), nanoseconds: 120_034_000 };

  it.each([
    ['Mon Jan _2 15:04:05 2006', 'Thu Feb 29 05:06:07 2024'],
    ['Monday, 02-Jan-06 3:4:5 pm PM', 'Thursday, 29-Feb-24 5:6:7 am AM'],
    ['January 1 01 2 02 002 __2', 'February 2 02 29 29 060  60'],
    ['.000 .999 ,000000 .999999999', '.120 .12 ,120034 .120034'],
    ['-0700 -07:00 -07 Z0700 Z07:00 MST', '+0530 +05:30 +05 +0530 +05:30 +0530'],
    ['_2006 Janet Month 2nd', '_2024 Janet Month 29nd'],
  ])('%s gives %s', (layout, expected) => {
    expect(formatTime(morning, layout)).toBe(expected);
  });

  it('shows years before the first and after the 9999th', () => {
    expect(formatTime({ ...ZERO_INSTANT, seconds: ZERO_INSTANT.seconds - 86_400 }, '2006-01-02')).toBe('0000-12-31');
    expect(formatTime({ ...ZERO_INSTANT, seconds: ZERO_INSTANT.seconds - 400 * 86_400 }, '2006')).toBe('-0001');
    expect(formatTime({ ...ZERO_INSTANT, seconds: 4e11 }, '2006')).toBe('14645');
  });

  it('tells a time of the clock from one that was parsed', () => {
    expect(timeText(morning)).toBe('2024-02-29 05:06:07.120034 +0530 +0530');
    expect(timeText({ ...instant('2024-02-29T00:00:00Z'), monotonic: true })).toMatch(/ UTC m=\+\d\.\d{9}$/);
  });
});

describe('parseTime', () => {
  it.each([
    [RFC3339, '2024-02-29T10:11:12.5-07:00', '2024-02-29T10:11:12.5-07:00'],
    ['3:04pm', '10:11pm', '0000-01-01T22:11:00Z'],
    ['3:04PM', '12:00AM', '0000-01-01T00:00:00Z'],
    ['2006-002', '2024-366', '2024-12-31T00:00:00Z'],
    ['06-1-2', '69-2-3', '1969-02-03T00:00:00Z'],
    ['Jan _2 2006', 'feb  3 2020', '2020-02-03T00:00:00Z'],
    ['2006-01-02 15:04:05', '2020-01-01 01:02:03,25', '2020-01-01T01:02:03.25Z'],
    ['2006-01-02 MST', '2020-01-01 GMT+3', '2020-01-01T03:00:00+03:00'],
  ])('reads %s from %s', (layout, value, expected) => {
    expect(formatRfc3339(parseTime(layout, value, UTC))).toBe(expected);
  });

  it.each([
    ['2006-01-02', '2023-02-29', 'parsing time "2023-02-29": day out of range'],
    ['2006-01-02', '2024-00-01', 'parsing time "2024-00-01": month out of range'],
    ['15:04', '24:00', 'parsing time "24:00": hour out of range'],
    ['2006-002', '2023-366', 'parsing time "2023-366": day-of-year out of range'],
    ['2006-01-02', '2024-01-02x', 'parsing time "2024-01-02x": extra text: "x"'],
    ['2006/01', '2024-01', 'parsing time "2024-01" as "2006/01": cannot parse "-01" as "/"'],
    ['MST', 'zz', 'parsing time "zz" as "MST": cannot parse "zz" as "MST"'],
    ['é', 'x', 'parsing time "x" as "\\xc3\\xa9": cannot parse "x" as "\\xc3\\xa9"'],
  ])('refuses %s for %s', (layout, value, message) => {
    expect(() => parseTime(layout, value, UTC)).toThrow(message);
  });

  it('takes a local abbreviation or offset for the local zone', () => {
    const berlin = localZone('Europe/Berlin');
    expect(timeText(parseTime('2006-01-02 MST', '2024-07-01 CEST', berlin))).toBe('2024-07-01 00:00:00 +0200 CEST');
    expect(timeText(parseTime('2006-01-02 -0700', '2024-07-01 +0200', berlin))).toBe('2024-07-01 00:00:00 +0200 CEST');
    expect(timeText(parseTime('2006-01-02', '2024-01-01', berlin))).toBe('2024-01-01 00:00:00 +0100 CET');
  });
});

describe('zones', () => {
  it.each([
    ['America/New_York', 'EST', -18_000],
    ['US/Eastern', 'EST', -18_000],
    ['Asia/Dubai', '+04', 14_400],
    ['Asia/Kathmandu', '+0545', 20_700],
    ['Etc/GMT+5', '-05', -18_000],
    ['EST', 'EST', -18_000],
    ['', 'UTC', 0],
  ])('%s is %s in winter', (name, abbreviation, offset) => {
    const zone = loadZone(name, UTC);
    const winter = Date.UTC(2024, 0, 15) / 1000;
    expect(zone?.abbreviationAt(winter)).toBe(abbreviation);
    expect(zone?.offsetAt(winter)).toBe(offset);
  });

  it.each(['No/Where', 'europe/berlin', '+05:30', '../etc/passwd', 'Europe/'])('%s is none', (name) => {
    expect(loadZone(name, UTC)).toBeUndefined();
  });

  it('finds the instant that a clock shows on both sides of a change', () => {
    const berlin = loadZone('Europe/Berlin', UTC) ?? UTC;
    const clock = { minute: 30, second: 0, nanosecond: 0 };
    const before = instantOf({ year: 2024, month: 3, day: 31 }, { ...clock, hour: 1 }, berlin);
    const after = instantOf({ year: 2024, month: 3, day: 31 }, { ...clock, hour: 3 }, berlin);
    expect(after.seconds - before.seconds).toBe(3600);
    expect(wallClockOf(after)).toMatchObject({ hour: 3, zoneName: 'CEST' });
  });
});

describe('durations', () => {
  it.each<[string, bigint]>([
    ['0', 0n],
    ['1h30m', 5400n * SECOND],
    ['-1.5h', -5400n * SECOND],
    ['.5s', SECOND / 2n],
    ['1µs2ns', 1002n],
    ['2562047h47m16.854775807s', 0x7fff_ffff_ffff_ffffn],
  ])('%s is %d nanoseconds', (text, nanoseconds) => {
    expect(parseGoDuration(text)).toBe(nanoseconds);
  });

  it.each([
    ['', 'time: invalid duration ""'],
    ['5', 'time: missing unit in duration "5"'],
    ['1d', 'time: unknown unit "d" in duration "1d"'],
    ['1h-2m', 'time: unknown unit "h-" in duration "1h-2m"'],
    ['.s', 'time: invalid duration ".s"'],
    ['2562048h', 'time: invalid duration "2562048h"'],
  ])('%j is none', (text, message) => {
    expect(() => parseGoDuration(text)).toThrow(message);
  });

  it('are rounded half away from zero', () => {
    expect([1_500_000_000n, 1_499_999_999n, -1_500_000_000n].map((value) => roundDuration(value, SECOND))).toEqual([
      2n * SECOND,
      SECOND,
      -2n * SECOND,
    ]);
  });
});

describe('the methods of a time', () => {
  const value = timeValue(instant('2024-02-29T10:11:12.25Z'), UTC);
  const method = (name: string, ...args: GoValue[]) => value.methods[name]?.call(...args);

  it.each<[string, GoValue[], GoValue | string]>([
    ['Year', [], goInt(2024)],
    ['Month', [], new GoNumber('time.Month', 2n)],
    ['Weekday', [], new GoNumber('time.Weekday', 4n)],
    ['YearDay', [], goInt(60)],
    ['Unix', [], new GoNumber('int64', 1709201472n)],
    ['UnixMilli', [], new GoNumber('int64', 1709201472250n)],
    ['IsZero', [], false],
    ['Format', ['15:04'], '10:11'],
    ['Before', [timeValue(instant('2025-01-01T00:00:00Z'), UTC)], true],
    ['MarshalJSON', [], '2024-02-29T10:11:12.25Z'],
  ])('%s', (name, args, expected) => {
    expect(method(name, ...args)).toEqual(expected);
  });

  it.each<[string, GoValue[], string]>([
    ['Add', [new GoNumber('time.Duration', -SECOND)], '2024-02-29 10:11:11.25 +0000 UTC'],
    ['AddDate', [goInt(1), goInt(0), goInt(0)], '2025-03-01 10:11:12.25 +0000 UTC'],
    ['Truncate', [new GoNumber('time.Duration', 3600n * SECOND)], '2024-02-29 10:00:00 +0000 UTC'],
    ['Round', [new GoNumber('time.Duration', SECOND)], '2024-02-29 10:11:12 +0000 UTC'],
    ['UTC', [], '2024-02-29 10:11:12.25 +0000 UTC'],
  ])('%s gives another time', (name, args, expected) => {
    expect(method(name, ...args)).toMatchObject({ text: expected });
  });

  it('tell summer time', () => {
    const berlin = loadZone('Europe/Berlin', UTC) ?? UTC;
    const isDst = (text: string) => timeValue({ ...instant(text), zone: berlin }, UTC).methods.IsDST?.call();
    expect([isDst('2024-07-01T00:00:00Z'), isDst('2024-01-01T00:00:00Z')]).toEqual([true, false]);
  });

  it('refuse JSON for years that have no four digits', () => {
    const far = timeValue({ ...instant('2024-01-01T00:00:00Z'), seconds: 4e11 }, UTC);
    expect(() => far.methods.MarshalJSON?.call()).toThrow('Time.MarshalJSON: year outside of range [0,9999]');
  });

  it('show the name of the zone', () => {
    const zoned = timeValue({ ...instant('2024-01-01T00:00:00Z'), zone: fixedZone('XYZ', 60) }, UTC);
    expect(zoned.methods.Location?.call()).toMatchObject({ text: 'XYZ' });
  });
});
