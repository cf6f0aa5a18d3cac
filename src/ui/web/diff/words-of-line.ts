// Which words of a changed line are other ones.

import { matchSequences } from './sequence.ts';

export interface Span {
  readonly text: string;
  readonly isChanged: boolean;
}

/** Longer lines are shown as changed on the whole. */
const LONGEST = 2_000;
/** Where less than this share of the shorter line stayed, nothing is marked: everything would be. */
const LEAST_SHARE = 0.25;

/** Of both lines; undefined where marking would say nothing. */
export function changedWords(before: string, after: string): readonly [Span[], Span[]] | undefined {
  if (before.length > LONGEST || after.length > LONGEST) return undefined;
  const [old, next] = [tokensOf(before), tokensOf(after)];
  const matches = matchSequences(old, next);
  const kept = matches.reduce((sum, [index]) => sum + (old[index] ?? '').trim().length, 0);
  const shorter = Math.min(before.trim().length, after.trim().length);
  if (shorter === 0 || kept / shorter < LEAST_SHARE) return undefined;
  return [spansOf(old, new Set(matches.map(([x]) => x))), spansOf(next, new Set(matches.map(([, y]) => y)))];
}

function tokensOf(line: string): readonly string[] {
  return line.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [];
}

/** A blank or a sign alone between two changed words is changed with them: fewer and longer marks are read more easily. */
function spansOf(tokens: readonly string[], kept: ReadonlySet<number>): Span[] {
  const spans: Span[] = [];
  for (const [index, token] of tokens.entries()) {
    const isBetween =
      kept.has(index) &&
      token.length === 1 &&
      index > 0 &&
      !kept.has(index - 1) &&
      index + 1 < tokens.length &&
      !kept.has(index + 1);
    const isChanged = !kept.has(index) || isBetween;
    const last = spans.at(-1);
    if (last?.isChanged === isChanged) spans[spans.length - 1] = { text: last.text + token, isChanged };
    else spans.push({ text: token, isChanged });
  }
  return spans;
}
