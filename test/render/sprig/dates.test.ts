import { describe, expect, it } from 'vitest';
import { GoOpaque, goInt64 } from '../../../src/render/go/value.ts';
import { type Argument, call, callFor, callRaw, ENVIRONMENT, plain } from './call.ts';

type Row = readonly [name: string, args: readonly Argument[], expected: unknown];

const LEAP = '2006-01-02';

describe('functions of dates', () => {
  it.each<Row>([
    ['date', ['2006-01-02', 0], '1970-01-01'],
    ['date', ['15:04:05.000', 'whatever is no date means now'], '07:08:09.123'],
    ['date', ['2006', 1.5], '2024'],
    ['htmlDate', [1700000000], '2023-11-14'],
    ['htmlDateInZone', [1700000000, 'Asia/Tokyo'], '2023-11-15'],
    ['dateInZone', ['15:04 MST -0700', 1700000000, 'Europe/Berlin'], '23:13 CET +0100'],
    ['dateInZone', ['15:04 MST', 1690000000, 'America/New_York'], '00:26 EDT'],
    ['dateInZone', ['15:04 MST', 1690000000, 'Asia/Kathmandu'], '10:11 +0545'],
    ['dateInZone', ['15:04 MST', 0, 'No/Such'], '00:00 UTC'],
    ['dateInZone', ['15:04 MST', 0, 'europe/berlin'], '00:00 UTC'],
    ['unixEpoch', [dateOf('2024-02-29')], '1709164800'],
    ['duration', ['95'], '1m35s'],
    ['duration', [95], '0s'],
    ['duration', [goInt64(86400)], '24h0m0s'],
    ['durationRound', ['2h10m5s'], '2h'],
    ['durationRound', ['-3m'], '3m'],
    ['durationRound', ['9000h'], '1y'],
    ['durationRound', ['bad'], '0s'],
    ['ago', [1714979289], '0s'],
    ['ago', [1714979000], '4m49s'],
    ['toDate', [LEAP, '2024-02-29'], '2024-02-29 00:00:00 +0000 UTC'],
    ['toDate', [LEAP, 'bad'], '0001-01-01 00:00:00 +0000 UTC'],
    ['toDate', ['2006-01-02 15:04 MST', '2020-01-01 10:00 PST'], '2020-01-01 10:00:00 +0000 PST'],
    ['toDate', ['2006-01-02 -0700', '2020-01-01 +0530'], '2020-01-01 00:00:00 +0530 +0530'],
  ])('%s gives what Go gives (%#)', (name, args, expected) => {
    expect(call(name, ...args)).toEqual(expected);
  });

  it('moves dates by durations, and leaves them where the duration is none', () => {
    const date = dateOf('2024-02-29');
    expect(call('dateModify', '-90m10s', date)).toBe('2024-02-28 22:29:50 +0000 UTC');
    expect(call('dateModify', 'x', date)).toBe('2024-02-29 00:00:00 +0000 UTC');
    expect(() => call('mustDateModify', 'x', date)).toThrow('time: invalid duration "x"');
  });

  it('tells what cannot be parsed', () => {
    expect(() => call('mustToDate', LEAP, '2024-13-01')).toThrow('parsing time "2024-13-01": month out of range');
    expect(() => call('mustToDate', LEAP, 'x')).toThrow('parsing time "x" as "2006-01-02": cannot parse "x" as "2006"');
  });

  it('shows local time in the zone of the environment', () => {
    const environment = { ...ENVIRONMENT, timeZone: 'Europe/Berlin' };
    expect(plain(callFor(environment, 'date', '15:04 MST', 0))).toBe('01:00 CET');
    expect(plain(callFor(environment, 'toDate', LEAP, '2024-07-01'))).toBe('2024-07-01 00:00:00 +0200 CEST');
  });
});

function dateOf(text: string): GoOpaque {
  const date = callRaw('toDate', LEAP, text);
  if (date instanceof GoOpaque) return date;
  throw new Error('no date');
}
