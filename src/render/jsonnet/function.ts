// Functions: a program's own, those of the library, and calls of both.

import { depthNow, enter, enterTrimmable, failure, leaveTo } from './call-stack.ts';
import type { Site } from './failures.ts';
import { type Code, type Frame, force, type Lazy, Thunk, type Value } from './value.ts';

export interface NamedArgument {
  readonly name: string;
  readonly value: Lazy;
}

export interface ParameterOf {
  readonly name: string;
  readonly isOptional: boolean;
}

/** A call that takes the place of the one that ends with it. */
export class TailCall {
  readonly target: JsonnetFunction;
  readonly positional: readonly Lazy[];
  readonly named: readonly NamedArgument[];
  readonly isTailStrict: boolean;
  readonly site: Site;
  constructor(
    target: JsonnetFunction,
    positional: readonly Lazy[],
    named: readonly NamedArgument[],
    isTailStrict: boolean,
    site: Site,
  ) {
    this.target = target;
    this.positional = positional;
    this.named = named;
    this.isTailStrict = isTailStrict;
    this.site = site;
  }
}

export type JsonnetFunction = Closure | Builtin;

/** What a function literal says, shared by all closures of it. */
export interface FunctionCode {
  readonly parameters: readonly ParameterOf[];
  /** Those of parameters that have none are never run. */
  readonly fallbacks: readonly (Code | undefined)[];
  /** Gives a `TailCall` only in a frame that may be trimmed. */
  body: (frame: Frame) => Value | TailCall;
  /** How many places its frame has, the one for the frame around it included. */
  size: number;
}

export class Closure {
  readonly typeName = 'function';
  readonly code: FunctionCode;
  readonly frame: Frame;
  constructor(code: FunctionCode, frame: Frame) {
    this.code = code;
    this.frame = frame;
  }

  get parameters(): readonly ParameterOf[] {
    return this.code.parameters;
  }
}

export interface BuiltinOptions {
  /** Gets its arguments as they are, not forced; undefined for those that were not given. */
  readonly isLazy?: boolean;
}

export class Builtin {
  readonly typeName = 'function';
  readonly name: string;
  readonly parameters: readonly ParameterOf[];
  readonly isLazy: boolean;
  readonly run: (args: readonly Value[], site: Site) => Value;

  /** `parameters`: names, with `?` at the end of those that may be missing. */
  constructor(
    name: string,
    parameters: readonly string[],
    run: (args: readonly Value[], site: Site) => Value,
    { isLazy = false }: BuiltinOptions = {},
  ) {
    this.name = name;
    this.parameters = parameters.map((text) => ({ name: text.replace('?', ''), isOptional: text.endsWith('?') }));
    this.run = run;
    this.isLazy = isLazy;
  }
}

/** A call of what is no tail call, or of one in a frame that stays. */
export function callFunction(
  target: JsonnetFunction,
  positional: readonly Lazy[],
  site: Site,
  named: readonly NamedArgument[] = [],
  isTailStrict = false,
): Value {
  const before = depthNow();
  let result = callOnce(target, positional, named, isTailStrict, site);
  while (result instanceof TailCall) {
    leaveTo(before);
    result = callOnce(result.target, result.positional, result.named, result.isTailStrict, result.site);
  }
  leaveTo(before);
  return result;
}

function callOnce(
  target: JsonnetFunction,
  positional: readonly Lazy[],
  named: readonly NamedArgument[],
  isTailStrict: boolean,
  site: Site,
): Value | TailCall {
  const { parameters } = target;
  if (named.length > 0 || positional.length !== parameters.length) {
    checkArguments(parameters, positional, named, site);
  }
  if (target instanceof Builtin) return callBuiltin(target, positional, named, site);
  const { code } = target;
  const frame = makeFrame(target.frame, code.size);
  for (let index = 0; index < positional.length; index++) frame[index + 1] = positional[index];
  for (const { name, value } of named) frame[parameters.findIndex((one) => one.name === name) + 1] = value;
  for (let index = positional.length; index < parameters.length; index++) {
    const fallback = code.fallbacks[index];
    if (frame[index + 1] === undefined && fallback) frame[index + 1] = new Thunk(fallback, frame);
  }
  if (!isTailStrict) {
    enter(site);
    return code.body(frame);
  }
  for (let index = 1; index <= parameters.length; index++) force(frame[index] as Lazy, site);
  enterTrimmable(site);
  return code.body(frame);
}

function callBuiltin(target: Builtin, positional: readonly Lazy[], named: readonly NamedArgument[], site: Site): Value {
  const { parameters, isLazy } = target;
  const args = parameters.map(({ name }, index) => {
    const given = index < positional.length ? positional[index] : named.find((one) => one.name === name)?.value;
    return given === undefined || isLazy ? given : force(given, site);
  });
  return target.run(args as readonly Value[], site);
}

function checkArguments(
  parameters: readonly ParameterOf[],
  positional: readonly Lazy[],
  named: readonly NamedArgument[],
  site: Site,
): void {
  if (positional.length > parameters.length) {
    const got = `function expected ${parameters.length} positional argument(s), but got ${positional.length}`;
    throw failure(got, site);
  }
  const received = new Set(parameters.slice(0, positional.length).map(({ name }) => name));
  for (const { name } of named) {
    if (received.has(name)) throw failure(`Argument ${name} already provided`, site);
    if (!parameters.some((one) => one.name === name)) throw failure(`function has no parameter ${name}`, site);
    received.add(name);
  }
  const missing = parameters.find(({ name, isOptional }) => !isOptional && !received.has(name));
  if (missing) throw failure(`Missing argument: ${missing.name}`, site);
}

/** Places beyond what is set stay undefined. */
export function makeFrame(outer: Frame | undefined, size: number): Frame {
  switch (size) {
    case 1:
      return [outer];
    case 2:
      return [outer, undefined];
    case 3:
      return [outer, undefined, undefined];
    case 4:
      return [outer, undefined, undefined, undefined];
    case 5:
      return [outer, undefined, undefined, undefined, undefined];
    default: {
      const frame: Frame = [outer, undefined, undefined, undefined, undefined, undefined];
      for (let index = 6; index < size; index++) frame.push(undefined);
      return frame;
    }
  }
}
