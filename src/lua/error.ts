// What goes wrong in a script: an error that the script itself can catch, a bound that it cannot, and a text that is no Lua.

import type { LuaValue } from './value.ts';

/** Raised by `error` or by an operation; `value` is any Lua value, most often a text that begins with its place. */
export class LuaError extends Error {
  override readonly name = 'LuaError';
  readonly value: LuaValue;

  constructor(value: LuaValue, message: string) {
    super(message);
    this.value = value;
  }
}

/** Too many steps or too much memory: ends the script, `pcall` does not catch it. */
export class LuaLimitError extends Error {
  override readonly name = 'LuaLimitError';
}

/** The script cannot be read. The message is gopher-lua's, with line and column. */
export class LuaSyntaxError extends Error {
  override readonly name = 'LuaSyntaxError';
}
