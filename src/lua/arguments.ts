// How library functions read their arguments (gopher-lua: auxlib.go): the same conversions, the same complaints.

import type { Machine } from './machine.ts';
import type { LuaTable } from './table.ts';
import {
  isFunction,
  isTable,
  type LuaFunction,
  type LuaType,
  type LuaValue,
  parseNumber,
  textOf,
  typeOf,
} from './value.ts';

export class Arguments {
  readonly all: readonly LuaValue[];
  readonly machine: Machine;
  private readonly name: string;

  constructor(all: readonly LuaValue[], machine: Machine, name: string) {
    this.all = all;
    this.machine = machine;
    this.name = name;
  }

  /** How many were given. */
  get count(): number {
    return this.all.length;
  }

  /** The n-th, from 1. */
  at(n: number): LuaValue {
    return this.all[n - 1];
  }

  any(n: number): LuaValue {
    if (n > this.count) throw this.bad(n, 'value expected');
    return this.at(n);
  }

  /** Long texts count as work, whatever is done with them. */
  text(n: number): string {
    const text = textOf(this.at(n)) ?? this.wrong(n, 'string');
    this.machine.spend(text.length >> 4);
    return text;
  }

  optionalText(n: number, otherwise: string): string {
    const value = this.at(n);
    if (value === undefined) return otherwise;
    return typeof value === 'string' ? value : this.wrong(n, 'string');
  }

  number(n: number): number {
    const value = this.at(n);
    if (typeof value === 'number') return value;
    return (typeof value === 'string' ? parseNumber(value) : undefined) ?? this.wrong(n, 'number');
  }

  integer(n: number): number {
    const value = this.at(n);
    return typeof value === 'number' ? Math.trunc(value) : this.wrong(n, 'number');
  }

  optionalInteger(n: number, otherwise: number): number {
    return this.at(n) === undefined ? otherwise : this.integer(n);
  }

  table(n: number): LuaTable {
    const value = this.at(n);
    return isTable(value) ? value : this.wrong(n, 'table');
  }

  length(n: number): number {
    return this.table(n).length(this.machine.spend);
  }

  function(n: number): LuaFunction {
    const value = this.at(n);
    return isFunction(value) ? value : this.wrong(n, 'function');
  }

  bad(n: number, why: string) {
    return this.machine.fail(`bad argument #${n} to ${this.name} (${why})`);
  }

  private wrong(n: number, wanted: LuaType): never {
    throw this.bad(n, `${wanted} expected, got ${typeOf(this.at(n))}`);
  }
}

export type LibraryFunction = (args: Arguments) => readonly LuaValue[];

/** A table of these functions, each known to messages by its name. */
export function addFunctions(
  table: LuaTable,
  functions: Readonly<Record<string, LibraryFunction>>,
  machine: Machine,
): void {
  for (const [name, run] of Object.entries(functions)) {
    const made: LuaFunction = { name, call: (args) => run(new Arguments(args, machine, name)) };
    table.set(name, made);
  }
}
