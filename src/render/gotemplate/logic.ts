// and, or: they evaluate their arguments only as far as needed (Go: exec.go, evalCall, "Special case for builtin and/or").

import { bindArgument, fail, lastAtOf } from './argument.ts';
import { REFLECT_VALUE } from './assign.ts';
import type { Operands } from './call.ts';
import type { Evaluate } from './frame.ts';
import type { Node } from './node.ts';
import { isTrue } from './truth.ts';
import { UNDECLARED } from './undeclared.ts';

/** `slots` are the variables that the arguments may declare. */
export function compileLogic(
  name: 'and' | 'or',
  node: Node,
  { operands, hasFinal }: Operands,
  slots: readonly number[],
): Evaluate {
  if (operands.length === 0 && !hasFinal) return fail(node, `wrong number of args for ${name}: want at least 1 got 0`);
  const stopAt = name === 'or';
  const steps = operands.map((operand) => ({
    evaluate: bindArgument(operand, REFLECT_VALUE),
    lastAt: lastAtOf(operand),
  }));
  return (frame, final) => {
    for (const slot of slots) frame.variables[slot] = UNDECLARED;
    frame.at = node;
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i];
      if (!step) break;
      const value = step.evaluate(frame, undefined);
      if (step.lastAt) frame.at = step.lastAt;
      if (isTrue(value) === stopAt || (i === steps.length - 1 && !hasFinal)) return value;
    }
    return final;
  };
}
