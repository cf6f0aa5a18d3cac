// The Git client: refs and commits of any number of repositories, over smart HTTP, with what was fetched kept.

import { sha1 } from '@noble/hashes/legacy.js';
import { isEqualJson } from '../base/equal.ts';
import { HawserError } from '../base/errors.ts';
import { toHex } from '../base/hex.ts';
import { createLocks } from '../base/locks.ts';
import type { Cache, ConnectedFetch } from '../platform.ts';
import { isAncestor } from './ancestry.ts';
import type { CommitObject } from './commit-object.ts';
import { type CommitTree, createCommitTree } from './commit-tree.ts';
import type { PackSettings } from './fetch-objects.ts';
import { createJointOpenings } from './joint-opening.ts';
import { createKeptObjects } from './kept-objects.ts';
import type { WantedPath } from './needed-objects.ts';
import { type ChangedFiles, type CommitDetails, makeCommit, type NewCommit } from './new-commit.ts';
import { isObjectId, type ObjectId } from './object.ts';
import { createObjectStore } from './object-store.ts';
import { createOpenedCommit, type OpenedCommit, type OpeningWish } from './opened-commit.ts';
import { type PushRequest, pushRef } from './push.ts';
import type { ReadSet } from './read-set.ts';
import { parseAdvertisedRefs, type Refs, requestRefs } from './refs.ts';
import { type Remote, readRemoteAddress } from './remote.ts';
import { type Repository, withEndpoint } from './repository.ts';
import { normaliseRepositoryUrl, requireStraight } from './repository-url.ts';

export interface OpenOptions {
  /**
   * Directories and files that will be read; they are here when the tree is. '' is the whole repository. A path alone
   * is wanted whole.
   */
  readonly paths: readonly (string | WantedPath)[];
  /** Of the last commit that was rendered from these paths: what differs from it is then all that is fetched. */
  readonly readSet?: ReadSet | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface GitClient {
  /** What the refs name now, never from a cache. With `prefixes`, at least those that begin with one of them. */
  listRefs(remote: Remote, options?: { prefixes?: readonly string[]; signal?: AbortSignal | undefined }): Promise<Refs>;
  /**
   * The tree of a commit, with all that is under `paths`. Throws `RevisionNotFound` where the server does not have
   * the commit. Commits that are opened at the same time are fetched together.
   */
  openCommit(remote: Remote, sha: ObjectId, options: OpenOptions): Promise<CommitTree>;
  /** Fetches `paths` of a commit for those who open it soon: many folders in one request. */
  prefetch(remote: Remote, sha: ObjectId, paths: OpenOptions['paths'], signal?: AbortSignal): Promise<void>;
  /**
   * For each read set of an earlier commit the paths in it that differ at `sha`. What is fetched for it depends on what
   * changed, not on how many are compared.
   */
  compareReadSets(
    remote: Remote,
    sha: ObjectId,
    readSets: readonly ReadSet[],
    signal?: AbortSignal,
  ): Promise<readonly (readonly string[])[]>;
  /**
   * The files at or below `prefixes` ('': everywhere) that are new, gone or different at `sha`, sorted. `before` names
   * the earlier commit. Throws `RevisionNotFound` where that is gone and its trees are needed.
   */
  changedFiles(
    remote: Remote,
    sha: ObjectId,
    before: ReadSet,
    prefixes: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly string[]>;
  /** Whether `commit` goes back to `ancestor`; undefined where that cannot be told within bounds. */
  isAncestor(remote: Remote, ancestor: ObjectId, commit: ObjectId, signal?: AbortSignal): Promise<boolean | undefined>;
  /** Author, dates and message of a commit. */
  readCommit(remote: Remote, sha: ObjectId, signal?: AbortSignal): Promise<CommitObject>;
  /** The objects of a commit on top of another one (`makeCommit`), for which what is there is read. Nothing is written. */
  prepareCommit(
    remote: Remote,
    base: ObjectId,
    files: ChangedFiles,
    details: CommitDetails,
    signal?: AbortSignal,
  ): Promise<NewCommit>;
  /** Writes to the Git server (`pushRef`), with the credentials for that. */
  push(remote: Remote, request: PushRequest, signal?: AbortSignal): Promise<void>;
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
  const kept = cache && createKeptObjects(cache, maxPackBytes);
  const repositories = new Map<string, Repository>();
  const locks = createLocks();
  const openings = createJointOpenings();

  const repositoryOf = (remote: Remote): Repository => {
    requireStraight(remote.url);
    const { url, authorization = '' } = readRemoteAddress(remote);
    const name = `${normaliseRepositoryUrl(url) ?? url} ${authorization}`;
    const known = repositories.get(name) ?? createRepository(remote, url, String(repositories.size));
    // Other certificates or another proxy than last time: what was learned may not hold.
    if (known.remote !== remote && !isEqualJson(known.remote.connection, remote.connection)) known.endpoint = undefined;
    known.remote = remote;
    repositories.set(name, known);
    return known;
  };
  const workOn = (repository: Repository, sha: ObjectId) => {
    if (!isObjectId(sha)) throw new HawserError('RevisionNotFound', `'${sha}' is not the id of a commit`);
    return {
      create: () => createOpenedCommit({ settings, store, repository, kept }, sha),
      alone: <T>(work: () => Promise<T>) => locks.run(repository.key, work),
    };
  };
  const withCommit = async <T>(
    remote: Remote,
    sha: ObjectId,
    signal: AbortSignal | undefined,
    work: (commit: OpenedCommit) => Promise<T>,
  ): Promise<T> => {
    const { create, alone } = workOn(repositoryOf(remote), sha);
    return alone(async () => {
      signal?.throwIfAborted();
      return work(create());
    });
  };
  const open = (remote: Remote, sha: ObjectId, wish: OpeningWish, signal: AbortSignal | undefined) => {
    const repository = repositoryOf(remote);
    return openings.open(`${repository.key} ${sha}`, wish, workOn(repository, sha), signal);
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
      const wanted = paths.map(wantPath);
      const commit = await open(remote, sha, { wanted, readSet }, signal);
      const { alone } = workOn(repositoryOf(remote), sha);
      return createCommitTree({
        sha,
        commit: commit.read(),
        find: commit.find,
        load: async (more, loadSignal = signal) => {
          const added = more.map((path): WantedPath => ({ path, extent: 'siblings' }));
          wanted.push(...added);
          await alone(() => commit.complete([{ wanted: added }], loadSignal));
        },
        changedSince: async (earlier, compareSignal = signal) => {
          const [changed = []] = await alone(() => commit.compare([earlier], compareSignal));
          return changed;
        },
        save: () => commit.save(wanted),
      });
    },

    prefetch: async (remote, sha, paths, signal) => {
      await open(remote, sha, { wanted: paths.map(wantPath) }, signal);
    },

    compareReadSets: async (remote, sha, readSets, signal) =>
      withCommit(remote, sha, signal, (commit) => commit.compare(readSets, signal)),

    changedFiles: async (remote, sha, before, prefixes, signal) =>
      withCommit(remote, sha, signal, (commit) => commit.changedFiles(before, prefixes, signal)),

    isAncestor: async (remote, ancestor, commit, signal) => {
      const repository = repositoryOf(remote);
      return isAncestor(settings, repository, (id) => store.get(repository.key, id), ancestor, commit, signal);
    },

    readCommit: async (remote, sha, signal) => {
      const commit = await open(remote, sha, { wanted: [] }, signal);
      return commit.read();
    },

    prepareCommit: async (remote, base, files, details, signal) => {
      const wanted = [...files.keys()].map((path): WantedPath => ({ path, extent: 'files' }));
      const commit = await open(remote, base, { wanted }, signal);
      return makeCommit(commit.find, { id: base, commit: commit.read() }, files, details);
    },

    push: async (remote, request, signal) => {
      requireStraight(remote.url);
      await pushRef(settings, remote, request, signal);
    },
  };
}

function wantPath(wanted: string | WantedPath): WantedPath {
  return typeof wanted === 'string' ? { path: wanted, extent: 'whole' } : wanted;
}

/** In the cache it goes by its address without user and password: the objects are the same for all. */
function createRepository(remote: Remote, url: string, key: string): Repository {
  const folder = `git/${toHex(sha1(new TextEncoder().encode(normaliseRepositoryUrl(url) ?? url)))}`;
  return { key, folder, remote, endpoint: undefined, refusals: new Set(), recentRoots: [] };
}
