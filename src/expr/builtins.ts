// The functions of the language that take values alone (expr-lang: builtin/builtin.go).

import { parseGoDuration } from '../render/go/duration.ts';
import { formatValue } from '../render/go/fmt.ts';
import { decodeJson, encodeJson } from '../render/go/json.ts';
import { utf8Decode, utf8Encode } from '../render/go/strings.ts';
import { parseTime } from '../render/go/time-parse.ts';
import { timeValue } from '../render/go/time-value.ts';
import { GoOpaque, type GoValue, goInt } from '../render/go/value.ts';
import { loadZone, UTC } from '../render/go/zone.ts';
import { order } from './operators.ts';
import { durationOf, entriesIn, integerIn, isEqual, itemsIn, lengthOf, numberIn, typeOf } from './value.ts';

export interface Builtin {
  /** The least and the most. */
  readonly arguments: readonly [number, number];
  call(args: readonly GoValue[], now: () => number): GoValue;
}

const MAX_TEXT = 1 << 20;
const MAX_ITEMS = 100_000;
const MANY = 100;

const DATE_LAYOUTS = [
  ...['2006-01-02', '15:04:05', '2006-01-02 15:04:05', '2006-01-02T15:04:05Z07:00', '02 Jan 06 15:04 MST'],
  ...['Monday, 02-Jan-06 15:04:05 MST', 'Mon, 02 Jan 2006 15:04:05 MST'],
];

function builtin(least: number, most: number, call: Builtin['call']): Builtin {
  return { arguments: [least, most], call };
}

const TEXTS: Readonly<Record<string, Builtin>> = {
  trim: builtin(1, 2, ([text, chars]) => {
    if (chars === undefined) return string(text).trim();
    const set = new Set([...string(chars)]);
    const all = [...string(text)];
    const from = all.findIndex((char) => !set.has(char));
    return from < 0 ? '' : all.slice(from, all.findLastIndex((char) => !set.has(char)) + 1).join('');
  }),
  trimPrefix: builtin(1, 2, ([text, prefix = ' ']) => {
    const [whole, part] = [string(text), string(prefix)];
    return whole.startsWith(part) ? whole.slice(part.length) : whole;
  }),
  trimSuffix: builtin(1, 2, ([text, suffix = ' ']) => {
    const [whole, part] = [string(text), string(suffix)];
    return whole.endsWith(part) ? whole.slice(0, whole.length - part.length) : whole;
  }),
  upper: builtin(1, 1, ([text]) => string(text).toUpperCase()),
  lower: builtin(1, 1, ([text]) => string(text).toLowerCase()),
  split: builtin(2, 3, ([text, by, most]) => splitText(string(text), string(by), most, false)),
  splitAfter: builtin(2, 3, ([text, by, most]) => splitText(string(text), string(by), most, true)),
  replace: builtin(3, 4, ([text, old, by, most]) => {
    const parts = string(text).split(string(old));
    const count = most === undefined ? -1 : whole(most);
    const cut = count < 0 ? parts.length - 1 : Math.min(count, parts.length - 1);
    const head = parts.slice(0, cut + 1).join(string(by));
    return bounded([head, ...parts.slice(cut + 1)].join(string(old)));
  }),
  repeat: builtin(2, 2, ([text, times]) => {
    const count = whole(times);
    if (count < 0 || string(text).length * count > MAX_TEXT) throw new Error('memory budget exceeded');
    return string(text).repeat(count);
  }),
  join: builtin(1, 2, ([items, by = '']) => bounded(list(items).map(string).join(string(by)))),
  indexOf: builtin(2, 2, ([text, part]) => goInt(string(text).indexOf(string(part)))),
  lastIndexOf: builtin(2, 2, ([text, part]) => goInt(string(text).lastIndexOf(string(part)))),
  hasPrefix: builtin(2, 2, ([text, part]) => string(text).startsWith(string(part))),
  hasSuffix: builtin(2, 2, ([text, part]) => string(text).endsWith(string(part))),
  toBase64: builtin(1, 1, ([text]) => btoa(String.fromCharCode(...utf8Encode(bounded(string(text)).slice(0, 60_000))))),
  fromBase64: builtin(1, 1, ([text]) => utf8Decode(Uint8Array.from(atob(string(text)), (char) => char.charCodeAt(0)))),
};

const NUMBERS: Readonly<Record<string, Builtin>> = {
  abs: builtin(1, 1, ([value]) => {
    const integer = integerIn(value ?? null);
    return integer === undefined ? Math.abs(number(value)) : goInt(integer < 0n ? -integer : integer);
  }),
  ceil: builtin(1, 1, ([value]) => Math.ceil(number(value))),
  floor: builtin(1, 1, ([value]) => Math.floor(number(value))),
  round: builtin(1, 1, ([value]) => Math.sign(number(value)) * Math.round(Math.abs(number(value)))),
  max: builtin(1, MANY, (args) => extreme(args, 1)),
  min: builtin(1, MANY, (args) => extreme(args, -1)),
  mean: builtin(1, MANY, (args) => {
    const values = flat(args).map(number);
    return values.length === 0 ? goInt(0) : values.reduce((sum, value) => sum + value, 0) / values.length;
  }),
  median: builtin(1, MANY, (args) => {
    const values = flat(args)
      .map(number)
      .sort((a, b) => a - b);
    const middle = values.length >> 1;
    const upper = values[middle] ?? 0;
    return values.length % 2 === 1 || values.length === 0 ? upper : (upper + (values[middle - 1] ?? 0)) / 2;
  }),
  int: builtin(1, 1, ([value]) => {
    if (typeof value === 'string') {
      if (!/^[+-]?\d+$/.test(value.trim())) throw new Error('invalid operation: int(string)');
      return goInt(BigInt(value.trim()));
    }
    return goInt(integerIn(value ?? null) ?? BigInt(Math.trunc(number(value))));
  }),
  float: builtin(1, 1, ([value]) => {
    const converted = typeof value === 'string' ? Number(value.trim() || 'none') : number(value);
    if (Number.isNaN(converted)) throw new Error('invalid operation: float(string)');
    return converted;
  }),
  bitand: builtin(2, 2, ([a, b]) => goInt(integer(a) & integer(b))),
  bitor: builtin(2, 2, ([a, b]) => goInt(integer(a) | integer(b))),
  bitxor: builtin(2, 2, ([a, b]) => goInt(integer(a) ^ integer(b))),
  bitnand: builtin(2, 2, ([a, b]) => goInt(integer(a) & ~integer(b))),
  bitnot: builtin(1, 1, ([a]) => goInt(~integer(a))),
  bitshl: builtin(2, 2, ([a, b]) => goInt(BigInt.asIntN(64, integer(a) << shift(b)))),
  bitshr: builtin(2, 2, ([a, b]) => goInt(integer(a) >> shift(b))),
  bitushr: builtin(2, 2, ([a, b]) => goInt(BigInt.asUintN(64, integer(a)) >> shift(b))),
};

const LISTS: Readonly<Record<string, Builtin>> = {
  first: builtin(1, 1, ([items]) => list(items)[0] ?? null),
  last: builtin(1, 1, ([items]) => list(items).at(-1) ?? null),
  take: builtin(2, 2, ([items, count]) => list(items).slice(0, Math.max(whole(count), 0))),
  concat: builtin(1, MANY, (args) => args.flatMap((arg) => list(arg))),
  flatten: builtin(1, 1, ([items]) => flat(list(items))),
  reverse: builtin(1, 1, ([items]) => [...list(items)].reverse()),
  uniq: builtin(1, 1, ([items]) => {
    const kept: GoValue[] = [];
    for (const item of list(items).slice(0, 2_000)) if (!kept.some((other) => isEqual(other, item))) kept.push(item);
    return kept;
  }),
  sort: builtin(1, 2, ([items, direction]) => {
    const sign = direction === 'desc' ? -1 : 1;
    return [...list(items)].sort((a, b) => sign * order('<', a, b));
  }),
  keys: builtin(1, 1, ([map]) => [...entries(map).keys()]),
  values: builtin(1, 1, ([map]) => [...entries(map).values()]),
  toPairs: builtin(1, 1, ([map]) => [...entries(map)].map(([key, value]) => [key, value])),
  fromPairs: builtin(
    1,
    1,
    ([pairs]) => new Map(list(pairs).map((pair) => [formatValue(list(pair)[0] ?? null), list(pair)[1] ?? null])),
  ),
};

const OTHERS: Readonly<Record<string, Builtin>> = {
  len: builtin(1, 1, ([value]) => {
    const length = lengthOf(value ?? null);
    if (length === undefined) throw new Error(`invalid argument for len (type ${typeOf(value ?? null)})`);
    return goInt(length);
  }),
  type: builtin(1, 1, ([value]) => typeOf(value ?? null)),
  string: builtin(1, 1, ([value]) => formatValue(value ?? null)),
  toJSON: builtin(1, 1, ([value]) => bounded(encodeJson(value ?? null, { indent: '  ' }))),
  fromJSON: builtin(1, 1, ([text]) => decodeJson(string(text))),
  get: builtin(2, 2, ([value, key]) => {
    const map = entriesIn(value ?? null);
    if (map) return map.get(formatValue(key ?? null)) ?? null;
    const index = integerIn(key ?? null);
    return index === undefined ? null : (itemsIn(value ?? null)?.at(Number(index)) ?? null);
  }),
  now: builtin(0, 0, (_, now) => timeOfMs(now())),
  duration: builtin(1, 1, ([text]) => durationOf(parseGoDuration(string(text)))),
  date: builtin(1, 3, ([text, layout, zone]) => parseDate(string(text), layout, zone)),
  timezone: builtin(1, 1, ([name]) => {
    const zone = loadZone(string(name), UTC);
    if (!zone) throw new Error(`unknown time zone ${string(name)}`);
    return new GoOpaque('*time.Location', zone, zone.name);
  }),
};

export const BUILTINS: Readonly<Record<string, Builtin>> = { ...TEXTS, ...NUMBERS, ...LISTS, ...OTHERS };

export function timeOfMs(ms: number): GoValue {
  const seconds = Math.floor(ms / 1_000);
  return timeValue({ seconds, nanoseconds: Math.round((ms - seconds * 1_000) * 1e6), zone: UTC }, UTC);
}

function parseDate(text: string, layout: GoValue | undefined, zoneName: GoValue | undefined): GoValue {
  const zone = (zoneName === undefined ? UTC : loadZone(string(zoneName), UTC)) ?? UTC;
  const layouts = layout === undefined ? DATE_LAYOUTS : [string(layout)];
  for (const one of layouts) {
    try {
      return timeValue(parseTime(one, text, zone), zone);
    } catch (error) {
      if (layouts.length === 1) throw error;
    }
  }
  throw new Error(`invalid date ${text}`);
}

function splitText(text: string, by: string, most: GoValue | undefined, keeps: boolean): GoValue {
  const parts = by === '' ? [...text] : text.split(by);
  const count = most === undefined ? -1 : whole(most);
  if (count === 0) return [];
  const cut = count < 0 ? parts.length : Math.min(count, parts.length);
  const pieces = [...parts.slice(0, cut - 1), parts.slice(cut - 1).join(by)];
  return keeps ? pieces.map((piece, index) => (index < pieces.length - 1 ? piece + by : piece)) : pieces;
}

function extreme(args: readonly GoValue[], sign: 1 | -1): GoValue {
  const values = flat(args);
  for (const value of values) number(value);
  return values.reduce<GoValue>(
    (best, value) => (best === null || sign * order('<', value, best) > 0 ? value : best),
    null,
  );
}

function flat(values: readonly GoValue[]): GoValue[] {
  const all = values.flatMap((value) => {
    const items = itemsIn(value);
    return items ? flat(items) : [value];
  });
  if (all.length > MAX_ITEMS) throw new Error('memory budget exceeded');
  return all;
}

function string(value: GoValue | undefined): string {
  if (typeof value === 'string') return value;
  throw new Error(`a string was expected, not ${typeOf(value ?? null)}`);
}

function bounded(text: string): string {
  if (text.length > MAX_TEXT) throw new Error('memory budget exceeded');
  return text;
}

function number(value: GoValue | undefined): number {
  const found = numberIn(value ?? null);
  if (found === undefined) throw new Error(`a number was expected, not ${typeOf(value ?? null)}`);
  return found;
}

function integer(value: GoValue | undefined): bigint {
  const found = integerIn(value ?? null);
  if (found === undefined) throw new Error(`an integer was expected, not ${typeOf(value ?? null)}`);
  return found;
}

function whole(value: GoValue | undefined): number {
  return Number(integer(value));
}

function shift(value: GoValue | undefined): bigint {
  const by = integer(value);
  if (by < 0n || by > 64n) throw new Error('invalid operation: negative shift count');
  return by;
}

function list(value: GoValue | undefined): readonly GoValue[] {
  const items = itemsIn(value ?? null);
  if (!items) throw new Error(`an array was expected, not ${typeOf(value ?? null)}`);
  return items;
}

function entries(value: GoValue | undefined): ReadonlyMap<string, GoValue> {
  const found = entriesIn(value ?? null);
  if (!found) throw new Error(`a map was expected, not ${typeOf(value ?? null)}`);
  return found;
}
