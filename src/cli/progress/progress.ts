// How a command shows what an operation does: a tree that lives, in a terminal; lines, in a pipe; nothing, where data is printed.

import type { Application } from '../../application/types.ts';
import type { CommandIo } from '../io.ts';
import { createLines } from './lines.ts';
import { createTree } from './tree.ts';

export interface Progress {
  show(app: Application): void;
  /** Leaves what is shown as it is. To be called once, whatever happened. */
  end(): void;
}

/** `isSilent` where what is printed is for programs. */
export function createProgress({ terminal, stdout }: CommandIo, isSilent: boolean): Progress {
  if (isSilent) return { show: () => undefined, end: () => undefined };
  return terminal && !terminal.isDumb ? createTree(terminal, stdout) : createLines(stdout);
}
