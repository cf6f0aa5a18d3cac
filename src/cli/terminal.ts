// Standard output as a terminal: how large it is, and what it can do.

import { isatty } from 'node:tty';
import type { CommandIo, Terminal } from './io.ts';

/** undefined where standard output is a pipe or a file. */
export function terminalOf(env: CommandIo['env']): Terminal | undefined {
  if (!isatty(1)) return undefined;
  const isDumb = env.TERM === 'dumb' || env.TERM === undefined;
  return {
    columns: () => process.stdout.columns || 80,
    rows: () => process.stdout.rows || 24,
    isDumb,
    // https://no-color.org: any value but an empty one.
    isColorless: isDumb || Boolean(env.NO_COLOR),
  };
}
