// A commit in work: which of its objects are here, and fetching the others. What is used is held, so that no other
// commit can push it out of memory.

import { HawserError, isHawserError } from '../base/errors.ts';
import type { Cache } from '../platform.ts';
import { type CommitObject, parseCommitObject } from './commit-object.ts';
import { fetchCommit, fetchObjects, type PackSettings } from './fetch-objects.ts';
import { findNeededObjects, type WantedPath } from './needed-objects.ts';
import type { GitObject, ObjectId } from './object.ts';
import type { ObjectStore } from './object-store.ts';
import { readPack, writePack } from './pack.ts';
import { compareReadSet, type ReadSet } from './read-set.ts';
import type { Repository } from './repository.ts';

export interface OpenedCommit {
  find(id: ObjectId): GitObject | undefined;
  /** Throws `RevisionNotFound` where the object is no commit. */
  read(): CommitObject;
  /** Fetches until all of `wanted` is here. */
  complete(wanted: readonly WantedPath[], readSet?: ReadSet, signal?: AbortSignal): Promise<void>;
  /** The paths of a read set that differ here; fetches the trees that it takes to know. */
  compare(readSet: ReadSet, signal?: AbortSignal): Promise<readonly string[]>;
  /** Takes what an earlier process saved; the first key is this commit's own. */
  recall(cache: Cache, keys: readonly string[]): Promise<void>;
  save(cache: Cache, key: string): Promise<void>;
}

/** Each round brings at least one more level of trees or one more symlink's target. */
const MAX_ROUNDS = 64;
const ROOTS_KEPT = 4;

export function createOpenedCommit(
  settings: PackSettings,
  store: ObjectStore,
  repository: Repository,
  sha: ObjectId,
): OpenedCommit {
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

  return {
    find,
    read,
    complete: async (wanted, readSet, signal) => {
      if (!find(sha)) {
        const hints = { depth: depthOf(wanted), knownRoots: readSet ? [readSet.tree] : [] };
        receive(await fetchCommit(settings, repository, sha, hints, signal));
      }
      await fetchUntilComplete(() => wanted, signal);
      settle();
    },
    compare: async (earlier, signal) => {
      const undecided = (): WantedPath[] =>
        compareReadSet(find, read().tree, earlier).undecided.map((path) => ({ path, extent: 'entry' }));
      await fetchUntilComplete(undecided, signal);
      settle();
      return compareReadSet(find, read().tree, earlier).changed;
    },
    recall: async (cache, keys) => {
      if (find(sha)) return;
      const packs = await Promise.all(keys.map((key) => cache.get(key)));
      for (const pack of packs) if (pack) receive(readCachedPack(pack, settings.maxPackBytes));
      isSaved = packs[0] !== undefined;
    },
    save: async (cache, key) => {
      if (isSaved) return;
      isSaved = true;
      await cache.put(key, writePack(held.values()));
    },
  };
}

/** The parts of the deepest path; 0 where the whole repository is wanted. */
function depthOf(wanted: readonly WantedPath[]): number {
  const depths = wanted.map(({ path }) => path.split('/').filter((part) => part !== '').length);
  return depths.includes(0) ? 0 : Math.max(1, ...depths);
}

/** What is broken in a cache was never there. */
function readCachedPack(pack: Uint8Array, maxBytes: number): ReadonlyMap<ObjectId, GitObject> {
  try {
    return readPack(pack, { maxBytes });
  } catch (error) {
    if (isHawserError(error, 'GitFailed')) return new Map();
    throw error;
  }
}
