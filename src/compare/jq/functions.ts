// The functions of jq that take values and give one value (gojq: func.go). A table: name and number of arguments.

import type { Json } from '../../base/json.ts';
import { deletePaths, positionsOf, setPath } from './access.ts';
import { describeValue, JqError, typeError } from './error.ts';
import { applyFormat } from './format.ts';
import { MATH } from './math.ts';
import { addValues, splitText } from './operators.ts';
import { matchAll, testMatch } from './regexp.ts';
import { compareValues, isJsonObject, objectFrom, preview, property, sortedKeys, toJson, typeOf } from './value.ts';

export type JqFunction = (input: Json, ...args: readonly Json[]) => Json;

/** Go: unicode.IsSpace. */
const LEADING_BLANKS = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const TRAILING_BLANKS = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/;

const FUNCTIONS: Readonly<Record<string, JqFunction>> = {
  ...MATH,
  'type/0': typeOf,
  'length/0': lengthOf,
  'utf8bytelength/0': (input) => new TextEncoder().encode(text('utf8bytelength', input)).length,
  'keys/0': keysOf,
  'keys_unsorted/0': keysOf,
  'has/1': (input, key = null) => hasKey(input, key),
  'contains/1': (input, part = null) => contains(input, part),
  'add/0': (input) => valuesOf('add', input).reduce(addValues, null),
  'reverse/0': (input) =>
    typeof input === 'string'
      ? [...input].reverse().join('')
      : input === null
        ? []
        : [...list('reverse', input)].reverse(),
  'flatten/0': (input) => flatten(valuesOf('flatten', input), Number.POSITIVE_INFINITY),
  'flatten/1': (input, depth = null) => flatten(valuesOf('flatten', input), flattenDepth(depth)),
  'transpose/0': (input) => transpose(list('transpose', input)),
  'toarray/0': (input) => (Array.isArray(input) ? input : [input]),
  'sort/0': (input) => [...list('sort', input)].sort(compareValues),
  'unique/0': (input) => withoutRepeats([...list('unique', input)].sort(compareValues)),
  'min/0': (input) => extreme(list('min', input), (order) => order > 0),
  'max/0': (input) => extreme(list('max', input), (order) => order <= 0),
  'bsearch/1': (input, wanted = null) => binarySearch(list('bsearch', input), wanted),
  'indices/1': (input, part = null) => positions('indices', input, part),
  'index/1': (input, part = null) => positions('index', input, part)?.at(0) ?? null,
  'rindex/1': (input, part = null) => positions('rindex', input, part)?.at(-1) ?? null,
  'startswith/1': (input, part = null) =>
    textPair('startswith', input, part, (whole, start) => whole.startsWith(start)),
  'endswith/1': (input, part = null) => textPair('endswith', input, part, (whole, end) => whole.endsWith(end)),
  'ltrimstr/1': (input, part = null) => textPair('ltrimstr', input, part, withoutPrefix),
  'rtrimstr/1': (input, part = null) => textPair('rtrimstr', input, part, withoutSuffix),
  'trimstr/1': (input, part = null) =>
    textPair('trimstr', input, part, (whole, end) => withoutSuffix(withoutPrefix(whole, end), end)),
  'ltrim/0': (input) => text('ltrim', input).replace(LEADING_BLANKS, ''),
  'rtrim/0': (input) => text('rtrim', input).replace(TRAILING_BLANKS, ''),
  'trim/0': (input) => text('trim', input).replace(LEADING_BLANKS, '').replace(TRAILING_BLANKS, ''),
  'ascii_downcase/0': (input) => text('ascii_downcase', input).replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
  'ascii_upcase/0': (input) => text('ascii_upcase', input).replace(/[a-z]/g, (letter) => letter.toUpperCase()),
  'explode/0': (input) => Array.from(text('explode', input), (character) => character.codePointAt(0) ?? 0),
  'implode/0': implode,
  'split/1': (input, separator = null) => splitText(text('split', input), text('split', separator)),
  'join/1': (input, separator = null) => join(input, separator),
  'tostring/0': (input) => (typeof input === 'string' ? input : toJson(input)),
  'tonumber/0': toNumber,
  'toboolean/0': toBoolean,
  'tojson/0': toJson,
  'fromjson/0': fromJson,
  'format/1': (input, name = null) => applyFormat(text('format', name), input),
  'test/2': (input, pattern = null, flags = null) => testMatch(input, pattern, flags),
  'matches/2': (input, pattern = null, flags = null) => matchAll(input, pattern, flags),
  'setpath/2': (input, path = null, value = null) => setPath(input, path, value),
  'delpaths/1': (input, paths = null) => deletePaths(input, paths),
  'todateiso8601/0': (input) => `${new Date(number('todateiso8601', input) * 1000).toISOString().slice(0, 19)}Z`,
  'fromdateiso8601/0': fromDate,
  'env/0': () => objectFrom([]),
  'halt/0': notHere('halt'),
  'halt_error/0': notHere('halt_error'),
  'halt_error/1': notHere('halt_error'),
};

export function functionNamed(name: string, arity: number): JqFunction | undefined {
  const key = `${name}/${arity}`;
  return Object.hasOwn(FUNCTIONS, key) ? FUNCTIONS[key] : undefined;
}

/** `min_by`, `max_by`, `sort_by`, `group_by`, `unique_by`: the items of a list by keys that were made of them. */
export const BY_KEY: Readonly<Record<string, (items: readonly Keyed[]) => Json>> = {
  min_by: (items) => extremeBy(items, (order) => order > 0),
  max_by: (items) => extremeBy(items, (order) => order <= 0),
  sort_by: (items) => sortByKey(items).map(({ value }) => value),
  group_by: (items) => groupByKey(items).map((group) => group.map(({ value }) => value)),
  unique_by: (items) => groupByKey(items).flatMap(([first]) => (first ? [first.value] : [])),
};

export interface Keyed {
  readonly key: Json;
  readonly value: Json;
}

// Types ----------------------------------------------------------------------------------------------------------------

export function list(name: string, value: Json): readonly Json[] {
  if (Array.isArray(value)) return value;
  throw typeError(`${name} cannot be applied to`, value);
}

function text(name: string, value: Json): string {
  if (typeof value === 'string') return value;
  throw typeError(`${name} cannot be applied to`, value);
}

function number(name: string, value: Json): number {
  if (typeof value === 'number') return value;
  throw typeError(`${name} cannot be applied to`, value);
}

function textPair<T extends Json>(name: string, whole: Json, part: Json, work: (whole: string, part: string) => T): T {
  if (typeof whole === 'string' && typeof part === 'string') return work(whole, part);
  throw typeError(`${name}(${preview(part)}) cannot be applied to`, whole);
}

/** What can be iterated over: items, or values in the order of their keys. */
function valuesOf(name: string, value: Json): readonly Json[] {
  if (Array.isArray(value)) return value;
  if (isJsonObject(value)) return sortedKeys(value).map((key) => value[key] ?? null);
  throw typeError(`${name} cannot be applied to`, value);
}

function notHere(name: string): JqFunction {
  return () => {
    throw new JqError(`${name} is not allowed`);
  };
}

// Containers -----------------------------------------------------------------------------------------------------------

function lengthOf(value: Json): number {
  if (value === null) return 0;
  if (typeof value === 'number') return Math.abs(value);
  if (typeof value === 'string') return [...value].length;
  if (typeof value === 'boolean') throw typeError('length cannot be applied to', value);
  return Array.isArray(value) ? value.length : Object.keys(value).length;
}

function keysOf(value: Json): Json {
  if (Array.isArray(value)) return value.map((_, index) => index);
  if (isJsonObject(value)) return sortedKeys(value);
  throw typeError('keys cannot be applied to', value);
}

function hasKey(value: Json, key: Json): boolean {
  if (value === null) return false;
  if (Array.isArray(value) && typeof key === 'number') return key >= 0 && Math.trunc(key) < value.length;
  if (isJsonObject(value) && typeof key === 'string') return property(value, key) !== undefined;
  throw typeError(`has(${preview(key)}) cannot be applied to`, value);
}

function contains(whole: Json, part: Json): boolean {
  if (typeof whole === 'string' && typeof part === 'string') return whole.includes(part);
  if (Array.isArray(whole) && Array.isArray(part)) {
    return part.every((wanted) => whole.some((item) => surelyContains(item, wanted)));
  }
  if (isJsonObject(whole) && isJsonObject(part)) {
    return Object.keys(part).every((key) => {
      const [found, wanted] = [property(whole, key), property(part, key) ?? null];
      return found !== undefined && surelyContains(found, wanted);
    });
  }
  if (typeof whole === 'number' && typeof part === 'number') return whole === part;
  if (whole === part) return true;
  throw typeError(`contains(${preview(part)}) cannot be applied to`, whole);
}

/** What cannot be compared, inside of what can, is not there. */
function surelyContains(whole: Json, part: Json): boolean {
  const isScalar = typeof whole === 'boolean' || whole === null;
  return isScalar ? whole === part : typeOf(whole) === typeOf(part) && contains(whole, part);
}

function flatten(values: readonly Json[], depth: number): Json[] {
  return values.flatMap((value) => (Array.isArray(value) && depth !== 0 ? flatten(value, depth - 1) : [value]));
}

function flattenDepth(depth: Json): number {
  const levels = number('flatten', depth);
  if (levels < 0) throw new JqError(`flatten depth should not be negative: ${toJson(levels)}`);
  return levels;
}

function transpose(rows: readonly Json[]): Json {
  const lists = rows.map((row) => list('transpose', row));
  const width = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: width }, (_, column) => lists.map((row) => row[column] ?? null));
}

function extreme(values: readonly Json[], isBetter: (order: number) => boolean): Json {
  return extremeBy(
    values.map((value) => ({ key: value, value })),
    isBetter,
  );
}

function extremeBy(items: readonly Keyed[], isBetter: (order: number) => boolean): Json {
  let best: Keyed | undefined;
  for (const item of items) if (!best || isBetter(compareValues(best.key, item.key))) best = item;
  return best?.value ?? null;
}

function sortByKey(items: readonly Keyed[]): readonly Keyed[] {
  return [...items].sort((a, b) => compareValues(a.key, b.key));
}

function groupByKey(items: readonly Keyed[]): readonly (readonly Keyed[])[] {
  const groups: Keyed[][] = [];
  for (const item of sortByKey(items)) {
    const group = groups.at(-1);
    if (group?.[0] && compareValues(group[0].key, item.key) === 0) group.push(item);
    else groups.push([item]);
  }
  return groups;
}

function withoutRepeats(sorted: readonly Json[]): Json[] {
  return sorted.filter((value, index) => index === 0 || compareValues(sorted[index - 1] ?? null, value) !== 0);
}

function binarySearch(values: readonly Json[], wanted: Json): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareValues(values[middle] ?? null, wanted) < 0) low = middle + 1;
    else high = middle;
  }
  const isFound = low < values.length && compareValues(values[low] ?? null, wanted) === 0;
  return isFound ? low : -low - 1;
}

/** null for null; of texts the places of characters. */
function positions(name: string, whole: Json, part: Json): number[] | null {
  if (whole === null) return null;
  if (Array.isArray(whole)) return positionsOf(whole, Array.isArray(part) ? part : [part]);
  return textPair(name, whole, part, (left, right) => positionsOf([...left], [...right]));
}

// Texts ----------------------------------------------------------------------------------------------------------------

function withoutPrefix(whole: string, start: string): string {
  return whole.startsWith(start) ? whole.slice(start.length) : whole;
}

function withoutSuffix(whole: string, end: string): string {
  return end !== '' && whole.endsWith(end) ? whole.slice(0, -end.length) : whole;
}

function implode(value: Json): string {
  return list('implode', value)
    .map((code) => {
      const point = Math.trunc(number('implode', code));
      const isCharacter = point >= 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
      return isCharacter ? String.fromCodePoint(point) : '\ufffd';
    })
    .join('');
}

function join(value: Json, separator: Json): Json {
  const parts = valuesOf('join', value).map((part) => {
    return typeof part === 'number' || typeof part === 'boolean' ? toJson(part) : part;
  });
  if (parts.length === 0) return '';
  return parts.reduce<Json>(
    (made, part, index) => addValues(addValues(made, index === 0 ? '' : separator), part),
    null,
  );
}

function toNumber(value: Json): number {
  if (typeof value === 'number') return value;
  const written = text('tonumber', value);
  if (/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(written)) return Number(written);
  throw new JqError(`tonumber cannot be applied to ${preview(value)}: invalid number`);
}

function toBoolean(value: Json): boolean {
  if (typeof value === 'boolean') return value;
  const written = text('toboolean', value);
  if (written === 'true' || written === 'false') return written === 'true';
  throw new JqError(`toboolean cannot be applied to ${preview(value)}: invalid boolean`);
}

function fromJson(value: Json): Json {
  const written = text('fromjson', value);
  try {
    return JSON.parse(written) as Json;
  } catch {
    throw new JqError(`fromjson cannot be applied to ${preview(value)}: ${describeValue(value)} is no JSON`);
  }
}

function fromDate(value: Json): number {
  const written = text('fromdateiso8601', value);
  const isDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:?\d\d)$/.test(written);
  const milliseconds = isDate ? Date.parse(written) : Number.NaN;
  if (Number.isNaN(milliseconds)) throw new JqError(`fromdateiso8601 cannot be applied to ${preview(value)}: no date`);
  return milliseconds / 1000;
}
