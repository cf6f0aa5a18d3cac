// The Git client: refs and commits of any number of repositories, over smart HTTP, with what was fetched kept.

import { sha1 } from '@noble/hashes/legacy.js';
import { HawserError } from '../base/errors.ts';
import { createLocks } from '../base/locks.ts';
import type { Cache, ConnectedFetch } from '../platform.ts';
import { type CommitObject, parseCommitObject } from './commit-object.ts';
import { type CommitTree, createCommitTree } from './commit-tree.ts';
import { findNeededObjects, type WantedPath } from './needed-objects.ts';
import { type GitObject, isObjectId, type ObjectId, toHex } from './object.ts';
import { createObjectStore } from './object-store.ts';
import { readPack, writePack } from './pack.ts';
import { compareReadSet, type ReadSet } from './read-set.ts';
import { parseAdvertisedRefs, type Refs, requestRefs } from './refs.ts';
import { type Remote, readRemoteAddress } from './remote.ts';
import {
  endpointOf,
  fetchCommit,
  fetchObjects,
  type PackSettings,
  type Repository,
  withEndpoint,
} from './repository.ts';
import { normaliseRepositoryUrl, withoutUserinfo } from './repository-url.ts';

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
  /** The tree of a commit, with all that is under `paths`. Throws `RevisionNotFound` where the server does not have the commit. */
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
/** Each round brings at least one more level of trees or one more symlink's target. */
const MAX_ROUNDS = 64;
const ROOTS_KEPT = 4;

/**
 * All methods throw `GitUnauthorized`, `GitFailed`, `Unavailable`, `Timeout`, `Unsupported` as the server or the network has it, and the signal's
 * reason. Repositories are told apart by address and credentials, so that nobody reads with another's rights.
 */
export function createGitClient(options: GitClientOptions): GitClient {
  const { cache, timeoutMs = 60_000, memoryBytes = 64 * MiB, maxPackBytes = 512 * MiB } = options;
  const settings: PackSettings = { fetch: options.fetch, timeoutMs, maxResponseBytes: maxPackBytes, maxPackBytes };
  const store = createObjectStore(memoryBytes);
  const repositories = new Map<string, Repository>();
  const locks = createLocks();

  const repositoryOf = (remote: Remote): Repository => {
    const { url, authorization = '' } = readRemoteAddress(remote);
    const key = `${normaliseRepositoryUrl(url) ?? url} ${toHex(sha1(new TextEncoder().encode(authorization)))}`;
    const known = repositories.get(key);
    if (known) {
      // Other certificates or another proxy than last time: what was learned may not hold.
      if (JSON.stringify(known.remote) !== JSON.stringify(remote)) known.endpoint = undefined;
      known.remote = remote;
      return known;
    }
    const made: Repository = { key, remote, endpoint: undefined, refusals: new Set(), recentRoots: [] };
    repositories.set(key, made);
    return made;
  };

  return {
    listRefs: async (remote, { prefixes = [], signal } = {}) => {
      const repository = repositoryOf(remote);
      if (repository.endpoint?.version !== 2) repository.endpoint = undefined;
      const { endpoint } = await endpointOf(settings, repository, signal);
      if (endpoint.version === 0) return parseAdvertisedRefs(endpoint);
      return withEndpoint(settings, repository, signal, (at) =>
        at.version === 2 ? requestRefs(settings, at, prefixes, signal) : Promise.resolve(parseAdvertisedRefs(at)),
      );
    },
    openCommit: async (remote, sha, { paths, readSet, signal }) => {
      if (!isObjectId(sha)) throw new HawserError('RevisionNotFound', `'${sha}' is not the id of a commit`);
      const repository = repositoryOf(remote);
      const commit = openedCommit(repository, sha);
      const cacheKey = (of: ObjectId) => cacheKeyOf(remote.url, of, paths);
      await locks.run(repository.key, async () => {
        signal?.throwIfAborted();
        if (cache) await commit.recall(cache, [sha, ...(readSet ? [readSet.commit] : [])].map(cacheKey));
        await commit.complete(wholePaths(paths), readSet, signal);
      });
      const saved = () => (cache ? commit.save(cache, cacheKey(sha)) : Promise.resolve());
      return createCommitTree({
        sha,
        commit: commit.read(),
        find: commit.find,
        save: saved,
        load: (more, loadSignal) =>
          locks.run(repository.key, () => commit.complete(siblingPaths(more), undefined, loadSignal ?? signal)),
        changedSince: (earlier, compareSignal) =>
          locks.run(repository.key, () => commit.compare(earlier, compareSignal ?? signal)),
      });
    },
    readCommit: async (remote, sha, signal) => {
      const repository = repositoryOf(remote);
      const commit = openedCommit(repository, sha);
      await locks.run(repository.key, () => commit.complete([], undefined, signal));
      return commit.read();
    },
  };

  /** A commit in work: the objects that it uses are held, so that no other commit can push them out of memory. */
  function openedCommit(repository: Repository, sha: ObjectId) {
    const held = new Map<ObjectId, GitObject>();
    const fresh = new Map<ObjectId, GitObject>();
    let isSaved = false;
    const find = (id: ObjectId): GitObject | undefined => {
      const known = held.get(id);
      if (known) return known;
      const found = fresh.get(id) ?? store.get(repository.key, id);
      if (found) held.set(id, found);
      return found;
    };
    const read = (): CommitObject => {
      const found = find(sha);
      if (found?.type === 'commit') return parseCommitObject(found.content);
      throw new HawserError('RevisionNotFound', `${sha} is not a commit`);
    };
    const receive = (objects: ReadonlyMap<ObjectId, GitObject>) => {
      for (const [id, object] of objects) fresh.set(id, object);
      isSaved = false;
    };
    /** What was received goes into the common store; what is used goes last, so that it stays longest. */
    const settle = () => {
      for (const [id, object] of fresh) store.put(repository.key, id, object);
      for (const id of held.keys()) store.get(repository.key, id);
      fresh.clear();
      const { tree } = read();
      repository.recentRoots = [tree, ...repository.recentRoots.filter((root) => root !== tree)].slice(0, ROOTS_KEPT);
    };
    /** Fetches until `next` needs nothing more. */
    const fetchUntilComplete = async (next: () => readonly WantedPath[], signal: AbortSignal | undefined) => {
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const needed = findNeededObjects(find, read().tree, next());
        if (needed.onTheWay.size === 0 && needed.whole.size === 0) return;
        receive(await fetchObjects(settings, repository, sha, needed, signal));
        const still = [...needed.onTheWay, ...needed.whole].find((id) => !find(id));
        if (still) throw new HawserError('GitFailed', `the Git server did not send the object ${still} of ${sha}`);
      }
      throw new HawserError('LimitExceeded', `the paths of ${sha} are deeper than ${MAX_ROUNDS} levels`);
    };
    const complete = async (
      wanted: readonly WantedPath[],
      readSet: ReadSet | undefined,
      signal: AbortSignal | undefined,
    ): Promise<void> => {
      if (!find(sha)) {
        const depth = Math.max(0, ...wanted.map(({ path }) => path.split('/').filter((part) => part !== '').length));
        const knownRoots = readSet ? [readSet.tree] : [];
        const isWhole = wanted.some(({ path, extent }) => path === '' && extent === 'whole');
        receive(
          await fetchCommit(settings, repository, sha, { depth: isWhole ? 0 : Math.max(depth, 1), knownRoots }, signal),
        );
      }
      await fetchUntilComplete(() => wanted, signal);
      settle();
    };
    const compare = async (earlier: ReadSet, signal: AbortSignal | undefined): Promise<readonly string[]> => {
      const undecided = (): WantedPath[] =>
        compareReadSet(find, read().tree, earlier).undecided.map((path) => ({ path, extent: 'entry' }));
      await fetchUntilComplete(undecided, signal);
      settle();
      return compareReadSet(find, read().tree, earlier).changed;
    };
    return {
      find,
      read,
      complete,
      compare,
      recall: async (from: Cache, keys: readonly string[]): Promise<void> => {
        if (find(sha)) return;
        const packs = await Promise.all(keys.map((key) => from.get(key)));
        for (const pack of packs) if (pack) receive(readPack(pack, { maxBytes: maxPackBytes }));
        isSaved = packs[0] !== undefined;
      },
      save: async (to: Cache, key: string): Promise<void> => {
        if (isSaved) return;
        isSaved = true;
        await to.put(key, writePack(held.values()));
      },
    };
  }
}

function wholePaths(paths: readonly string[]): WantedPath[] {
  return paths.map((path) => ({ path, extent: 'whole' }));
}

function siblingPaths(paths: readonly string[]): WantedPath[] {
  return paths.map((path) => ({ path, extent: 'siblings' }));
}

/** By address (without user and password), commit and paths: what a process that starts later looks for. */
function cacheKeyOf(url: string, sha: ObjectId, paths: readonly string[]): string {
  const hash = (text: string) => toHex(sha1(new TextEncoder().encode(text)));
  const address = normaliseRepositoryUrl(withoutUserinfo(url)) ?? url;
  return `git/${hash(address)}/${sha}-${hash([...paths].sort().join('\0')).slice(0, 16)}`;
}
