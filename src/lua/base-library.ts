// The functions that every script has (gopher-lua: baselib.go), without those that read files.

import { addFunctions, type LibraryFunction } from './arguments.ts';
import { compileLua } from './compile.ts';
import { LuaError, LuaSyntaxError } from './error.ts';
import type { Machine } from './machine.ts';
import { parseLua } from './parser.ts';
import { isFunction, isTable, isTruthy, type LuaFunction, type LuaValue, textOf, typeOf } from './value.ts';

export function openBase(machine: Machine): void {
  addFunctions(machine.globals, FUNCTIONS, machine);
  machine.globals.set('_G', machine.globals);
  machine.globals.set('_VERSION', 'Lua 5.1');
}

const NEXT_ITEM: LuaFunction = {
  name: 'ipairs',
  call: ([table, index]) => {
    const at = typeof index === 'number' ? index + 1 : 1;
    const value = isTable(table) ? table.get(at) : undefined;
    return value === undefined ? [undefined] : [at, value];
  },
};

const FUNCTIONS: Readonly<Record<string, LibraryFunction>> = {
  assert: (args) => {
    if (!isTruthy(args.at(1))) throw args.machine.fail(args.optionalText(2, 'assertion failed!'));
    return args.all;
  },
  collectgarbage: () => [],
  error: (args) => {
    const value = args.any(1);
    if (typeof value === 'string') throw args.machine.fail(value, args.optionalInteger(2, 1));
    throw new LuaError(value, args.machine.tostring(value));
  },
  getmetatable: (args) => {
    const metatable = args.machine.metatableOf(args.any(1));
    return [metatable?.get('__metatable') ?? metatable];
  },
  ipairs: (args) => [NEXT_ITEM, args.table(1), 0],
  load: (args) => {
    const read = args.function(1);
    const { machine } = args;
    let script = '';
    for (;;) {
      const part = textOf(machine.call(read, [], machine.line)[0]);
      if (part === undefined || part === '') return load(script, machine);
      machine.allocate(part.length);
      script += part;
    }
  },
  loadstring: (args) => load(args.text(1), args.machine),
  next: (args) => args.table(1).next(args.at(2), args.machine.spend) ?? [undefined],
  pairs: (args) => [nextOf(args.machine), args.table(1), undefined],
  pcall: (args) => {
    const callee = args.any(1);
    const { machine } = args;
    if (!isFunction(callee) && !isFunction(machine.metamethod(callee, '__call')))
      return [false, `attempt to call a ${typeOf(callee)} value`];
    return protectedCall(() => machine.call(callee, args.all.slice(1), machine.line));
  },
  print: () => [],
  rawequal: (args) => [args.any(1) === args.any(2)],
  rawget: (args) => [args.table(1).get(args.any(2))],
  rawset: (args) => {
    args.machine.rawSet(args.table(1), args.any(2), args.any(3));
    return [];
  },
  select: (args) => {
    const which = args.at(1);
    if (which === '#') return [args.count - 1];
    if (typeof which === 'string') throw args.bad(1, `invalid string '${which}'`);
    if (typeof which !== 'number') throw args.bad(1, `number or string expected, got ${typeOf(which)}`);
    const index = Math.trunc(which);
    const from = index < 0 ? args.count + index : Math.min(index, args.count);
    if (from < 1) throw args.bad(1, 'index out of range');
    return args.all.slice(from);
  },
  setmetatable: (args) => {
    const table = args.at(1);
    const metatable = args.at(2);
    if (metatable !== undefined && !isTable(metatable))
      throw args.bad(2, `nil or table expected, got ${typeOf(metatable)}`);
    if (table === undefined) throw args.machine.fail('cannot set metatable to a nil object.');
    if (!isTable(table)) throw args.bad(1, `table expected, got ${typeOf(table)}`);
    if (table.metatable?.get('__metatable') !== undefined)
      throw args.machine.fail('cannot change a protected metatable');
    table.metatable = metatable;
    return [table];
  },
  tonumber: (args) => [toNumber(args.any(1), args.at(2) === undefined ? undefined : args.integer(2))],
  tostring: (args) => [args.machine.tostring(args.any(1))],
  type: (args) => [typeOf(args.any(1))],
  unpack: (args) => {
    const table = args.table(1);
    const from = args.optionalInteger(2, 1);
    const to = args.optionalInteger(3, args.length(1));
    if (to < from) return [];
    args.machine.spend(to - from + 1);
    return Array.from({ length: to - from + 1 }, (_, index) => table.get(from + index));
  },
  xpcall: (args) => {
    const callee = args.function(1);
    const handler = args.function(2);
    const { machine } = args;
    const [isGood, ...results] = protectedCall(() => machine.call(callee, [], machine.line));
    return isGood ? [true, ...results] : [false, ...machine.call(handler, results, machine.line)];
  },
};

function nextOf(machine: Machine): LuaFunction {
  return {
    name: 'next',
    call: ([table, key]) => (isTable(table) && table.next(key, machine.spend)) || [undefined],
  };
}

function load(script: string, machine: Machine): readonly LuaValue[] {
  machine.spend(script.length);
  try {
    return [compileLua(parseLua(script), machine)];
  } catch (error) {
    if (!(error instanceof LuaSyntaxError)) throw error;
    return [undefined, error.message];
  }
}

function protectedCall(run: () => readonly LuaValue[]): readonly LuaValue[] {
  try {
    return [true, ...run()];
  } catch (error) {
    if (error instanceof LuaError) return [false, error.value];
    throw error;
  }
}

/** gopher-lua reads fractions only where there is a point, and whole numbers of any base otherwise (baselib.go, baseToNumber). */
function toNumber(value: LuaValue, base: number | undefined): number | undefined {
  if (typeof value === 'number') return value;
  const text = textOf(value)?.replace(/^[ \n\t]+|[ \n\t]+$/g, '');
  if (text === undefined) return undefined;
  if (text.includes('.')) return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
  const isHex = base === undefined && /^0x/i.test(text);
  const [digits, radix] = isHex ? [text.slice(2), 16] : [text, base ?? 10];
  if (!/^[+-]?[0-9a-z]+$/i.test(digits)) return undefined;
  const isOfBase = [...digits.replace(/^[+-]/, '')].every((digit) => Number.parseInt(digit, 36) < radix);
  return isOfBase ? Number.parseInt(digits, radix) : undefined;
}
