// What differs from an earlier render where Applications themselves name the paths that count (manifest-generate-paths).

import { concerningFiles, foldersOfPaths } from '../application/generate-paths.ts';
import { isHawserError } from '../base/errors.ts';
import type { GitClient } from '../git/client.ts';
import type { ReadSet } from '../git/read-set.ts';
import type { Remote } from '../git/remote.ts';

/** A source whose Application names paths. */
export interface NamedPaths {
  readonly index: number;
  readonly remote: Remote;
  /** Tells repositories with their credentials apart. */
  readonly owner: string;
  readonly revision: string;
  readonly readSet: ReadSet;
  readonly paths: readonly string[];
}

/**
 * By `index`, the files that its paths name and that are new, gone or different at its revision. The list is Git's, never a payload's,
 * and is made once for all that were compared last at one tree.
 */
export async function changedUnderPaths(
  git: Pick<GitClient, 'changedFiles'>,
  items: readonly NamedPaths[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<number, readonly string[]>> {
  const groups = Map.groupBy(items, ({ owner, revision, readSet }) => `${owner} ${revision} ${readSet.tree}`);
  const results = new Map<number, readonly string[]>();
  await Promise.all(
    [...groups.values()].map(async (members) => {
      const changed = await changedFilesFor(git, members, signal);
      for (const { index, paths } of members) results.set(index, changed ? concerningFiles(paths, changed) : paths);
    }),
  );
  return results;
}

/** undefined where nobody can tell: the earlier commit is gone from the server, as after a forced push. */
async function changedFilesFor(
  git: Pick<GitClient, 'changedFiles'>,
  members: readonly NamedPaths[],
  signal?: AbortSignal,
): Promise<readonly string[] | undefined> {
  const [first] = members;
  if (!first) return [];
  const { remote, revision, readSet } = first;
  const folders = foldersOfPaths(members.flatMap(({ paths }) => paths));
  try {
    return await git.changedFiles(remote, revision, readSet, folders, signal);
  } catch (error) {
    if (isHawserError(error, 'RevisionNotFound')) return undefined;
    throw error;
  }
}
