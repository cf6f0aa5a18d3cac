// A delivery that the Git server has overtaken: its branch names another commit by now. What counts is the branch (design: the ref
// decides), and the verdict says so.

import { isEqualJson } from '../base/equal.ts';
import { isHawserError } from '../base/errors.ts';
import type { ResolvedSource } from '../source/source.ts';
import type { PushedBranch } from './delivery.ts';
import { type Judgement, short } from './judge.ts';
import { isZeroCommit } from './push.ts';

/** The judgement as the delivery is told it. */
export function tellStale(judgement: Judgement, branch: PushedBranch | undefined): Judgement {
  const named = branch && otherCommit(branch, judgement.found);
  if (!branch || named === undefined || judgement.verdict === 'error') return judgement;
  const { ref, after } = branch;
  const said = isZeroCommit(after) ? 'which this push deleted' : `not ${short(after)} as this push says`;
  const reason = `${ref} names ${short(named)} by now, ${said}; what counts is ${short(named)}: ${judgement.verdict}, ${judgement.reason}`;
  return { ...judgement, verdict: 'stale', reason };
}

/** The Git server still names what the branch was before the push, or before one of a moment earlier: a push may be told of too early. */
export function isBehind(branch: PushedBranch | undefined, found: readonly ResolvedSource[] | undefined): boolean {
  if (!branch) return false;
  const named = otherCommit(branch, found);
  return named !== undefined && branch.earlier.includes(named);
}

/** The same of a branch that is new: the Git server does not show it at all. */
export function isTooEarly(branch: PushedBranch | undefined, error: unknown): boolean {
  if (!branch || !isHawserError(error, 'RevisionNotFound')) return false;
  return branch.earlier.some(isZeroCommit) && !isZeroCommit(branch.after);
}

function otherCommit({ after, sources }: PushedBranch, found: readonly ResolvedSource[] = []): string | undefined {
  return found.find(({ source, revision }) => {
    return revision !== after && sources.some((followed) => isEqualJson(followed, source));
  })?.revision;
}
