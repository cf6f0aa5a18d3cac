// What is wrong with an expression, and where: the line with a caret, as in all messages about texts that people write.

import { HawserError } from '../base/errors.ts';

/** `at`: characters from the beginning. */
export function expressionError(text: string, at: number, message: string): HawserError {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const column = at - (before.lastIndexOf('\n') + 1) + 1;
  const shown = text.split('\n')[line - 1] ?? '';
  return new HawserError('InvalidInput', `${message} (${line}:${column})\n | ${shown}\n | ${' '.repeat(column - 1)}^`);
}
