// One command in this process: its streams, and its errors as an exit code.

import { exitCodeOf, formatError, isHawserError } from '../base/errors.ts';
import type { CommandIo } from './io.ts';

export type Command = (args: readonly string[], io: CommandIo) => Promise<number>;

/** What the user can mend becomes one line on standard error, a fault of hawser's own a stack. */
export async function runCommand(command: Command, args: readonly string[]): Promise<number> {
  endQuietlyWithTheReader();
  const io: CommandIo = {
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    cwd: process.cwd(),
    env: process.env,
  };
  try {
    return await command(args, io);
  } catch (error) {
    const text = isHawserError(error) ? `Error: ${formatError(error)}` : error instanceof Error ? error.stack : error;
    io.stderr(`${text}\n`);
    return exitCodeOf(error);
  }
}

/** `hawser … | head` closes the pipe before everything is written, which is no fault. */
function endQuietlyWithTheReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}
