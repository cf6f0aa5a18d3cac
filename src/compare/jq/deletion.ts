// An object without what a jq expression names: `del(<expression>)`, as jqPathExpressions of ignoreDifferences are meant (Argo CD:
// util/argo/normalizers/diff_normalizer.go, which runs gojq).

import { HawserError, isHawserError } from '../../base/errors.ts';
import { isObject, type Json } from '../../base/json.ts';
import { checkNames } from './check.ts';
import { JqBreak, JqError } from './error.ts';
import { evaluate, type Run } from './evaluate.ts';
import { parseJq } from './parse.ts';

/** The work that one object is worth: about Argo CD's second, but counted in steps, so that a rule counts everywhere or nowhere. */
const MOST_WORK = 2_000_000;

/**
 * A function that gives a copy without what the expression names. Where the expression fails at a value, or goes on for too long, the
 * value is given as it is: Argo CD skips a rule then. Throws InvalidInput in gojq's words for what is no jq.
 */
export function compileDeletion(expression: string): (value: unknown) => unknown {
  const program = parseJq(`del(${expression})`);
  checkNames(program);
  return (value) => {
    if (!isObject(value)) return value;
    try {
      const [first, ...others] = evaluate(program, { value: value as Json }, createRun());
      return first && others.length === 0 ? first.value : value;
    } catch (error) {
      if (isOfExpression(error)) return value;
      throw error;
    }
  };
}

/** All that a program gives for one input. Throws InvalidInput, JqError, and LimitExceeded. */
export function runJq(source: string, input: Json): readonly Json[] {
  const program = parseJq(source);
  checkNames(program);
  return Array.from(evaluate(program, { value: input }, createRun()), ({ value }) => value);
}

function createRun(): Run {
  let left = MOST_WORK;
  return {
    spend: (work) => {
      left -= work;
      if (left < 0) throw new HawserError('LimitExceeded', 'the jq expression takes too long');
    },
  };
}

/** A RangeError says that it calls itself more deeply than the stack is. */
function isOfExpression(error: unknown): boolean {
  const isFailure = error instanceof JqError || error instanceof JqBreak || error instanceof RangeError;
  return isFailure || isHawserError(error, 'LimitExceeded');
}
