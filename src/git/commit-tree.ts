// The files of one commit as a renderer sees them, with what was read written down.

import { HawserError } from '../base/errors.ts';
import type { CommitObject } from './commit-object.ts';
import { parseLfsPointer } from './lfs-pointer.ts';
import type { ObjectId } from './object.ts';
import { ABSENT, DIRECTORY, formatReadSet, listTree, type ReadSet, recordOfEntry, recordOfList } from './read-set.ts';
import { SUBMODULE } from './tree-object.ts';
import { entriesOf, escapes, type FindObject, type PathEntry, type Walked, walkPath } from './walk-path.ts';

/**
 * The tree of a commit (a `Tree` of render/tree.ts by form) whose objects arrive on demand. A read of what is not
 * here throws; the owner then calls `load(missing())` and reads again. Symlinks are followed inside the repository.
 * What lies in another place, a submodule's files and those in Git LFS, is refused when it is read, since less than
 * what Git names must never pass for all of it.
 */
export interface CommitTree {
  readonly sha: ObjectId;
  readonly commit: CommitObject;
  readFile(path: string): Uint8Array | undefined;
  list(path: string): readonly CommitTreeEntry[] | undefined;
  realPath(path: string): string | undefined;
  /** Where a path leads, as far as this repository goes; `silently`: not written down, for what decides nothing. */
  locate(path: string, how?: 'silently'): Located;
  /** The bytes of what `locate` found, a pointer of Git LFS as it is. */
  readBlob(entry: PathEntry): Uint8Array;
  /** The entries of a directory that `locate` found. */
  listDirectory(entry: PathEntry): readonly CommitTreeEntry[];
  /** The files of a directory that are here, without symlinks and unrecorded: for what is fetched on a guess. */
  filesHere(directory: string): readonly { readonly path: string; readonly content: Uint8Array }[];
  /** Paths that were asked for and are not here yet. */
  missing(): readonly string[];
  /** Fetches these paths: a directory whole, a file with those beside it. */
  load(paths: readonly string[], signal?: AbortSignal): Promise<void>;
  /** All that was read so far, as JSON. */
  readSet(): ReadSet;
  /** The paths of an earlier commit's read set that differ in this one; fetches the trees that it takes to know. */
  changedSince(readSet: ReadSet, signal?: AbortSignal): Promise<readonly string[]>;
  /** Puts the objects that were used into the cache, for a process that starts later. */
  save(): Promise<void>;
}

export type Located = Exclude<Walked, { kind: 'unknown' }>;

export type CommitTreeEntry = ReturnType<typeof listTree>[number];

export interface CommitTreeParts {
  readonly sha: ObjectId;
  readonly commit: CommitObject;
  readonly find: FindObject;
  readonly load: CommitTree['load'];
  readonly changedSince: CommitTree['changedSince'];
  readonly save: CommitTree['save'];
}

export function createCommitTree({ sha, commit, find, load, changedSince, save }: CommitTreeParts): CommitTree {
  const reads = new Map<string, string>();
  const missing = new Set<string>();
  const record = (path: string, value: string) => {
    const known = reads.get(path);
    // A list says more than that there is a directory.
    if (known === undefined || known === DIRECTORY) reads.set(path, value);
  };
  const notHere = (path: string): HawserError => {
    missing.add(path);
    return new HawserError('Unavailable', `${path === '' ? 'the root' : path} of ${sha} is not fetched yet`, {
      data: { notLoaded: path },
    });
  };
  const locate = (path: string, how?: 'silently'): Located => {
    const note = how === 'silently' ? () => undefined : record;
    const walked = walkPath(find, commit.tree, path, (link) => note(link.path, recordOfEntry(link)));
    if (walked.kind === 'unknown') throw notHere(path);
    if (walked.kind === 'absent') note(walked.path, ABSENT);
    else if (walked.kind !== 'above') note(walked.entry.path, recordOfEntry(walked.entry));
    return walked;
  };
  const follow = (path: string): PathEntry | undefined => {
    const located = locate(path);
    if (located.kind === 'above') throw escapes(located.link);
    if (located.kind === 'blocked' && located.entry.mode === SUBMODULE) throw inSubmodule(located.entry.path);
    return located.kind === 'found' ? located.entry : undefined;
  };
  const readBlob = ({ path, id }: PathEntry): Uint8Array => {
    const blob = find(id);
    if (!blob) throw notHere(path);
    return blob.content;
  };
  const listDirectory = ({ path, id }: PathEntry): readonly CommitTreeEntry[] => {
    const tree = find(id);
    if (!tree) throw notHere(path);
    const list = listTree(entriesOf(tree));
    record(path, recordOfList(id, list));
    // In a checkout with its submodules, each is a directory.
    return list.map(({ name, kind }) => ({ name, kind: kind === 'submodule' ? 'directory' : kind }));
  };

  return {
    sha,
    commit,
    readFile: (path) => {
      const entry = follow(path);
      if (!entry?.mode.startsWith('100')) return undefined;
      const content = readBlob(entry);
      if (parseLfsPointer(content)) throw inLfs(entry.path);
      return content;
    },
    list: (path) => {
      const entry = follow(path);
      if (entry?.mode === SUBMODULE) throw inSubmodule(entry.path);
      return entry?.mode === DIRECTORY ? listDirectory(entry) : undefined;
    },
    realPath: (path) => follow(path)?.path,
    locate,
    readBlob,
    listDirectory,
    filesHere: (directory) => {
      const walked = walkPath(find, commit.tree, directory);
      const tree = walked.kind === 'found' && walked.entry.mode === DIRECTORY ? find(walked.entry.id) : undefined;
      return [...(tree ? entriesOf(tree) : [])].flatMap(([name, { mode, id }]) => {
        const blob = mode.startsWith('100') ? find(id) : undefined;
        return blob ? [{ path: directory === '' ? name : `${directory}/${name}`, content: blob.content }] : [];
      });
    },
    missing: () => [...missing],
    load: async (paths, signal) => {
      await load(paths, signal);
      for (const path of paths) missing.delete(path);
    },
    readSet: () => formatReadSet(find, sha, commit.tree, reads),
    changedSince,
    save,
  };
}

function inSubmodule(path: string): HawserError {
  return new HawserError('RenderFailed', `${path} is a Git submodule, which is not followed here`, {
    place: { file: path },
    hint: 'nothing is pruned; move the files into the repository itself, or keep the submodule out of what the Application reads',
    data: { submodule: path },
  });
}

function inLfs(path: string): HawserError {
  return new HawserError('RenderFailed', `${path} is in Git LFS: the repository holds only a pointer to it`, {
    place: { file: path },
    hint: 'nothing is pruned; keep the file in Git itself (git lfs untrack), or out of what the Application reads',
    data: { lfs: path },
  });
}
