// What differs from an earlier render where the Application itself names the paths that count (manifest-generate-paths).

import { concerningFiles, foldersOfPaths } from '../application/generate-paths.ts';
import { isHawserError } from '../base/errors.ts';
import type { GitClient } from '../git/client.ts';
import type { ReadSet } from '../git/read-set.ts';
import type { Remote } from '../git/remote.ts';

/**
 * The files that `paths` name and that are new, gone or different at `revision`. The list is Git's, never a payload's. Where the earlier
 * commit is gone from the server (a forced push), nobody can tell: then `paths` themselves.
 */
export async function changedUnderPaths(
  git: Pick<GitClient, 'changedFiles'>,
  remote: Remote,
  revision: string,
  readSet: ReadSet,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  try {
    return concerningFiles(paths, await git.changedFiles(remote, revision, readSet, foldersOfPaths(paths), signal));
  } catch (error) {
    if (isHawserError(error, 'RevisionNotFound')) return paths;
    throw error;
  }
}
