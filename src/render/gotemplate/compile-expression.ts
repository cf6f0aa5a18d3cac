// Pipelines, commands and operands to closures (Go: exec.go, evalPipeline, evalCommand, evalArg). They contain one another, hence one file.

import { GoOpaque } from '../go/value.ts';
import { type CompiledOperand, descendOf, fail, lastAtOf, literalValue } from './argument.ts';
import { BUILTINS } from './builtins.ts';
import {
  type Callable,
  type CallSite,
  compileBuiltinCall,
  compileDescendingCall,
  compileFunctionCall,
  type MethodCall,
} from './call.ts';
import { compileCallBuiltin } from './call-builtin.ts';
import { compileFields, type FieldSite } from './field.ts';
import {
  type DescendEvaluate,
  descendValue,
  type Evaluate,
  type Expression,
  type Frame,
  failure,
  type Value,
} from './frame.ts';
import type { FunctionTable } from './function-table.ts';
import { INTERFACE } from './go-type.ts';
import { compileLogic } from './logic.ts';
import type {
  ChainNode,
  CommandNode,
  FieldNode,
  IdentifierNode,
  Node,
  Operand,
  PipeNode,
  VariableNode,
} from './node.ts';
import { nodeText } from './node-text.ts';
import type { Binding, Scope } from './scope.ts';
import { UNDECLARED } from './undeclared.ts';

/** What compiling one template needs to know. */
export interface Compilation {
  readonly scope: Scope;
  /** The functions of the set. What it has none of is a built-in one. */
  readonly functions: FunctionTable;
}

/** A pipeline with the variables that it declares or assigns; one is undefined where Go would find none when it runs. */
export interface Pipeline extends Expression {
  readonly variables: readonly (Binding | undefined)[];
}

/**
 * A pipeline, its variables declared. With `raw`, a nil interface{} may come out as null: for those who treat it as the invalid value
 * anyway.
 */
export function compilePipe(compilation: Compilation, pipe: PipeNode, raw = false): Pipeline {
  // Go's state is at the pipeline before its first command, and where the last command left it before the next.
  let lastAt: Node | undefined = pipe;
  let evaluate: Evaluate | undefined;
  const commands: Expression[] = [];
  for (const command of pipe.commands) {
    const compiled = compileCommand(compilation, command, evaluate !== undefined, lastAt);
    commands.push(compiled);
    evaluate = evaluate ? chained(evaluate, compiled.evaluate) : compiled.evaluate;
    lastAt = compiled.lastAt;
  }
  evaluate ??= () => undefined;
  const descend = commands.some((command) => command.descend) ? descendCommands(commands) : undefined;
  if (pipe.variables.length === 0) {
    return { evaluate: raw ? evaluate : withoutNil(evaluate), descend, lastAt, variables: NO_BINDINGS };
  }
  const variables = pipe.variables.map(({ names: [name = ''] }) =>
    pipe.isAssign ? compilation.scope.resolve(name) : compilation.scope.addVariable(name),
  );
  const store = (before: Evaluate) => storeVariables(pipe, variables, before, lastAt);
  return {
    evaluate: store(withoutNil(evaluate)),
    descend: descend && descendAndStore(descend, store),
    lastAt,
    variables,
  };
}

const NO_BINDINGS: readonly Binding[] = [];

/** A command whose last argument is what the commands before it give. */
function chained(before: Evaluate, command: Evaluate): Evaluate {
  return (frame) => {
    const value = before(frame, undefined);
    return command(frame, value === null ? undefined : value);
  };
}

/** A pipeline's value is what an interface{} holds, which is nothing where it is nil. */
function withoutNil(evaluate: Evaluate): Evaluate {
  return (frame) => {
    const value = evaluate(frame, undefined);
    return value === null ? undefined : value;
  };
}

function descendCommands(commands: readonly Expression[]): DescendEvaluate {
  return function* (frame) {
    let value: Value;
    for (const command of commands) {
      const given = yield* descendValue(command, frame, value);
      value = given === null ? undefined : given;
    }
    return value;
  };
}

function descendAndStore(descend: DescendEvaluate, store: (before: Evaluate) => Evaluate): DescendEvaluate {
  return function* (frame, final) {
    const value = yield* descend(frame, final);
    return store(() => value)(frame, final);
  };
}

function storeVariables(
  pipe: PipeNode,
  variables: readonly (Binding | undefined)[],
  evaluate: Evaluate,
  lastAt: Node | undefined,
): Evaluate {
  return pipe.variables.reduce<Evaluate>((before, { names: [name = ''] }, index) => {
    const binding = variables[index];
    if (binding && !binding.conditional) {
      const { slot } = binding;
      return (frame) => {
        const value = before(frame, undefined);
        frame.variables[slot] = value;
        frame.variables[slot + 1] = false;
        return value;
      };
    }
    return (frame) => {
      const value = before(frame, undefined);
      assignVariable(frame, binding, name, lastAt, value, false);
      return value;
    };
  }, evaluate);
}

/** Sets the variable; `isInterface` tells that the value is an element held as an interface{}. */
export function assignVariable(
  frame: Frame,
  binding: Binding | undefined,
  name: string,
  at: Node | undefined,
  value: Value,
  isInterface: boolean,
): void {
  const here = declared(frame, binding);
  if (!here) throw failure(frame, at, `undefined variable: ${name}`);
  frame.variables[here.slot] = value;
  frame.variables[here.slot + 1] = isInterface;
}

function compileCommand(
  compilation: Compilation,
  command: CommandNode,
  hasFinal: boolean,
  before: Node | undefined,
): Expression {
  const [first, ...others] = command.arguments;
  if (!first) return { evaluate: () => undefined, lastAt: command };
  switch (first.kind) {
    case 'field':
      return compileField(compilation, first, others, hasFinal);
    case 'chain':
      return compileChain(compilation, first, others, hasFinal);
    case 'identifier':
      return compileFunction(compilation, first, command, others, hasFinal);
    case 'variable':
      return compileVariable(compilation, first, others, hasFinal);
  }
  if (others.length > 0 || hasFinal) {
    const at = first.kind === 'pipe' ? before : first;
    return { evaluate: fail(at, `can't give argument to non-function ${nodeText(first)}`), lastAt: at };
  }
  switch (first.kind) {
    case 'pipe':
      return compilePipe(compilation, first);
    case 'dot':
      return { evaluate: readDot, lastAt: first };
    case 'nil':
      return { evaluate: fail(first, 'nil is not a command'), lastAt: first };
    default:
      return { evaluate: literalValue(first), lastAt: first };
  }
}

const readDot: Evaluate = (frame) => frame.dot;

/** An operand of a call: a literal waits for its type, all else is an expression. */
function compileOperand(compilation: Compilation, operand: Operand): CompiledOperand {
  switch (operand.kind) {
    case 'bool':
    case 'string':
    case 'number':
    case 'nil':
      return operand;
    case 'dot':
      return expression(readDot, operand);
    case 'field':
      return { kind: 'expression', expression: compileField(compilation, operand, [], false) };
    case 'variable':
      return { kind: 'expression', expression: compileVariable(compilation, operand, [], false) };
    case 'pipe':
      return { kind: 'expression', expression: compilePipe(compilation, operand) };
    case 'identifier':
      return { kind: 'expression', expression: compileFunction(compilation, operand, operand, [], false) };
    case 'chain':
      return { kind: 'expression', expression: compileChain(compilation, operand, [], false) };
  }
}

function expression(evaluate: Evaluate, lastAt: Node | undefined): CompiledOperand {
  return { kind: 'expression', expression: { evaluate, lastAt } };
}

// --- fields ---

function compileField(
  compilation: Compilation,
  node: FieldNode,
  others: readonly Operand[],
  hasFinal: boolean,
): Expression {
  const call = compileMethodCall(compilation, node, others, hasFinal);
  const rootType = (frame: Frame) => (frame.dotIsInterface ? INTERFACE : undefined);
  const evaluate = compileFields('dot', { names: node.names, at: node, call, rootType });
  return { evaluate, lastAt: lastOf(call, node) };
}

/** `(pipeline).Field` and `function.Field`. */
function compileChain(
  compilation: Compilation,
  node: ChainNode,
  others: readonly Operand[],
  hasFinal: boolean,
): Expression {
  if (node.operand.kind === 'nil') {
    return { evaluate: fail(node, `indirection through explicit nil in ${nodeText(node)}`), lastAt: node };
  }
  const root = compileOperand(compilation, node.operand);
  if (root.kind !== 'expression') return { evaluate: fail(node, 'unexpected literal'), lastAt: node };
  const at = root.expression.lastAt;
  const call = compileMethodCall(compilation, node, others, hasFinal);
  const site: FieldSite = { names: node.names, at, call, rootType: () => undefined };
  const evaluate = compileFields(root.expression.evaluate, site);
  const { descend } = root.expression;
  return { evaluate, descend: descend && descendRoot(descend, site), lastAt: lastOf(call, at) };
}

function descendRoot(descend: DescendEvaluate, site: FieldSite): DescendEvaluate {
  return function* (frame, final) {
    const root = yield* descend(frame, undefined);
    return compileFields(() => root, site)(frame, final);
  };
}

function compileVariable(
  compilation: Compilation,
  node: VariableNode,
  others: readonly Operand[],
  hasFinal: boolean,
): Expression {
  const [name = '', ...names] = node.names;
  const binding = compilation.scope.resolve(name);
  const root = compileBinding(binding, name, node);
  if (names.length === 0) {
    if (others.length === 0 && !hasFinal) return { evaluate: root, lastAt: node };
    const refuse = fail(node, `can't give argument to non-function ${nodeText(node)}`);
    const evaluate: Evaluate = (frame, final) => {
      root(frame, undefined);
      return refuse(frame, final);
    };
    return { evaluate, lastAt: node };
  }
  const call = compileMethodCall(compilation, node, others, hasFinal);
  const rootType = (frame: Frame) => (isInterface(frame, binding) ? INTERFACE : undefined);
  const from = binding && !binding.conditional ? binding.slot : root;
  const evaluate = compileFields(from, { names, at: node, call, rootType });
  return { evaluate, lastAt: lastOf(call, node) };
}

function compileBinding(binding: Binding | undefined, name: string, node: Node): Evaluate {
  if (!binding) return fail(node, `undefined variable: ${name}`);
  const { slot, conditional, fallback } = binding;
  if (!conditional) return (frame) => frame.variables[slot];
  const otherwise = compileBinding(fallback, name, node);
  return (frame, final) => {
    const value = frame.variables[slot];
    return value === UNDECLARED ? otherwise(frame, final) : value;
  };
}

/** The variable that a name means now: one whose declaration was skipped does not count. */
function declared(frame: Frame, binding: Binding | undefined): Binding | undefined {
  let here = binding;
  while (here?.conditional && frame.variables[here.slot] === UNDECLARED) here = here.fallback;
  return here;
}

function isInterface(frame: Frame, binding: Binding | undefined): boolean {
  const here = declared(frame, binding);
  return here !== undefined && frame.variables[here.slot + 1] === true;
}

function compileMethodCall(
  compilation: Compilation,
  node: Node,
  others: readonly Operand[],
  hasFinal: boolean,
): MethodCall | undefined {
  if (others.length === 0 && !hasFinal) return undefined;
  const operands = others.map((operand) => compileOperand(compilation, operand));
  return { operands, hasFinal, node, bound: undefined };
}

/** Operands are evaluated only where a method takes them, so that only the frame knows then. */
function lastOf(call: MethodCall | undefined, at: Node | undefined): Node | undefined {
  return call ? undefined : at;
}

// --- functions ---

function compileFunction(
  compilation: Compilation,
  node: IdentifierNode,
  command: CommandNode | IdentifierNode,
  others: readonly Operand[],
  hasFinal: boolean,
): Expression {
  const { name } = node;
  const index = compilation.functions.indexOf(name);
  if (index === undefined && (name === 'and' || name === 'or')) {
    return compileLogicCall(compilation, name, node, others, hasFinal);
  }
  const operands = others.map((operand, position) => {
    const compiled = compileOperand(compilation, operand);
    const isSliceIndex = index === undefined && name === 'slice' && position > 0;
    return isSliceIndex ? asSliceIndex(compilation, compiled, operand) : compiled;
  });
  const site: CallSite = { operands, hasFinal, name, node: command, startAt: node };
  const last = operands.at(-1);
  const lastAt = last ? lastAtOf(last) : node;
  const descends = operands.some(descendOf) || (index !== undefined && compilation.functions.descends(index));
  const descend = (fixed?: Callable) => (descends ? compileDescendingCall(site, fixed, index ?? 0) : undefined);
  if (index !== undefined) return { evaluate: compileFunctionCall(site, index), descend: descend(), lastAt };
  const builtin = BUILTINS.get(name);
  if (builtin) return { evaluate: compileBuiltinCall(site, builtin), descend: descend(builtin), lastAt };
  return { evaluate: compileCallBuiltin(site, others[0] && nodeText(others[0])), lastAt };
}

/** Go's `slice` alone refuses an index that is held as an interface{}, as a map's and list's elements are (funcs.go, indexArg). */
function asSliceIndex(compilation: Compilation, compiled: CompiledOperand, operand: Operand): CompiledOperand {
  if (compiled.kind !== 'expression') return compiled;
  const { evaluate, lastAt } = compiled.expression;
  const isElement = elementTest(compilation, operand);
  return expression((frame, final) => {
    const value = evaluate(frame, final);
    return value !== undefined && isElement(frame) ? new GoOpaque(INTERFACE, value, '') : value;
  }, lastAt);
}

/** Whether the operand's value is held as an interface{}, which a pipeline's is not. */
function elementTest({ scope }: Compilation, operand: Operand): (frame: Frame) => boolean {
  if (operand.kind === 'field' || operand.kind === 'chain') return () => true;
  if (operand.kind === 'dot') return (frame) => frame.dotIsInterface;
  if (operand.kind !== 'variable') return () => false;
  const binding = scope.resolve(operand.names[0] ?? '');
  return operand.names.length > 1 ? () => true : (frame) => isInterface(frame, binding);
}

function compileLogicCall(
  compilation: Compilation,
  name: 'and' | 'or',
  node: IdentifierNode,
  others: readonly Operand[],
  hasFinal: boolean,
): Expression {
  const slots: number[] = [];
  const operands = others.map((operand, index) => {
    if (index === 0) return compileOperand(compilation, operand);
    let compiled: CompiledOperand | undefined;
    slots.push(
      ...compilation.scope.conditionally(() => {
        compiled = compileOperand(compilation, operand);
      }),
    );
    return compiled ?? compileOperand(compilation, operand);
  });
  return { ...compileLogic(name, node, { operands, hasFinal }, slots), lastAt: undefined };
}
