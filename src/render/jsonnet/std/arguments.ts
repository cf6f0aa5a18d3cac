// How functions of the library are written: a name, what it takes, and what it does with that.

import { failure } from '../call-stack.ts';
import type { Site } from '../failures.ts';
import { Builtin, callFunction, type JsonnetFunction } from '../function.ts';
import { codePointsOf } from '../text.ts';
import { type Frame, force, JsonnetArray, type Lazy, Thunk, typeOf, unexpected, type Value } from '../value.ts';

/** Arguments are forced already; those that were not given are undefined. */
export type Body = (site: Site, ...args: Value[]) => Value;
export type LazyBody = (site: Site, ...args: (Lazy | undefined)[]) => Value;

/** `signature`: `name(a, b?)`; what may be missing has a question mark. */
export function define(signature: string, body: Body): Builtin {
  const { name, parameters } = parseSignature(signature);
  return new Builtin(name, parameters, (args, site) => body(site, ...args));
}

/** One that decides by itself what of its arguments it needs. */
export function defineLazy(signature: string, body: LazyBody): Builtin {
  const { name, parameters } = parseSignature(signature);
  return new Builtin(name, parameters, (args, site) => body(site, ...args), { isLazy: true });
}

function parseSignature(signature: string) {
  const [, name = '', list = ''] = /^([$\w]+)\((.*)\)$/.exec(signature) ?? [];
  return { name, parameters: list === '' ? [] : list.split(', ') };
}

const NO_FRAME: Frame = [undefined];

/** What is computed when somebody asks for it. */
export function later(compute: () => Value): Thunk {
  return new Thunk(compute, NO_FRAME);
}

export function asFunction(value: Value, site: Site): JsonnetFunction {
  if (typeOf(value) === 'function') return value as JsonnetFunction;
  throw unexpected(value, 'function', site);
}

/** The elements of an array or the characters of a string; undefined for anything else. */
export function elementsOf(value: Value): readonly Lazy[] | undefined {
  if (value instanceof JsonnetArray) return value.elements;
  if (typeof value === 'string') return Array.from(codePointsOf(value));
  return undefined;
}

export function arrayOf(elements: readonly Lazy[]): JsonnetArray {
  return new JsonnetArray(elements);
}

/** What a function such as `keyF` gives; without one, the element itself. */
export function keyOf(keyF: Value | undefined, element: Lazy, site: Site): Value {
  if (keyF === undefined) return force(element, site);
  return callFunction(asFunction(keyF, site), [element], site);
}

export function refuse(message: string, site: Site): never {
  throw failure(message, site);
}

/** Of more values inside each other than calls may be. */
export const TOO_DEEP = 'max manifest depth exceeded, possible infinite recursion';
