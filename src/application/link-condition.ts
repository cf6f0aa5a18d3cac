// The condition of a link (`if`): an expression over what the link is for (Argo CD: server/deeplinks, expr-lang).

import { HawserError } from '../base/errors.ts';
import { compileExpression } from '../expr/evaluate.ts';
import { decodeJson } from '../render/go/json.ts';
import type { Holds } from './deep-links.ts';

/** A page shows a handful of links. */
const MAX_STEPS = 10_000;

/** Throws `InvalidInput` for what cannot be read, and for what gives neither true nor false. */
export const linkHolds: Holds = (expression, values) => {
  const environment = new Map(
    Object.entries(values).map(([name, value]) => [name, decodeJson(JSON.stringify(value))] as const),
  );
  const result = compileExpression(expression).evaluate(environment, { maxSteps: MAX_STEPS });
  if (typeof result === 'boolean') return result;
  throw new HawserError('InvalidInput', `link condition '${expression}' evaluated to non-boolean value`);
};
