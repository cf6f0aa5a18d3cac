// Runs a Lua 5.1 script as gopher-lua does, shut in: no files, no processes, no clock but the one given, and bounds on work and memory.

import { addFunctions } from './arguments.ts';
import type { FunctionBody } from './ast.ts';
import { openBase } from './base-library.ts';
import { toBytes } from './byte-text.ts';
import { compileLua } from './compile.ts';
import { LuaLimitError } from './error.ts';
import { Machine } from './machine.ts';
import { openMath } from './math-library.ts';
import { createOs, osFunctions } from './os-library.ts';
import { parseLua } from './parser.ts';
import { openString } from './string-library.ts';
import { LuaTable } from './table.ts';
import { openTable } from './table-library.ts';
import type { LuaValue } from './value.ts';

export interface LuaOptions {
  readonly globals?: Readonly<Record<string, LuaValue>>;
  /** Whether the script has string, math and os; otherwise it has the basic functions, table, and `require("os")`. */
  readonly useOpenLibs?: boolean;
  readonly now: () => Date;
  readonly random?: () => number;
  /** Default: what takes some tenths of a second. */
  readonly maxSteps?: number;
  /** Default: 64 MiB. */
  readonly maxBytes?: number;
}

const MAX_STEPS = 3_000_000;
const MAX_BYTES = 64 << 20;

/** A script that is read once and run often. Throws `LuaSyntaxError`. */
export function readScript(script: string): FunctionBody {
  return parseLua(toBytes(script));
}

/**
 * What the script returns. Throws `LuaError` with a message that begins with its place (`<string>:3: …`), and `LuaLimitError` when it
 * works too long or takes too much memory.
 */
export function runScript(script: FunctionBody, options: LuaOptions): readonly LuaValue[] {
  const { maxSteps = MAX_STEPS, maxBytes = MAX_BYTES, now, random = Math.random } = options;
  const machine = new Machine({ maxSteps, maxBytes });
  openBase(machine);
  openTable(machine, osFunctions(now));
  const os = createOs(machine, now);
  if (options.useOpenLibs) {
    openString(machine);
    openMath(machine, random);
    machine.globals.set('os', os);
  }
  openPackage(machine, os);
  for (const [name, value] of Object.entries(options.globals ?? {})) machine.globals.set(toBytes(name), value);
  try {
    return machine.call(compileLua(script, machine), [], 0);
  } catch (error) {
    // Expressions within expressions within calls: JavaScript's stack ends before Lua's.
    if (error instanceof RangeError) throw new LuaLimitError(`<string>:${machine.line}: stack overflow`);
    throw error;
  }
}

/** `require` finds the libraries that are there; nothing is loaded from anywhere. */
function openPackage(machine: Machine, os: LuaTable): void {
  const loaded = new LuaTable();
  for (const name of ['_G', 'table', 'string', 'math']) loaded.set(name, machine.globals.get(name));
  loaded.set('os', os);
  const library = new LuaTable();
  library.set('loaded', loaded);
  machine.globals.set('package', library);
  addFunctions(
    machine.globals,
    {
      require: (args) => {
        const name = args.text(1);
        const found = loaded.get(name);
        if (found === undefined)
          throw args.machine.fail(`module ${name} not found:\n\tno field package.preload['${name}']`);
        return [found];
      },
    },
    machine,
  );
}
