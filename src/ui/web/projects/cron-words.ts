// A schedule in words, as people would say it: `0 6 * * 1-5` is "Monday to Friday at 06:00".

import { parseSchedule } from '../../../base/cron.ts';
import { isHawserError } from '../../../base/errors.ts';

type Language = 'en' | 'ko';

interface Field {
  /** In order; undefined for all of them. */
  readonly values: readonly number[] | undefined;
  /** Of `*\/15`. */
  readonly step: number | undefined;
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MONTHS = ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** More times of a day than this are told by their fields. */
const MOST_TIMES = 6;

/** Why it is none, in the parser's words; undefined where it is one. */
export function scheduleProblem(schedule: string): string | undefined {
  try {
    parseSchedule(schedule);
    return undefined;
  } catch (error) {
    if (isHawserError(error)) return error.message;
    throw error;
  }
}

/** undefined for what is no schedule. */
export function cronWords(schedule: string, language: Language): string | undefined {
  if (scheduleProblem(schedule) !== undefined) return undefined;
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] = schedule.trim().split(/\s+/);
  const times = timeWords(readField(minute, 0, 59), readField(hour, 0, 23), language);
  const days = dayWords(readField(dayOfMonth, 1, 31), readField(dayOfWeek, 0, 6, DAYS), language);
  const months = monthWords(readField(month, 1, 12, MONTHS), language);
  if (language === 'ko') return [months, days, times].filter((part) => part !== '').join(' ');
  const text = [days, months, times].filter((part) => part !== '').join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function readField(text: string, min: number, max: number, names: readonly string[] = []): Field {
  if (text === '*' || text === '?') return { values: undefined, step: undefined };
  const star = /^[*?]\/(\d+)$/.exec(text)?.[1];
  const numberOf = (one: string) => {
    const named = names.indexOf(one.toLowerCase());
    return named >= 0 ? named : Number(one);
  };
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const [range = '', step = '1'] = part.split('/');
    const [low = '', high] = range.split('-');
    const isStar = low === '*' || low === '?';
    const from = isStar ? min : numberOf(low);
    const to = isStar ? max : high !== undefined ? numberOf(high) : part.includes('/') ? max : from;
    for (let value = from; value <= to; value += Number(step)) values.add(value);
  }
  const sorted = [...values].sort((a, b) => a - b);
  const isAll = sorted.length === max - min + 1;
  return { values: isAll ? undefined : sorted, step: star === undefined || isAll ? undefined : Number(star) };
}

function timeWords(minute: Field, hour: Field, language: Language): string {
  const isKorean = language === 'ko';
  const minutes = minute.values;
  const hours = hour.values;
  if (minutes && hours && minutes.length * hours.length <= MOST_TIMES) {
    const times = hours.flatMap((h) => minutes.map((m) => `${two(h)}:${two(m)}`));
    return isKorean ? listOf(times, language) : `at ${listOf(times, language)}`;
  }
  const inHours = hoursWords(hour, language);
  if (!minutes) return isKorean ? `${inHours}매분` : `every minute${inHours}`;
  if (minute.step !== undefined && 60 % minute.step === 0) {
    return isKorean ? `${inHours}${minute.step}분마다` : `every ${minute.step} minutes${inHours}`;
  }
  const shown = listOf(minutes.map(String), language);
  if (!hours) return isKorean ? `매시 ${shown}분` : `at minute ${shown} of every hour`;
  return isKorean ? `${inHours}매시 ${shown}분` : `at minute ${shown}${inHours}`;
}

function hoursWords({ values, step }: Field, language: Language): string {
  const isKorean = language === 'ko';
  if (!values) return '';
  if (step !== undefined && 24 % step === 0) return isKorean ? `${step}시간마다 ` : ` of every ${step}th hour`;
  const [first = 0] = values;
  const last = values.at(-1) ?? first;
  if (values.length > 2 && last - first === values.length - 1) {
    return isKorean ? `${first}시~${last}시 ` : ` of the hours ${two(first)} to ${two(last)}`;
  }
  const shown = listOf(values.map(two), language);
  return isKorean ? `${shown}시 ` : values.length === 1 ? ` of the hour ${shown}` : ` of the hours ${shown}`;
}

function dayWords(ofMonth: Field, ofWeek: Field, language: Language): string {
  const isKorean = language === 'ko';
  const parts: string[] = [];
  if (ofMonth.values) {
    const shown = listOf(runs(ofMonth.values, String, language), language);
    parts.push(isKorean ? `매월 ${shown}일` : `on day ${shown} of the month`);
  }
  if (ofWeek.values) parts.push(weekdays(ofWeek.values, language, ofMonth.values !== undefined));
  if (parts.length === 0) return isKorean ? '매일' : 'every day';
  // Two restricted day fields are an OR, as in every cron; a step of all is a restriction of the other one only.
  const isBoth = ofMonth.step !== undefined || ofWeek.step !== undefined;
  return parts.join(isKorean ? (isBoth ? '이면서 ' : ' 또는 ') : isBoth ? ' and ' : ' or ');
}

function weekdays(values: readonly number[], language: Language, isSecond: boolean): string {
  const isKorean = language === 'ko';
  const key = values.join();
  if (key === '0,6') return isKorean ? '주말' : isSecond ? 'at weekends' : 'at weekends';
  // Weeks begin with Monday here.
  const fromMonday = values.map((value) => (value + 6) % 7).sort((a, b) => a - b);
  const nameOf = (day: number) => weekdayName(day, language);
  const shown = listOf(runs(fromMonday, nameOf, language), language);
  if (isKorean) return shown;
  return /[–]| to /.test(shown) && !isSecond ? shown : `on ${shown}`;
}

function monthWords({ values }: Field, language: Language): string {
  if (!values) return '';
  const nameOf = (month: number) =>
    new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' }).format(Date.UTC(2024, month - 1, 1));
  const shown = listOf(runs(values, nameOf, language), language);
  return language === 'ko' ? shown : `in ${shown}`;
}

/** 2024-01-01 was a Monday. */
function weekdayName(fromMonday: number, language: Language): string {
  return new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' }).format(
    Date.UTC(2024, 0, 1 + fromMonday),
  );
}

/** Three or more in a row are told by their ends. */
function runs(values: readonly number[], nameOf: (value: number) => string, language: Language): readonly string[] {
  const shown: string[] = [];
  for (let index = 0; index < values.length; ) {
    let end = index;
    while ((values[end + 1] ?? Number.NaN) === (values[end] ?? 0) + 1) end++;
    const [first = 0, last = 0] = [values[index], values[end]];
    if (end - index >= 2) {
      shown.push(language === 'ko' ? `${nameOf(first)}~${nameOf(last)}` : `${nameOf(first)} to ${nameOf(last)}`);
    } else for (let at = index; at <= end; at++) shown.push(nameOf(values[at] ?? 0));
    index = end + 1;
  }
  return shown;
}

function listOf(texts: readonly string[], language: Language): string {
  return language === 'ko' ? texts.join(', ') : new Intl.ListFormat('en', { type: 'conjunction' }).format(texts);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
