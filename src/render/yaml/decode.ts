// YAML text → Go values, as sigs.k8s.io/yaml v1.6.0 `Unmarshal` gives them to Helm: through JSON, so that every number is a float64.

import { HawserError, isHawserError } from '../../base/errors.ts';
import { encodeJson, jsonKind } from '../go/json.ts';
import { GoNumber, type GoValue } from '../go/value.ts';
import { type Builder, construct } from './construct.ts';
import { isUnsigned } from './describe.ts';
import { prefixProblem } from './problem.ts';
import { readDocument, readWanted } from './reader.ts';

type GoMapBuilder = Builder<Map<string, GoValue>, GoValue>;

// Stray bytes, which only `!!binary` brings in, become U+FFFD on the way through JSON.
const FLOATS: GoMapBuilder = {
  createMap: () => new Map(),
  set: (map, key, value) => map.set(key.toWellFormed(), value),
  createList: (items) => items,
  createScalar: (value) => {
    if (typeof value === 'bigint') return Number(value);
    return typeof value === 'string' ? value.toWellFormed() : value;
  },
};

const EXACT: GoMapBuilder = {
  createMap: () => new Map(),
  set: (map, key, value) => map.set(key, value),
  createList: (items) => items,
  createScalar: (value) =>
    typeof value === 'bigint' ? new GoNumber(isUnsigned(value) ? 'uint64' : 'int', value) : value,
};

/**
 * The value of the first document in `text`; nil where there is none. Throws `RenderFailed` with exactly Go's text; its
 * `data.line` is the true line where it is known.
 */
export function parseYaml(text: string): GoValue {
  return decode(text, FLOATS, false);
}

/** The same, refusing a mapping that has a key twice (`UnmarshalStrict`). */
export function parseYamlStrict(text: string): GoValue {
  return decode(text, FLOATS, true);
}

/** The same as `parseYaml`, before the JSON step made integers float64: they are Go's int, or uint64 where they need it. */
export function parseYamlExact(text: string): GoValue {
  return decode(text, EXACT, false);
}

/** More characters than this could hold more values than `construct` bears. */
const MAX_PASSED = 4_000_000;

/**
 * The entries at the top of a document that are wanted, as `parseYamlExact` gives them, for half of its price: the rest is looked through for
 * errors and not made. Undefined where that does not do, because of an error, an anchor or another rarity: then only the whole tells.
 */
export function parseYamlWanted(text: string, isWanted: (key: string) => boolean): GoValue | undefined {
  const root = text.length > MAX_PASSED ? undefined : readWanted(text, isWanted);
  if (root === undefined) return undefined;
  try {
    return construct(root, EXACT, false);
  } catch (error) {
    if (isHawserError(error)) return undefined;
    throw error;
  }
}

/** `Unmarshal` into a `map[string]interface{}`; null is Go's nil map (an empty document). */
export function parseYamlMap(text: string, options: { strict?: boolean } = {}): Map<string, GoValue> | null {
  const value = decode(text, FLOATS, options.strict ?? false);
  if (value === null || value instanceof Map) return value;
  throw wrongTarget(value, 'map[string]interface {}');
}

/** `Unmarshal` into a `[]interface{}`; null is Go's nil slice. */
export function parseYamlList(text: string): GoValue[] | null {
  const value = parseYaml(text);
  if (value === null || Array.isArray(value)) return value;
  throw wrongTarget(value, '[]interface {}');
}

/** The JSON that sigs.k8s.io/yaml `YAMLToJSON` makes: sorted keys, integers exact. `strict`: no key twice (`YAMLToJSONStrict`). */
export function yamlToJson(text: string, strict = false): string {
  return encodeJson(construct(readDocument(text), EXACT, strict));
}

function decode(text: string, builder: GoMapBuilder, strict: boolean): GoValue {
  try {
    return construct(readDocument(text), builder, strict);
  } catch (error) {
    throw prefixProblem(error, 'error converting YAML to JSON');
  }
}

function wrongTarget(value: GoValue, target: string): HawserError {
  const reason = `json: cannot unmarshal ${jsonKind(value)} into Go value of type ${target}`;
  return new HawserError('RenderFailed', `error unmarshaling JSON: while decoding JSON: ${reason}`);
}
