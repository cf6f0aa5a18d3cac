// Values, and what will be one when somebody asks for it.

import { formatFloat } from '../go/strconv.ts';
import { depthNow, enter, failure, leaveTo } from './call-stack.ts';
import type { Site } from './failures.ts';
import type { JsonnetFunction } from './function.ts';
import type { JsonnetObject } from './object.ts';

/** Strings are sequences of code points to programs; here they are JavaScript's. */
export type Value = string | number | boolean | null | JsonnetArray | JsonnetObject | JsonnetFunction;

/** What is computed at most once, and only when it is needed. */
export type Lazy = Value | Thunk;

/** The variables that an expression sees: [0] is the frame around this one. */
export type Frame = [Frame | undefined, ...unknown[]];

/** An expression, ready to be evaluated. */
export type Code = (frame: Frame) => Value;

export class JsonnetArray {
  readonly elements: readonly Lazy[];
  constructor(elements: readonly Lazy[]) {
    this.elements = elements;
  }
}

export class Thunk {
  #code: Code | undefined;
  #frame: Frame | undefined;
  #value: Value = null;

  constructor(code: Code, frame: Frame) {
    this.#code = code;
    this.#frame = frame;
  }

  /** `site`: who wants it. */
  force(site: Site): Value {
    if (this.#code === undefined) return this.#value;
    const before = depthNow();
    enter(site);
    const value = this.#code(this.#frame as Frame);
    leaveTo(before);
    this.#value = value;
    this.#code = undefined;
    this.#frame = undefined;
    return value;
  }
}

export function force(lazy: Lazy, site: Site): Value {
  return lazy instanceof Thunk ? lazy.force(site) : lazy;
}

export type TypeName = 'string' | 'number' | 'boolean' | 'null' | 'array' | 'object' | 'function';

export function typeOf(value: Value): TypeName {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      if (value === null) return 'null';
      return value instanceof JsonnetArray ? 'array' : value.typeName;
  }
}

export function unexpected(value: Value, wanted: TypeName, site: Site): Error {
  return failure(`Unexpected type ${typeOf(value)}, expected ${wanted}`, site);
}

export function asNumber(value: Value, site: Site): number {
  if (typeof value === 'number') return value;
  throw unexpected(value, 'number', site);
}

export function asString(value: Value, site: Site): string {
  if (typeof value === 'string') return value;
  throw unexpected(value, 'string', site);
}

export function asBoolean(value: Value, site: Site): boolean {
  if (typeof value === 'boolean') return value;
  throw unexpected(value, 'boolean', site);
}

export function asArray(value: Value, site: Site): JsonnetArray {
  if (value instanceof JsonnetArray) return value;
  throw unexpected(value, 'array', site);
}

/** A 32-bit integer, as lengths and indexes are. */
export function asInteger(value: Value, site: Site): number {
  const number = asNumber(value, site);
  if ((number | 0) === number) return number | 0;
  throw failure(`Expected an integer, but got ${formatGoFloat(number)}`, site);
}

/** What arithmetic may give. */
export function finite(value: number, site: Site): number {
  if (Number.isFinite(value)) return value;
  throw failure(Number.isNaN(value) ? 'Not a number' : 'Overflow', site);
}

/** Go's %v. */
export function formatGoFloat(value: number): string {
  return formatFloat(value, 'g', -1);
}

/** The shortest digits that give the number, without an exponent. */
export function plainDecimal(value: number): string {
  return formatFloat(value, 'f', -1);
}
