// What an action prints of its value (Go: exec.go, printableValue).

import { formatValue, sprint } from '../go/fmt.ts';
import { stringOf } from '../go/stringer.ts';
import { kindName } from '../go/type-name.ts';
import { GoNumber, GoOpaque, GoStruct, type GoValue } from '../go/value.ts';
import type { Value } from './frame.ts';

const NO_VALUE = '<no value>';

/** The text of a value; undefined where it cannot be printed (a func). */
export function printedText(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  if (value == null) return NO_VALUE;
  if (value instanceof GoNumber && value.type === 'int') return value.value.toString();
  if (value instanceof GoStruct) return stringOf(value, true) ?? formatValue(pointedTo(value));
  if (value instanceof GoOpaque && kindName(value) === 'func') return undefined;
  return formatValue(value);
}

/** Go indirects a pointer before it prints. */
function pointedTo(struct: GoStruct): GoStruct {
  if (!struct.pointer && !struct.type.startsWith('*')) return struct;
  return new GoStruct(struct.type.replace(/^\*/, ''), struct.fields, struct.methods, false, struct.tags);
}

/** All arguments as html, js and urlquery see them (Go: funcs.go, evalArgs). */
export function printArguments(values: readonly Value[]): string {
  const only = values[0];
  if (values.length === 1 && typeof only === 'string') return only;
  return sprint(values.map(printable));
}

function printable(value: Value): GoValue {
  if (value == null) return NO_VALUE;
  return value instanceof GoStruct ? (stringOf(value, true) ?? pointedTo(value)) : value;
}
