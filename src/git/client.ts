// The Git client: refs and commits of any number of repositories, over smart HTTP, with what was fetched kept.

import { sha1 } from '@noble/hashes/legacy.js';
import { HawserError } from '../base/errors.ts';
import { createLocks } from '../base/locks.ts';
import type { Cache, ConnectedFetch } from '../platform.ts';
import type { CommitObject } from './commit-object.ts';
import { type CommitTree, createCommitTree } from './commit-tree.ts';
import type { PackSettings } from './fetch-objects.ts';
import type { WantedPath } from './needed-objects.ts';
import { isObjectId, type ObjectId, toHex } from './object.ts';
import { createObjectStore } from './object-store.ts';
import { createOpenedCommit } from './opened-commit.ts';
import type { ReadSet } from './read-set.ts';
import { parseAdvertisedRefs, type Refs, requestRefs } from './refs.ts';
import { type Remote, readRemoteAddress } from './remote.ts';
import { endpointOf, type Repository, withEndpoint } from './repository.ts';
import { normaliseRepositoryUrl } from './repository-url.ts';

export interface OpenOptions {
  /** Directories and files that will be read; they are here when the tree is. '' is the whole repository. */
  readonly paths: readonly string[];
  /** Of the last commit that was rendered from these paths: what differs from it is then all that is fetched. */
  readonly readSet?: ReadSet | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface GitClient {
  /** What the refs name now, never from a cache. With `prefixes`, at least those that begin with one of them. */
  listRefs(remote: Remote, options?: { prefixes?: readonly string[]; signal?: AbortSignal | undefined }): Promise<Refs>;
  /**
   * The tree of a commit, with all that is under `paths`. Throws `RevisionNotFound` where the server does not have
   * the commit.
   */
  openCommit(remote: Remote, sha: ObjectId, options: OpenOptions): Promise<CommitTree>;
  /** Author, dates and message of a commit. */
  readCommit(remote: Remote, sha: ObjectId, signal?: AbortSignal): Promise<CommitObject>;
}

export interface GitClientOptions {
  readonly fetch: ConnectedFetch;
  readonly cache?: Cache;
  /** A request with its answer; 60 seconds. */
  readonly timeoutMs?: number;
  /** Objects kept in memory; 64 MiB. */
  readonly memoryBytes?: number;
  /** An answer, and the objects in it inflated; 512 MiB. */
  readonly maxPackBytes?: number;
}

const MiB = 2 ** 20;

/**
 * All methods throw `GitUnauthorized`, `GitFailed`, `Unavailable`, `Timeout`, `Unsupported` as the server or the
 * network has it, and the signal's reason. Repositories are told apart by address and credentials, so that nobody
 * reads with another's rights.
 */
export function createGitClient(options: GitClientOptions): GitClient {
  const { cache, timeoutMs = 60_000, memoryBytes = 64 * MiB, maxPackBytes = 512 * MiB } = options;
  const settings: PackSettings = { fetch: options.fetch, timeoutMs, maxResponseBytes: maxPackBytes, maxPackBytes };
  const store = createObjectStore(memoryBytes);
  const repositories = new Map<string, Repository>();
  const locks = createLocks();

  const repositoryOf = (remote: Remote): Repository => {
    const { url, authorization = '' } = readRemoteAddress(remote);
    const key = `${normaliseRepositoryUrl(url) ?? url} ${hash(authorization)}`;
    const known = repositories.get(key) ?? { key, remote, endpoint: undefined, refusals: new Set(), recentRoots: [] };
    // Other certificates or another proxy than last time: what was learned may not hold.
    if (JSON.stringify(known.remote) !== JSON.stringify(remote)) known.endpoint = undefined;
    known.remote = remote;
    repositories.set(key, known);
    return known;
  };

  return {
    listRefs: async (remote, { prefixes = [], signal } = {}) => {
      const repository = repositoryOf(remote);
      // A server of version 0 tells its refs when it is found, and only then.
      if (repository.endpoint?.version === 0) repository.endpoint = undefined;
      return withEndpoint(settings, repository, signal, async (endpoint) =>
        endpoint.version === 0 ? parseAdvertisedRefs(endpoint) : requestRefs(settings, endpoint, prefixes, signal),
      );
    },

    openCommit: async (remote, sha, { paths, readSet, signal }) => {
      if (!isObjectId(sha)) throw new HawserError('RevisionNotFound', `'${sha}' is not the id of a commit`);
      const repository = repositoryOf(remote);
      const commit = createOpenedCommit(settings, store, repository, sha);
      const keyOf = (of: ObjectId) => cacheKeyOf(remote, of, paths);
      await locks.run(repository.key, async () => {
        signal?.throwIfAborted();
        if (cache) {
          // Nobody reads from the cache whom the server does not let in.
          await endpointOf(settings, repository, signal);
          await commit.recall(cache, [keyOf(sha), ...(readSet ? [keyOf(readSet.commit)] : [])]);
        }
        await commit.complete(wantPaths(paths, 'whole'), readSet, signal);
      });
      return createCommitTree({
        sha,
        commit: commit.read(),
        find: commit.find,
        load: (more, loadSignal = signal) =>
          locks.run(repository.key, () => commit.complete(wantPaths(more, 'siblings'), undefined, loadSignal)),
        changedSince: (earlier, compareSignal = signal) =>
          locks.run(repository.key, () => commit.compare(earlier, compareSignal)),
        save: async () => {
          if (cache) await commit.save(cache, keyOf(sha));
        },
      });
    },

    readCommit: async (remote, sha, signal) => {
      const repository = repositoryOf(remote);
      const commit = createOpenedCommit(settings, store, repository, sha);
      await locks.run(repository.key, () => commit.complete([], undefined, signal));
      return commit.read();
    },
  };
}

function wantPaths(paths: readonly string[], extent: WantedPath['extent']): WantedPath[] {
  return paths.map((path) => ({ path, extent }));
}

/** By address (without user and password), commit and paths: what a process that starts later looks for. */
function cacheKeyOf(remote: Remote, sha: ObjectId, paths: readonly string[]): string {
  const { url } = readRemoteAddress(remote);
  return `git/${hash(normaliseRepositoryUrl(url) ?? url)}/${sha}-${hash([...paths].sort().join('\0')).slice(0, 16)}`;
}

function hash(text: string): string {
  return toHex(sha1(new TextEncoder().encode(text)));
}
