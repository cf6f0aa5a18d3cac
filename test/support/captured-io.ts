// What a command writes, kept in place of a terminal.

import type { CommandIo } from '../../src/cli/io.ts';

export interface CapturedIo {
  readonly io: CommandIo;
  /** As far as it was written by now. */
  output(): { readonly stdout: string; readonly stderr: string };
}

export function captureIo(cwd: string, env: CommandIo['env'] = {}): CapturedIo {
  let stdout = '';
  let stderr = '';
  return {
    io: {
      stdout: (text) => {
        stdout += text;
      },
      stderr: (text) => {
        stderr += text;
      },
      cwd,
      env,
      interrupted: new AbortController().signal,
      readStdin: async () => '',
    },
    output: () => ({ stdout, stderr }),
  };
}
