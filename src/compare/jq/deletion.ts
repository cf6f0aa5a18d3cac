// An object without what a jq expression names: `del(<expression>)`, as jqPathExpressions of ignoreDifferences are meant (Argo CD:
// util/argo/normalizers/diff_normalizer.go, which runs gojq).

import { isObject, type Json } from '../../base/json.ts';
import { compileJq, isOfProgram, runJq } from './run.ts';

/**
 * A function that gives a copy without what the expression names. Where the expression fails at a value, or goes on for too long, the
 * value is given as it is: Argo CD skips a rule then. Throws InvalidInput in gojq's words for what is no jq.
 */
export function compileDeletion(expression: string): (value: unknown) => unknown {
  const program = compileJq(`del(${expression})`);
  return (value) => {
    if (!isObject(value)) return value;
    try {
      const [first, ...others] = runJq(program, value as Json);
      return first !== undefined && others.length === 0 ? first : value;
    } catch (error) {
      if (isOfProgram(error)) return value;
      throw error;
    }
  };
}
