// What running Lua needs beside the program: its globals, its bounds, and the operations that may ask a metatable
// (gopher-lua: vm.go, state.go; the messages are its own).

import type { BinaryOperator } from './ast.ts';
import { LuaError, LuaLimitError } from './error.ts';
import { LuaTable } from './table.ts';
import {
  describe,
  isFunction,
  isTable,
  isTruthy,
  type LuaFunction,
  type LuaValue,
  parseNumber,
  TailCall,
  textOf,
  typeOf,
} from './value.ts';

/** As deep as gopher-lua lets functions call one another (config.go, CallStackSize). */
const MAX_CALLS = 200;
/** How often a metatable may send on to another. */
const MAX_METATABLES = 100;

type Arithmetic = '+' | '-' | '*' | '/' | '%' | '^';

const ARITHMETIC: Readonly<
  Record<Arithmetic, { readonly event: string; readonly of: (a: number, b: number) => number }>
> = {
  '+': { event: 'add', of: (a, b) => a + b },
  '-': { event: 'sub', of: (a, b) => a - b },
  '*': { event: 'mul', of: (a, b) => a * b },
  '/': { event: 'div', of: (a, b) => a / b },
  '%': { event: 'mod', of: modulo },
  '^': { event: 'pow', of: (a, b) => a ** b },
};

export interface MachineLimits {
  /** Steps: statements, turns of a loop, calls, and what library functions do by the byte. */
  readonly maxSteps: number;
  /** Bytes, roughly: of texts that are made, and of the places of tables. */
  readonly maxBytes: number;
}

export class Machine {
  readonly globals = new LuaTable();
  /** What is asked of a string: `("x"):upper()`. None without the string library. */
  stringMetatable: LuaTable | undefined;
  /** Where the program is, for messages. */
  line = 0;
  /** Where each running function was called. */
  private readonly callers: number[] = [];
  private steps: number;
  private bytes: number;

  /** Counts work. Throws `LuaLimitError` when there has been too much. */
  readonly spend = (steps: number): void => {
    this.steps -= steps;
    // The text of the error that Argo CD's one second ends in.
    if (this.steps < 0) throw new LuaLimitError(`<string>:${this.line}: context deadline exceeded`);
  };

  constructor({ maxSteps, maxBytes }: MachineLimits) {
    this.steps = maxSteps;
    this.bytes = maxBytes;
  }

  /** Counts memory. Throws `LuaLimitError` when there has been too much. */
  allocate(bytes: number): void {
    this.bytes -= bytes;
    if (this.bytes < 0) throw new LuaLimitError(`<string>:${this.line}: memory limit exceeded`);
  }

  /** An error at the line of the program, or `level - 1` calls further out; 0 for no place at all. */
  fail(message: string, level = 1): LuaError {
    const line = level <= 1 ? this.line : (this.callers.at(1 - level) ?? this.line);
    const text = level === 0 ? message : `<string>:${line}: ${message}`;
    return new LuaError(text, text);
  }

  /** All results of a call. */
  call(callee: LuaValue, args: readonly LuaValue[], line: number): readonly LuaValue[] {
    if (this.callers.length >= MAX_CALLS) {
      this.line = line;
      throw this.fail('stack overflow');
    }
    this.callers.push(line);
    try {
      let made = new TailCall(callee, args, line);
      for (;;) {
        this.line = made.line;
        this.spend(1);
        const { run, all } = this.callable(made);
        const results = run.call(all);
        if (!(results instanceof TailCall)) return results;
        made = results;
      }
    } finally {
      this.callers.pop();
    }
  }

  private callable({ callee, args }: TailCall): { readonly run: LuaFunction; readonly all: readonly LuaValue[] } {
    if (isFunction(callee)) return { run: callee, all: args };
    const handler = this.metamethod(callee, '__call');
    if (!isFunction(handler)) throw this.fail('attempt to call a non-function object');
    return { run: handler, all: [callee, ...args] };
  }

  metatableOf(value: LuaValue): LuaTable | undefined {
    if (typeof value === 'string') return this.stringMetatable;
    return isTable(value) ? value.metatable : undefined;
  }

  metamethod(value: LuaValue, event: string): LuaValue {
    return this.metatableOf(value)?.get(event);
  }

  index(object: LuaValue, key: LuaValue, line: number): LuaValue {
    let here = object;
    for (let turn = 0; turn < MAX_METATABLES; turn++) {
      if (isTable(here)) {
        const value = here.get(key);
        if (value !== undefined || here.metatable === undefined) return value;
      }
      const handler = this.metamethod(here, '__index');
      if (handler === undefined) {
        if (isTable(here)) return undefined;
        throw this.notIndexable(here, key, line);
      }
      if (isFunction(handler)) return this.call(handler, [here, key], line)[0];
      here = handler;
    }
    this.line = line;
    throw this.fail('too many recursions in gettable');
  }

  setIndex(object: LuaValue, key: LuaValue, value: LuaValue, line: number): void {
    let here = object;
    for (let turn = 0; turn < MAX_METATABLES; turn++) {
      const handler = this.metamethod(here, '__newindex');
      if (isTable(here) && (handler === undefined || here.get(key) !== undefined)) {
        this.line = line;
        this.rawSet(here, key, value);
        return;
      }
      if (handler === undefined) throw this.notIndexable(here, key, line);
      if (isFunction(handler)) {
        this.call(handler, [here, key, value], line);
        return;
      }
      here = handler;
    }
    this.line = line;
    throw this.fail('too many recursions in settable');
  }

  rawSet(table: LuaTable, key: LuaValue, value: LuaValue): void {
    if (key === undefined) throw this.fail('table index is nil');
    if (Number.isNaN(key)) throw this.fail('table index is NaN');
    const places = table.placesToSet(key);
    if (places > 1) this.allocate(8 * places);
    this.allocate(16 * table.set(key, value));
  }

  private notIndexable(object: LuaValue, key: LuaValue, line: number): LuaError {
    this.line = line;
    return this.fail(`attempt to index a non-table object(${typeOf(object)}) with key '${describe(key)}'`);
  }

  operate(operator: BinaryOperator, left: LuaValue, right: LuaValue, line: number): LuaValue {
    switch (operator) {
      case '==':
        return this.equals(left, right, line);
      case '~=':
        return !this.equals(left, right, line);
      case '<':
        return this.isLess(left, right, line);
      case '>':
        return this.isLess(right, left, line);
      case '<=':
        return this.isLessOrEqual(left, right, line);
      case '>=':
        return this.isLessOrEqual(right, left, line);
      default:
        return this.calculate(operator, left, right, line);
    }
  }

  private calculate(operator: Arithmetic, left: LuaValue, right: LuaValue, line: number): LuaValue {
    const { event, of } = ARITHMETIC[operator];
    if (typeof left === 'number' && typeof right === 'number') return of(left, right);
    const handler = this.metamethod(left, `__${event}`) ?? this.metamethod(right, `__${event}`);
    if (isFunction(handler)) return this.call(handler, [left, right], line)[0];
    const [a, b] = [asNumber(left), asNumber(right)];
    if (a !== undefined && b !== undefined) return of(a, b);
    this.line = line;
    const [leftType, rightType] = [left, right].map((value) => {
      return typeof value === 'string' && asNumber(value) !== undefined ? 'number' : typeOf(value);
    });
    throw this.fail(`cannot perform ${event} operation between ${leftType} and ${rightType}`);
  }

  negate(value: LuaValue, line: number): LuaValue {
    if (typeof value === 'number') return -value;
    const handler = this.metamethod(value, '__unm');
    if (isFunction(handler)) return this.call(handler, [value], line)[0];
    const number = asNumber(value);
    if (number !== undefined) return -number;
    this.line = line;
    throw this.fail('__unm undefined');
  }

  lengthOf(value: LuaValue, line: number): LuaValue {
    if (typeof value === 'string') return value.length;
    const handler = this.metamethod(value, '__len');
    if (isFunction(handler)) return this.call(handler, [value], line)[0];
    if (isTable(value)) return value.length(this.spend);
    this.line = line;
    throw this.fail('__len undefined');
  }

  /** From the right, as many at once as have a text. */
  concat(operands: readonly LuaValue[], line: number): LuaValue {
    let right = operands.at(-1);
    for (let at = operands.length - 2; at >= 0; at--) {
      const left = operands[at];
      const [a, b] = [textOf(left), textOf(right)];
      if (a !== undefined && b !== undefined) {
        this.allocate(a.length + b.length);
        right = a + b;
        continue;
      }
      const handler = this.metamethod(left, '__concat') ?? this.metamethod(right, '__concat');
      if (!isFunction(handler)) {
        this.line = line;
        throw this.fail(`cannot perform concat operation between ${typeOf(left)} and ${typeOf(right)}`);
      }
      right = this.call(handler, [left, right], line)[0];
    }
    return right;
  }

  equals(left: LuaValue, right: LuaValue, line: number): boolean {
    if (left === right || !isTable(left) || !isTable(right)) return left === right;
    const handler = this.metamethod(left, '__eq');
    if (!isFunction(handler) || handler !== this.metamethod(right, '__eq')) return false;
    return isTruthy(this.call(handler, [left, right], line)[0]);
  }

  isLess(left: LuaValue, right: LuaValue, line: number): boolean {
    if (typeof left === 'number' && typeof right === 'number') return left < right;
    if (typeof left === 'string' && typeof right === 'string') return left < right;
    return this.compared('__lt', left, right, line) ?? this.notComparable(left, right, line);
  }

  private isLessOrEqual(left: LuaValue, right: LuaValue, line: number): boolean {
    if (typeof left === 'number' && typeof right === 'number') return left <= right;
    if (typeof left === 'string' && typeof right === 'string') return left <= right;
    const found = this.compared('__le', left, right, line);
    if (found !== undefined) return found;
    const reversed = this.compared('__lt', right, left, line);
    return reversed === undefined ? this.notComparable(left, right, line) : !reversed;
  }

  private compared(event: string, left: LuaValue, right: LuaValue, line: number): boolean | undefined {
    const handler = typeOf(left) === typeOf(right) ? this.metamethod(left, event) : undefined;
    if (!isFunction(handler) || handler !== this.metamethod(right, event)) return undefined;
    return isTruthy(this.call(handler, [left, right], line)[0]);
  }

  private notComparable(left: LuaValue, right: LuaValue, line: number): never {
    this.line = line;
    throw this.fail(`attempt to compare ${typeOf(left)} with ${typeOf(right)}`);
  }

  /** The text of any value, by its metatable where that says. */
  tostring(value: LuaValue): string {
    const handler = this.metamethod(value, '__tostring');
    if (!isFunction(handler)) return describe(value);
    return describe(this.call(handler, [value], this.line)[0]);
  }
}

export function modulo(left: number, right: number): number {
  const rest = left % right;
  return (right > 0 && rest < 0) || (right < 0 && rest > 0) ? rest + right : rest;
}

function asNumber(value: LuaValue): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? parseNumber(value) : undefined;
}
