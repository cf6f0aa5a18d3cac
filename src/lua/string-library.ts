// The string library (gopher-lua: stringlib.go): on bytes, but for upper, lower and format, which Go does on UTF-8.

import { sprintf } from '../render/go/fmt.ts';
import { GoNumber, type GoValue } from '../render/go/value.ts';
import { type Arguments, addFunctions, type LibraryFunction } from './arguments.ts';
import { fromBytes, toBytes } from './byte-text.ts';
import type { Machine } from './machine.ts';
import { captured, findMatches, type Match, PatternError, type SearchOptions } from './pattern.ts';
import { LuaTable } from './table.ts';
import {
  describe,
  formatNumber,
  isFunction,
  isInteger,
  isTable,
  isTruthy,
  type LuaFunction,
  type LuaValue,
  textOf,
  typeOf,
} from './value.ts';

export function openString(machine: Machine): void {
  const library = new LuaTable();
  addFunctions(library, FUNCTIONS, machine);
  library.set('gfind', library.get('gmatch'));
  library.set('__index', library);
  machine.globals.set('string', library);
  machine.stringMetatable = library;
}

const FUNCTIONS: Readonly<Record<string, LibraryFunction>> = {
  byte: (args) => {
    const text = args.text(1);
    const [from, to] = [args.optionalInteger(2, 1) - 1, args.optionalInteger(3, -1)];
    const start = from < 0 ? text.length + from + 1 : from;
    if (args.count <= 2) return start >= 0 && start < text.length ? [text.charCodeAt(start)] : [];
    const end = Math.min(to < 0 ? text.length + to + 1 : to, text.length);
    return Array.from(text.slice(Math.max(start, 0), Math.max(end, 0)), (char) => char.charCodeAt(0));
  },
  char: (args) => [args.all.map((_, index) => String.fromCharCode(args.integer(index + 1) & 0xff)).join('')],
  dump: (args) => {
    throw args.machine.fail('GopherLua does not support the string.dump');
  },
  find: (args) => {
    const [text, pattern] = [args.text(1), args.text(2)];
    if (pattern === '') return [1, 0];
    const from = startIndex(text, args.optionalInteger(3, 1));
    if (args.count === 4 && isTruthy(args.at(4))) {
      args.machine.spend(text.length);
      const at = from > text.length ? -1 : text.indexOf(pattern, from);
      return at < 0 ? [undefined] : [at + 1, at + pattern.length];
    }
    const [match] = search(args, pattern, text, { from, limit: 1 });
    return match ? [match.start + 1, match.end, ...capturesOf(text, match)] : [undefined];
  },
  format: (args) => [format(args)],
  gmatch: (args) => {
    const text = args.text(1);
    const matches = search(args, args.text(2), text, {});
    let at = 0;
    const iterate: LuaFunction = {
      name: 'gmatch',
      call: () => {
        const match = matches[at++];
        return match ? wholeOrCaptures(text, match) : [undefined];
      },
    };
    return [iterate];
  },
  gsub: (args) => {
    const [text, pattern, by] = [args.text(1), args.text(2), args.at(3)];
    if (typeof by !== 'string' && !isTable(by) && !isFunction(by))
      throw args.bad(3, `string or table or function expected, got ${typeOf(by)}`);
    const matches = search(args, pattern, text, { limit: args.optionalInteger(4, -1) });
    let result = '';
    let from = 0;
    for (const match of matches) {
      const replacement = replacementOf(args, text, match, by);
      result += text.slice(from, match.start) + (replacement ?? text.slice(match.start, match.end));
      args.machine.allocate(result.length - from);
      from = match.end;
    }
    return [result + text.slice(from), matches.length];
  },
  len: (args) => [args.text(1).length],
  lower: (args) => [toBytes(fromBytes(args.text(1)).toLowerCase())],
  match: (args) => {
    const [text, pattern] = [args.text(1), args.text(2)];
    const init = args.optionalInteger(3, 1);
    const from = Math.max(0, (init < 0 ? text.length + init + 1 : init) - 1);
    const [match] = search(args, pattern, text, { from, limit: 1 });
    return match ? wholeOrCaptures(text, match) : [];
  },
  rep: (args) => {
    const [text, times] = [args.text(1), Math.max(0, args.integer(2))];
    args.machine.allocate(text.length * times);
    return [text.repeat(times)];
  },
  reverse: (args) => [[...args.text(1)].reverse().join('')],
  sub: (args) => {
    const text = args.text(1);
    const start = startIndex(text, args.integer(2));
    const to = args.optionalInteger(3, -1);
    const end = Math.min(Math.max(0, to < 0 ? text.length + to + 1 : to), text.length);
    return [text.slice(start, Math.max(start, end))];
  },
  upper: (args) => [toBytes(fromBytes(args.text(1)).toUpperCase())],
};

/** From 1, or from the end where negative, to from 0. */
function startIndex(text: string, index: number): number {
  const from = index === 0 ? 0 : index - 1;
  return Math.max(0, from < 0 ? text.length + from + 1 : from);
}

function search(args: Arguments, pattern: string, text: string, options: Omit<SearchOptions, 'spend'>): Match[] {
  try {
    return findMatches(pattern, text, { ...options, spend: (steps) => args.machine.spend(steps) });
  } catch (error) {
    if (error instanceof PatternError) throw args.machine.fail(error.message);
    throw error;
  }
}

function capturesOf(text: string, { captures }: Match): LuaValue[] {
  return captures.map((capture) => captured(text, capture));
}

function wholeOrCaptures(text: string, match: Match): LuaValue[] {
  return match.captures.length > 0 ? capturesOf(text, match) : [text.slice(match.start, match.end)];
}

/** What stands for a match; undefined leaves it as it is. */
function replacementOf(
  args: Arguments,
  text: string,
  match: Match,
  by: string | LuaTable | LuaFunction,
): string | undefined {
  if (typeof by === 'string') return expand(args, text, match, by);
  const captures = wholeOrCaptures(text, match);
  const { machine } = args;
  const found = isTable(by)
    ? machine.index(by, captures[0], machine.line)
    : machine.call(by, captures, machine.line)[0];
  return isTruthy(found) ? (textOf(found) ?? '') : undefined;
}

/** `%0` is the match, `%1` a capture (the match where there is none), `%%` is `%`. */
function expand(args: Arguments, text: string, match: Match, by: string): string {
  return by.replaceAll(/%([\s\S])/g, (whole, char: string) => {
    if (char === '%') return '%';
    if (!/\d/.test(char)) return whole;
    const index = Number(char);
    const capture = match.captures[index - 1];
    if (capture) return String(captured(text, capture));
    if (index > 1) throw args.machine.fail('invalid capture index');
    return text.slice(match.start, match.end);
  });
}

/** Go's Sprintf, in which a number is what the verb wants (gopher-lua: value.go, LNumber.Format). */
function format(args: Arguments): string {
  const pattern = args.text(1);
  const operands = args.all.slice(1, 1 + verbsOf(pattern).length);
  const verbs = verbsOf(pattern);
  const text = fromBytes(pattern).replaceAll(/(%[-+# 0]*\d*(?:\.\d*)?)i/g, '$1d');
  const values = operands.map((operand, index) => operandFor(args.machine, verbs[index] ?? 'v', operand));
  const made = toBytes(sprintf(text, values));
  args.machine.allocate(made.length);
  return made;
}

function verbsOf(pattern: string): readonly string[] {
  return [...pattern.matchAll(/%[-+# 0]*\d*(?:\.\d*)?([\s\S])/g)]
    .map(([, verb = '']) => verb)
    .filter((verb) => verb !== '%');
}

function operandFor(machine: Machine, verb: string, value: LuaValue): GoValue {
  if (typeof value === 'number') {
    if ('qs'.includes(verb)) return formatNumber(value);
    const isWhole = 'bcdoxXUi'.includes(verb) || (!'eEfFgG'.includes(verb) && isInteger(value));
    return isWhole && Number.isFinite(value) ? new GoNumber('int64', BigInt(Math.trunc(value))) : value;
  }
  if (typeof value === 'string') return fromBytes(value);
  if (typeof value === 'boolean' && verb !== 's') return value;
  return fromBytes(isTable(value) ? machine.tostring(value) : describe(value));
}
