// What counts as true: anything but the zero of its type (Go: exec.go, isTrue).

import { complexParts } from '../go/complex.ts';
import { GoMap, GoNumber, GoSlice } from '../go/value.ts';
import type { Value } from './frame.ts';

export function isTrue(value: Value): boolean {
  switch (typeof value) {
    case 'undefined':
      return false;
    case 'boolean':
      return value;
    case 'string':
      return value.length > 0;
    case 'number':
      return value !== 0;
  }
  if (value === null) return false;
  if (value instanceof Map) return value.size > 0;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length > 0;
  if (value instanceof GoNumber) return isTrueNumber(value);
  if (value instanceof GoMap) return value.entries.size > 0;
  if (value instanceof GoSlice) return value.items.length > 0;
  return true;
}

function isTrueNumber(number: GoNumber): boolean {
  if (typeof number.value === 'bigint') return number.value !== 0n;
  if (typeof number.value === 'number') return number.value !== 0;
  if (number.type !== 'complex128') return number.value !== '';
  const { real, imaginary } = complexParts(number);
  return real !== 0 || imaginary !== 0;
}
