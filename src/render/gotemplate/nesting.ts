// How deep templates may enter one another, by `{{template}}` and by functions that execute templates (Helm's include and tpl).

import type { HawserError } from '../../base/errors.ts';
import type { Execution } from './frame.ts';
import { executionError, stackEnded } from './template-error.ts';

/** Go: maxExecDepth, for `{{template}}` alone. */
export const MAX_DEPTH = 100_000;

/** So many run as plain calls, which is fast; what they enter runs as descents, which need no stack. */
export const MAX_CALLS = 40;

/** A waiting template holds some kilobytes of the heap: Go's 100,000 would be more than workerd has. */
export const MAX_NESTED = 10_000;

/** Go's error for its own bound, which here is that of the heap or of the stack. */
export function tooDeep({ deepest, deepestProgram }: Execution): HawserError {
  const message = `exceeded maximum template depth (${MAX_DEPTH})`;
  const told = deepest ? executionError(deepestProgram, deepest, message).message : undefined;
  return stackEnded(told ?? `template: ${deepestProgram.name}: ${message}`, 'exec');
}
