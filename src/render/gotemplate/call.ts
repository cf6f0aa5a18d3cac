// Calls of functions and methods: the number and types of arguments, and what a failure becomes (Go: exec.go, evalCall).

import { isHawserError, messageOf } from '../../base/errors.ts';
import type { Descent } from '../go/descent.ts';
import { quote } from '../go/quote.ts';
import type { GoMethod, GoValue } from '../go/value.ts';
import { spendSize, type Work } from '../go/work.ts';
import { bindArgument, bindFinal, type CompiledOperand, descendOf, lastAtOf } from './argument.ts';
import { type DescendEvaluate, type Evaluate, type Frame, failure, type Value } from './frame.ts';
import { normalType } from './go-type.ts';
import type { Node } from './node.ts';
import { isStackOverflow, isTooLongString, tooLongString } from './template-error.ts';

/** A function of the engine itself: its parameters may be `reflect.Value`, which takes any value as it is. */
export interface Callable {
  readonly params: readonly string[];
  call(...args: Value[]): Value;
  /** As those of `GoMethod`. */
  readonly cost?: number;
  counted?(work: Work, ...args: Value[]): Value;
  /** `call` without the stack, where it executes templates. */
  descend?(...args: Value[]): Descent<Value>;
}

/** The operands of a call, and whether the previous command's value comes after them. */
export interface Operands {
  readonly operands: readonly CompiledOperand[];
  readonly hasFinal: boolean;
}

export interface CallSite extends Operands {
  readonly name: string;
  /** The node of `error calling …`. */
  readonly node: Node;
  /** The node of a wrong number of arguments; undefined where only the frame knows. */
  readonly startAt: Node | undefined;
}

/** A method call's operands with the evaluations that the last method met wanted. */
export interface MethodCall extends Operands {
  readonly node: Node;
  bound: BoundArguments | undefined;
}

interface BoundArguments {
  readonly params: readonly string[];
  readonly evaluate: readonly Evaluate[];
}

/** The call of a function that is known now. */
export function compileBuiltinCall(site: CallSite, callable: Callable): Evaluate {
  return compileCall(site, callable, 0);
}

/** The call of the function that the execution has at `index`. */
export function compileFunctionCall(site: CallSite, index: number): Evaluate {
  return compileCall(site, undefined, index);
}

/**
 * A call by its number of arguments: most have few, and an array for them would cost more than the call. The evaluations of the
 * arguments are bound to the parameters of the function that was met last.
 */
function compileCall(site: CallSite, fixed: Callable | undefined, index: number): Evaluate {
  const count = site.operands.length + (site.hasFinal ? 1 : 0);
  let known: Callable | undefined;
  let bound: readonly Evaluate[] = [];
  let [first, second, third] = [nothing, nothing, nothing];
  const bind = (frame: Frame, callable: Callable | undefined): Callable => {
    if (!callable) throw failure(frame, site.startAt, `${quote(site.name)} is not a defined function`);
    if (!known || known.params !== callable.params) {
      bound = bindArguments(frame, callable, site.name, site, site.startAt).evaluate;
      [first = nothing, second = nothing, third = nothing] = bound;
    }
    known = callable;
    return callable;
  };
  const { node, name } = site;
  switch (count) {
    case 0:
      return (frame) => {
        let callable = fixed ?? frame.execution.functions[index];
        if (callable !== known || !callable) callable = bind(frame, callable);
        spendOperation(frame);
        try {
          return given(frame, callable, callable.call());
        } catch (error) {
          throw callFailure(frame, node, name, error);
        }
      };
    case 1:
      return (frame, final) => {
        let callable = fixed ?? frame.execution.functions[index];
        if (callable !== known || !callable) callable = bind(frame, callable);
        const a = first(frame, final);
        spendOperation(frame);
        spendSize(frame.execution.budget, a);
        try {
          const { budget } = frame.execution;
          return given(frame, callable, callable.counted ? callable.counted(budget, a) : callable.call(a));
        } catch (error) {
          throw callFailure(frame, node, name, error);
        }
      };
    case 2:
      return (frame, final) => {
        let callable = fixed ?? frame.execution.functions[index];
        if (callable !== known || !callable) callable = bind(frame, callable);
        const a = first(frame, final);
        const b = second(frame, final);
        spendOperation(frame);
        spendSize(frame.execution.budget, a);
        spendSize(frame.execution.budget, b);
        try {
          const { budget } = frame.execution;
          return given(frame, callable, callable.counted ? callable.counted(budget, a, b) : callable.call(a, b));
        } catch (error) {
          throw callFailure(frame, node, name, error);
        }
      };
    case 3:
      return (frame, final) => {
        let callable = fixed ?? frame.execution.functions[index];
        if (callable !== known || !callable) callable = bind(frame, callable);
        const a = first(frame, final);
        const b = second(frame, final);
        const c = third(frame, final);
        spendOperation(frame);
        spendSize(frame.execution.budget, a);
        spendSize(frame.execution.budget, b);
        spendSize(frame.execution.budget, c);
        try {
          const { budget } = frame.execution;
          return given(frame, callable, callable.counted ? callable.counted(budget, a, b, c) : callable.call(a, b, c));
        } catch (error) {
          throw callFailure(frame, node, name, error);
        }
      };
    default:
      return (frame, final) => {
        let callable = fixed ?? frame.execution.functions[index];
        if (callable !== known || !callable) callable = bind(frame, callable);
        const values: Value[] = [];
        for (const evaluate of bound) values.push(evaluate(frame, final));
        spendOperation(frame);
        try {
          return callWith(frame, callable, values);
        } catch (error) {
          throw callFailure(frame, node, name, error);
        }
      };
  }
}

/** The same without the stack: of `fixed`, or of the function that the execution has at `index`. */
export function compileDescendingCall(site: CallSite, fixed: Callable | undefined, index: number): DescendEvaluate {
  const { name, node, startAt, hasFinal } = site;
  return function* (frame, final) {
    const callable = fixed ?? frame.execution.functions[index];
    if (!callable) throw failure(frame, startAt, `${quote(name)} is not a defined function`);
    let given: Value;
    const operands = site.operands.map((operand): CompiledOperand => {
      if (!descendOf(operand)) return operand;
      return { kind: 'expression', expression: { evaluate: () => given, lastAt: lastAtOf(operand) } };
    });
    const bound = bindArguments(frame, callable, name, { operands, hasFinal }, startAt).evaluate;
    const values: Value[] = [];
    for (const [position, evaluate] of bound.entries()) {
      const descend = descendOf(site.operands[position]);
      if (descend) given = yield* descend(frame, undefined);
      values.push(evaluate(frame, final));
    }
    spendOperation(frame);
    try {
      return callable.descend ? yield* callable.descend(...values) : callWith(frame, callable, values);
    } catch (error) {
      throw callFailure(frame, node, name, error);
    }
  };
}

const nothing: Evaluate = () => undefined;

/** The evaluations of a call's arguments for these parameters; a wrong number of them fails here. */
function bindArguments(
  frame: Frame,
  callable: Callable,
  name: string,
  { operands, hasFinal }: Operands,
  at: Node | undefined,
): BoundArguments {
  const { params } = callable;
  const variadic = params.at(-1)?.startsWith('...') === true;
  const fixed = variadic ? params.length - 1 : params.length;
  const count = operands.length + (hasFinal ? 1 : 0);
  if (variadic && count < fixed) {
    throw failure(frame, at, `wrong number of args for ${name}: want at least ${fixed} got ${operands.length}`);
  }
  if (!variadic && count !== fixed) {
    throw failure(frame, at, `wrong number of args for ${name}: want ${fixed} got ${count}`);
  }
  const typeOf = (index: number) => {
    const type = params[Math.min(index, params.length - 1)] ?? '';
    return normalType(type.startsWith('...') ? type.slice(3) : type);
  };
  const evaluate = operands.map((operand, index) => bindArgument(operand, typeOf(index)));
  if (hasFinal) {
    const last = operands.at(-1);
    evaluate.push(bindFinal(typeOf(operands.length), last ? lastAtOf(last) : at));
  }
  return { params, evaluate };
}

/** `method` with the operands of the field chain that named it. */
export function callMethod(
  frame: Frame,
  method: GoMethod,
  name: string,
  at: Node | undefined,
  call: MethodCall | undefined,
  final: Value,
): Value {
  const operands = call ?? NO_OPERANDS;
  let bound = call?.bound;
  if (bound?.params !== method.params) {
    bound = bindArguments(frame, method, name, operands, at);
    if (call) call.bound = bound;
  }
  const values: GoValue[] = [];
  for (const evaluate of bound?.evaluate ?? []) values.push(evaluate(frame, final) ?? null);
  const last = operands.operands.at(-1);
  if (last) frame.at = lastAtOf(last) ?? frame.at;
  spendOperation(frame);
  try {
    return callWith(frame, method, values) ?? null;
  } catch (error) {
    throw callFailure(frame, call?.node ?? at, name, error);
  }
}

const NO_OPERANDS: Operands = { operands: [], hasFinal: false };

export function spendOperation(frame: Frame): void {
  if (--frame.execution.budget.operations < 0) frame.execution.budget.refill();
}

/** The call itself, with what it counts for beside being one. */
function callWith(frame: Frame, callable: Callable, values: readonly Value[]): Value {
  const { budget } = frame.execution;
  for (const value of values) spendSize(budget, value);
  const result = callable.counted ? callable.counted(budget, ...values) : callable.call(...values);
  return given(frame, callable, result);
}

/** What a function gave, counted. */
function given(frame: Frame, callable: Callable, result: Value): Value {
  const { budget } = frame.execution;
  if (callable.cost !== undefined) budget.spend(callable.cost);
  spendSize(budget, result);
  return result;
}

/**
 * What a function threw, as Go's `error calling NAME: MESSAGE`. Errors that are no failure of the template (a limit, a path that leads
 * out, the end of the stack) pass as they are.
 */
export function callFailure(frame: Frame, node: Node | undefined, name: string, error: unknown): unknown {
  if (isStackOverflow(error)) return error;
  if (isHawserError(error) && !isHawserError(error, 'RenderFailed')) return error;
  if (isTooLongString(error)) return tooLongString(name);
  return failure(frame, node, `error calling ${name}: ${messageOf(error)}`, error);
}
