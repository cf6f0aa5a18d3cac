// Whether a trigger fires (notifications-engine: pkg/triggers): each of its conditions for itself.

import { messageOf } from '../base/errors.ts';
import { compileExpression, type Expression } from '../expr/evaluate.ts';
import { formatValue } from '../render/go/fmt.ts';
import type { GoValue } from '../render/go/value.ts';
import type { Condition } from './config.ts';

export interface ConditionResult {
  readonly index: number;
  readonly when: string;
  readonly isMet: boolean;
  /** Of a condition that is met: what it is told of once. */
  readonly oncePer?: string;
  readonly templates: readonly string[];
  /** Why it could not be asked; it is not met then. */
  readonly problem?: string;
}

const MOST_KEPT = 500;
const compiled = new Map<string, Expression>();

export function runTrigger(
  conditions: readonly Condition[],
  variables: ReadonlyMap<string, GoValue>,
  now: () => number,
): readonly ConditionResult[] {
  return conditions.map(({ when, send, oncePer }, index) => {
    const base = { index, when, templates: send };
    try {
      const isMet = expression(when).evaluate(variables, { now }) === true;
      if (!isMet || oncePer === undefined) return { ...base, isMet };
      return { ...base, isMet, oncePer: formatValue(expression(oncePer).evaluate(variables, { now })) };
    } catch (error) {
      // A member that is not there yet is the usual reason.
      return { ...base, isMet: false, problem: messageOf(error) };
    }
  });
}

/** Parsed once: the same few are asked for each Application. */
function expression(text: string): Expression {
  const known = compiled.get(text);
  if (known) return known;
  if (compiled.size >= MOST_KEPT) compiled.clear();
  const made = compileExpression(text);
  compiled.set(text, made);
  return made;
}
