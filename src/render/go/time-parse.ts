// Reading times by Go's layouts (Go: time/format.go, parse), with Go's leniency and error texts.

import { HawserError } from '../../base/errors.ts';
import { civilFromDays, daysFromCivil, daysInMonth, isLeapYear } from './civil.ts';
import { type Instant, instantOf } from './instant.ts';
import { MONTHS, WEEKDAYS } from './time-format.ts';
import { type LayoutElement, nextLayoutChunk } from './time-layout.ts';
import { quoteForTime } from './time-quote.ts';
import { fixedZone, UTC, type Zone } from './zone.ts';

/** What was read so far; a month or day of -1 was not given. */
interface Fields {
  year: number;
  month: number;
  day: number;
  yearDay: number;
  hour: number;
  minute: number;
  second: number;
  nanosecond: number;
  halfDay: 'am' | 'pm' | undefined;
  isUtc: boolean;
  offset: number | undefined;
  zoneName: string;
}

/** The value does not fit the element; the whole error is made where layout and value are known. */
const BAD = Symbol('bad value for field');

/** What is left of the value after an element; a string in `range` names what is out of its range. */
type Read = { readonly rest: string; readonly range?: string } | typeof BAD;

/** `time.ParseInLocation`: without a zone in the value, the time is in `zone`. Throws RenderFailed with Go's text. */
export function parseTime(layout: string, value: string, zone: Zone): Instant {
  const fields: Fields = {
    year: 0,
    month: -1,
    day: -1,
    yearDay: -1,
    hour: 0,
    minute: 0,
    second: 0,
    nanosecond: 0,
    halfDay: undefined,
    isUtc: false,
    offset: undefined,
    zoneName: '',
  };
  const problem = (message: string) => invalid(`parsing time ${quoteForTime(value)}${message}`);
  const mismatch = (element: string, found: string) =>
    problem(` as ${quoteForTime(layout)}: cannot parse ${quoteForTime(found)} as ${quoteForTime(element)}`);
  let rest = value;
  let restLayout = layout;
  for (;;) {
    const chunk = nextLayoutChunk(restLayout);
    const { rest: afterPrefix, matched } = skipPrefix(rest, chunk.prefix);
    if (!matched) throw mismatch(chunk.prefix, afterPrefix);
    rest = afterPrefix;
    if (chunk.element === undefined) {
      if (rest !== '') throw problem(`: extra text: ${quoteForTime(rest)}`);
      break;
    }
    restLayout = chunk.rest;
    const read = readElement(chunk.element, chunk.written, rest, restLayout, fields);
    if (read === BAD) throw mismatch(chunk.written, rest);
    if (read.range !== undefined) throw problem(`: ${read.range} out of range`);
    rest = read.rest;
  }
  if (fields.halfDay === 'pm' && fields.hour < 12) fields.hour += 12;
  else if (fields.halfDay === 'am' && fields.hour === 12) fields.hour = 0;
  const complaint = settleDate(fields);
  if (complaint !== undefined) throw problem(`: ${complaint}`);
  return settleZone(fields, zone);
}

function invalid(message: string): HawserError {
  return new HawserError('RenderFailed', message);
}

/** Go's skip: runs of spaces count as one, and are optional at the end of the value. */
function skipPrefix(value: string, prefix: string): { rest: string; matched: boolean } {
  let rest = value;
  let expected = prefix;
  while (expected !== '') {
    if (expected.startsWith(' ')) {
      if (rest !== '' && !rest.startsWith(' ')) return { rest, matched: false };
      expected = expected.replace(/^ +/, '');
      rest = rest.replace(/^ +/, '');
      continue;
    }
    if (rest[0] !== expected[0]) return { rest, matched: false };
    expected = expected.slice(1);
    rest = rest.slice(1);
  }
  return { rest, matched: true };
}

function readElement(element: LayoutElement, written: string, value: string, restLayout: string, fields: Fields): Read {
  switch (element) {
    case '06':
      return readShortYear(value, fields);
    case '2006':
      return readLongYear(value, fields);
    case 'Jan':
      return readName(value, MONTHS.map(shortened), (index) => (fields.month = index + 1));
    case 'January':
      return readName(value, MONTHS, (index) => (fields.month = index + 1));
    case 'Mon':
      return readName(value, WEEKDAYS.map(shortened), () => undefined);
    case 'Monday':
      return readName(value, WEEKDAYS, () => undefined);
    case '1':
    case '01':
      return readNumber(value, element === '01', 'month', 1, 12, (month) => (fields.month = month));
    case '2':
    case '_2':
    case '02': {
      const trimmed = element === '_2' ? value.replace(/^ /, '') : value;
      return readNumber(trimmed, element === '02', 'day', 0, 99, (day) => (fields.day = day));
    }
    case '__2':
    case '002':
      return readYearDay(value, element, fields);
    case '15':
      return readNumber(value, false, 'hour', 0, 23, (hour) => (fields.hour = hour));
    case '3':
    case '03':
      return readNumber(value, element === '03', 'hour', 0, 12, (hour) => (fields.hour = hour));
    case '4':
    case '04':
      return readNumber(value, element === '04', 'minute', 0, 59, (minute) => (fields.minute = minute));
    case '5':
    case '05':
      return readSecond(value, element, restLayout, fields);
    case 'PM':
    case 'pm':
      return readHalfDay(value, element, fields);
    case 'MST':
      return readZoneName(value, fields);
    case 'fraction0':
      return readFraction(value, written.length, fields);
    case 'fraction9': {
      const digits = /^[.,]\d+/.exec(value)?.[0];
      return digits === undefined ? { rest: value } : readFraction(value, digits.length, fields);
    }
    default:
      return readOffset(value, element, fields);
  }
}

function shortened(name: string): string {
  return name.slice(0, 3);
}

function readShortYear(value: string, fields: Fields): Read {
  const year = atoi(value.slice(0, 2));
  if (value.length < 2 || year === undefined) return BAD;
  fields.year = year >= 69 ? year + 1900 : year + 2000;
  return { rest: value.slice(2) };
}

function readLongYear(value: string, fields: Fields): Read {
  if (!/^\d{4}/.test(value)) return BAD;
  fields.year = Number(value.slice(0, 4));
  return { rest: value.slice(4) };
}

/** time.atoi, which takes a sign. */
function atoi(text: string): number | undefined {
  return /^[+-]?\d*$/.test(text) ? Number(text.replace(/^[+-]$/, '0')) : undefined;
}

function readName(value: string, names: readonly string[], accept: (index: number) => unknown): Read {
  const index = names.findIndex((name) => value.slice(0, name.length).toLowerCase() === name.toLowerCase());
  if (index < 0) return BAD;
  accept(index);
  return { rest: value.slice(names[index]?.length ?? 0) };
}

/** Go's getnum: one or two digits, or exactly two. */
function readNumber(
  value: string,
  isFixed: boolean,
  what: string,
  least: number,
  most: number,
  accept: (number: number) => unknown,
): Read {
  const digits = (isFixed ? /^\d\d/ : /^\d\d?/).exec(value)?.[0];
  if (digits === undefined) return BAD;
  const number = Number(digits);
  accept(number);
  const rest = value.slice(digits.length);
  return number < least || number > most ? { rest, range: what } : { rest };
}

function readYearDay(value: string, element: '__2' | '002', fields: Fields): Read {
  const trimmed = element === '__2' ? value.replace(/^ {1,2}/, '') : value;
  const digits = (element === '002' ? /^\d{3}/ : /^\d{1,3}/).exec(trimmed)?.[0];
  if (digits === undefined) return BAD;
  fields.yearDay = Number(digits);
  return { rest: trimmed.slice(digits.length) };
}

/** A fraction may follow the second even where the layout has none. */
function readSecond(value: string, element: '5' | '05', restLayout: string, fields: Fields): Read {
  const read = readNumber(value, element === '05', 'second', 0, 59, (second) => (fields.second = second));
  if (read === BAD || read.range !== undefined) return read;
  const fraction = /^[.,]\d+/.exec(read.rest)?.[0];
  if (fraction === undefined) return read;
  const { element: next } = nextLayoutChunk(restLayout);
  return next === 'fraction0' || next === 'fraction9' ? read : readFraction(read.rest, fraction.length, fields);
}

function readHalfDay(value: string, element: 'PM' | 'pm', fields: Fields): Read {
  const half = value.slice(0, 2);
  const isUpper = element === 'PM';
  if (half === (isUpper ? 'PM' : 'pm')) fields.halfDay = 'pm';
  else if (half === (isUpper ? 'AM' : 'am')) fields.halfDay = 'am';
  else return BAD;
  return { rest: value.slice(2) };
}

/** A separator and digits, `length` in all; more than nine digits count for nothing. */
function readFraction(value: string, length: number, fields: Fields): Read {
  if (value.length < length || !/^[.,]/.test(value)) return BAD;
  const nanoseconds = atoi(value.slice(1, Math.min(length, 10)));
  if (nanoseconds === undefined) return BAD;
  const rest = value.slice(length);
  if (nanoseconds < 0) return { rest, range: 'fractional second' };
  fields.nanosecond = nanoseconds * 10 ** (10 - Math.min(length, 10));
  return { rest };
}

/** How each form of an offset is written. */
const OFFSETS: Readonly<Record<string, RegExp>> = {
  '00': /^(.)(\d\d)()()/s,
  '0000': /^(.)(\d\d)(\d\d)()/s,
  '00:00': /^(.)(\d\d):(\d\d)()/s,
  '000000': /^(.)(\d\d)(\d\d)(\d\d)/s,
  '00:00:00': /^(.)(\d\d):(\d\d):(\d\d)/s,
};

function readOffset(value: string, element: LayoutElement, fields: Fields): Read {
  if (element.startsWith('Z') && value.startsWith('Z')) {
    fields.isUtc = true;
    return { rest: value.slice(1) };
  }
  const match = OFFSETS[element.slice(1).replaceAll('7', '0')]?.exec(value);
  if (!match) return BAD;
  const [whole, sign, hours, minutes, seconds] = match;
  const [hour, minute, second] = [Number(hours), Number(minutes), Number(seconds)];
  const rest = value.slice(whole.length);
  // Some write offsets of 24 hours, 60 minutes or 60 seconds.
  if (second > 60) return { rest, range: 'time zone offset second' };
  if (minute > 60) return { rest, range: 'time zone offset minute' };
  if (hour > 24) return { rest, range: 'time zone offset hour' };
  if (sign !== '+' && sign !== '-') return BAD;
  const size = (hour * 60 + minute) * 60 + second;
  fields.offset = sign === '-' ? -size : size;
  return { rest };
}

function readZoneName(value: string, fields: Fields): Read {
  if (value.startsWith('UTC')) {
    fields.isUtc = true;
    return { rest: value.slice(3) };
  }
  const length = zoneNameLength(value);
  if (length === 0) return BAD;
  fields.zoneName = value.slice(0, length);
  return { rest: value.slice(length) };
}

/** parseTimeZone: three capitals, or four or five of which the last is a T, and a few names that are otherwise. */
function zoneNameLength(value: string): number {
  if (value.length < 3) return 0;
  if (/^(?:ChST|MeST)/.test(value)) return 4;
  if (value.startsWith('GMT')) return 3 + signedOffsetLength(value.slice(3));
  if (/^[+-]/.test(value)) return signedOffsetLength(value);
  const capitals = /^[A-Z]{0,6}/.exec(value)?.[0] ?? '';
  if (capitals.length === 3) return 3;
  if (capitals.length === 4) return capitals.endsWith('T') || capitals === 'WITA' ? 4 : 0;
  return capitals.length === 5 && capitals.endsWith('T') ? 5 : 0;
}

function signedOffsetLength(value: string): number {
  const written = /^[+-]\d+/.exec(value)?.[0] ?? '';
  return written !== '' && Number(written.slice(1)) <= 23 ? written.length : 0;
}

/** Makes month and day whole; what is wrong with them, if anything. */
function settleDate(fields: Fields): string | undefined {
  const { year, yearDay } = fields;
  if (yearDay >= 0) {
    if (yearDay < 1 || yearDay > (isLeapYear(year) ? 366 : 365)) return 'day-of-year out of range';
    const { month, day } = civilFromDays(daysFromCivil(year, 1, 1) + yearDay - 1);
    if (fields.month >= 0 && fields.month !== month) return 'day-of-year does not match month';
    if (fields.day >= 0 && fields.day !== day) return 'day-of-year does not match day';
    fields.month = month;
    fields.day = day;
  } else {
    if (fields.month < 0) fields.month = 1;
    if (fields.day < 0) fields.day = 1;
  }
  const isDay = fields.day >= 1 && fields.day <= daysInMonth(year, fields.month);
  return isDay ? undefined : 'day out of range';
}

function settleZone(fields: Fields, zone: Zone): Instant {
  if (fields.isUtc) return instantOf(fields, fields, UTC);
  const { offset, zoneName } = fields;
  if (offset !== undefined) {
    // An offset that the zone has at that time means the zone itself.
    const utc = instantOf(fields, fields, UTC);
    const instant = { ...utc, seconds: utc.seconds - offset };
    const isZone =
      zone.offsetAt(instant.seconds) === offset &&
      (zoneName === '' || zone.abbreviationAt(instant.seconds) === zoneName);
    return { ...instant, zone: isZone ? zone : fixedZone(zoneName, offset) };
  }
  if (zoneName === '') return instantOf(fields, fields, zone);
  const utc = instantOf(fields, fields, UTC);
  const known = zone.offsetOf(zoneName, utc.seconds);
  if (known !== undefined) return { ...utc, seconds: utc.seconds - known, zone };
  // Go keeps an unknown abbreviation with an offset of zero, but for `GMT+3`.
  const hours = /^GMT(.+)/.exec(zoneName)?.[1];
  return { ...utc, zone: fixedZone(zoneName, hours === undefined ? 0 : Number(hours) * 3600) };
}
