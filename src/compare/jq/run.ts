// Runs a compiled jq program within a bound.

import { HawserError, isHawserError } from '../../base/errors.ts';
import type { Json } from '../../base/json.ts';
import { checkNames } from './check.ts';
import { JqBreak, JqError } from './error.ts';
import { evaluate } from './evaluate.ts';
import { invalid } from './lex.ts';
import { parseJq } from './parse.ts';
import type { Query } from './syntax.ts';

/** The work that one input is worth: about Argo CD's second, but counted in steps, so that a rule counts everywhere or nowhere. */
const MOST_WORK = 2_000_000;

/** Throws InvalidInput in gojq's words for what is no jq. */
export function compileJq(source: string): Query {
  try {
    const program = parseJq(source);
    checkNames(program);
    return program;
  } catch (error) {
    // A chain of thousands of steps is as deep as it is long.
    if (error instanceof RangeError) throw invalid('the query is nested too deeply');
    throw error;
  }
}

/** All that a program gives for one input. Throws what `isOfProgram` tells. */
export function runJq(program: Query, input: Json): readonly Json[] {
  let left = MOST_WORK;
  const spend = (work: number) => {
    left -= work;
    if (left < 0) throw new HawserError('LimitExceeded', 'the jq expression takes too long');
  };
  return Array.from(evaluate(program, { value: input }, { spend }), ({ value }) => value);
}

/** Whether the program itself is to blame. A RangeError says that it calls itself more deeply than the stack is. */
export function isOfProgram(error: unknown): boolean {
  const isFailure = error instanceof JqError || error instanceof JqBreak || error instanceof RangeError;
  return isFailure || isHawserError(error, 'LimitExceeded');
}
