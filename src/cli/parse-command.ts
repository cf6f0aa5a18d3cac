// Runs a commander program inside hawser: its own words for errors, its exit codes, and nothing that ends the process.

import { type Command, CommanderError } from 'commander';
import type { CommandIo } from './io.ts';

const WRONG_USE = 2;

/** Prepares a program before its commands are added, which take these settings over. */
export function prepareProgram(program: Command, io: CommandIo): Command {
  io.onProgram?.(program);
  return program.exitOverride().configureOutput({
    writeOut: io.stdout,
    writeErr: io.stderr,
    outputError: (text, write) => write(text.replace(/^error: /, 'Error: ').replace('\n(', ' (')),
  });
}

/** The exit code where the arguments were wrong or help was wanted; undefined after the command ran. Its errors pass. */
export async function runProgram(program: Command, args: readonly string[]): Promise<number | undefined> {
  try {
    await program.parseAsync(spellSwitches(program, args), { from: 'user' });
    return undefined;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USE;
    throw error;
  }
}

/** Go's flags take `--prune=true` and `--prune=false` for switches; commander wants `--prune` and, where there is one, `--no-prune`. */
function spellSwitches(program: Command, args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  const options = optionsOf(program);
  return args.flatMap((arg, index) => {
    const [, name, value] = /^--([\w-]+)=(true|false|1|0)$/.exec(arg) ?? [];
    if (name === undefined || (end >= 0 && index > end)) return [arg];
    const found = options.filter(({ long }) => long === `--${name}`);
    if (found.length === 0 || found.some(({ required, optional }) => required || optional)) return [arg];
    if (value === 'true' || value === '1') return [`--${name}`];
    return options.some(({ long }) => long === `--no-${name}`) ? [`--no-${name}`] : [];
  });
}

function optionsOf(command: Command): Command['options'] {
  return [...command.options, ...command.commands.flatMap(optionsOf)];
}
