// Runs a commander program inside hawser: its own words for errors, its exit codes, and nothing that ends the process.

import { type Command, CommanderError } from 'commander';
import type { CommandIo } from './io.ts';

const WRONG_USE = 2;

/** Prepares a program before its commands are added, which take these settings over. */
export function prepareProgram(program: Command, io: CommandIo): Command {
  return program.exitOverride().configureOutput({
    writeOut: io.stdout,
    writeErr: io.stderr,
    outputError: (text, write) => write(text.replace(/^error: /, 'Error: ')),
  });
}

/** The exit code where the arguments were wrong or help was wanted; undefined after the command ran. Its errors pass. */
export async function runProgram(program: Command, args: readonly string[]): Promise<number | undefined> {
  try {
    await program.parseAsync(args, { from: 'user' });
    return undefined;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USE;
    throw error;
  }
}
