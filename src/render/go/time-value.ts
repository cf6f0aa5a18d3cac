// Go's time.Time as a template sees it: a value with the methods of package time.

import { HawserError } from '../../base/errors.ts';
import { daysFromCivil } from './civil.ts';
import {
  addNanoseconds,
  compareInstants,
  type Instant,
  instantOf,
  nanosecondsBetween,
  wallClockOf,
  ZERO_INSTANT,
} from './instant.ts';
import { utf8Encode } from './strings.ts';
import { formatRfc3339, formatTime, timeText } from './time-format.ts';
import { type GoMethod, GoNumber, GoOpaque, type GoValue, goInt, goInt64 } from './value.ts';
import { UTC, type Zone } from './zone.ts';

export const TIME = 'time.Time';
const DURATION = 'time.Duration';
const LOCATION = '*time.Location';

/** A time.Time; `local` is the zone that its method Local shows it in. */
export function timeValue(instant: Instant, local: Zone): GoOpaque {
  return new GoOpaque(TIME, instant, timeText(instant), methodsOf(instant, local));
}

/** The instant of a time.Time; undefined for any other value. */
export function instantIn(value: GoValue): Instant | undefined {
  return value instanceof GoOpaque && value.type === TIME && isInstant(value.value) ? value.value : undefined;
}

function isInstant(value: unknown): value is Instant {
  return typeof value === 'object' && value !== null && 'nanoseconds' in value;
}

type Methods = Record<string, GoMethod>;

function methodsOf(instant: Instant, local: Zone): Methods {
  return { ...clockMethods(instant), ...textMethods(instant), ...arithmeticMethods(instant, local) };
}

function clockMethods(instant: Instant): Methods {
  const wall = wallClockOf(instant);
  const nanoseconds = BigInt(Math.trunc(instant.seconds)) * 1_000_000_000n + BigInt(instant.nanoseconds);
  return {
    Year: method('int', () => goInt(wall.year)),
    Month: method('time.Month', () => new GoNumber('time.Month', BigInt(wall.month))),
    Day: method('int', () => goInt(wall.day)),
    Weekday: method('time.Weekday', () => new GoNumber('time.Weekday', BigInt(wall.weekday))),
    YearDay: method('int', () => goInt(wall.yearDay)),
    Hour: method('int', () => goInt(wall.hour)),
    Minute: method('int', () => goInt(wall.minute)),
    Second: method('int', () => goInt(wall.second)),
    Nanosecond: method('int', () => goInt(instant.nanoseconds)),
    Unix: method('int64', () => goInt64(Math.trunc(instant.seconds))),
    UnixMilli: method('int64', () => goInt64(floorDivide(nanoseconds, 1_000_000n))),
    UnixMicro: method('int64', () => goInt64(floorDivide(nanoseconds, 1_000n))),
    UnixNano: method('int64', () => goInt64(nanoseconds)),
    IsZero: method('bool', () => compareInstants(instant, ZERO_INSTANT) === 0),
    // Whether the zone keeps summer time then: its offset is more than in the other half of the year.
    IsDST: method('bool', () => wall.offset > standardOffset(instant, wall.year)),
    Location: method(LOCATION, () => locationValue(instant.zone)),
  };
}

function textMethods(instant: Instant): Methods {
  const text = formatRfc3339(instant);
  const marshalled = (name: string) => {
    if (/^-|^\d{5}/.test(text)) throw problem(`Time.${name}: year outside of range [0,9999]`);
    return text;
  };
  return {
    String: method('string', () => timeText(instant)),
    Format: { params: ['string'], result: 'string', call: (layout) => formatTime(instant, String(layout)) },
    // Go's gives the JSON itself; here it is the value that JSON writes in its place (json.ts).
    MarshalJSON: method('string', () => marshalled('MarshalJSON')),
    MarshalText: method('[]uint8', () => utf8Encode(marshalled('MarshalText'))),
  };
}

function arithmeticMethods(instant: Instant, local: Zone): Methods {
  const result = (changed: Instant) => timeValue(changed, local);
  const compared = (type: string, answer: (order: number) => GoValue): GoMethod => ({
    params: [TIME],
    result: type,
    call: (other) => answer(compareInstants(instant, requireInstant(other))),
  });
  return {
    Add: {
      params: [DURATION],
      result: TIME,
      call: (duration) => result(addNanoseconds(instant, durationOf(duration))),
    },
    Sub: {
      params: [TIME],
      result: DURATION,
      call: (other) => new GoNumber(DURATION, nanosecondsBetween(instant, requireInstant(other))),
    },
    AddDate: {
      params: ['int', 'int', 'int'],
      result: TIME,
      call: (years, months, days) => result(addDate(instant, numberOf(years), numberOf(months), numberOf(days))),
    },
    Round: { params: [DURATION], result: TIME, call: (unit) => result(roundTo(instant, durationOf(unit), true)) },
    Truncate: { params: [DURATION], result: TIME, call: (unit) => result(roundTo(instant, durationOf(unit), false)) },
    UTC: method(TIME, () => result({ ...instant, zone: UTC })),
    Local: method(TIME, () => result({ ...instant, zone: local })),
    In: { params: [LOCATION], result: TIME, call: (zone) => result({ ...instant, zone: zoneIn(zone) }) },
    After: compared('bool', (order) => order > 0),
    Before: compared('bool', (order) => order < 0),
    Equal: compared('bool', (order) => order === 0),
    Compare: compared('int', (order) => goInt(Math.sign(order))),
  };
}

function method(result: string, call: () => GoValue): GoMethod {
  return { params: [], result, call };
}

function problem(message: string): HawserError {
  return new HawserError('RenderFailed', message);
}

function locationValue(zone: Zone): GoOpaque {
  return new GoOpaque(LOCATION, zone, zone.name, { String: method('string', () => zone.name) });
}

function zoneIn(value: GoValue | undefined): Zone {
  if (value instanceof GoOpaque && isZone(value.value)) return value.value;
  throw problem('time: missing Location in call to Time.In');
}

function isZone(value: unknown): value is Zone {
  return typeof value === 'object' && value !== null && 'offsetAt' in value;
}

function requireInstant(value: GoValue | undefined): Instant {
  const instant = instantIn(value ?? null);
  if (!instant) throw problem('runtime error: invalid memory address or nil pointer dereference');
  return instant;
}

function durationOf(value: GoValue | undefined): bigint {
  return value instanceof GoNumber ? BigInt(value.value) : 0n;
}

function numberOf(value: GoValue | undefined): number {
  return value instanceof GoNumber ? Number(value.value) : 0;
}

function floorDivide(value: bigint, by: bigint): bigint {
  return value >= 0n ? value / by : -((-value + by - 1n) / by);
}

/** The lesser offset of January and July. */
function standardOffset({ zone }: Instant, year: number): number {
  const [january = 0, july = 0] = [1, 7].map((month) => zone.offsetAt(daysFromCivil(year, month, 1) * 86_400));
  return Math.min(january, july);
}

function addDate(instant: Instant, years: number, months: number, days: number): Instant {
  const wall = wallClockOf(instant);
  const date = { year: wall.year + years, month: wall.month + months, day: wall.day + days };
  return instantOf(date, { ...wall, nanosecond: instant.nanoseconds }, instant.zone);
}

/** To a multiple of `unit` since Go's zero time. */
function roundTo(instant: Instant, unit: bigint, isNearest: boolean): Instant {
  const { monotonic: _, ...plain } = instant;
  if (unit <= 0n) return plain;
  const seconds = BigInt(Math.trunc(instant.seconds - ZERO_INSTANT.seconds));
  const since = seconds * 1_000_000_000n + BigInt(instant.nanoseconds);
  const rest = ((since % unit) + unit) % unit;
  return addNanoseconds(plain, isNearest && rest + rest >= unit ? unit - rest : -rest);
}
