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

/** One question to a server, and how many wait for the answer. */
interface Listing {
  readonly refs: Promise<Refs>;
  readonly giveUp: AbortController;
  waiting: number;
}

const NO_REFS: Refs = { byName: new Map() };

/** What it gives throws what `SourceReader.resolve` throws. */
export function createRevisions(git: Pick<GitClient, 'listRefs'>, secrets: RepositorySecrets): ResolveCommit {
  const remotes = new Map<string, Remote>();
  const listings = new Map<string, Listing>();
  const answers = new Map<string, string>();

  const remoteOf = (repoURL: string, project: string): Remote => {
    const key = `${project} ${repoURL}`;
    const remote = remotes.get(key) ?? chooseRemote(repoURL, project, secrets);
    remotes.set(key, remote);
    return remote;
  };
  const listingOf = (key: string, repoURL: string, project: string, prefixes: readonly string[]): Listing => {
    const known = listings.get(key);
    if (known) return known;
    const giveUp = new AbortController();
    const refs = git.listRefs(remoteOf(repoURL, project), { prefixes, signal: giveUp.signal });
    const listing = { refs, giveUp, waiting: 0 };
    listings.set(key, listing);
    return listing;
  };
  // Others may wait for the same: it goes on until nobody does any more.
  const listRefs = async (repoURL: string, project: string, prefixes: readonly string[], signal?: AbortSignal) => {
    const key = JSON.stringify([repoURL, project, prefixes]);
    const listing = listingOf(key, repoURL, project, prefixes);
    listing.waiting++;
    try {
      return await orAborted(listing.refs, signal);
    } finally {
      if (--listing.waiting === 0 && signal?.aborted) {
        if (listings.get(key) === listing) listings.delete(key);
        listing.giveUp.abort(signal.reason);
      }
    }
  };

  return async ({ repoURL, targetRevision = '', tagPrefix = '' }, project, signal) => {
    const key = JSON.stringify([repoURL, project, targetRevision, tagPrefix]);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const prefixes = refPrefixesOf(targetRevision, tagPrefix);
    const refs = prefixes.length === 0 ? NO_REFS : await listRefs(repoURL, project, prefixes, signal);
    const sha = answers.get(key) ?? resolveRevision(refs, targetRevision, tagPrefix).sha;
    answers.set(key, sha);
    return sha;
  };
}
