// index, slice and len (Go: text/template/funcs.go, Indexing, Slicing, Length).

import { byteLength, sliceBytes, utf8Encode } from '../go/strings.ts';
import { kindName, typeName } from '../go/type-name.ts';
import { GoMap, GoNumber, GoSlice, type GoValue } from '../go/value.ts';
import { convert } from './assign.ts';
import type { Value } from './frame.ts';
import { elementType, keyType, zeroOf } from './go-type.ts';

/** `index x 1 "k"`: x[1]["k"]. A key that is missing gives the zero value of the map's elements. */
export function index(item: Value, ...indexes: Value[]): Value {
  if (item == null) throw new Error('index of untyped nil');
  let here: GoValue = item;
  for (const step of indexes) {
    if (here === null) throw new Error('index of nil pointer');
    here = indexOnce(here, step ?? undefined);
  }
  return here;
}

function indexOnce(item: GoValue, step: Value): GoValue {
  if (item instanceof Map) return item.get(mapKey(step, 'string')) ?? null;
  if (item instanceof GoMap) {
    const found = item.entries.get(mapKey(step, keyType(item.type)));
    return found === undefined ? zeroOf(elementType(item.type)) : found;
  }
  const text = textOf(item);
  if (text !== undefined) return byteAt(utf8Encode(text), checkedIndex(step, byteLength(text)), 'string');
  if (item instanceof Uint8Array) return byteAt(item, checkedIndex(step, item.length), 'slice');
  const items = listOf(item);
  if (!items) throw new Error(`can't index item of type ${typeName(item)}`);
  const at = checkedIndex(step, items.length);
  // Go's own check lets the length itself pass; reflect then panics.
  if (at === items.length) throw new Error('reflect: slice index out of range');
  return items[at] ?? null;
}

/** The text of a value whose kind is string. */
function textOf(item: GoValue): string | undefined {
  if (typeof item === 'string') return item;
  return item instanceof GoNumber && item.type === 'json.Number' ? String(item.value) : undefined;
}

function byteAt(bytes: Uint8Array, at: number, kind: 'string' | 'slice'): GoValue {
  const byte = bytes[at];
  if (byte === undefined) throw new Error(`reflect: ${kind} index out of range`);
  return new GoNumber('uint8', BigInt(byte));
}

function listOf(item: GoValue): readonly GoValue[] | undefined {
  if (Array.isArray(item)) return item;
  return item instanceof GoSlice ? item.items : undefined;
}

/** Go: prepareArg, for a map's key. */
function mapKey(key: Value, type: string): string {
  if (typeof key === 'string') return key;
  if (key === undefined) throw new Error(`value is nil; should be of type ${type}`);
  const converted = convert(key, type);
  if (typeof converted === 'string') return converted;
  if (converted instanceof GoNumber) return String(converted.value);
  throw new Error(`value has type ${typeName(key ?? null)}; should be ${type}`);
}

/** Go: indexArg. */
function checkedIndex(step: Value, capacity: number): number {
  if (step === undefined) throw new Error('cannot index slice/array with nil');
  if (!(step instanceof GoNumber) || typeof step.value !== 'bigint') {
    throw new Error(`cannot index slice/array with type ${typeName(step)}`);
  }
  const at = BigInt.asIntN(64, step.value);
  if (at < 0n || at > BigInt(capacity)) throw new Error(`index out of range: ${at}`);
  return Number(at);
}

/** `slice x 1 2`: x[1:2]. */
export function slice(item: Value, ...indexes: Value[]): Value {
  if (item == null) throw new Error('slice of untyped nil');
  if (indexes.length > 3) throw new Error(`too many slice indexes: ${indexes.length}`);
  const text = textOf(item);
  if (text !== undefined && indexes.length === 3) throw new Error('cannot 3-index slice a string');
  const length = lengthOf(item);
  if (length === undefined || kindName(item) === 'map') throw new Error(`can't slice item of type ${typeName(item)}`);
  const steps = indexes.map((step) => checkedIndex(step ?? undefined, length));
  const [from = 0, to = length, capacity] = steps;
  if (from > to) throw new Error(`invalid slice index: ${from} > ${to}`);
  if (capacity !== undefined && to > capacity) throw new Error(`invalid slice index: ${to} > ${capacity}`);
  if (text !== undefined) {
    const part = sliceBytes(text, from, to);
    return typeof item === 'string' ? part : new GoNumber('json.Number', part);
  }
  if (item instanceof GoSlice) return new GoSlice(item.type, item.items.slice(from, to), item.methods);
  return Array.isArray(item) || item instanceof Uint8Array ? item.slice(from, to) : item;
}

/** `len x`; fails as Go does for what has no length. */
export function len(item: Value): number {
  if (item === undefined) throw new Error('reflect: call of reflect.Value.Type on zero Value');
  if (item === null) throw new Error('len of nil pointer');
  const length = lengthOf(item);
  if (length === undefined) throw new Error(`len of type ${typeName(item)}`);
  return length;
}

function lengthOf(item: GoValue): number | undefined {
  const text = textOf(item);
  if (text !== undefined) return byteLength(text);
  if (Array.isArray(item) || item instanceof Uint8Array) return item.length;
  if (item instanceof Map) return item.size;
  if (item instanceof GoMap) return item.entries.size;
  return item instanceof GoSlice ? item.items.length : undefined;
}
