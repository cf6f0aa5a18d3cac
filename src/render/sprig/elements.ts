// Lists as reflection sees them: the elements of any slice.

import { kindName } from '../go/type-name.ts';
import { GoNumber, GoSlice, type GoValue } from '../go/value.ts';
import { fail, failNilDereference } from './function.ts';

/** The elements of a slice or array; undefined for anything else. */
export function elementsOf(value: GoValue): readonly GoValue[] | undefined {
  if (Array.isArray(value)) return value;
  if (value instanceof GoSlice) return value.items;
  if (value instanceof Uint8Array) return Array.from(value, (byte) => new GoNumber('uint8', BigInt(byte)));
  return undefined;
}

/** The elements of `list`; where it is none, fails with `complaint` and the value's kind, or as Go does for nil. */
export function requireElements(list: GoValue, complaint: string): readonly GoValue[] {
  if (list === null) failNilDereference();
  return elementsOf(list) ?? fail(`${complaint} ${kindName(list)}`);
}

/** A Go []string. */
export function stringSlice(items: readonly string[]): GoSlice {
  return new GoSlice('[]string', [...items]);
}
