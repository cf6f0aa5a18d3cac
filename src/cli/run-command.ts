// One command in this process: its streams, and its errors as an exit code.

import { writeSync } from 'node:fs';
import { exitCodeOf, formatError, isHawserError } from '../base/errors.ts';
import type { CommandIo } from './io.ts';

export type Command = (args: readonly string[], io: CommandIo) => Promise<number>;

/** What the user can mend becomes one line on standard error, a fault of hawser's own a stack. */
export async function runCommand(command: Command, args: readonly string[]): Promise<number> {
  const io: CommandIo = {
    stdout: createWriter(1, () => process.stdout),
    stderr: createWriter(2, () => process.stderr),
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

/**
 * Writes to a descriptor at once, for to make a stream of it takes longer than to render a small chart. A pipe that is not to be waited for and
 * is full gets the stream after all.
 */
function createWriter(descriptor: number, openStream: () => NodeJS.WriteStream): (text: string) => void {
  let stream: NodeJS.WriteStream | undefined;
  return (text) => {
    let rest = new TextEncoder().encode(text);
    try {
      while (stream === undefined && rest.length > 0) rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      endQuietlyWithTheReader(error);
      stream = openStream().on('error', endQuietlyWithTheReader);
    }
    if (rest.length > 0) stream?.write(rest);
  };
}

/** `hawser … | head` closes the pipe before everything is written, which is no fault. */
function endQuietlyWithTheReader(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EPIPE') process.exit();
  if (code !== 'EAGAIN') throw error;
}
