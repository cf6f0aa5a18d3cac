// A commit in work: which of its objects are here, and fetching the others. What is used is held, so that no other
// commit can push it out of memory.

import { HawserError } from '../base/errors.ts';
import { compareTrees } from './changed-files.ts';
import { type CommitObject, parseCommitObject } from './commit-object.ts';
import { type CommitHints, fetchCommit, fetchEarlierTrees, fetchObjects, type PackSettings } from './fetch-objects.ts';
import type { KeptObjects } from './kept-objects.ts';
import { findNeededObjects, type NeededObjects, type WantedPath } from './needed-objects.ts';
import type { GitObject, ObjectId } from './object.ts';
import type { ObjectStore } from './object-store.ts';
import { compareReadSets, DIRECTORY, type ReadSet, type ReadSetComparison } from './read-set.ts';
import { endpointOf, type Repository } from './repository.ts';
import { entriesOf, type FindObject, walkPath } from './walk-path.ts';

/** What somebody will read of the commit, and what was read of the one before. */
export interface OpeningWish {
  readonly wanted: readonly WantedPath[];
  readonly readSet?: ReadSet | undefined;
}

export interface OpenedCommit {
  find(id: ObjectId): GitObject | undefined;
  /** Throws `RevisionNotFound` where the object is no commit. */
  read(): CommitObject;
  /** Fetches until all that is wanted is here. */
  complete(wishes: readonly OpeningWish[], signal?: AbortSignal): Promise<void>;
  /** The paths of each read set that differ here; fetches what changed since, and the trees that it takes to know. */
  compare(readSets: readonly ReadSet[], signal?: AbortSignal): Promise<readonly (readonly string[])[]>;
  /** The files below `prefixes` that differ from those of an earlier commit. Throws `RevisionNotFound` where that is gone. */
  changedFiles(before: ReadSet, prefixes: readonly string[], signal?: AbortSignal): Promise<readonly string[]>;
  /** Keeps what it takes to read `wanted` again. */
  save(wanted: readonly WantedPath[]): Promise<void>;
}

export interface OpenedCommitParts {
  readonly settings: PackSettings;
  readonly store: ObjectStore;
  readonly repository: Repository;
  readonly kept: KeptObjects | undefined;
}

/** Each round brings at least one more level of trees or one more symlink's target. */
const MAX_ROUNDS = 64;
const ROOTS_REMEMBERED = 4;
const NONE: ReadonlySet<ObjectId> = new Set();

export function createOpenedCommit(
  { settings, store, repository, kept }: OpenedCommitParts,
  sha: ObjectId,
): OpenedCommit {
  const held = new Map<ObjectId, GitObject>();
  const fresh = new Map<ObjectId, GitObject>();
  const recalled = new Set<ObjectId>();

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
  };
  /** Takes what an earlier process kept; false where that is nothing new. */
  const recall = async (ids: Iterable<ObjectId>, signal: AbortSignal | undefined): Promise<boolean> => {
    const asked = [...new Set(ids)].filter((id) => !recalled.has(id));
    if (!kept || asked.length === 0) return false;
    // Nobody reads from the cache whom the server does not let in.
    await endpointOf(settings, repository, signal);
    for (const id of asked) recalled.add(id);
    const objects = await kept.recall(repository.folder, asked);
    receive(objects);
    return objects.size > 0;
  };
  const begin = async (hints: CommitHints, signal: AbortSignal | undefined): Promise<void> => {
    if (find(sha)) return;
    await recall([sha], signal);
    if (!find(sha)) receive(await fetchCommit(settings, repository, sha, hints, signal));
  };
  /** `recallable`: under which ids an earlier process may have kept what is needed. */
  const fetchUntilComplete = async (
    next: () => NeededObjects,
    recallable: (needed: NeededObjects) => readonly ObjectId[],
    signal: AbortSignal | undefined,
  ): Promise<void> => {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const needed = next();
      if (needed.entries.size + needed.subtrees.size + needed.blobs.size === 0) return;
      if (await recall(recallable(needed), signal)) continue;
      receive(await fetchObjects(settings, repository, sha, needed, signal));
      const still = [...needed.entries, ...needed.subtrees, ...needed.blobs].find((id) => !find(id));
      if (still) throw new HawserError('GitFailed', `the Git server did not send the object ${still} of ${sha}`);
    }
    throw new HawserError('LimitExceeded', `the paths of ${sha} are deeper than ${MAX_ROUNDS} levels`);
  };
  /** What was received goes into the common store; what is used goes last, so that it stays longest. */
  const settle = () => {
    for (const [id, object] of fresh) store.put(repository.key, id, object);
    for (const id of held.keys()) store.get(repository.key, id);
    fresh.clear();
    const { tree } = read();
    repository.recentRoots = [tree, ...repository.recentRoots.filter((root) => root !== tree)].slice(
      0,
      ROOTS_REMEMBERED,
    );
  };

  return {
    find,
    read,
    complete: async (wishes, signal) => {
      const wanted = wantedOf(wishes);
      const readSets = wishes.flatMap(({ readSet }) => readSet ?? []);
      await begin({ isWhole: wanted.some(isWholeRoot), knownRoots: rootsOf(readSets) }, signal);
      await fetchUntilComplete(
        () => findNeededObjects(find, read().tree, wanted),
        ({ entries, subtrees }) => [sha, ...entries, ...subtrees, ...wishes.flatMap(earlierIds)],
        signal,
      );
      settle();
    },
    compare: async (readSets, signal) => {
      await begin({ isWhole: false, knownRoots: [...repository.recentRoots, ...rootsOf(readSets)] }, signal);
      let compared: readonly ReadSetComparison[] = [];
      await fetchUntilComplete(
        () => {
          compared = compareReadSets(find, read().tree, readSets);
          const entries = new Set(compared.flatMap(({ undecided }) => undecided));
          return { entries, subtrees: NONE, blobs: NONE };
        },
        () => [sha],
        signal,
      );
      settle();
      return compared.map(({ changed }) => changed);
    },
    changedFiles: async (before, prefixes, signal) => {
      await begin({ isWhole: false, knownRoots: [before.tree] }, signal);
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const { paths, missingBefore, missingAfter } = compareTrees(find, before.tree, read().tree, prefixes);
        if (missingBefore.size + missingAfter.size === 0) {
          settle();
          return paths;
        }
        const needed = { entries: missingAfter, subtrees: NONE, blobs: NONE };
        if (missingAfter.size > 0) receive(await fetchObjects(settings, repository, sha, needed, signal));
        if (missingBefore.size > 0)
          receive(await fetchEarlierTrees(settings, repository, before.commit, missingBefore, signal));
        const still = [...missingBefore, ...missingAfter].find((id) => !find(id));
        if (still) throw new HawserError('GitFailed', `the Git server did not send the tree ${still}`);
      }
      throw new HawserError('LimitExceeded', `the folders of ${sha} are deeper than ${MAX_ROUNDS} levels`);
    },
    save: async (wanted) => {
      if (!kept) return;
      const { tree } = read();
      const rest = usedObjects(find, tree, wanted);
      const commit = find(sha);
      if (commit) rest.set(sha, commit);
      for (const { path, extent } of wanted) {
        const id = directoryAt(find, tree, path);
        if (id === undefined || (id === tree && extent === 'files')) continue;
        const objects = objectsBelow(find, id, extent === 'files' ? 1 : MAX_ROUNDS);
        for (const below of objects.keys()) rest.delete(below);
        await kept.keepTree(repository.folder, id, objects);
      }
      await kept.keepCommit(repository.folder, sha, rest);
    },
  };
}

function isWholeRoot({ path, extent }: WantedPath): boolean {
  return (extent === 'whole' || extent === 'siblings') && path.split('/').every((part) => part === '' || part === '.');
}

/** The root trees of read sets, the most frequent first. */
function rootsOf(readSets: readonly ReadSet[]): ObjectId[] {
  const counts = new Map<ObjectId, number>();
  for (const { tree } of readSets) counts.set(tree, (counts.get(tree) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([root]) => root);
}

/** Each path once, however many want it. */
function wantedOf(wishes: readonly OpeningWish[]): WantedPath[] {
  const wanted = new Map<string, WantedPath>();
  for (const one of wishes.flatMap((wish) => wish.wanted)) wanted.set(`${one.extent} ${one.path}`, one);
  return [...wanted.values()];
}

/** The commit before, and what the wanted folders were in it. */
function earlierIds({ wanted, readSet }: OpeningWish): ObjectId[] {
  if (!readSet) return [];
  const { commit, tree, trees = {}, reads } = readSet;
  const folders = wanted.map(({ path }) => (path === '' ? tree : (trees[path] ?? reads[path]?.split(' ')[1])));
  return [commit, ...folders.filter((id) => id !== undefined)];
}

/** All objects that finding the wanted paths looks at: the trees on the way, symlinks, the files themselves. */
function usedObjects(find: FindObject, root: ObjectId, wanted: readonly WantedPath[]): Map<ObjectId, GitObject> {
  const used = new Map<ObjectId, GitObject>();
  const noting: FindObject = (id) => {
    const found = find(id);
    if (found) used.set(id, found);
    return found;
  };
  findNeededObjects(noting, root, wanted);
  return used;
}

function directoryAt(find: FindObject, root: ObjectId, path: string): ObjectId | undefined {
  const walked = walkPath(find, root, path);
  return walked.kind === 'found' && walked.entry.mode === DIRECTORY ? walked.entry.id : undefined;
}

/** A tree with all that is here of what is below it, so many levels down. */
function objectsBelow(find: FindObject, root: ObjectId, levels: number): Map<ObjectId, GitObject> {
  const objects = new Map<ObjectId, GitObject>();
  const visit = (id: ObjectId, left: number) => {
    const object = objects.has(id) ? undefined : find(id);
    if (!object) return;
    objects.set(id, object);
    if (object.type !== 'tree') return;
    for (const entry of entriesOf(object).values()) if (left > 1 || entry.mode !== DIRECTORY) visit(entry.id, left - 1);
  };
  visit(root, levels);
  return objects;
}
