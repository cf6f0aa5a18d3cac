// One command in this process: its streams, Ctrl-C, and its errors as an exit code.

import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { exitCodeOf, formatError, isHawserError } from '../base/errors.ts';
import { askAtTerminal } from './ask.ts';
import { type CommandIo, INTERRUPTED, Interruption } from './io.ts';
import { terminalOf } from './terminal.ts';

export type Command = (args: readonly string[], io: CommandIo) => Promise<number>;

/** What is ended by Ctrl-C may put things in order for so long. */
const GRACE_MS = 10_000;

/** What the user can mend becomes one line on standard error, a fault of hawser's own a stack. */
export async function runCommand(command: Command, args: readonly string[]): Promise<number> {
  const interruption = createInterruption();
  const stderr = createWriter(2, () => process.stderr);
  const io: CommandIo = {
    stdout: createWriter(1, () => process.stdout),
    stderr,
    cwd: process.cwd(),
    env: process.env,
    // To ask costs time, which only those spend who want to know.
    get terminal() {
      return terminalOf(process.env);
    },
    get ask() {
      return isatty(0) ? askAtTerminal(stderr, interruption.signal) : undefined;
    },
    get interrupted() {
      return interruption.signal();
    },
    readStdin: async () => (await import('node:stream/consumers')).text(process.stdin),
  };
  try {
    return await command(args, io);
  } catch (error) {
    if (error instanceof Interruption) return INTERRUPTED;
    const text = isHawserError(error) ? `Error: ${formatError(error)}` : error instanceof Error ? error.stack : error;
    io.stderr(`${text}\n`);
    return exitCodeOf(error);
  } finally {
    interruption.end();
  }
}

/** From the first look at it on, Ctrl-C aborts instead of ending the process; a second one ends it after all. */
function createInterruption() {
  let controller: AbortController | undefined;
  const onSignal = () => {
    if (controller?.signal.aborted) process.exit(INTERRUPTED);
    controller?.abort(new Interruption('interrupted'));
    // What does not look at it, reading standard input say, is not waited for.
    setTimeout(() => process.exit(INTERRUPTED), GRACE_MS).unref();
  };
  return {
    signal: (): AbortSignal => {
      if (!controller) {
        controller = new AbortController();
        process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
      }
      return controller.signal;
    },
    end: () => {
      if (controller) process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    },
  };
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
