// How a template function is declared: with Go's types of its parameters, so that the engine checks a call as reflect does,
// and with TypeScript's types that follow from them.

import { HawserError } from '../../base/errors.ts';
import type { GoMethod, GoNumber, GoOpaque, GoStruct, GoValue } from '../go/value.ts';
import { spendContent, spendText, UNCOUNTED, type Work } from '../go/work.ts';

/** A Go map[string]interface{}. The engine passes a nil one as an empty map that cannot be written. */
export type Dict = Map<string, GoValue>;

/** What the engine passes for a parameter of each Go type. */
interface Arguments {
  'interface {}': GoValue;
  string: string;
  bool: boolean;
  int: GoNumber;
  uint32: GoNumber;
  float64: number;
  '[]interface {}': GoValue[];
  'map[string]interface {}': Dict;
  'time.Time': GoOpaque;
  'sprig.certificate': GoStruct;
}

type GoType = keyof Arguments;
type Parameter = GoType | `...${GoType}`;

type ArgumentsOf<P extends readonly Parameter[]> = P extends readonly [
  infer First extends Parameter,
  ...infer Rest extends readonly Parameter[],
]
  ? First extends `...${infer Element extends GoType}`
    ? Arguments[Element][]
    : First extends GoType
      ? [Arguments[First], ...ArgumentsOf<Rest>]
      : never
  : [];

export type FunctionTable = Readonly<Record<string, GoMethod>>;

/**
 * Declares a template function. `call` may rely on its arguments' types, because the engine checks them against `params`;
 * it fails by `fail`.
 */
export function goFunction<const P extends readonly Parameter[]>(
  params: P,
  result: string,
  call: (...args: ArgumentsOf<P>) => GoValue,
): GoMethod {
  // The engine holds the promise that no type can express: it calls with what `params` say.
  return { params, result, call: call as (...args: GoValue[]) => GoValue };
}

/** A function that tells how much it does. */
export function countedFunction<const P extends readonly Parameter[]>(
  params: P,
  result: string,
  call: (work: Work, ...args: ArgumentsOf<P>) => GoValue,
): GoMethod {
  const counted = call as (work: Work, ...args: GoValue[]) => GoValue;
  return { params, result, call: (...args) => counted(UNCOUNTED, ...args), counted };
}

/** A function of a text that it parses. */
export function parsingFunction(result: string, parse: (text: string) => GoValue): GoMethod {
  return countedFunction(['string'], result, (work, text) => {
    spendText(work, text, CHARACTERS_PARSED);
    return parse(text);
  });
}

/** Characters that the parsers of YAML, JSON and TOML read in one operation. */
const CHARACTERS_PARSED = 4;

/** A function that writes all that a value holds. */
export function contentFunction(write: (value: GoValue) => GoValue): GoMethod {
  return countedFunction(['interface {}'], 'string', (work, value) => {
    spendContent(work, value);
    return write(value);
  });
}

/** Fails as a Go function does that returns or panics with an error of this text. */
export function fail(message: string): never {
  throw new HawserError('RenderFailed', message);
}

/** Go's panic at a method call on a nil interface, which is what `reflect.TypeOf(nil).Kind()` is. */
export function failNilDereference(): never {
  fail('runtime error: invalid memory address or nil pointer dereference');
}

/** Fails because the result would be larger than the limits allow. */
export function failTooLarge(what: string, limit: number): never {
  throw new HawserError('LimitExceeded', `${what} would be larger than ${limit}`, { data: { limit } });
}

/** The number that an integer parameter holds. */
export function intOf(value: GoNumber): number {
  return Number(value.value);
}
