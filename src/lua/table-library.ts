// The table library (gopher-lua: tablelib.go).

import { addFunctions, type LibraryFunction } from './arguments.ts';
import type { Machine } from './machine.ts';
import { LuaTable } from './table.ts';
import { isTruthy, type LuaValue, textOf, typeOf } from './value.ts';

/** `more` is what Argo CD puts beside its functions: time and date, by a slip of its own (oslib_safe.go, OpenSafeOs). */
export function openTable(machine: Machine, more: Readonly<Record<string, LibraryFunction>>): void {
  const library = new LuaTable();
  addFunctions(library, { ...FUNCTIONS, ...more }, machine);
  machine.globals.set('table', library);
}

const FUNCTIONS: Readonly<Record<string, LibraryFunction>> = {
  concat: (args) => {
    const table = args.table(1);
    const separator = args.optionalText(2, '');
    const length = args.length(1);
    const from = args.optionalInteger(3, 1);
    if (args.count === 3 && (from > length || from < 1)) return [''];
    const [start, end] = [Math.max(Math.min(from, length), 1), Math.min(args.optionalInteger(4, length), length)];
    const parts: string[] = [];
    for (let index = start; index <= end; index++) {
      const value = table.get(index);
      const text = textOf(value);
      if (text === undefined)
        throw args.machine.fail(`invalid value (${typeOf(value)}) at index ${index} in table for concat`);
      args.machine.allocate(text.length + separator.length);
      parts.push(text);
    }
    return [parts.join(separator)];
  },
  getn: (args) => [args.length(1)],
  insert: (args) => {
    const table = args.table(1);
    if (args.count === 1) throw args.machine.fail('wrong number of arguments');
    args.machine.allocate(16);
    if (args.count === 2) {
      if (args.at(2) !== undefined) table.list[args.length(1)] = args.at(2);
      return [];
    }
    const at = args.integer(2);
    const value = args.any(3);
    if (at < 1 || at > table.list.length) args.machine.rawSet(table, at, value);
    else {
      args.machine.spend(table.list.length - at);
      table.list.splice(at - 1, 0, value);
    }
    return [];
  },
  maxn: (args) => [args.length(1)],
  remove: (args) => {
    const { list } = args.table(1);
    const at = args.count === 1 ? list.length : args.integer(2);
    if (list.length === 0 || at > list.length) return [undefined];
    args.machine.spend(list.length - at);
    return [at < 1 ? list.pop() : list.splice(at - 1, 1)[0]];
  },
  sort: (args) => {
    const { list } = args.table(1);
    const { machine } = args;
    const compare = args.count === 1 ? undefined : args.function(2);
    const { line } = machine;
    const isBefore = (a: LuaValue, b: LuaValue) =>
      compare ? isTruthy(machine.call(compare, [a, b], line)[0]) : machine.isLess(a, b, line);
    machine.spend(list.length);
    // Holes are moved about like values, which a sort of JavaScript would not do.
    const order = list.map((value) => ({ value }));
    order.sort((a, b) => (isBefore(a.value, b.value) ? -1 : isBefore(b.value, a.value) ? 1 : 0));
    order.forEach(({ value }, index) => {
      list[index] = value;
    });
    return [];
  },
};
