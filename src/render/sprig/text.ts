// How Sprig makes text of values: its strval and strslice (Sprig: strings.go).

import { sprintf } from '../go/fmt.ts';
import { utf8Decode } from '../go/strings.ts';
import { GoNumber, type GoNumberType, GoSlice, type GoValue } from '../go/value.ts';
import { elementsOf, stringSlice } from './elements.ts';

/** Numbers that print as they are, without a method of theirs. */
const PLAIN_INTEGERS: ReadonlySet<GoNumberType> = new Set<GoNumberType>(['int', 'int64', 'int32', 'uint64']);

/** Sprig's strval: the text of a value as it prints, without quotes. */
export function textOf(value: GoValue): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return utf8Decode(value);
  return printed(value);
}

/** `fmt.Sprintf("%v", value)`. */
export function printed(value: GoValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (value instanceof GoNumber && PLAIN_INTEGERS.has(value.type)) return String(value.value);
  return sprintf('%v', [value]);
}

/** Sprig's strslice: a list's elements without the nils, or the value itself, as strings. A []string is returned as it is. */
export function stringsOf(value: GoValue): GoSlice {
  if (value instanceof GoSlice && value.type === '[]string') return value;
  if (value === null) return stringSlice([]);
  const elements = elementsOf(value);
  if (!elements) return stringSlice([textOf(value)]);
  return stringSlice(elements.filter((element) => element !== null).map(textOf));
}
