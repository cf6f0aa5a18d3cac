// jq's values: their types, their order, and how they are written.

import type { Json, JsonObject } from '../../base/json.ts';
import { writeJsonString } from '../../render/go/json.ts';
import { compareBytes } from '../../render/go/strings.ts';

export type JqType = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

export function typeOf(value: Json): JqType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  switch (typeof value) {
    case 'boolean':
    case 'number':
    case 'string':
      return typeof value as JqType;
    default:
      return 'object';
  }
}

export function isJsonObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Only null and false are false. */
export function isTrue(value: Json): boolean {
  return value !== null && value !== false;
}

/** In the order of their bytes. */
export function sortedKeys(value: JsonObject): string[] {
  return Object.keys(value).sort(compareBytes);
}

/** undefined where the object has no such key of its own. */
export function property(value: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** An object of entries, whatever their keys are called. */
export function objectFrom(entries: Iterable<readonly [string, Json]>): JsonObject {
  return Object.fromEntries(entries);
}

/** How much an operation on a value costs beside the step itself. */
export function sizeOf(value: Json): number {
  if (typeof value === 'string') return value.length >> 5;
  if (Array.isArray(value)) return value.length;
  return isJsonObject(value) ? Object.keys(value).length : 0;
}

/** null < false < true < numbers < strings < arrays < objects; nan is below every number, itself too. */
export function compareValues(left: Json, right: Json): number {
  if (typeof left === 'number' && typeof right === 'number') {
    if (left < right || Number.isNaN(left)) return -1;
    return left === right ? 0 : 1;
  }
  if (typeof left === 'string' && typeof right === 'string') return compareBytes(left, right);
  if (Array.isArray(left) && Array.isArray(right)) return compareLists(left, right);
  if (isJsonObject(left) && isJsonObject(right)) {
    const [leftKeys, rightKeys] = [sortedKeys(left), sortedKeys(right)];
    const byKeys = compareLists(leftKeys, rightKeys);
    if (byKeys !== 0) return byKeys;
    return compareLists(
      leftKeys.map((key) => left[key] ?? null),
      leftKeys.map((key) => right[key] ?? null),
    );
  }
  return rankOf(left) - rankOf(right);
}

function compareLists(left: readonly Json[], right: readonly Json[]): number {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index++) {
    const order = compareValues(left[index] ?? null, right[index] ?? null);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function rankOf(value: Json): number {
  if (value === true) return 2;
  return { null: 0, boolean: 1, number: 3, string: 4, array: 5, object: 6 }[typeOf(value)];
}

/** Compact, keys sorted; nan is null and what is infinite the largest number. */
export function toJson(value: Json): string {
  if (typeof value === 'string') return writeJsonString(value, false);
  if (typeof value === 'number') return writeNumber(value);
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
  if (!isJsonObject(value)) return String(value);
  const entries = sortedKeys(value).map((key) => `${writeJsonString(key, false)}:${toJson(value[key] ?? null)}`);
  return `{${entries.join(',')}}`;
}

function writeNumber(value: number): string {
  if (Number.isNaN(value)) return 'null';
  if (!Number.isFinite(value)) return value > 0 ? '1.7976931348623157e+308' : '-1.7976931348623157e+308';
  return Object.is(value, -0) ? '-0' : String(value);
}

/** As messages show it: at most 30 bytes. */
export function preview(value: Json): string {
  const text = toJson(value);
  if (encoder.encode(text).length <= 30) return text;
  const end = { string: ' ..."', array: ' ...]', object: ' ...}' }[typeOf(value) as string] ?? ' ...';
  let kept = text.slice(0, 32);
  while (encoder.encode(kept).length > 30 - end.length) kept = [...kept].slice(0, -1).join('');
  return kept + end;
}

const encoder = new TextEncoder();
