// Go values → YAML as go.yaml.in/yaml v3.0.5 writes it with an indentation of 2: Helm's toYamlPretty. There is no step through
// JSON, so that floats, byte slices and structs look otherwise than with toYaml.

import { HawserError } from '../../base/errors.ts';
import { formatFloat } from '../go/strconv.ts';
import { GoMap, type GoMethod, GoNumber, type GoOpaque, GoSlice, GoStruct, type GoValue } from '../go/value.ts';
import { Entries, emitDocument, formatYamlFloat, type Shape } from './emitter.ts';

/**
 * The YAML of a Go value, with its last line break; lists are indented below their key, lines never folded. A method
 * `MarshalYAML` gives the value to write in its owner's place.
 */
export function toYamlPretty(value: GoValue): string {
  return emitDocument(value, { dialect: 'v3', shapeOf, formatFloat: formatYamlFloat });
}

function shapeOf(value: GoValue): Shape<GoValue> {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || value instanceof Map) return value;
  if (value instanceof Uint8Array) return Array.from(value, (byte) => new GoNumber('uint8', BigInt(byte)));
  if (value instanceof GoSlice) return value.items;
  if (value instanceof GoNumber) return shapeOfNumber(value);
  const marshal: GoMethod | undefined = value.methods.MarshalYAML;
  if (marshal !== undefined) return shapeOf(marshal.call());
  if (value instanceof GoMap) return value.entries;
  if (value instanceof GoStruct)
    return new Entries([...value.fields].map(([name, field]) => [name.toLowerCase(), field]));
  return shapeOfOpaque(value);
}

function shapeOfNumber({ type, value }: GoNumber): Shape<GoValue> {
  if (type === 'float32' && typeof value === 'number') return Number(formatFloat(value, 'g', -1, 32));
  if (type === 'complex128') throw new HawserError('RenderFailed', `cannot marshal type: ${type}`);
  return value;
}

function shapeOfOpaque(value: GoOpaque): Shape<GoValue> {
  if (value.type.startsWith('func')) throw new HawserError('RenderFailed', `cannot marshal type: ${value.type}`);
  return new Entries<GoValue>([]);
}
