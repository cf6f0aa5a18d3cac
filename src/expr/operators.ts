// What the operators do with values (expr-lang: vm/runtime).

import { addNanoseconds, compareInstants, nanosecondsBetween } from '../render/go/instant.ts';
import { compileRegexp, matchesRegexp } from '../render/go/regexp.ts';
import { compareBytes } from '../render/go/strings.ts';
import { instantIn, timeValue } from '../render/go/time-value.ts';
import { GoMap, GoStruct, type GoValue, goInt } from '../render/go/value.ts';
import { UTC } from '../render/go/zone.ts';
import { durationOf, entriesIn, integerIn, isDuration, isEqual, itemsIn, numberIn, typeOf } from './value.ts';

/** A range makes this many elements at most. */
const MAX_RANGE = 10_000n;

/** `and`, `or` and `??` are the evaluator's, since they need not look at both sides. Throws an `Error` with the reason. */
export function applyBinary(operator: string, left: GoValue, right: GoValue): GoValue {
  switch (operator) {
    case '==':
      return isEqual(left, right);
    case '!=':
      return !isEqual(left, right);
    case '<':
      return order(operator, left, right) < 0;
    case '<=':
      return order(operator, left, right) <= 0;
    case '>':
      return order(operator, left, right) > 0;
    case '>=':
      return order(operator, left, right) >= 0;
    case 'in':
      return isIn(left, right);
    case 'matches':
      return left === null || right === null ? false : matches(textIn(operator, left), textIn(operator, right));
    case 'contains':
      return left === null || right === null ? false : textIn(operator, left).includes(textIn(operator, right));
    case 'startsWith':
      return left === null || right === null ? false : textIn(operator, left).startsWith(textIn(operator, right));
    case 'endsWith':
      return left === null || right === null ? false : textIn(operator, left).endsWith(textIn(operator, right));
    case '..':
      return range(left, right);
    default:
      return arithmetic(operator, left, right);
  }
}

export function applyUnary(operator: string, value: GoValue): GoValue {
  if (operator === 'not') {
    if (typeof value !== 'boolean') throw new Error(`invalid operation: not ${typeOf(value)}`);
    return !value;
  }
  const integer = integerIn(value);
  if (integer !== undefined) return goInt(operator === '-' ? -integer : integer);
  if (isDuration(value)) return durationOf(operator === '-' ? -value.value : value.value);
  if (typeof value === 'number') return operator === '-' ? -value : value;
  throw new Error(`invalid operation: ${operator} ${typeOf(value)}`);
}

function arithmetic(operator: string, left: GoValue, right: GoValue): GoValue {
  if (operator === '+' && typeof left === 'string' && typeof right === 'string') return joined(left, right);
  const ofTimes = timeArithmetic(operator, left, right);
  if (ofTimes !== undefined) return ofTimes;
  const [a, b] = [nanosecondsOrInteger(left), nanosecondsOrInteger(right)];
  const isTime = isDuration(left) || isDuration(right);
  if (a !== undefined && b !== undefined && operator !== '/' && operator !== '**' && operator !== '^') {
    if (operator === '%' && b === 0n) throw new Error('integer divide by zero');
    const result = operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b : a % b;
    return isTime ? durationOf(result) : goInt(result);
  }
  const [x, y] = [numberIn(left), numberIn(right)];
  if (x !== undefined && y !== undefined && operator !== '%') {
    if (operator === '+') return x + y;
    if (operator === '-') return x - y;
    if (operator === '*') return isTime ? durationOf(BigInt(Math.trunc(x * y))) : x * y;
    return operator === '/' ? x / y : x ** y;
  }
  throw new Error(`invalid operation: ${typeOf(left)} ${operator} ${typeOf(right)}`);
}

function timeArithmetic(operator: string, left: GoValue, right: GoValue): GoValue | undefined {
  const [a, b] = [instantIn(left), instantIn(right)];
  if (a && b && operator === '-') return durationOf(nanosecondsBetween(a, b));
  if (a && isDuration(right) && (operator === '+' || operator === '-')) {
    return timeValue(addNanoseconds(a, operator === '+' ? right.value : -right.value), UTC);
  }
  if (b && isDuration(left) && operator === '+') return timeValue(addNanoseconds(b, left.value), UTC);
  return undefined;
}

function nanosecondsOrInteger(value: GoValue): bigint | undefined {
  return isDuration(value) ? value.value : integerIn(value);
}

const MAX_TEXT = 1 << 20;

function joined(left: string, right: string): string {
  if (left.length + right.length > MAX_TEXT) throw new Error(`a text is longer than ${MAX_TEXT} characters`);
  return left + right;
}

/** Also what `sort` goes by. */
export function order(operator: string, left: GoValue, right: GoValue): number {
  if (typeof left === 'string' && typeof right === 'string') return compareBytes(left, right);
  const [at, other] = [instantIn(left), instantIn(right)];
  if (at && other) return compareInstants(at, other);
  const [a, b] = [nanosecondsOrInteger(left), nanosecondsOrInteger(right)];
  if (a !== undefined && b !== undefined) return a < b ? -1 : a > b ? 1 : 0;
  const [x, y] = [numberIn(left), numberIn(right)];
  if (x !== undefined && y !== undefined) return x < y ? -1 : x > y ? 1 : x === y ? 0 : Number.NaN;
  throw new Error(`invalid operation: ${typeOf(left)} ${operator} ${typeOf(right)}`);
}

function isIn(needle: GoValue, place: GoValue): boolean {
  if (place === null) return false;
  const items = itemsIn(place);
  if (items) return items.some((item) => isEqual(item, needle));
  const entries = entriesIn(place);
  if (entries) return typeof needle === 'string' && entries.has(needle);
  if (place instanceof GoStruct) return typeof needle === 'string' && place.fields.has(needle);
  throw new Error(`operator "in" not defined on ${place instanceof GoMap ? place.type : typeOf(place)}`);
}

function range(left: GoValue, right: GoValue): GoValue {
  const [from, to] = [integerIn(left), integerIn(right)];
  if (from === undefined || to === undefined) throw new Error(`invalid operation: ${typeOf(left)} .. ${typeOf(right)}`);
  if (to - from >= MAX_RANGE) throw new Error(`a range has more than ${MAX_RANGE} elements`);
  return to < from ? [] : Array.from({ length: Number(to - from) + 1 }, (_, index) => goInt(from + BigInt(index)));
}

function textIn(operator: string, value: GoValue): string {
  if (typeof value === 'string') return value;
  throw new Error(`invalid operation: operator ${operator} on ${typeOf(value)}`);
}

function matches(text: string, pattern: string): boolean {
  return matchesRegexp(compileRegexp(pattern), text);
}
