// A push that deleted a branch or tag: whoever follows it keeps what it has, and says why.

import { HawserError, isHawserError } from '../base/errors.ts';
import { type AnyPush, isZeroCommit, shortRef } from './push.ts';

/**
 * The error of judging an Application by such a push: where the ref is not there (any more), that it was deleted. Any other error as it is.
 */
export function explainDeletedBranch(push: AnyPush | undefined, error: unknown): unknown {
  if (push?.kind !== 'git' || !isZeroCommit(push.after) || !isHawserError(error, 'RevisionNotFound')) return error;
  const what = push.ref.startsWith('refs/tags/') ? 'tag' : 'branch';
  return new HawserError('RevisionNotFound', `the ${what} ${shortRef(push.ref)} was deleted; nothing is pruned`, {
    hint: `push it again, or set another targetRevision; ${error.message}`,
    cause: error,
  });
}
