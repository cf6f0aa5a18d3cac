// How jq reads, sets and deletes inside of values (gojq: func.go, funcIndex2, update, delpaths).

import type { Json, JsonObject } from '../../base/json.ts';
import { describeValue, JqError, typeError } from './error.ts';
import { compareValues, isJsonObject, objectFrom, property } from './value.ts';

/** A name, a position, or a slice (`{"start":…,"end":…}`). */
export type PathPart = Json;
export type Path = readonly PathPart[];

/** Longer lists are made by mistake, or to do harm. */
const LONGEST_LIST = 1 << 20;

/** `value[key]`; null for what is not there. */
export function indexValue(value: Json, key: Json): Json {
  if (typeof key === 'string') {
    if (value === null) return null;
    if (!isJsonObject(value)) throw typeError('expected an object but got', value);
    return property(value, key) ?? null;
  }
  if (typeof key === 'number') {
    if (value === null) return null;
    if (typeof value === 'string') return [...value].at(toInt(key)) ?? null;
    if (!Array.isArray(value)) throw typeError('expected an array but got', value);
    return value.at(toInt(key)) ?? null;
  }
  if (Array.isArray(key)) {
    if (value === null) return null;
    if (!Array.isArray(value)) throw typeError('expected an array but got', value);
    return positionsOf(value, key);
  }
  if (key !== null && isJsonObject(key)) {
    if (value === null) return null;
    const [start, end] = sliceOf(key);
    return sliceValue(value, start, end);
  }
  if (Array.isArray(value)) throw typeError('expected a number for indexing an array but got', key);
  if (typeof value === 'string') throw typeError('expected a number for indexing a string but got', key);
  throw typeError('expected a string for object key but got', key);
}

export function sliceValue(value: Json, from: Json, to: Json): Json {
  if (value === null) return null;
  if (typeof value === 'string') {
    const characters = [...value];
    const [start, end] = boundsOf(characters.length, from, to, 'a string');
    return characters.slice(start, end).join('');
  }
  if (!Array.isArray(value)) throw typeError('expected an array but got', value);
  const [start, end] = boundsOf(value.length, from, to, 'an array');
  return value.slice(start, end);
}

/** Where `part` begins inside of `whole`. */
export function positionsOf(whole: readonly Json[], part: readonly Json[]): number[] {
  const found: number[] = [];
  if (part.length === 0) return found;
  for (let at = 0; at + part.length <= whole.length; at++) {
    if (part.every((item, offset) => compareValues(whole[at + offset] ?? null, item) === 0)) found.push(at);
  }
  return found;
}

export function getPath(value: Json, path: Json): Json {
  const parts = requirePath('getpath', value, path);
  let here = value;
  for (const part of parts) {
    if (here !== null && typeof here !== 'object') {
      throw new JqError(`getpath(${show(path)}) cannot be applied to: ${describeValue(value)}`);
    }
    here = indexValue(here, part);
  }
  return here;
}

/** A copy with `made` at the path; what is missing on the way is made. */
export function setPath(value: Json, path: Json, made: Json): Json {
  return updateAt(value, requirePath('setpath', value, path), () => made);
}

/** A copy without what the paths name; one that names nothing is passed over. */
export function deletePaths(value: Json, paths: Json): Json {
  if (!Array.isArray(paths))
    throw new JqError(`delpaths(${show(paths)}) cannot be applied to: ${describeValue(value)}`);
  // Marked first and swept afterwards, so that no deletion moves what another path means.
  let marked: Marked = structuredClone(value);
  for (const path of paths) {
    if (!Array.isArray(path)) throw typeError('expected an array but got', path);
    marked = mark(marked, path);
  }
  return sweep(marked) ?? null;
}

// Updating -------------------------------------------------------------------------------------------------------------

function updateAt(value: Json, path: Path, change: (old: Json) => Json): Json {
  const [part, ...rest] = path;
  if (part === undefined) return change(value);
  const inner = (old: Json) => updateAt(old, rest, change);
  if (typeof part === 'string') {
    if (value === null) return objectFrom([[part, inner(null)]]);
    if (!isJsonObject(value)) throw typeError('expected an object but got', value);
    return objectFrom([...Object.entries(value), [part, inner(property(value, part) ?? null)]]);
  }
  if (typeof part === 'number') {
    const list = requireList(value);
    const at = part < 0 ? toInt(part) + list.length : toInt(part);
    if (at < 0) throw new JqError(`array index should not be negative: ${toInt(part)}`);
    if (at >= LONGEST_LIST) throw new JqError(`array index too large: ${at}`);
    const made = inner(list[at] ?? null);
    const copy = [...list];
    while (copy.length < at) copy.push(null);
    copy[at] = made;
    return copy;
  }
  if (part !== null && isJsonObject(part)) {
    const list = requireList(value);
    const [start, end] = boundsOf(list.length, ...sliceOf(part), 'an array');
    const made = inner(list.slice(start, end));
    if (!Array.isArray(made)) throw typeError('expected an array but got', made);
    return [...list.slice(0, start), ...made, ...list.slice(end)];
  }
  throw wrongPart(value, part);
}

const GONE = Symbol('gone');
type Marked = null | boolean | number | string | typeof GONE | { [key: string]: Marked } | Marked[];

/** Changes the value, which is a copy already, and gives what stands in its place. */
function mark(value: Marked, path: Path): Marked {
  if (value === GONE || value === null) return value;
  const [part, ...rest] = path;
  if (part === undefined) return GONE;
  if (typeof part === 'string') {
    if (typeof value !== 'object' || Array.isArray(value)) throw typeError('expected an object but got', plain(value));
    if (Object.hasOwn(value, part)) setOwn(value, part, mark(value[part] ?? null, rest));
    return value;
  }
  if (part === null || typeof part === 'boolean' || Array.isArray(part)) throw wrongPart(plain(value), part);
  if (!Array.isArray(value)) throw typeError('expected an array but got', plain(value));
  if (typeof part === 'number') {
    const at = part < 0 ? toInt(part) + value.length : toInt(part);
    if (at >= 0 && at < value.length) value[at] = mark(value[at] ?? null, rest);
    return value;
  }
  const [start, end] = boundsOf(value.length, ...sliceOf(part), 'an array');
  const inside = mark(value.slice(start, end), rest);
  for (let at = start; at < end; at++) value[at] = Array.isArray(inside) ? (inside[at - start] ?? null) : GONE;
  return value;
}

function setOwn(object: { [key: string]: Marked }, key: string, value: Marked): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

/** undefined for what is gone. */
function sweep(value: Marked): Json | undefined {
  if (value === GONE) return undefined;
  if (Array.isArray(value)) return value.flatMap((item) => (item === GONE ? [] : [sweep(item) ?? null]));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== GONE);
  return objectFrom(kept.map(([key, item]) => [key, sweep(item) ?? null]));
}

/** For messages alone. */
function plain(value: Marked): Json {
  return sweep(value) ?? null;
}

// Parts of paths -------------------------------------------------------------------------------------------------------

/** Go's conversion: towards zero, and into bounds. */
export function toInt(number: number): number {
  // nan is where nothing is.
  if (Number.isNaN(number)) return -Number.MAX_SAFE_INTEGER;
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Math.trunc(number)));
}

/** `start` and `end` of a slice's part. */
export function sliceOf(part: JsonObject): [from: Json, to: Json] {
  const [start, end] = [property(part, 'start'), property(part, 'end')];
  if (start === undefined || end === undefined) {
    throw typeError('expected "start" and "end" for slicing but got', part);
  }
  return [start, end];
}

/** The bounds of a slice inside of `length` items. */
export function boundsOf(length: number, from: Json, to: Json, what: string): [start: number, end: number] {
  const numberOf = (bound: Json) => {
    if (typeof bound === 'number') return bound;
    throw typeError(`expected a number for indexing ${what} but got`, bound);
  };
  const start = from === null ? 0 : clamp(Math.floor(toFinite(numberOf(from))), 0, length);
  const end = to === null ? length : clamp(Math.ceil(toFinite(numberOf(to))), start, length);
  return [start, end];
}

function toFinite(number: number): number {
  return Number.isNaN(number) ? 0 : Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, number));
}

function clamp(index: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, index < 0 ? index + most : index));
}

function requireList(value: Json): readonly Json[] {
  if (value === null) return [];
  if (!Array.isArray(value)) throw typeError('expected an array but got', value);
  return value;
}

function requirePath(name: string, value: Json, path: Json): Path {
  if (Array.isArray(path)) return path;
  throw new JqError(`${name}(${show(path)}) cannot be applied to: ${describeValue(value)}`);
}

function wrongPart(value: Json, part: PathPart): JqError {
  return Array.isArray(value)
    ? typeError('expected a number for indexing an array but got', part)
    : typeError('expected a string for object key but got', part);
}

function show(value: Json): string {
  return describeValue(value).replace(/^\w+ \((.*)\)$/s, '$1');
}
