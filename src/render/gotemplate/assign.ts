// Whether a value may become an argument of a parameter's type, and as what (Go: exec.go, validateType).

import { typeName } from '../go/type-name.ts';
import { GoMap, GoNumber, GoSlice, type GoStruct, type GoValue } from '../go/value.ts';
import { type Frame, failure, type Value } from './frame.ts';
import { INTERFACE, nilOf, underlyingType } from './go-type.ts';
import type { Node } from './node.ts';

/** The argument for a value; `at` is the node of the error text. */
export type Assign = (value: Value, frame: Frame, at: Node | undefined) => Value;

/** A parameter of reflect.Value takes anything as it is: the engine's own functions have such. */
export const REFLECT_VALUE = 'reflect.Value';

/** How values are assigned to the type `type`. */
export function assignTo(type: string): Assign {
  switch (type) {
    case REFLECT_VALUE:
      return (value) => value;
    case INTERFACE:
      return (value) => (value === undefined ? null : value);
    case 'string':
      return (value, frame, at) => (typeof value === 'string' ? value : refuse(value, 'string', frame, at));
    case 'bool':
      return (value, frame, at) => (typeof value === 'boolean' ? value : refuse(value, 'bool', frame, at));
    case 'float64':
      return (value, frame, at) => (typeof value === 'number' ? value : refuse(value, 'float64', frame, at));
    case 'map[string]interface {}':
      return (value, frame, at) => (value instanceof Map ? value : assignOther(value, type, frame, at));
    case '[]interface {}':
      return (value, frame, at) => (Array.isArray(value) ? value : assignOther(value, type, frame, at));
    default:
      return (value, frame, at) => {
        if (value instanceof GoNumber && value.type === type) return value;
        return assignOther(value, type, frame, at);
      };
  }
}

function assignOther(value: Value, type: string, frame: Frame, at: Node | undefined): Value {
  const assigned = convert(value, type);
  return assigned === undefined ? refuse(value, type, frame, at) : assigned;
}

/** `value` as a value of the type, where Go can assign it; undefined where not. */
export function convert(value: Value, type: string): GoValue | undefined {
  if (value === undefined) return nilOf(type);
  if (value === null) return undefined;
  const from = typeName(value);
  if (from === type) return value;
  if (type === `*${from}` || from === `*${type}`) return asStruct(value);
  // One of two types with the same underlying type must be unnamed.
  const underlying = underlyingType(type);
  if (underlying !== underlyingType(from) || (from !== underlying && type !== underlying)) {
    return type === 'error' && isErrorValue(value) ? value : undefined;
  }
  if (value instanceof GoMap)
    return type === 'map[string]interface {}' ? value.entries : new GoMap(type, value.entries);
  if (value instanceof Map) return new GoMap(type, value);
  if (value instanceof GoSlice) return type === '[]interface {}' ? value.items : new GoSlice(type, value.items);
  return Array.isArray(value) ? new GoSlice(type, value) : value;
}

function asStruct(value: GoValue): GoValue | undefined {
  return isStruct(value) ? value : undefined;
}

function isStruct(value: GoValue): value is GoStruct {
  return typeof value === 'object' && value !== null && 'fields' in value;
}

function isErrorValue(value: GoValue): boolean {
  return typeof value === 'object' && value !== null && 'methods' in value && Object.hasOwn(value.methods, 'Error');
}

function refuse(value: Value, type: string, frame: Frame, at: Node | undefined): never {
  if (value === undefined) throw failure(frame, at, `invalid value; expected ${type}`);
  const got = value === null ? INTERFACE : typeName(value);
  throw failure(frame, at, `wrong type for value; expected ${type}; got ${got}`);
}
