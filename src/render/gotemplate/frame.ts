// The state of a running template: one Execution for each call of `execute`, one Frame for each template that it enters.

import type { HawserError } from '../../base/errors.ts';
import type { Descent } from '../go/descent.ts';
import type { GoMethod, GoValue } from '../go/value.ts';
import type { Budget } from './budget.ts';
import type { Node, Source } from './node.ts';
import type { Places } from './scope.ts';
import { executionError } from './template-error.ts';

/**
 * A value inside the engine. `undefined` is reflect's invalid Value, which prints `<no value>`; `null` is a nil interface{}, as a
 * map's or list's element may be. A pipeline turns the latter into the former.
 */
export type Value = GoValue | undefined;

/** What a key that a map lacks means (Go: Option "missingkey=…"). */
export type MissingKey = 'default' | 'zero' | 'error';

/** A template made ready to run. */
export interface Program {
  readonly name: string;
  readonly source: Source;
  /** How many places `Frame.variables` needs: as many as are known to be used by now. */
  readonly places: Places;
  readonly block: Block;
}

export interface Execution {
  /** The functions of the template set with this execution's overrides, by their index in the set. */
  readonly functions: readonly GoMethod[];
  readonly missingKey: MissingKey;
  readonly maxDepth: number;
  readonly budget: Budget;
  /** The longest output that the budget still allows. */
  readonly outputLimit: number;
  output: string;
  /** The innermost `{{template}}` that was entered; for the error when the stack ends. */
  deepest: Node | undefined;
  deepestProgram: Program;
  readonly templates: ProgramSource;
}

/** Where `{{template}}` looks a name up. */
export interface ProgramSource {
  findProgram(name: string): Program | undefined;
}

export interface Frame {
  readonly execution: Execution;
  readonly program: Program;
  readonly depth: number;
  /** Two places a variable: its value, and whether it is held as an interface{} (for error texts: `in type interface {}`). */
  readonly variables: Value[];
  dot: Value;
  /** Dot is an element of a []interface{} or map[string]interface{}. */
  dotIsInterface: boolean;
  /** The node that Go's state is at, where only running can tell (`and`, `or`). */
  at: Node | undefined;
}

/** Runs a template from its beginning, with nothing but its dot. */
export function runProgram(execution: Execution, program: Program, depth: number, dot: Value): void {
  const frame = frameOf(execution, program, depth, dot);
  const { block } = program;
  execution.budget.nested++;
  for (let i = 0; i < block.length; i++) block[i]?.run(frame);
  execution.budget.nested--;
}

/** `runProgram` without the stack. Gives the execution's output so far. */
export function* descendProgram(execution: Execution, program: Program, depth: number, dot: Value): Descent<string> {
  const frame = frameOf(execution, program, depth, dot);
  execution.budget.nested++;
  yield* descendBlock(frame, program.block);
  execution.budget.nested--;
  return execution.output;
}

function frameOf(execution: Execution, program: Program, depth: number, dot: Value): Frame {
  const variables: Value[] = new Array(program.places.used);
  variables[0] = dot;
  variables[1] = false;
  return { execution, program, depth, variables, dot, dotIsInterface: false, at: undefined };
}

/** Runs a block's statements without the stack. */
export function* descendBlock(frame: Frame, block: Block): Descent<Signal> {
  for (const { run, descend } of block) {
    const signal = descend ? yield* descend(frame) : run(frame);
    if (signal) return signal;
  }
  return NEXT;
}

/** The value of an expression without the stack. */
export function* descendValue({ evaluate, descend }: Expression, frame: Frame, final: Value): Descent<Value> {
  return descend ? yield* descend(frame, final) : evaluate(frame, final);
}

/** How a statement ended: 0 goes on, 1 breaks the nearest range, 2 continues it. */
export type Signal = 0 | 1 | 2;
export const NEXT = 0;
export const BREAK = 1;
export const CONTINUE = 2;

export type Run = (frame: Frame) => Signal;

/** A statement made ready to run. */
export interface Step {
  readonly run: Run;
  /** `run` without the stack, where it may enter a template. */
  readonly descend: ((frame: Frame) => Descent<Signal>) | undefined;
}

/** Statements in their order; one that gives a signal other than `NEXT` ends them. */
export type Block = readonly Step[];

/** An expression; `final` is the value of the pipeline's previous command, for commands that have one. */
export type Evaluate = (frame: Frame, final: Value) => Value;

export type DescendEvaluate = (frame: Frame, final: Value) => Descent<Value>;

export interface Expression {
  readonly evaluate: Evaluate;
  /** `evaluate` without the stack, where it may enter a template by a function. */
  readonly descend?: DescendEvaluate | undefined;
  /** The node that Go's state is at after evaluating; undefined where `frame.at` has it. */
  readonly lastAt: Node | undefined;
}

/** The error at `node`, or where the frame stands. */
export function failure(frame: Frame, node: Node | undefined, message: string, cause?: unknown): HawserError {
  const at = node ?? frame.at;
  if (!at) throw new Error(`no node for: ${message}`);
  return executionError(frame.program, at, message, cause);
}
