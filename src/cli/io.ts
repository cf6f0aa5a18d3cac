// What a command may touch: its streams, its environment, the person at the terminal, and what the composition root gives it.

import type { Command } from 'commander';

export interface CommandIo {
  stdout(text: string): void;
  stderr(text: string): void;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Standard output, where it is a terminal. */
  readonly terminal?: Terminal | undefined;
  /** Where somebody sits at standard input: puts a question and gives the line of the answer, which is not shown where it is hidden. */
  readonly ask?: ((question: string, options?: { readonly isHidden?: boolean }) => Promise<string>) | undefined;
  /** Aborts at Ctrl-C. Whoever never looks at it is ended by the signal itself. */
  readonly interrupted: AbortSignal;
  /** Told of the command's verbs and flags before they are added: for the completion of shells. */
  readonly onProgram?: ((program: Command) => void) | undefined;
  /** All that is piped in. */
  readStdin(): Promise<string>;
}

export interface Terminal {
  /** As wide as it is at this moment. */
  columns(): number;
  rows(): number;
  /** It cannot move its cursor (TERM=dumb). */
  readonly isDumb: boolean;
  /** No colours are wanted (NO_COLOR), or it has none. */
  readonly isColorless: boolean;
}

/** The reason of `interrupted`: a command that was interrupted ends with 130, and says nothing more than it has said. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
}

/** What shells give for a command that SIGINT ended: 128 + 2. */
export const INTERRUPTED = 130;
