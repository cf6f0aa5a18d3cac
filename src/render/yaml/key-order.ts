// The order in which go-yaml writes a map's keys: letters after other characters, digits as numbers (sorter.go). It is no total
// order ("a9", "a10", "a1b" go round in a circle); Go's output for such keys varies from run to run, ours does not.

import { runesOf } from '../go/strings.ts';
import { isDigit, isLetter } from '../go/unicode.ts';
import type { Dialect } from './resolve.ts';

const ZERO = 0x30;

/** Negative, zero or positive, for sorting. */
export function compareKeys(a: string, b: string, dialect: Dialect): number {
  if (a === b) return 0;
  const shared = Math.min(a.length, b.length);
  let at = 0;
  while (at < shared && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  const x = a.charCodeAt(at);
  const y = b.charCodeAt(at);
  if (isAsciiLetter(x) && isAsciiLetter(y)) return x - y;
  const isPlain = !/[\ud800-\udfff]/.test(a) && !/[\ud800-\udfff]/.test(b);
  const isFirst = isPlain ? isLess(unitsOf(a), unitsOf(b), dialect) : isLess(runesOf(a), runesOf(b), dialect);
  return isFirst ? -1 : 1;
}

function isAsciiLetter(unit: number): boolean {
  return (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a;
}

function unitsOf(text: string): number[] {
  const units: number[] = [];
  for (let i = 0; i < text.length; i++) units.push(text.charCodeAt(i));
  return units;
}

function isLess(a: readonly number[], b: readonly number[], dialect: Dialect): boolean {
  const shared = Math.min(a.length, b.length);
  let at = 0;
  while (at < shared && a[at] === b[at]) at++;
  if (at === shared) return a.length < b.length;
  const x = a[at] ?? 0;
  const y = b[at] ?? 0;
  const xIsLetter = isLetter(x);
  const yIsLetter = isLetter(y);
  if (xIsLetter && yIsLetter) return x < y;
  if (xIsLetter || yIsLetter) {
    // v3 lets a number end before a letter, so that "a1" and its kin come before "a10".
    return dialect === 'v3' && at > 0 && isDigit(a[at - 1] ?? 0) ? xIsLetter : yIsLetter;
  }
  const before = x === ZERO || y === ZERO ? significantDigitBefore(a, at) : 0n;
  const xNumber = numberAt(a, at, before);
  const yNumber = numberAt(b, at, before);
  if (xNumber.value !== yNumber.value) return xNumber.value < yNumber.value;
  return xNumber.end === yNumber.end ? x < y : xNumber.end < yNumber.end;
}

/** 1 when the shared part ends in a number with a digit other than 0, so that zeros that follow count. */
function significantDigitBefore(runes: readonly number[], at: number): bigint {
  for (let i = at - 1; i >= 0 && isDigit(runes[i] ?? 0); i--) if (runes[i] !== ZERO) return 1n;
  return 0n;
}

function numberAt(runes: readonly number[], at: number, before: bigint): { value: bigint; end: number } {
  let value = before;
  let end = at;
  for (; end < runes.length && isDigit(runes[end] ?? 0); end++) {
    value = BigInt.asIntN(64, value * 10n + BigInt((runes[end] ?? 0) - ZERO));
  }
  return { value, end };
}
