// What the operators do, and the comparisons that the library shares with them.

import { compareBytes } from '../go/strings.ts';
import { failure, spend, spendText } from './call-stack.ts';
import type { Site } from './failures.ts';
import { toText } from './manifest-json.ts';
import { JsonnetObject } from './object.ts';
import {
  asArray,
  asNumber,
  asString,
  finite,
  force,
  formatGoFloat,
  JsonnetArray,
  type Lazy,
  typeOf,
  unexpected,
  type Value,
} from './value.ts';

/** Numbers, arrays and objects; with a string on either side, texts. */
export function plus(left: Value, right: Value, site: Site): Value {
  if (typeof left === 'number' && typeof right === 'number') return finite(left + right, site);
  if (typeof right === 'string') return joined(toText(left, site), right, site);
  if (typeof left === 'string') return joined(left, toText(right, site), site);
  if (typeof left === 'number') throw unexpected(right, 'number', site);
  if (left instanceof JsonnetObject) {
    if (right instanceof JsonnetObject) return new JsonnetObject([left, right]);
    throw unexpected(right, 'object', site);
  }
  if (left instanceof JsonnetArray) {
    const { elements } = asArray(right, site);
    if (elements.length === 0) return left;
    if (left.elements.length === 0) return right;
    spend(left.elements.length + elements.length, site);
    return new JsonnetArray(left.elements.concat(elements));
  }
  throw failure(`Unexpected type ${typeOf(left)}`, site);
}

function joined(left: string, right: string, site: Site): string {
  spendText(left.length + right.length, site);
  return left + right;
}

export function minus(left: Value, right: Value, site: Site): number {
  return finite(asNumber(left, site) - asNumber(right, site), site);
}

export function times(left: Value, right: Value, site: Site): number {
  return finite(asNumber(left, site) * asNumber(right, site), site);
}

export function divide(left: Value, right: Value, site: Site): number {
  const [x, y] = [asNumber(left, site), asNumber(right, site)];
  if (y === 0) throw failure('Division by zero.', site);
  return finite(x / y, site);
}

export function modulo(left: Value, right: Value, site: Site): number {
  const [x, y] = [asNumber(left, site), asNumber(right, site)];
  if (y === 0) throw failure('Division by zero.', site);
  return finite(x % y, site);
}

export type BitwiseOperator = '<<' | '>>' | '&' | '^' | '|';

/** On 64-bit integers, of which only those that a number holds exactly are taken. */
export function bitwise(operator: BitwiseOperator, left: Value, right: Value, site: Site): number {
  const [x, y] = [asNumber(left, site), asNumber(right, site)];
  for (const one of [x, y]) {
    if (Math.abs(one) <= Number.MAX_SAFE_INTEGER) continue;
    const range = `[${-Number.MAX_SAFE_INTEGER}, ${Number.MAX_SAFE_INTEGER}]`;
    throw failure(`Bitwise operator argument ${formatGoFloat(one)} outside of range ${range}`, site);
  }
  const isShift = operator === '<<' || operator === '>>';
  if (isShift && y < 0) throw failure('Shift by negative exponent.', site);
  if (!isShift && (x | 0) === x && (y | 0) === y) {
    if (operator === '&') return x & y;
    return operator === '|' ? x | y : x ^ y;
  }
  const [a, b] = [BigInt(Math.trunc(x)), BigInt(Math.trunc(y))];
  const shift = b % 64n;
  const results = {
    '<<': () => a << shift,
    '>>': () => a >> shift,
    '&': () => a & b,
    '^': () => a ^ b,
    '|': () => a | b,
  };
  return finite(Number(BigInt.asIntN(64, results[operator]())), site);
}

export function bitwiseNot(value: Value, site: Site): number {
  const whole = BigInt(Math.trunc(asNumber(value, site)));
  // What does not fit is the smallest integer on amd64.
  return Number(~(BigInt.asIntN(64, whole) === whole ? whole : -(2n ** 63n)));
}

/** Below, at or above 0. Numbers, strings and arrays of them have an order. */
export function compare(left: Value, right: Value, site: Site): number {
  if (typeof left === 'number') {
    const other = asNumber(right, site);
    if (left < other) return -1;
    return left > other ? 1 : 0;
  }
  if (typeof left === 'string') return Math.sign(compareBytes(left, asString(right, site)));
  if (!(left instanceof JsonnetArray)) throw failure(`Unexpected type ${typeOf(left)}`, site);
  const others = asArray(right, site).elements;
  spend(1, site);
  const { elements } = left;
  for (let index = 0; index < Math.min(elements.length, others.length); index++) {
    const x = force(elements[index] as Lazy, site);
    const order = compare(x, force(others[index] as Lazy, site), site);
    if (order !== 0) return order;
  }
  return Math.sign(elements.length - others.length);
}

/** By content; throws for functions. */
export function equals(left: Value, right: Value, site: Site): boolean {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return left === right;
  if (left instanceof JsonnetArray) {
    return right instanceof JsonnetArray && areElementsEqual(left.elements, right.elements, site);
  }
  if (left instanceof JsonnetObject) return right instanceof JsonnetObject && areFieldsEqual(left, right, site);
  if (typeOf(right) !== 'function') return false;
  throw failure('Cannot test equality of functions', site);
}

function areElementsEqual(left: readonly Lazy[], right: readonly Lazy[], site: Site): boolean {
  if (left.length !== right.length) return false;
  spend(1, site);
  return left.every((element, index) => {
    const x = force(element, site);
    return equals(x, force(right[index] as Lazy, site), site);
  });
}

function areFieldsEqual(left: JsonnetObject, right: JsonnetObject, site: Site): boolean {
  spend(1, site);
  const names = left.visible;
  const others = right.visible;
  if (names.length !== others.length || names.some((name, index) => name !== others[index])) return false;
  return names.every((name) => {
    const x = left.index(name, site);
    return equals(x, right.index(name, site), site);
  });
}
