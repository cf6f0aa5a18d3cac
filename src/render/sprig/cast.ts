// spf13/cast v1.7.0: how Sprig makes numbers of anything. What cannot be cast is 0, silently.

import { parseGoFloat, parseGoInt } from '../go/strconv.ts';
import { GoNumber, type GoValue } from '../go/value.ts';

const MIN_INT64 = -0x8000_0000_0000_0000n;

/** `cast.ToInt64`, which is also ToInt: Go's int has 64 bits. */
export function toInt64(value: GoValue): bigint {
  if (typeof value === 'number') return floatToInt64(value);
  if (typeof value === 'string') return parseInteger(value);
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return value instanceof GoNumber ? numberToInt64(value) : 0n;
}

/** `cast.ToFloat64`. */
export function toFloat64(value: GoValue): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return parseFloat64(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value instanceof GoNumber ? numberToFloat64(value) : 0;
}

/** Go's int64(f) on amd64: what is out of range becomes the smallest number. */
export function floatToInt64(value: number): bigint {
  if (Number.isNaN(value) || value >= 2 ** 63 || value < -(2 ** 63)) return MIN_INT64;
  return BigInt(Math.trunc(value));
}

function numberToInt64(number: GoNumber): bigint {
  switch (number.type) {
    // Not in cast's list of types.
    case 'time.Duration':
    case 'uintptr':
    case 'complex128':
      return 0n;
    case 'json.Number':
      return parseInteger(String(number.value));
    case 'float32':
      return floatToInt64(Number(number.value));
    default:
      return BigInt.asIntN(64, BigInt(number.value));
  }
}

function numberToFloat64(number: GoNumber): number {
  switch (number.type) {
    case 'time.Duration':
    case 'uintptr':
    case 'complex128':
      return 0;
    case 'json.Number':
      return parseFloat64(String(number.value));
    default:
      return Number(number.value);
  }
}

function parseInteger(text: string): bigint {
  const { value, error } = parseGoInt(trimZeroDecimal(text), 0, 64);
  return error === undefined ? value : 0n;
}

/** `1.00` is 1, though `1.9` is no integer. */
function trimZeroDecimal(text: string): string {
  return text.replace(/\.0+\.*$/, '');
}

function parseFloat64(text: string): number {
  const { value, error } = parseGoFloat(text, 64);
  return error === undefined ? value : 0;
}
