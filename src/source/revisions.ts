// Which commit a targetRevision means, for one delivery: a repository is asked once, and the answer is worked out once, however many
// Applications follow it.

import type { Source } from '../application/types.ts';
import { orAborted } from '../base/or-aborted.ts';
import type { GitClient } from '../git/client.ts';
import { chooseRemote, type RepositorySecrets } from '../git/credentials.ts';
import type { Refs } from '../git/refs.ts';
import type { Remote } from '../git/remote.ts';
import { refPrefixesOf, resolveRevision } from '../git/revision.ts';

export type ResolveCommit = (source: Source, project: string, signal?: AbortSignal) => Promise<string>;

const NO_REFS: Refs = { byName: new Map() };

/** What it gives throws what `SourceReader.resolve` throws. */
export function createRevisions(git: Pick<GitClient, 'listRefs'>, secrets: RepositorySecrets): ResolveCommit {
  const remotes = new Map<string, Remote>();
  const listings = new Map<string, Promise<Refs>>();
  const answers = new Map<string, string>();

  const remoteOf = (repoURL: string, project: string): Remote => {
    const key = `${project} ${repoURL}`;
    const remote = remotes.get(key) ?? chooseRemote(repoURL, project, secrets);
    remotes.set(key, remote);
    return remote;
  };
  // Nobody's abort ends it: others wait for the same.
  const listRefs = (repoURL: string, project: string, prefixes: readonly string[]): Promise<Refs> => {
    const key = JSON.stringify([repoURL, project, prefixes]);
    const listing = listings.get(key) ?? git.listRefs(remoteOf(repoURL, project), { prefixes });
    listings.set(key, listing);
    return listing;
  };

  return async ({ repoURL, targetRevision = '', tagPrefix = '' }, project, signal) => {
    const key = JSON.stringify([repoURL, project, targetRevision, tagPrefix]);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const prefixes = refPrefixesOf(targetRevision, tagPrefix);
    const refs = prefixes.length === 0 ? NO_REFS : await orAborted(listRefs(repoURL, project, prefixes), signal);
    const sha = answers.get(key) ?? resolveRevision(refs, targetRevision, tagPrefix).sha;
    answers.set(key, sha);
    return sha;
  };
}
