// Finding text in lines. Pure.

import type { LogLine } from './log-buffer.ts';

export interface Piece {
  readonly text: string;
  readonly isMatch: boolean;
}

/** `!text` finds the lines without it, as the server's own filter does. Case counts where the text has an upper one. */
export function findsIn(wanted: string): (line: Pick<LogLine, 'plain'>) => boolean {
  const isInverse = wanted.startsWith('!') && wanted.length > 1;
  const text = isInverse ? wanted.slice(1) : wanted;
  if (text === '') return () => true;
  const fold = folding(text);
  const folded = fold(text);
  return (line) => fold(line.plain).includes(folded) !== isInverse;
}

/** A text in pieces, those that are looked for marked. */
export function markMatches(text: string, wanted: string): readonly Piece[] {
  if (wanted === '' || wanted.startsWith('!')) return [{ text, isMatch: false }];
  const fold = folding(wanted);
  const [where, what] = [fold(text), fold(wanted)];
  // What changes its length with its case cannot be found by place.
  if (where.length !== text.length) return [{ text, isMatch: false }];
  const pieces: Piece[] = [];
  let from = 0;
  for (let at = where.indexOf(what); at >= 0; at = where.indexOf(what, from)) {
    if (at > from) pieces.push({ text: text.slice(from, at), isMatch: false });
    from = at + what.length;
    pieces.push({ text: text.slice(at, from), isMatch: true });
  }
  if (from < text.length || pieces.length === 0) pieces.push({ text: text.slice(from), isMatch: false });
  return pieces;
}

function folding(wanted: string): (text: string) => string {
  return wanted === wanted.toLowerCase() ? (text) => text.toLowerCase() : (text) => text;
}
