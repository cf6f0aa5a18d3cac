// Whether something is really to be done: asked at a terminal, taken for yes elsewhere, as in Argo CD's CLI.

import type { CommandIo } from './io.ts';

/** `question` without its end; `isYes` is a flag that answers it. */
export async function isAgreed(io: CommandIo, question: string, isYes = false): Promise<boolean> {
  if (isYes || !io.ask) return true;
  return /^y(es)?$/i.test((await io.ask(`${question} [y/n] `)).trim());
}
