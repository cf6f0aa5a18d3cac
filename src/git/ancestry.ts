// Whether one commit leads to another: what tells a push that goes on from one that replaced what was there.

import { isHawserError } from '../base/errors.ts';
import { parseCommitObject } from './commit-object.ts';
import { fetchCommitsSince, type PackSettings } from './fetch-objects.ts';
import type { GitObject, ObjectId } from './object.ts';
import type { Repository } from './repository.ts';

/**
 * Whether `ancestor` is a commit that `commit` goes back to. Nothing is asked where `commit` is known and `ancestor` is its parent, as after
 * most pushes. The server leaves out what `ancestor` leads to, so that the answer is as small as what was pushed since. undefined where it
 * cannot be told: the histories are too long, or the server does not have `commit` any more.
 */
export async function isAncestor(
  settings: PackSettings,
  repository: Repository,
  known: (id: ObjectId) => GitObject | undefined,
  ancestor: ObjectId,
  commit: ObjectId,
  signal: AbortSignal | undefined,
): Promise<boolean | undefined> {
  if (ancestor === commit || parentsOf(known(commit)).includes(ancestor)) return true;
  let commits: ReadonlyMap<ObjectId, GitObject>;
  try {
    commits = await fetchCommitsSince(settings, repository, ancestor, commit, signal);
  } catch (error) {
    if (isHawserError(error, 'LimitExceeded') || isHawserError(error, 'RevisionNotFound')) return undefined;
    throw error;
  }
  return leadsBack(commits, commit, ancestor);
}

function leadsBack(commits: ReadonlyMap<ObjectId, GitObject>, from: ObjectId, ancestor: ObjectId): boolean {
  const seen = new Set([from]);
  for (const id of seen) {
    for (const parent of parentsOf(commits.get(id))) {
      if (parent === ancestor) return true;
      seen.add(parent);
    }
  }
  return false;
}

function parentsOf(object: GitObject | undefined): readonly ObjectId[] {
  return object?.type === 'commit' ? parseCommitObject(object.content).parents : [];
}
