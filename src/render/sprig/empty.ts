// Sprig's notion of an unset value (Sprig: defaults.go, empty).

import { kindName } from '../go/type-name.ts';
import { GoMap, GoNumber, GoOpaque, GoSlice, GoStruct, type GoValue } from '../go/value.ts';

/** True for nil, false, zero, and a string, list or map without content. A struct is never empty. */
export function isEmpty(value: GoValue): boolean {
  if (value === null || value === false || value === 0 || value === '') return true;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length === 0;
  if (value instanceof Map) return value.size === 0;
  if (value instanceof GoSlice) return value.items.length === 0;
  if (value instanceof GoMap) return value.entries.size === 0;
  if (value instanceof GoNumber) return isZero(value);
  if (value instanceof GoStruct || value instanceof GoOpaque) return false;
  return false;
}

function isZero(number: GoNumber): boolean {
  if (kindName(number) === 'string') return number.value === '';
  return typeof number.value === 'string' ? /^\(\+?-?0\+?-?0i\)$/.test(number.value) : Number(number.value) === 0;
}
