// Five-field cron schedules by the rules of robfig/cron v3, which Argo CD's sync windows are read with (seconds are always 0,
// and no descriptors such as @daily). All instants are wall clock times, given as milliseconds as if they were UTC.

import { HawserError } from './errors.ts';

export interface Schedule {
  /** The first time after `wallMs`, or undefined when there is none within five years. */
  next(wallMs: number): number | undefined;
  /** The last time before `wallMs`, or undefined when there is none within five years. */
  previous(wallMs: number): number | undefined;
  /** The longest time between two of its times, where it comes every day; otherwise undefined. */
  readonly longestGapMs: number | undefined;
}

interface Field {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const MINUTE = { min: 0, max: 59 } as const satisfies Field;
const HOUR = { min: 0, max: 23 } as const satisfies Field;
const DAY_OF_MONTH = { min: 1, max: 31 } as const satisfies Field;
const MONTH = {
  min: 1,
  max: 12,
  names: ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
} as const satisfies Field;
/** Sunday is 0, and 7 is none. */
const DAY_OF_WEEK = {
  min: 0,
  max: 6,
  names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
} as const satisfies Field;

/** The values of one field; `any` for `*` and `?`, which decides how the two day fields go together. */
interface Values {
  readonly any: boolean;
  readonly set: ReadonlySet<number>;
}

const DAY_MS = 86_400_000;
const HORIZON_YEARS = 5;

/** Throws InvalidInput with robfig's words. */
export function parseSchedule(text: string): Schedule {
  if (text === '') throw wrong('empty spec string');
  if (text.startsWith('@')) throw wrong(`parser does not accept descriptors: ${text}`);
  const fields = text.split(/\s+/).filter((field) => field !== '');
  const [minute, hour, dayOfMonth, month, dayOfWeek] = fields;
  if (fields.length !== 5 || !minute || !hour || !dayOfMonth || !month || !dayOfWeek) {
    throw wrong(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`);
  }
  const minutes = [...parseField(minute, MINUTE).set].sort((a, b) => a - b);
  const hours = [...parseField(hour, HOUR).set].sort((a, b) => a - b);
  const daysOfMonth = parseField(dayOfMonth, DAY_OF_MONTH);
  const months = parseField(month, MONTH);
  const daysOfWeek = parseField(dayOfWeek, DAY_OF_WEEK);
  const times = hours.flatMap((hour) => minutes.map((minute) => (hour * 60 + minute) * 60_000));

  /** Two restricted day fields are an OR, as in every cron. */
  const isDay = (day: number): boolean => {
    const date = new Date(day);
    if (!months.set.has(date.getUTCMonth() + 1)) return false;
    const isOfMonth = daysOfMonth.set.has(date.getUTCDate());
    const isOfWeek = daysOfWeek.set.has(date.getUTCDay());
    return daysOfMonth.any || daysOfWeek.any ? isOfMonth && isOfWeek : isOfMonth || isOfWeek;
  };

  const isDaily = daysOfMonth.any && daysOfWeek.any && months.set.size === 12;
  return {
    longestGapMs: isDaily ? longestGap(times) : undefined,
    next(wallMs) {
      const last = horizon(wallMs, HORIZON_YEARS);
      for (let day = startOfDay(wallMs); day <= last; day += DAY_MS) {
        if (!isDay(day)) continue;
        const time = times.find((time) => day + time > wallMs);
        if (time !== undefined) return day + time;
      }
      return undefined;
    },
    previous(wallMs) {
      const first = horizon(wallMs, -HORIZON_YEARS);
      for (let day = startOfDay(wallMs); day >= first; day -= DAY_MS) {
        if (!isDay(day)) continue;
        const time = times.findLast((time) => day + time < wallMs);
        if (time !== undefined) return day + time;
      }
      return undefined;
    },
  };
}

/** Over midnight, too. */
function longestGap(times: readonly number[]): number {
  return Math.max(...times.map((time, index) => (times[index + 1] ?? DAY_MS + (times[0] ?? 0)) - time));
}

function startOfDay(wallMs: number): number {
  return Math.floor(wallMs / DAY_MS) * DAY_MS;
}

/** robfig counts calendar years: it stops with the end of the fifth. */
function horizon(wallMs: number, years: number): number {
  const year = new Date(wallMs).getUTCFullYear() + years;
  return years > 0 ? Date.UTC(year, 11, 31) : Date.UTC(year, 0, 1);
}

function parseField(text: string, field: Field): Values {
  const parts = text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => parseRange(part, field));
  return { any: parts.some(({ any }) => any), set: new Set(parts.flatMap(({ set }) => [...set])) };
}

/** `number | number "-" number`, then perhaps `"/" number`; `N/step` means from N to the field's end. */
function parseRange(text: string, field: Field): Values {
  const [range = '', stepText, ...tooManySteps] = text.split('/');
  const [low = '', high, ...tooManyHyphens] = range.split('-');
  const isStar = low === '*' || low === '?';
  if (!isStar && tooManyHyphens.length > 0) throw wrong(`too many hyphens: ${text}`);
  const start = isStar ? field.min : parseNumber(low, field);
  let end = isStar ? field.max : high === undefined ? start : parseNumber(high, field);
  if (tooManySteps.length > 0) throw wrong(`too many slashes: ${text}`);
  const step = stepText === undefined ? 1 : parseNumber(stepText);
  if (stepText !== undefined && high === undefined) end = field.max;
  if (start < field.min) throw wrong(`beginning of range (${start}) below minimum (${field.min}): ${text}`);
  if (end > field.max) throw wrong(`end of range (${end}) above maximum (${field.max}): ${text}`);
  if (start > end) throw wrong(`beginning of range (${start}) beyond end of range (${end}): ${text}`);
  if (step === 0) throw wrong(`step of range should be a positive number: ${text}`);
  const set = new Set<number>();
  for (let value = start; value <= end; value += step) set.add(value);
  return { any: isStar && step === 1, set };
}

function parseNumber(text: string, field?: Field): number {
  const named = field?.names?.indexOf(text.toLowerCase()) ?? -1;
  if (text !== '' && named >= 0) return named;
  if (!/^[+-]?\d{1,18}$/.test(text)) {
    throw wrong(`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  const value = Number(text);
  if (value < 0) throw wrong(`negative number (${value}) not allowed: ${text}`);
  return value;
}

function wrong(message: string): HawserError {
  return new HawserError('InvalidInput', message);
}
