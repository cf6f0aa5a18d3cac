// Lua's values, and how they are told. A Lua string is a run of bytes: here a text of characters 0 to 255 (byte-text.ts).

import { formatFloat } from '../render/go/strconv.ts';
import type { LuaTable } from './table.ts';

export type LuaValue = undefined | boolean | number | string | LuaTable | LuaFunction;

export interface LuaFunction {
  /** As messages about bad arguments name it. */
  readonly name: string;
  /** One call: all results. */
  readonly call: (args: readonly LuaValue[]) => readonly LuaValue[] | TailCall;
}

/** `return f(x)`: the caller's frame is gone before `f` begins. */
export class TailCall {
  readonly callee: LuaValue;
  readonly args: readonly LuaValue[];
  readonly line: number;

  constructor(callee: LuaValue, args: readonly LuaValue[], line: number) {
    this.callee = callee;
    this.args = args;
    this.line = line;
  }
}

export type LuaType = 'nil' | 'boolean' | 'number' | 'string' | 'table' | 'function';

export function typeOf(value: LuaValue): LuaType {
  if (value === undefined) return 'nil';
  if (typeof value === 'object') return 'call' in value ? 'function' : 'table';
  return typeof value === 'boolean' ? 'boolean' : typeof value === 'number' ? 'number' : 'string';
}

export function isFunction(value: LuaValue): value is LuaFunction {
  return typeof value === 'object' && 'call' in value;
}

export function isTable(value: LuaValue): value is LuaTable {
  return typeof value === 'object' && !('call' in value);
}

export function isTruthy(value: LuaValue): boolean {
  return value !== undefined && value !== false;
}

/** gopher-lua prints what fits an int64 without a fraction, and the rest as Go does (value.go, LNumber.String). */
export function formatNumber(value: number): string {
  if (isInteger(value)) return BigInt(value).toString();
  return formatFloat(value, 'g', -1, 64);
}

export function isInteger(value: number): boolean {
  return Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63;
}

/** The text of a string or number; undefined for what has none by itself. */
export function textOf(value: LuaValue): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? formatNumber(value) : undefined;
}

/** Without asking metatables. Tables and functions have no address here: their kind alone is told. */
export function describe(value: LuaValue): string {
  if (value === undefined) return 'nil';
  if (typeof value === 'boolean') return String(value);
  return textOf(value) ?? typeOf(value);
}

/**
 * A number out of text, as Go's ParseInt with base 0 and then ParseFloat read it (gopher-lua: utils.go, parseNumber). undefined where
 * there is none.
 */
export function parseNumber(text: string): number | undefined {
  const trimmed = text.replace(/^[ \t\n]+|[ \t\n]+$/g, '');
  const integer = /^([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|[0-9]+)$/.exec(trimmed);
  if (integer) {
    const [, sign, digits = ''] = integer;
    const isOctal = /^0[0-7]+$/.test(digits);
    const value = isOctal ? Number.parseInt(digits, 8) : Number(digits);
    if (value < 2 ** 63) return sign === '-' ? -value : value;
  }
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(trimmed)) return Number(trimmed);
  const word = /^([+-]?)(inf|infinity|nan)$/i.exec(trimmed);
  if (!word) return undefined;
  const value = word[2]?.toLowerCase() === 'nan' ? Number.NaN : Number.POSITIVE_INFINITY;
  return word[1] === '-' ? -value : value;
}
