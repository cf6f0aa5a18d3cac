// Calls template functions as the engine does, for the tests of this folder.

import { GoMap, GoNumber, GoOpaque, GoSlice, GoStruct, type GoValue, goInt } from '../../../src/render/go/value.ts';
import { type SprigEnvironment, sprigFunctions } from '../../../src/render/sprig/sprig.ts';

/** The instant at which these tests run. */
export const NOW = Date.parse('2024-05-06T07:08:09.123Z');

export const ENVIRONMENT: SprigEnvironment = {
  now: () => NOW,
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
};

/** What a test writes for an argument: whole numbers are Go ints, objects are dicts; a Go value stands for itself. */
export type Argument =
  | null
  | string
  | boolean
  | number
  | GoNumber
  | GoSlice
  | GoMap
  | GoOpaque
  | GoStruct
  | Map<string, GoValue>
  | readonly Argument[]
  | { readonly [key: string]: Argument };

export function goValue(argument: Argument): GoValue {
  if (typeof argument === 'number') return Number.isInteger(argument) ? goInt(argument) : argument;
  if (argument === null || typeof argument !== 'object') return argument;
  if (isGoValue(argument)) return argument;
  if (isList(argument)) return argument.map(goValue);
  return new Map(Object.entries(argument).map(([key, value]) => [key, goValue(value)]));
}

type GoObject = GoNumber | GoSlice | GoMap | GoOpaque | GoStruct | Map<string, GoValue>;

function isGoValue(argument: Argument): argument is GoObject {
  return [GoNumber, GoSlice, GoMap, GoOpaque, GoStruct, Map].some((type) => argument instanceof type);
}

function isList(argument: Argument): argument is readonly Argument[] {
  return Array.isArray(argument);
}

/** The function's result as a Go value. */
export function callFor(environment: SprigEnvironment, name: string, ...args: readonly Argument[]): GoValue {
  const method = sprigFunctions(environment)[name];
  if (!method) throw new Error(`no function ${name}`);
  return method.call(...args.map(goValue));
}

export function callRaw(name: string, ...args: readonly Argument[]): GoValue {
  return callFor(ENVIRONMENT, name, ...args);
}

/** The function's result as plain data: Go's types are forgotten. */
export function call(name: string, ...args: readonly Argument[]): unknown {
  return plain(callRaw(name, ...args));
}

export function plain(value: GoValue): unknown {
  if (value instanceof GoNumber) return typeof value.value === 'bigint' ? Number(value.value) : value.value;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof GoSlice) return value.isNil ? null : value.items.map(plain);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]));
  if (value instanceof GoMap) return plain(value.entries);
  if (value instanceof GoStruct) return plain(value.fields);
  return value instanceof GoOpaque ? value.text : value;
}
