// Whether a push concerns a source, as Argo CD matches (util/webhook: sourceRevisionHasChanged, affectedRevisionInfo).

import { parseConstraint, parseVersion, satisfies } from '../base/semver.ts';
import type { Source } from './types.ts';
import { watchedSources } from './watched-sources.ts';

export interface PushedRef {
  /** `refs/heads/main` */
  readonly ref: string;
  readonly defaultBranch?: string;
  /** Whether the default branch was pushed; without it, whether the ref's name is the default branch's. */
  readonly touchesHead?: boolean;
}

/** The sources of an Application that a push may mean. */
export interface PushMatch {
  readonly ofRepository: readonly Source[];
  /** Those of the repository that follow the ref. */
  readonly following: readonly Source[];
}

/** What a push means for an Application, by its sources alone: no request is made. */
export function matchPush(
  spec: Parameters<typeof watchedSources>[0],
  isOfRepository: (repoUrl: string) => boolean,
  pushed: PushedRef,
): PushMatch {
  const ofRepository = watchedSources(spec).filter(({ repoURL }) => isOfRepository(repoURL));
  const following = ofRepository.filter(({ targetRevision, tagPrefix }) =>
    followsRef(targetRevision, pushed, tagPrefix),
  );
  return { ofRepository, following };
}

/**
 * Whether a targetRevision follows the pushed ref: equal after `refs/heads/` or `refs/tags/`, the default branch for HEAD
 * and an empty one, or a semver constraint that the ref's name satisfies (of a tag that begins with `tagPrefix`, the rest of it). A
 * branch and a tag of one name are not told apart, and a commit id follows nothing.
 */
export function followsRef(targetRevision: string | undefined, pushed: PushedRef, tagPrefix = ''): boolean {
  const { ref, defaultBranch, touchesHead } = pushed;
  const revision = revisionOf(ref);
  const wanted = targetRevision ?? '';
  const target = revisionOf(wanted);
  if (target === 'HEAD' || target === '') return touchesHead ?? revision === (defaultBranch ?? '');
  const name = /^refs\/(heads|tags)\//.test(wanted) ? target : wanted;
  if (tagPrefix === '') return matchesRevision(revision, name);
  if (revision === name) return true;
  return ref.startsWith(`refs/tags/${tagPrefix}`) && matchesRevision(revision.slice(tagPrefix.length), name);
}

/** Equal, or a version that satisfies a constraint (Argo CD: compareRevisions). */
export function matchesRevision(revision: string, target: string): boolean {
  if (revision === target) return true;
  try {
    return satisfies(parseVersion(revision), parseConstraint(target));
  } catch {
    return false; // Neither a version nor a constraint: an ordinary branch name.
  }
}

/** What is behind the second slash of a ref (Argo CD: ParseRevision, the last part of SplitN(ref, "/", 3)). */
export function revisionOf(ref: string): string {
  const parts = ref.split('/');
  return parts.slice(Math.min(2, parts.length - 1)).join('/');
}
