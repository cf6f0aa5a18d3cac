// The corpus's typed values: plain JSON, and `{"$t": TYPE, "v": …}` for what JSON cannot tell (corpus/gotemplate/README.md).

import { utf8Decode } from '../../src/render/go/strings.ts';
import { typeName } from '../../src/render/go/type-name.ts';
import { GoMap, GoNumber, type GoNumberType, GoSlice, type GoValue } from '../../src/render/go/value.ts';

/** A corpus value as a Go value. */
export function fromTyped(json: unknown): GoValue {
  if (json === null || typeof json === 'boolean' || typeof json === 'number' || typeof json === 'string') return json;
  if (Array.isArray(json)) return json.map(fromTyped);
  if (typeof json !== 'object') throw new Error(`no typed value: ${typeof json}`);
  if ('$t' in json && typeof json.$t === 'string' && 'v' in json) return fromTagged(json.$t, json.v);
  return new Map(Object.entries(json).map(([key, value]) => [key, fromTyped(value)]));
}

const FLOATS: Readonly<Record<string, number>> = { NaN: Number.NaN, '+Inf': Infinity, '-Inf': -Infinity, '-0': -0 };

function fromTagged(type: string, value: unknown): GoValue {
  const text = String(value);
  switch (type) {
    case 'float64':
      return FLOATS[text] ?? Number(text);
    case 'float32':
      return new GoNumber('float32', FLOATS[text] ?? Math.fround(Number(text)));
    case 'json.Number':
      return new GoNumber('json.Number', text);
    case '[]byte':
    case '[]uint8':
      return base64Bytes(text);
    case 'string-base64':
      return utf8Decode(base64Bytes(text));
  }
  if (isInteger(type)) return new GoNumber(type, BigInt(text));
  if (Array.isArray(value)) return new GoSlice(type, value.map(fromTyped));
  const entries = fromTyped(value);
  if (type.startsWith('map[') && entries instanceof Map) return new GoMap(type, entries);
  throw new Error(`unknown type of a typed value: ${type}`);
}

const INTEGERS: readonly string[] = [
  'int',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'time.Duration',
  'time.Month',
  'time.Weekday',
] satisfies GoNumberType[];

function isInteger(type: string): type is GoNumberType {
  return INTEGERS.includes(type);
}

function base64Bytes(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** A Go value in the corpus's form, for comparison. */
export function toTyped(value: GoValue): unknown {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') {
    if (Object.is(value, -0)) return { $t: 'float64', v: '-0' };
    if (Number.isFinite(value)) return value;
    return { $t: 'float64', v: Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf' };
  }
  if (Array.isArray(value)) return value.map(toTyped);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, toTyped(item)]));
  if (value instanceof GoNumber) return { $t: value.type, v: String(value.value) };
  if (value instanceof GoSlice) return { $t: value.type, v: value.items.map(toTyped) };
  if (value instanceof GoMap) {
    return { $t: value.type, v: Object.fromEntries([...value.entries].map(([key, item]) => [key, toTyped(item)])) };
  }
  if (value instanceof Uint8Array) return { $t: '[]byte', v: btoa(String.fromCharCode(...value)) };
  return { $t: typeName(value), v: 'text' in value ? value.text : null };
}

/** A text field of a case that may be stored as base64 under `NAME_b64`. */
export function textField(record: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const plain = record[name];
  if (typeof plain === 'string') return plain;
  const encoded = record[`${name}_b64`];
  return typeof encoded === 'string' ? utf8Decode(base64Bytes(encoded)) : undefined;
}
