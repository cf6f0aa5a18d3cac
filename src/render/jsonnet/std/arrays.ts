// Functions of arrays, most of which take strings as sequences of characters, too.

import { spend, spendText } from '../call-stack.ts';
import type { Site } from '../failures.ts';
import { type Builtin, callFunction } from '../function.ts';
import { indexValue, lengthOfValue } from '../indexing.ts';
import { toText } from '../manifest-json.ts';
import { compare, equals, plus } from '../operators.ts';
import { codePointsOf } from '../text.ts';
import {
  asArray,
  asBoolean,
  asInteger,
  asNumber,
  asString,
  force,
  JsonnetArray,
  type Lazy,
  typeOf,
  type Value,
} from '../value.ts';
import { arrayOf, asFunction, define, defineLazy, elementsOf, keyOf, later, refuse } from './arguments.ts';

export const ARRAYS: readonly Builtin[] = [
  define('makeArray(sz, func)', (site, sz, func) => {
    const size = asInteger(sz as Value, site);
    const fun = asFunction(func as Value, site);
    spend(Math.max(0, size), site);
    const elements: Lazy[] = [];
    for (let index = 0; index < size; index++) elements.push(later(() => callFunction(fun, [index], site)));
    return arrayOf(elements);
  }),
  define('range(from, to)', (site, from, to) => {
    const [first, last] = [asInteger(from as Value, site), asInteger(to as Value, site)];
    spend(Math.max(0, last - first + 1), site);
    const elements: number[] = [];
    for (let value = first; value <= last; value++) elements.push(value);
    return arrayOf(elements);
  }),
  define('repeat(what, count)', (site, what, count) => {
    if (typeof what !== 'string' && !(what instanceof JsonnetArray)) {
      return refuse('std.repeat first argument must be an array or a string', site);
    }
    const times = asInteger(count as Value, site);
    if (typeof what === 'string') {
      spendText(what.length * Math.max(0, times), site);
      return what.repeat(Math.max(0, times));
    }
    spend(what.elements.length * Math.max(0, times), site);
    const elements: Lazy[] = [];
    for (let index = 0; index < times; index++) elements.push(...what.elements);
    return arrayOf(elements);
  }),
  define('map(func, arr)', (site, func, arr) => {
    const fun = functionOr(func as Value, 'std.map first param must be function', site);
    const elements = elementsOf(arr as Value);
    if (!elements) return refuse(`std.map second param must be array / string, got ${typeOf(arr as Value)}`, site);
    return arrayOf(elements.map((element) => later(() => callFunction(fun, [element], site))));
  }),
  define('mapWithIndex(func, arr)', (site, func, arr) => {
    const fun = functionOr(func as Value, 'std.mapWithIndex first param must be function', site);
    const elements = elementsOf(arr as Value);
    if (!elements) return refuse(`std.mapWithIndex second param must be array, got ${typeOf(arr as Value)}`, site);
    return arrayOf(elements.map((element, index) => later(() => callFunction(fun, [index, element], site))));
  }),
  define('filter(func, arr)', (site, func, arr) => {
    const { elements } = asArray(arr as Value, site);
    const fun = asFunction(func as Value, site);
    return arrayOf(elements.filter((element) => asBoolean(callFunction(fun, [element], site), site)));
  }),
  define('filterMap(filter_func, map_func, arr)', (site, filter, map, arr) => {
    const keep = functionOr(filter as Value, 'std.filterMap first param must be function', site);
    const change = functionOr(map as Value, 'std.filterMap second param must be function', site);
    if (!(arr instanceof JsonnetArray)) {
      return refuse(`std.filterMap third param must be array, got ${typeOf(arr as Value)}`, site);
    }
    const kept = arr.elements.filter((element) => asBoolean(callFunction(keep, [element], site), site));
    return arrayOf(kept.map((element) => later(() => callFunction(change, [element], site))));
  }),
  define('flatMap(func, arr)', (site, func, arr) => {
    const fun = asFunction(func as Value, site);
    if (typeof arr === 'string') {
      const texts = Array.from(codePointsOf(arr), (one) => asString(callFunction(fun, [one], site), site));
      return texts.join('');
    }
    if (!(arr instanceof JsonnetArray)) {
      return refuse(`std.flatMap second param must be array / string, got ${typeOf(arr as Value)}`, site);
    }
    const all: Lazy[] = [];
    for (const one of arr.elements) append(all, asArray(callFunction(fun, [one], site), site).elements, site);
    return arrayOf(all);
  }),
  define('foldl(func, arr, init)', (site, func, arr, init) => {
    const fun = asFunction(func as Value, site);
    const elements = foldable(arr as Value, 'foldl', site);
    let result = init as Value;
    for (const element of elements) result = callFunction(fun, [result, element], site);
    return result;
  }),
  define('foldr(func, arr, init)', (site, func, arr, init) => {
    const fun = asFunction(func as Value, site);
    const elements = foldable(arr as Value, 'foldr', site);
    let result = init as Value;
    for (let at = elements.length - 1; at >= 0; at--) result = callFunction(fun, [elements[at] as Lazy, result], site);
    return result;
  }),
  define('join(sep, arr)', (site, sep, arr) => join(sep as Value, arr as Value, site)),
  define('lines(arr)', (site, arr) => join('\n', plus(arr as Value, arrayOf(['']), site), site)),
  define('deepJoin(arr)', (site, arr) => deepJoin(arr as Value, site)),
  define('reverse(arr)', (site, arr) => arrayOf(asArray(arr as Value, site).elements.toReversed())),
  define('member(arr, x)', (site, arr, x) => isMember(arr as Value, x as Value, site)),
  define('contains(arr, elem)', (site, arr, elem) =>
    asArray(arr as Value, site).elements.some((one) => equals(force(one, site), elem as Value, site)),
  ),
  define('count(arr, x)', (site, arr, x) => {
    const { elements } = asArray(arr as Value, site);
    return elements.filter((one) => equals(force(one, site), x as Value, site)).length;
  }),
  define('find(value, arr)', (site, value, arr) => {
    if (!(arr instanceof JsonnetArray)) {
      return refuse(`find second parameter should be an array, got ${typeOf(arr as Value)}`, site);
    }
    const found: number[] = [];
    for (const [index, one] of arr.elements.entries()) {
      if (equals(force(one, site), value as Value, site)) found.push(index);
    }
    return arrayOf(found);
  }),
  define('remove(arr, elem)', (site, arr, elem) => {
    const list = asArray(arr as Value, site);
    const at = list.elements.findIndex((one) => equals(force(one, site), elem as Value, site));
    return at < 0 ? list : arrayOf(list.elements.toSpliced(at, 1));
  }),
  define('removeAt(arr, i)', (site, arr, i) => {
    const { elements } = asArray(arr as Value, site);
    return arrayOf(elements.toSpliced(asInteger(i as Value, site), 1));
  }),
  define('slice(indexable, index, end, step)', (site, indexable, from, to, by) =>
    slice(indexable as Value, [from as Value, to as Value, by as Value], site),
  ),
  define('flattenArrays(arrs)', (site, arrs) => {
    const elements = foldable(arrs as Value, 'foldl', site);
    const all: Lazy[] = [];
    for (const [at, element] of elements.entries()) {
      const value = force(element, site);
      if (value instanceof JsonnetArray) append(all, value.elements, site);
      else return elements.slice(at).reduce((sum: Value, one) => plus(sum, force(one, site), site), arrayOf(all));
    }
    return arrayOf(all);
  }),
  define('flattenDeepArray(value)', (site, value) => arrayOf(flattenDeep(value as Value, site))),
  define('sort(arr, keyF?)', (site, arr, keyF) => sort(asArray(arr as Value, site), keyF, site)),
  define('uniq(arr, keyF?)', (site, arr, keyF) => uniq(arr as Value, keyF, site)),
  define('set(arr, keyF?)', (site, arr, keyF) => uniq(sort(asArray(arr as Value, site), keyF, site), keyF, site)),
  define('setMember(x, arr, keyF?)', (site, x, arr, keyF) => {
    const found = merge(arrayOf([x as Value]), arr as Value, keyF, site, { both: true });
    return lengthOfValue(found, site) > 0;
  }),
  define('setInter(a, b, keyF?)', (site, a, b, keyF) => merge(a as Value, b as Value, keyF, site, { both: true })),
  define('setUnion(a, b, keyF?)', (site, a, b, keyF) =>
    merge(a as Value, b as Value, keyF, site, { both: true, left: true, right: true }),
  ),
  define('setDiff(a, b, keyF?)', (site, a, b, keyF) => merge(a as Value, b as Value, keyF, site, { left: true })),
  defineLazy('minArray(arr, keyF?, onEmpty?)', (site, arr, keyF, onEmpty) =>
    extreme(arr as Lazy, keyF, onEmpty, site, (order) => order > 0),
  ),
  defineLazy('maxArray(arr, keyF?, onEmpty?)', (site, arr, keyF, onEmpty) =>
    extreme(arr as Lazy, keyF, onEmpty, site, (order) => order < 0),
  ),
  define('sum(arr)', (site, arr) => sum(arr as Value, site)),
  define('avg(arr)', (site, arr) => {
    const { length } = asArray(arr as Value, site).elements;
    if (length === 0) return refuse('Cannot calculate average of an empty array.', site);
    return sum(arr as Value, site) / length;
  }),
  define('all(arr)', (site, arr) => everyBoolean(arr as Value, 'all', site)),
  define('any(arr)', (site, arr) => !everyBoolean(arr as Value, 'any', site)),
];

function append(all: Lazy[], more: readonly Lazy[], site: Site): void {
  spend(more.length, site);
  for (const one of more) all.push(one);
}

function functionOr(value: Value, message: string, site: Site) {
  if (typeOf(value) === 'function') return asFunction(value, site);
  return refuse(`${message}, got ${typeOf(value)}`, site);
}

function join(sep: Value, arr: Value, site: Site): Value {
  const { elements } = asArray(arr, site);
  if (typeof sep === 'string') {
    const texts: string[] = [];
    for (const element of elements) {
      const value = force(element, site);
      if (value !== null) texts.push(asString(value, site));
    }
    const length = texts.reduce((sum, text) => sum + text.length + sep.length, 0);
    spendText(length, site);
    return texts.join(sep);
  }
  if (!(sep instanceof JsonnetArray)) {
    return refuse(`join first parameter should be string or array, got ${typeOf(sep)}`, site);
  }
  const all: Lazy[] = [];
  let isFirst = true;
  for (const element of elements) {
    const value = force(element, site);
    if (value === null) continue;
    const part = asArray(value, site).elements;
    if (!isFirst) for (const one of sep.elements) all.push(one);
    append(all, part, site);
    isFirst = false;
  }
  return arrayOf(all);
}

export function deepJoin(value: Value, site: Site): string {
  spend(1, site);
  if (typeof value === 'string') return value;
  if (value instanceof JsonnetArray) {
    const texts = value.elements.map((one) => deepJoin(force(one, site), site));
    spendText(
      texts.reduce((length, text) => length + text.length, 0),
      site,
    );
    return texts.join('');
  }
  return refuse(`Expected string or array, got ${typeOf(value)}`, site);
}

/** Of a string, whether the other one lies in it. */
export function isMember(list: Value, wanted: Value, site: Site): boolean {
  if (typeof list === 'string') return list.includes(asString(wanted, site));
  if (list instanceof JsonnetArray) return list.elements.some((one) => equals(force(one, site), wanted, site));
  return refuse('std.member first argument must be an array or a string', site);
}

/** `x[from:to:by]`; null takes the default. What is wrong with them is found in the order of Jsonnet's own definition. */
function slice(value: Value, [from, to, by]: readonly [Value, Value, Value], site: Site): Value {
  const length = () => lengthOfValue(value, site);
  const begin = (): Value => {
    if (from === null) return 0;
    return compare(from, 0, site) < 0 ? Math.max(0, length() + asNumber(from, site)) : from;
  };
  const until = (): Value => {
    if (to === null) return length();
    return compare(to, 0, site) < 0 ? length() + asNumber(to, site) : to;
  };
  const step = by ?? 1;
  if (compare(step, 0, site) < 0) {
    const range = [begin(), until(), step].map((part) => toText(part, site)).join(':');
    return refuse(`got [${range}] but negative steps are not supported`, site);
  }
  if (step === 0) return refuse(`got ${toText(step, site)} but step must be greater than 0`, site);
  const characters = typeof value === 'string' ? codePointsOf(value) : undefined;
  const elements = characters ?? (value instanceof JsonnetArray ? value.elements : undefined);
  if (elements === undefined) return refuse(`std.slice accepts a string or an array, but got: ${typeOf(value)}`, site);
  const first = begin();
  const end = until();
  compare(first, end, site);
  const chosen: Lazy[] = [];
  const last = Math.min(asNumber(end, site), elements.length);
  for (let at = asNumber(first, site); at < last; at += asNumber(step, site)) {
    chosen.push(elements[Math.trunc(at)] as Lazy);
  }
  return characters ? chosen.join('') : arrayOf(chosen);
}

function flattenDeep(value: Value, site: Site): Lazy[] {
  spend(1, site);
  if (!(value instanceof JsonnetArray)) return [value];
  return value.elements.flatMap((one) => flattenDeep(force(one, site), site));
}

/** Whatever Jsonnet's own definition folds is named by the fold that it does it with. */
function foldable(value: Value, fold: 'foldl' | 'foldr', site: Site): readonly Lazy[] {
  const elements = elementsOf(value);
  return elements ?? refuse(`${fold} second parameter should be string or array, got ${typeOf(value)}`, site);
}

/** Stable. Throws for keys that have no order. */
function sort(list: JsonnetArray, keyF: Value | undefined, site: Site): JsonnetArray {
  const entries = list.elements.map((element) => ({ element, key: keyOf(keyF, element, site) }));
  const order = (a: (typeof entries)[number], b: (typeof entries)[number]) => {
    spend(1, site);
    return compare(a.key, b.key, site);
  };
  return arrayOf(entries.sort(order).map(({ element }) => element));
}

function uniq(value: Value, keyF: Value | undefined, site: Site): JsonnetArray {
  const elements = foldable(value, 'foldl', site);
  const kept: Lazy[] = [];
  let last: Value = null;
  for (const element of elements) {
    // Of a single one, the key is not asked for.
    const key = elements.length === 1 ? null : keyOf(keyF, element, site);
    if (kept.length > 0 && equals(last, key, site)) continue;
    kept.push(element);
    last = key;
  }
  return arrayOf(kept);
}

interface Kept {
  /** Elements that are in both, as the left one has them. */
  readonly both?: boolean;
  readonly left?: boolean;
  readonly right?: boolean;
}

/** Of two sets, which may be anything that has elements; what is left of one at the end is added as `+` adds. */
function merge(a: Value, b: Value, keyF: Value | undefined, site: Site, kept: Kept): Value {
  const result: Lazy[] = [];
  const read = (list: Value, at: number): Lazy =>
    list instanceof JsonnetArray ? (list.elements[at] as Lazy) : later(() => indexValue(list, at, site));
  const rest = (list: Value, at: number): Value => plus(arrayOf(result), slice(list, [at, null, null], site), site);
  for (let [i, j] = [0, 0]; ; ) {
    if (i >= lengthOfValue(a, site)) return kept.right ? rest(b, j) : arrayOf(result);
    if (j >= lengthOfValue(b, site)) return kept.left ? rest(a, i) : arrayOf(result);
    const [left, right] = [read(a, i), read(b, j)];
    const [x, y] = [keyOf(keyF, left, site), keyOf(keyF, right, site)];
    const order = equals(x, y, site) ? 0 : compare(x, y, site);
    spend(1, site);
    if (order === 0 ? kept.both : order < 0 && kept.left) result.push(left);
    else if (order > 0 && kept.right) result.push(right);
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
}

function extreme(
  arr: Lazy,
  keyF: Lazy | undefined,
  onEmpty: Lazy | undefined,
  site: Site,
  isBetter: (order: number) => boolean,
): Value {
  const { elements } = asArray(force(arr, site), site);
  const key = keyF === undefined ? undefined : asFunction(force(keyF, site), site);
  const [first, ...rest] = elements;
  if (first === undefined) {
    if (onEmpty === undefined) return refuse('Expected at least one element in array. Got none', site);
    return force(onEmpty, site);
  }
  let best = force(first, site);
  let bestKey = keyOf(key, first, site);
  for (const element of rest) {
    const value = force(element, site);
    const its = keyOf(key, element, site);
    if (!isBetter(compare(bestKey, its, site))) continue;
    best = value;
    bestKey = its;
  }
  return best;
}

function sum(value: Value, site: Site): number {
  let total = 0;
  for (const element of asArray(value, site).elements) total += asNumber(force(element, site), site);
  return total;
}

/** For `any`: that none of them is true. */
function everyBoolean(value: Value, name: 'all' | 'any', site: Site): boolean {
  if (!(value instanceof JsonnetArray)) {
    return refuse(`${name}() parameter should be an array, got ${typeOf(value)}`, site);
  }
  for (const element of value.elements) {
    const one = force(element, site);
    if (typeof one !== 'boolean') {
      return refuse(`element "${toText(one, site)}" of type ${typeOf(one)} is not a boolean`, site);
    }
    if (one === (name === 'any')) return false;
  }
  return true;
}
