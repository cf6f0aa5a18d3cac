// jq's arithmetic (gojq: operator.go). Numbers are floats: what Kubernetes' JSON holds reaches no farther.

import type { Json, JsonObject } from '../../base/json.ts';
import { describeValue, JqError } from './error.ts';
import type { BinaryOperator } from './syntax.ts';
import { compareValues, isJsonObject, objectFrom } from './value.ts';

/** Of a text that `*` makes. */
const LONGEST_TEXT = 1 << 20;

export function applyOperator(operator: BinaryOperator, left: Json, right: Json): Json {
  switch (operator) {
    case '+':
      return addValues(left, right);
    case '-':
      return subtract(left, right);
    case '*':
      return multiply(left, right);
    case '/':
      return divide(left, right);
    case '%':
      return remainder(left, right);
    case '==':
      return compareValues(left, right) === 0;
    case '!=':
      return compareValues(left, right) !== 0;
    case '<':
      return compareValues(left, right) < 0;
    case '<=':
      return compareValues(left, right) <= 0;
    case '>':
      return compareValues(left, right) > 0;
    case '>=':
      return compareValues(left, right) >= 0;
  }
}

export function addValues(left: Json, right: Json): Json {
  if (left === null) return right;
  if (right === null) return left;
  if (typeof left === 'number' && typeof right === 'number') return left + right;
  if (typeof left === 'string' && typeof right === 'string') {
    if (left.length + right.length > LONGEST_TEXT * 8) throw new JqError('the text is too long');
    return left + right;
  }
  if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
  if (isJsonObject(left) && isJsonObject(right)) return { ...left, ...right };
  throw mismatch('add', left, right);
}

function subtract(left: Json, right: Json): Json {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.filter((item) => !right.some((other) => compareValues(item, other) === 0));
  }
  throw mismatch('subtract', left, right);
}

function multiply(left: Json, right: Json): Json {
  if (typeof left === 'number' && typeof right === 'number') return left * right;
  if (isJsonObject(left) && isJsonObject(right)) return mergeDeep(left, right);
  if (typeof left === 'string' && typeof right === 'number') return repeat(left, right);
  if (typeof left === 'number' && typeof right === 'string') return repeat(right, left);
  throw mismatch('multiply', left, right);
}

function repeat(text: string, times: number): Json {
  if (times < 0 || Number.isNaN(times)) return null;
  if (text.length * Math.trunc(times) > LONGEST_TEXT) throw new JqError('repeat string result too large');
  return text.repeat(Math.trunc(times));
}

function mergeDeep(left: JsonObject, right: JsonObject): JsonObject {
  const merged = new Map(Object.entries(left));
  for (const [key, value] of Object.entries(right)) {
    const before = merged.get(key) ?? null;
    merged.set(key, isJsonObject(before) && isJsonObject(value) ? mergeDeep(before, value) : value);
  }
  return objectFrom(merged);
}

function divide(left: Json, right: Json): Json {
  if (typeof left === 'number' && typeof right === 'number') {
    if (right === 0) throw new JqError(`cannot divide ${describeValue(left)} by: ${describeValue(right)}`);
    return left / right;
  }
  if (typeof left === 'string' && typeof right === 'string') return splitText(left, right);
  throw mismatch('divide', left, right);
}

export function splitText(text: string, separator: string): Json[] {
  if (text === '') return [];
  return separator === '' ? [...text] : text.split(separator);
}

function remainder(left: Json, right: Json): Json {
  if (typeof left !== 'number' || typeof right !== 'number') throw mismatch('modulo', left, right);
  if (Number.isNaN(left) || Number.isNaN(right)) return Number.NaN;
  const divisor = Math.trunc(right);
  if (divisor === 0) throw new JqError(`cannot modulo ${describeValue(left)} by: ${describeValue(right)}`);
  const result = Math.trunc(left) % divisor;
  return result === 0 ? 0 : result;
}

function mismatch(name: string, left: Json, right: Json): JqError {
  return new JqError(`cannot ${name}: ${describeValue(left)} and ${describeValue(right)}`);
}
