// What goes wrong in a jq program while it runs: a value that `try` can catch.

import type { Json } from '../../base/json.ts';
import { preview } from './value.ts';

export class JqError extends Error {
  override readonly name = 'JqError';
  /** What `catch` sees: the message, or what was given to `error`. */
  readonly value: Json;

  constructor(value: Json) {
    super(typeof value === 'string' ? value : preview(value));
    this.value = value;
  }
}

/** `break $name`, on its way to its label. */
export class JqBreak extends Error {
  override readonly name = 'JqBreak';
  readonly label: object;

  constructor(label: object) {
    super('break');
    this.label = label;
  }
}

/** `message: type (value)`. */
export function typeError(message: string, value: Json): JqError {
  return new JqError(`${message}: ${describeValue(value)}`);
}

export function describeValue(value: Json): string {
  return value === null ? 'null' : `${typeName(value)} (${preview(value)})`;
}

function typeName(value: Exclude<Json, null>): string {
  if (Array.isArray(value)) return 'array';
  return typeof value;
}
