// The names of a value's Go type and kind, as `%T` and reflect give them.

import { GoMap, GoNumber, type GoNumberType, type GoOpaque, GoSlice, GoStruct, type GoValue } from './value.ts';

/** Go's `%T`: `float64`, `[]interface {}`, `map[string]interface {}`, `<nil>`, … */
export function typeName(value: GoValue): string {
  if (value === null) return '<nil>';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return 'float64';
  if (typeof value === 'boolean') return 'bool';
  if (Array.isArray(value)) return '[]interface {}';
  if (value instanceof Map) return 'map[string]interface {}';
  if (value instanceof Uint8Array) return '[]uint8';
  if (value instanceof GoStruct && value.pointer && !value.type.startsWith('*')) return `*${value.type}`;
  return value.type;
}

/** The reflect.Kind of each number type that is not its own kind. */
const NUMBER_KINDS: Partial<Record<GoNumberType, string>> = {
  'time.Duration': 'int64',
  'time.Month': 'int',
  'time.Weekday': 'int',
  'json.Number': 'string',
};

/** Go's `reflect.ValueOf(value).Kind().String()`; `invalid` for nil. */
export function kindName(value: GoValue): string {
  if (value === null) return 'invalid';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return 'float64';
  if (typeof value === 'boolean') return 'bool';
  if (Array.isArray(value) || value instanceof Uint8Array) return 'slice';
  if (value instanceof Map || value instanceof GoMap) return 'map';
  if (value instanceof GoNumber) return NUMBER_KINDS[value.type] ?? value.type;
  if (value instanceof GoSlice) return /^\[\d/.test(value.type) ? 'array' : 'slice';
  if (value instanceof GoStruct) return value.pointer || value.type.startsWith('*') ? 'ptr' : 'struct';
  return opaqueKind(value);
}

function opaqueKind(value: GoOpaque): string {
  if (value.type.startsWith('*')) return 'ptr';
  if (value.type.startsWith('func(')) return 'func';
  return 'struct';
}
