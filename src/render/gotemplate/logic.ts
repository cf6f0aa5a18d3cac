// and, or: they evaluate their arguments only as far as needed (Go: exec.go, evalCall, "Special case for builtin and/or").

import { bindArgument, descendOf, fail, lastAtOf } from './argument.ts';
import { REFLECT_VALUE } from './assign.ts';
import type { Operands } from './call.ts';
import { type DescendEvaluate, descendValue, type Evaluate, type Expression, type Frame, type Value } from './frame.ts';
import type { Node } from './node.ts';
import { isTrue } from './truth.ts';
import { UNDECLARED } from './undeclared.ts';

/** `slots` are the variables that the arguments may declare. */
export function compileLogic(
  name: 'and' | 'or',
  node: Node,
  { operands, hasFinal }: Operands,
  slots: readonly number[],
): Pick<Expression, 'evaluate' | 'descend'> {
  if (operands.length === 0 && !hasFinal) {
    return { evaluate: fail(node, `wrong number of args for ${name}: want at least 1 got 0`) };
  }
  const stopAt = name === 'or';
  const steps = operands.map((operand) => ({
    evaluate: bindArgument(operand, REFLECT_VALUE),
    descend: descendOf(operand),
    lastAt: lastAtOf(operand),
  }));
  const begin = (frame: Frame): void => {
    for (const slot of slots) frame.variables[slot] = UNDECLARED;
    frame.at = node;
  };
  const decides = (frame: Frame, index: number, value: Value): boolean => {
    frame.at = steps[index]?.lastAt ?? frame.at;
    return isTrue(value) === stopAt || (index === steps.length - 1 && !hasFinal);
  };
  const evaluate: Evaluate = (frame, final) => {
    begin(frame);
    for (let i = 0; i < steps.length; i++) {
      const value = steps[i]?.evaluate(frame, undefined);
      if (decides(frame, i, value)) return value;
    }
    return final;
  };
  if (!operands.some(descendOf)) return { evaluate };
  const descend: DescendEvaluate = function* (frame, final) {
    begin(frame);
    for (const [index, step] of steps.entries()) {
      const value = yield* descendValue(step, frame, undefined);
      if (decides(frame, index, value)) return value;
    }
    return final;
  };
  return { evaluate, descend };
}
