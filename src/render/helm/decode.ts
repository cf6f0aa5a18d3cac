// YAML into Go structs: the two steps of sigs.k8s.io/yaml.Unmarshal, with the error texts of encoding/json.
// A target says which Go type a value is meant for; what comes out holds only the struct's own fields.

import { HawserError } from '../../base/errors.ts';
import { jsonKind } from '../go/json.ts';
import { formatFloat } from '../go/strconv.ts';
import { compareBytes } from '../go/strings.ts';
import { GoNumber, type GoValue } from '../go/value.ts';
import { parseYamlExact, parseYamlMap } from '../yaml/decode.ts';

export type GoTarget =
  | { readonly kind: 'any' }
  | { readonly kind: 'string' }
  | { readonly kind: 'bool' }
  | { readonly kind: 'slice'; readonly type: string; readonly element: GoTarget }
  | { readonly kind: 'map'; readonly type: string; readonly element: GoTarget }
  | StructTarget;

export interface StructTarget {
  readonly kind: 'struct';
  /** Go's text of the type: `chart.Metadata`. */
  readonly type: string;
  /** The type's own name in error texts; empty for an anonymous struct. */
  readonly name: string;
  readonly fields: ReadonlyMap<string, GoTarget>;
}

/** A decoded struct is a map of the fields that the text set; a null or absent field is not in it. */
export type Decoded = GoValue;
export type DecodedStruct = Map<string, GoValue>;

export function struct(type: string, fields: Readonly<Record<string, GoTarget>>): StructTarget {
  return { kind: 'struct', type, name: /^\w+\.(\w+)$/.exec(type)?.[1] ?? '', fields: new Map(Object.entries(fields)) };
}

/** Decodes a YAML document into a struct. Throws `RenderFailed` with Go's text. Null gives an empty struct. */
export function decodeStruct(text: string, target: StructTarget): DecodedStruct {
  return fillStruct(parseYamlExact(text), target);
}

/** The same for a value that `parseYamlExact` gave: an integer's text is not a float's. */
export function fillStruct(value: GoValue, target: StructTarget): DecodedStruct {
  const decoding: Decoding = { path: [], struct: undefined, error: undefined };
  const decoded = decode(value, target, decoding);
  if (decoding.error !== undefined) throw unmarshalError(decoding.error);
  return decoded instanceof Map ? decoded : new Map();
}

/** Decodes a YAML document into a `map[string]interface{}`. Null gives an empty map. */
export function decodeMap(text: string): Map<string, GoValue> {
  return parseYamlMap(text) ?? new Map();
}

interface Decoding {
  readonly path: string[];
  struct: StructTarget | undefined;
  /** encoding/json goes on after a type error and reports the first. */
  error: string | undefined;
}

function decode(value: GoValue, target: GoTarget, decoding: Decoding): Decoded {
  if (value === null || target.kind === 'any') return value;
  switch (target.kind) {
    case 'string': {
      const text = scalarText(value);
      return text ?? mismatch(value, 'string', decoding);
    }
    case 'bool':
      return typeof value === 'boolean' ? value : mismatch(value, 'bool', decoding);
    case 'slice':
      if (!Array.isArray(value)) return mismatch(value, target.type, decoding);
      return value.map((item) => decode(item, target.element, decoding));
    case 'map':
      if (!(value instanceof Map)) return mismatch(value, target.type, decoding);
      return new Map(sortedKeys(value).map((key) => [key, decode(value.get(key) ?? null, target.element, decoding)]));
    case 'struct':
      if (!(value instanceof Map)) return mismatch(value, target.type, decoding);
      return decodeFields(value, target, decoding);
  }
}

/** Keys come in the order of the JSON between the two steps: sorted. A name that differs in case only counts as the field's. */
function decodeFields(value: Map<string, GoValue>, target: StructTarget, decoding: Decoding): DecodedStruct {
  const decoded: DecodedStruct = new Map();
  const outer = decoding.struct;
  for (const key of sortedKeys(value)) {
    const name = fieldName(key, target);
    const field = name === undefined ? undefined : target.fields.get(name);
    if (name === undefined || field === undefined) continue;
    decoding.struct = target;
    decoding.path.push(name);
    const item = decode(value.get(key) ?? null, field, decoding);
    if (item !== null) decoded.set(name, item);
    decoding.path.pop();
    decoding.struct = outer;
  }
  return decoded;
}

function fieldName(key: string, target: StructTarget): string | undefined {
  if (target.fields.has(key)) return key;
  const folded = key.toLowerCase();
  for (const name of target.fields.keys()) if (name.toLowerCase() === folded) return name;
  return undefined;
}

/** sigs.k8s.io/yaml gives a number or boolean that is meant for a string as its text (convertToJSONableObject). */
function scalarText(value: GoValue): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (value instanceof GoNumber) return String(value.value);
  return typeof value === 'number' ? formatFloat(value, 'g', -1, 32) : undefined;
}

function mismatch(value: GoValue, type: string, decoding: Decoding): null {
  const into =
    decoding.struct === undefined && decoding.path.length === 0
      ? `Go value of type ${type}`
      : `Go struct field ${decoding.struct?.name ?? ''}.${decoding.path.join('.')} of type ${type}`;
  decoding.error ??= `json: cannot unmarshal ${value instanceof GoNumber ? 'number' : jsonKind(value)} into ${into}`;
  return null;
}

function sortedKeys(map: ReadonlyMap<string, GoValue>): string[] {
  return [...map.keys()].sort(compareBytes);
}

function unmarshalError(message: string): HawserError {
  return new HawserError('RenderFailed', `error unmarshaling JSON: while decoding JSON: ${message}`);
}
