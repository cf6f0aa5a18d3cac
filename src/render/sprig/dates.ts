// Sprig's functions of dates (Sprig v3.3.0: date.go).

import { parseGoDuration, roundDuration, SECOND } from '../go/duration.ts';
import { addNanoseconds, type Instant, nanosecondsBetween, ZERO_INSTANT } from '../go/instant.ts';
import { parseGoInt } from '../go/strconv.ts';
import { formatDuration } from '../go/stringer.ts';
import { formatTime } from '../go/time-format.ts';
import { parseTime } from '../go/time-parse.ts';
import { instantIn, TIME, timeValue } from '../go/time-value.ts';
import { type GoMethod, GoNumber, type GoOpaque, type GoValue } from '../go/value.ts';
import { loadZone, localZone, UTC, type Zone } from '../go/zone.ts';
import type { SprigEnvironment } from './environment.ts';
import { type FunctionTable, goFunction } from './function.ts';

const DATE = '2006-01-02';

/** What date functions know: the clock, and zones by name. */
interface Calendar {
  now(): Instant;
  zoneNamed(name: string): Zone;
  timeOf(instant: Instant): GoOpaque;
  parse(layout: string, text: string): Instant;
}

export function dateFunctions(environment: SprigEnvironment): FunctionTable {
  const calendar = createCalendar(environment);
  const { timeOf } = calendar;
  const show = (layout: string, date: GoValue, zone: string) =>
    formatTime({ ...instantOrNow(date, calendar), zone: calendar.zoneNamed(zone) }, layout);
  const dateInZone = goFunction(['string', 'interface {}', 'string'], 'string', show);
  const dateModify = goFunction(['string', 'time.Time'], TIME, (duration, date) => {
    const nanoseconds = orElse(() => parseGoDuration(duration), undefined);
    return nanoseconds === undefined ? date : timeOf(addNanoseconds(instantOrNow(date, calendar), nanoseconds));
  });
  const mustDateModify = goFunction(['string', 'time.Time'], TIME, (duration, date) =>
    timeOf(addNanoseconds(instantOrNow(date, calendar), parseGoDuration(duration))),
  );
  return {
    now: goFunction([], TIME, () => timeOf({ ...calendar.now(), monotonic: true })),
    date: goFunction(['string', 'interface {}'], 'string', (layout, date) => show(layout, date, 'Local')),
    htmlDate: goFunction(['interface {}'], 'string', (date) => show(DATE, date, 'Local')),
    htmlDateInZone: goFunction(['interface {}', 'string'], 'string', (date, zone) => show(DATE, date, zone)),
    dateInZone,
    date_in_zone: dateInZone,
    dateModify,
    date_modify: dateModify,
    mustDateModify,
    must_date_modify: mustDateModify,
    toDate: goFunction(['string', 'string'], TIME, (layout, text) =>
      timeOf(orElse(() => calendar.parse(layout, text), ZERO_INSTANT)),
    ),
    mustToDate: goFunction(['string', 'string'], TIME, (layout, text) => timeOf(calendar.parse(layout, text))),
    unixEpoch: goFunction(['time.Time'], 'string', (date) => String(instantIn(date)?.seconds ?? 0)),
    ago: goFunction(['interface {}'], 'string', (date) => ago(date, calendar)),
    duration: durationFunction(),
    durationRound: goFunction(['interface {}'], 'string', (duration) => shortDuration(duration, calendar)),
  };
}

function createCalendar(environment: SprigEnvironment): Calendar {
  let known: Zone | undefined;
  // Not before it is asked for: to learn it from Intl takes longer than a small chart.
  const local = () => {
    known ??= localZone(environment.timeZone ?? 'UTC');
    return known;
  };
  const zones = new Map<string, Zone>();
  return {
    now: () => {
      const milliseconds = Math.floor(environment.now());
      const seconds = Math.floor(milliseconds / 1000);
      return { seconds, nanoseconds: (milliseconds - seconds * 1000) * 1_000_000, zone: local() };
    },
    zoneNamed: (name) => {
      const zone = zones.get(name) ?? loadZone(name, local()) ?? UTC;
      zones.set(name, zone);
      return zone;
    },
    timeOf: (instant) => timeValue(instant, local()),
    parse: (layout, text) => parseTime(layout, text, local()),
  };
}

/** The functions without `must` drop their errors. */
function orElse<T, F>(work: () => T, fallback: F): T | F {
  try {
    return work();
  } catch {
    return fallback;
  }
}

/** A time, seconds since the epoch as int, int64 or int32, or now for anything else: a float64 is no date. */
function instantOrNow(
  date: GoValue,
  calendar: Calendar,
  types: readonly string[] = ['int64', 'int', 'int32'],
): Instant {
  const instant = instantIn(date);
  if (instant) return instant;
  if (!(date instanceof GoNumber) || !types.includes(date.type)) return calendar.now();
  return { seconds: Number(date.value), nanoseconds: 0, zone: calendar.zoneNamed('Local') };
}

function ago(date: GoValue, calendar: Calendar): string {
  const then = instantOrNow(date, calendar, ['int64', 'int']);
  return formatDuration(roundDuration(nanosecondsBetween(calendar.now(), then), SECOND));
}

function durationFunction(): GoMethod {
  return goFunction(['interface {}'], 'string', (seconds) => {
    const nanoseconds = BigInt.asIntN(64, wholeSeconds(seconds) * SECOND);
    return formatDuration(nanoseconds);
  });
}

/** Only a string and an int64 count; an int does not. A number that is out of range is the nearest. */
function wholeSeconds(seconds: GoValue): bigint {
  if (typeof seconds === 'string') return parseGoInt(seconds, 10, 64).value;
  return seconds instanceof GoNumber && seconds.type === 'int64' ? BigInt(seconds.value) : 0n;
}

const HOUR = 3600n * SECOND;
const SHORT_UNITS: readonly (readonly [unit: bigint, name: string])[] = [
  [365n * 24n * HOUR, 'y'],
  [30n * 24n * HOUR, 'mo'],
  [24n * HOUR, 'd'],
  [HOUR, 'h'],
  [60n * SECOND, 'm'],
  [SECOND, 's'],
];

/** The largest unit of which the duration has more than one: `2h` of `2h10m`. */
function shortDuration(duration: GoValue, calendar: Calendar): string {
  const nanoseconds = nanosecondsOf(duration, calendar);
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  for (const [unit, name] of SHORT_UNITS) if (size > unit) return `${size / unit}${name}`;
  return '0s';
}

function nanosecondsOf(duration: GoValue, calendar: Calendar): bigint {
  if (typeof duration === 'string') return orElse(() => parseGoDuration(duration), 0n);
  if (duration instanceof GoNumber && duration.type === 'int64') return BigInt(duration.value);
  const instant = instantIn(duration);
  return instant ? nanosecondsBetween(calendar.now(), instant) : 0n;
}
