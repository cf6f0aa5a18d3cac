// One operand as an argument of a parameter's type (Go: exec.go, evalArg and evalBool … evalEmptyInterface).

import type { GoValue } from '../go/value.ts';
import { GoNumber } from '../go/value.ts';
import { type Assign, assignTo, REFLECT_VALUE } from './assign.ts';
import { type DescendEvaluate, type Evaluate, type Expression, failure, type Value } from './frame.ts';
import { goInteger, INTERFACE, nilOf, type TypeKind, typeKind } from './go-type.ts';
import type { BoolNode, NilNode, Node, NumberNode, Operand, StringNode } from './node.ts';
import { nodeText } from './node-text.ts';
import { idealConstant } from './number.ts';

export type Literal = BoolNode | NumberNode | StringNode | NilNode;

/** An operand that has been compiled: a literal waits for the type that it shall have. */
export type CompiledOperand = Literal | { readonly kind: 'expression'; readonly expression: Expression };

/** The operand evaluated and assigned to `type`. */
export function bindArgument(operand: CompiledOperand, type: string): Evaluate {
  if (operand.kind !== 'expression') return bindLiteral(operand, type);
  const { evaluate, lastAt } = operand.expression;
  if (type === REFLECT_VALUE) return evaluate;
  if (type === INTERFACE) {
    return (frame, final) => {
      const value = evaluate(frame, final);
      return value === undefined ? null : value;
    };
  }
  const assign = assignTo(type);
  return (frame, final) => assign(evaluate(frame, final), frame, lastAt);
}

/** The value of the pipeline's previous command as an argument; `at` is the node of the last operand. */
export function bindFinal(type: string, at: Node | undefined): Evaluate {
  const assign: Assign = assignTo(type);
  return (frame, final) => assign(final, frame, at);
}

/** The node that Go's state is at once the operand has been evaluated. */
export function lastAtOf(operand: CompiledOperand): Node | undefined {
  return operand.kind === 'expression' ? operand.expression.lastAt : operand;
}

/** How the operand is evaluated without the stack; undefined where it enters no template. */
export function descendOf(operand: CompiledOperand | undefined): DescendEvaluate | undefined {
  return operand?.kind === 'expression' ? operand.expression.descend : undefined;
}

function bindLiteral(node: Literal, type: string): Evaluate {
  if (node.kind === 'nil') {
    const nil = type === REFLECT_VALUE ? undefined : nilOf(type);
    if (nil === undefined && type !== REFLECT_VALUE) return fail(node, `cannot assign nil to ${type}`);
    // A fresh one each time: the callee may write into it.
    return nil === undefined || nil === null ? () => nil : () => nilOf(type);
  }
  if (type === REFLECT_VALUE || type === INTERFACE) return literalValue(node);
  const kind = typeKind(type);
  const value = typedLiteral(node, type, kind);
  if (value !== undefined) return () => value;
  const expected = EXPECTED[kind];
  if (expected === undefined) return fail(node, `can't handle ${nodeText(node)} for arg of type ${type}`);
  return fail(node, `expected ${expected}; found ${nodeText(node)}`);
}

const EXPECTED: Partial<Record<TypeKind, string>> = {
  bool: 'bool',
  string: 'string',
  int: 'integer',
  uint: 'unsigned integer',
  float: 'float',
  complex: 'complex',
};

function typedLiteral(node: Operand, type: string, kind: TypeKind): GoValue | undefined {
  if (kind === 'bool') return node.kind === 'bool' ? node.value : undefined;
  if (kind === 'string') {
    if (node.kind !== 'string') return undefined;
    return type === 'string' ? node.text : new GoNumber('json.Number', node.text);
  }
  if (node.kind !== 'number') return undefined;
  const { int, uint, float, complex } = node.constant;
  if (kind === 'int') return int === undefined ? undefined : goInteger(type, int);
  if (kind === 'uint') return uint === undefined ? undefined : goInteger(type, uint);
  if (kind === 'complex') return complex;
  if (kind !== 'float' || float === undefined) return undefined;
  return type === 'float64' ? float : new GoNumber('float32', Math.fround(float));
}

/** The literal's own value, where nothing says of which type it shall be. */
export function literalValue(node: Exclude<Literal, NilNode>): Evaluate {
  const value = literalOf(node);
  return value === undefined ? fail(node, `${nodeText(node)} overflows int`) : () => value;
}

function literalOf(node: Exclude<Literal, NilNode>): Value {
  switch (node.kind) {
    case 'bool':
      return node.value;
    case 'string':
      return node.text;
    case 'number':
      return idealConstant(node.text, node.constant);
  }
}

/** An evaluation that always fails, at `node` or where the frame stands: Go tells such mistakes only when it gets there. */
export function fail(node: Node | undefined, message: string): Evaluate {
  return (frame) => {
    throw failure(frame, node, message);
  };
}
