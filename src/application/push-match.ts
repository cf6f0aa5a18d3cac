// Whether a push concerns a source's targetRevision, as Argo CD matches (util/webhook: sourceRevisionHasChanged).

import { parseConstraint, parseVersion, satisfies } from '../base/semver.ts';

export interface PushedRef {
  /** `refs/heads/main` */
  readonly ref: string;
  readonly defaultBranch?: string;
}

const COMMIT = /^[0-9a-f]{40}$/;

/**
 * Whether a targetRevision follows the pushed ref: equal after `refs/heads/` or `refs/tags/`, the default branch for HEAD
 * and an empty one, or a semver constraint that the ref's name satisfies (of a tag that begins with `tagPrefix`, the rest of it). A
 * commit id never does.
 */
export function followsRef(
  targetRevision: string | undefined,
  { ref, defaultBranch }: PushedRef,
  tagPrefix = '',
): boolean {
  const pushed = ref.split('/').slice(2).join('/') || ref;
  const wanted = (targetRevision ?? '').replace(/^refs\/(heads|tags)\//, '');
  if (wanted === '' || wanted.split('/').at(-1) === 'HEAD') {
    // Without the payload's word for it, the Git server decides when the ref is resolved.
    return ref.startsWith('refs/heads/') && pushed === (defaultBranch ?? pushed);
  }
  if (wanted === pushed) return true;
  if (tagPrefix === '') return !COMMIT.test(wanted) && satisfiesConstraint(wanted, pushed);
  if (!ref.startsWith(`refs/tags/${tagPrefix}`)) return false;
  const version = pushed.slice(tagPrefix.length);
  return wanted === version || (!COMMIT.test(wanted) && satisfiesConstraint(wanted, version));
}

function satisfiesConstraint(constraint: string, name: string): boolean {
  try {
    return satisfies(parseVersion(name), parseConstraint(constraint));
  } catch {
    return false; // Neither a version nor a constraint: an ordinary branch name.
  }
}
