// Errors of the engine: Go's texts, with the place in the template (Go: Tree.errorf, Tree.ErrorContext, state.errorf).

import { HawserError } from '../../base/errors.ts';
import { quote } from '../go/quote.ts';
import { byteLength } from '../go/strings.ts';
import type { Node, Source } from './node.ts';
import { nodeText } from './node-text.ts';

/** `template: NAME:LINE: MESSAGE`. */
export function parseError(source: Source, line: number, message: string): HawserError {
  return new HawserError('RenderFailed', `template: ${source.name}:${line}: ${message}`, {
    place: { file: source.name, line },
    data: { stage: 'parse' },
  });
}

/** `template: FILE:LINE:COLUMN: executing "NAME" at <NODE>: MESSAGE`; `program` is the define that ran. */
export function executionError(
  program: { readonly name: string; readonly source: Source },
  node: Node,
  message: string,
  cause?: unknown,
): HawserError {
  const { name, text } = program.source;
  const lineStart = text.lastIndexOf('\n', node.position - 1) + 1;
  const begin = node.position === 0 ? 0 : lineStart;
  const line = 1 + countLineFeeds(text, begin);
  // Go counts columns in bytes, from 0.
  const column = byteLength(text.slice(begin, node.position));
  const where = `${name}:${line}:${column}`;
  return new HawserError(
    'RenderFailed',
    `template: ${where}: executing ${quote(program.name)} at <${nodeText(node)}>: ${message}`,
    { place: { file: name, line, column: column + 1 }, data: { stage: 'exec' }, cause },
  );
}

/** Failures before any node runs: `template: no template "x" associated with template "gotpl"`. */
export function lookupError(message: string): HawserError {
  return new HawserError('RenderFailed', message, { data: { stage: 'exec' } });
}

/** The stack, or what stands for it, ended. */
export function stackEnded(message: string, stage: 'parse' | 'exec'): HawserError {
  return new HawserError('LimitExceeded', message, {
    hint: 'templates call one another without end, or nest deeper than the stack of this runtime',
    data: { stage, limit: 'depth' },
  });
}

function countLineFeeds(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** `Maximum call stack size exceeded`: the only RangeError that must never be taken for a function's own failure. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack');
}

/** `Invalid string length`: the runtime's own bound of a string (512 MB in V8). */
export function isTooLongString(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('string length');
}

export function tooLongString(name: string): HawserError {
  return new HawserError('LimitExceeded', `the result of ${name} would be longer than a string can be`, {
    data: { stage: 'exec', limit: 'string' },
  });
}
