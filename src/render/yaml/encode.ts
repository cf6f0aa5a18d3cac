// Go values → YAML as sigs.k8s.io/yaml v1.6.0 `Marshal` writes it: to JSON, read by go-yaml v2, written by go-yaml v2.

import { HawserError, isHawserError } from '../../base/errors.ts';
import { encodeJson, writeJsonFloat } from '../go/json.ts';
import { GoMap, GoNumber, GoSlice, type GoValue, NilMap } from '../go/value.ts';
import { type Builder, construct } from './construct.ts';
import { emitDocument, formatYamlFloat, type Shape } from './emitter.ts';
import { prefixProblem } from './problem.ts';
import { readDocument } from './reader.ts';

/**
 * The YAML of a Go value, with its last line break; keys in go-yaml's natural order, long lines folded near column 80. Throws
 * `RenderFailed` with Go's text for what JSON cannot hold (`error marshaling into JSON: json: unsupported value: NaN`).
 */
export function toYaml(value: GoValue): string {
  try {
    return emitDocument(value, { dialect: 'v2', shapeOf, formatFloat: formatJsonFloat });
  } catch (error) {
    if (!isHawserError(error, 'RenderFailed')) throw error;
    // Of several errors Go tells the one that comes first in the JSON of the whole.
    readThroughJson(value);
    throw error;
  }
}

/** Characters that do not survive the way through JSON, or that go-yaml refuses to read there. */
const ODD = /[\x7f-\x9f\ufffe\uffff\ud800-\udfff]/u;

/** go-yaml reads a JSON key only up to this length; a longer one is its error. */
const MAX_KEY_LENGTH = 1000;

/** True for text that go-yaml reads from JSON as it was written. */
export function isEvenText(text: string): boolean {
  return !ODD.test(text);
}

export function isEvenKey(key: string): boolean {
  return key.length <= MAX_KEY_LENGTH && !ODD.test(key);
}

function shapeOf(value: GoValue): Shape<GoValue> {
  if (value === null || typeof value === 'boolean' || Array.isArray(value)) return value;
  if (typeof value === 'string') return isEvenText(value) ? value : throughJson(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : throughJson(value);
  if (value instanceof Map) return evenMap(value, value);
  if (value instanceof GoSlice) return value.isNil ? null : value.items;
  if (value instanceof GoMap && value.methods.MarshalJSON === undefined) return evenMap(value.entries, value);
  if (value instanceof GoNumber && typeof value.value === 'bigint') return value.value;
  return throughJson(value);
}

function evenMap(map: ReadonlyMap<string, GoValue>, value: GoValue): Shape<GoValue> {
  if (map instanceof NilMap) return null;
  for (const key of map.keys()) if (!isEvenKey(key)) return throughJson(value);
  return map;
}

const EXACT: Builder<Map<string, GoValue>, GoValue> = {
  createMap: () => new Map(),
  set: (map, key, value) => map.set(key, value),
  createList: (items) => items,
  createScalar: (value) => (typeof value === 'bigint' ? new GoNumber('int', value) : value),
};

/** The long way, for what the short one does not do justice to. */
function throughJson(value: GoValue): Shape<GoValue> {
  const read = readThroughJson(value);
  if (read instanceof GoNumber && typeof read.value === 'bigint') return read.value;
  if (read === null || typeof read !== 'object' || Array.isArray(read) || read instanceof Map) return read;
  throw new HawserError('Internal', 'JSON holds nothing else');
}

function readThroughJson(value: GoValue): GoValue {
  let json: string;
  try {
    json = encodeJson(value);
  } catch (error) {
    throw prefixProblem(error, 'error marshaling into JSON');
  }
  return construct(readDocument(json), EXACT, false);
}

const LEAST_INTEGER = -(2n ** 63n);
const MOST_INTEGER = 2n ** 64n - 1n;

/** A float64 that JSON writes as an integer is read back as one, where Go has one so large. */
export function formatJsonFloat(value: number): string {
  if (Number.isSafeInteger(value)) return value === 0 ? '0' : String(value);
  const text = writeJsonFloat(value, 64);
  if (!/^-?\d+$/.test(text)) return formatYamlFloat(value);
  const integer = BigInt(text);
  return integer >= LEAST_INTEGER && integer <= MOST_INTEGER ? text : formatYamlFloat(value);
}
