// What differs from an earlier render, of many sources at once: those of one commit are compared together.

import { isObject } from '../base/json.ts';
import type { GitClient } from '../git/client.ts';
import { chooseRemote, type RepositorySecrets } from '../git/credentials.ts';
import { parseReadSet, type ReadSet } from '../git/read-set.ts';
import type { Remote } from '../git/remote.ts';
import { changedUnderPaths, type NamedPaths } from './changed-under-paths.ts';
import { isChartSource } from './chart-locations.ts';
import { changedRemotes } from './fetched-remotes.ts';
import { pathOf } from './opened-source.ts';
import type { RemoteGit } from './remote-repositories.ts';
import type { ReadSource } from './source.ts';

export interface CompareParts {
  readonly git: Pick<GitClient, 'compareReadSets' | 'changedFiles'>;
  /** For the repositories that kustomizations name. */
  readonly remoteGit: RemoteGit;
  readonly secrets: RepositorySecrets;
}

/** Sources of one repository at one commit. */
interface Group {
  readonly remote: Remote;
  readonly revision: string;
  readonly members: { readonly index: number; readonly readSet: ReadSet }[];
}

/** The changed paths of each, in their order. Throws what comparing any of them throws. */
export async function changedPathsOfMany(
  { git, remoteGit, secrets }: CompareParts,
  items: readonly ReadSource[],
  signal?: AbortSignal,
): Promise<readonly (readonly string[])[]> {
  const results: (readonly string[])[] = items.map(() => []);
  const groups = new Map<string, Group>();
  const remotes = new Map<string, Remote>();
  const named: NamedPaths[] = [];
  for (const [index, { resolved, readSet: kept, project, paths = [] }] of items.entries()) {
    const { source, revision } = resolved;
    if (isChartSource(source)) {
      const isSame = isObject(kept) && kept.version === revision;
      if (!isSame) results[index] = [source.chart ?? source.repoURL];
      continue;
    }
    const readSet = parseReadSet(kept);
    if (!readSet) {
      // What was read is not known (any more): the path itself stands for all of it.
      results[index] = [pathOf(source)];
      continue;
    }
    const owner = `${project} ${source.repoURL}`;
    const remote = remotes.get(owner) ?? chooseRemote(source.repoURL, project, secrets);
    remotes.set(owner, remote);
    if (paths.length > 0) {
      named.push({ index, remote, owner, revision, readSet, paths });
      continue;
    }
    const key = `${owner} ${revision}`;
    const group = groups.get(key) ?? { remote, revision, members: [] };
    groups.set(key, group);
    group.members.push({ index, readSet });
  }
  await Promise.all([
    changedUnderPaths(git, named, signal).then((changed) => {
      for (const [index, paths] of changed) results[index] = paths;
    }),
    ...[...groups.values()].map(async ({ remote, revision, members }) => {
      const readSets = members.map(({ readSet }) => readSet);
      const changed = await git.compareReadSets(remote, revision, readSets, signal);
      for (const [at, { index }] of members.entries()) results[index] = changed[at] ?? [];
    }),
  ]);
  // Bases in other repositories matter only where nothing of its own has changed already.
  await Promise.all(
    items.map(async ({ readSet, project, paths = [] }, index) => {
      if (results[index]?.length || paths.length > 0) return;
      results[index] = await changedRemotes({ git: remoteGit, secrets, project }, readSet, signal);
    }),
  );
  return results;
}
