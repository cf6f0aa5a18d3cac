// What a render has read of a commit: the proof that another commit does not concern it.

import { sha1 } from '@noble/hashes/legacy.js';
import { isObject } from '../base/json.ts';
import { isObjectId, type ObjectId, toHex } from './object.ts';
import { entriesOf, type FindObject, type PathEntry, type Walked, walkPath } from './walk-path.ts';

/**
 * `reads` is by real path (symlinks are entries of their own):
 * | value                          | what was seen                                   |
 * | ------------------------------ | ----------------------------------------------- |
 * | `-`                            | nothing is there                                |
 * | `100644 <id>`, `120000 <id>` … | a file, symlink or submodule                    |
 * | `40000`                        | a directory, of which nothing more was asked    |
 * | `40000 <id> <names>`           | a directory's list: its tree, a hash of the list |
 */
export interface ReadSet {
  readonly commit: ObjectId;
  readonly tree: ObjectId;
  readonly reads: Readonly<Record<string, string>>;
}

export const ABSENT = '-';
export const DIRECTORY = '40000';

const encoder = new TextEncoder();

/** A read set that was stored as JSON; undefined for what is none. */
export function parseReadSet(value: unknown): ReadSet | undefined {
  if (!isObject(value) || !isObject(value.reads)) return undefined;
  const { commit, tree, reads } = value;
  if (typeof commit !== 'string' || typeof tree !== 'string' || !isObjectId(commit) || !isObjectId(tree))
    return undefined;
  const entries = Object.entries(reads);
  if (!entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')) return undefined;
  return { commit, tree, reads: Object.fromEntries(entries) };
}

export function recordOfEntry({ mode, id }: PathEntry): string {
  return mode === DIRECTORY ? DIRECTORY : `${mode} ${id}`;
}

export function recordOfList(id: ObjectId, list: readonly { readonly name: string; readonly kind: string }[]): string {
  const names = list.map(({ name, kind }) => `${kind} ${name}\0`).join('');
  return `${DIRECTORY} ${id} ${toHex(sha1(encoder.encode(names)))}`;
}

export interface PathComparison {
  /** Paths of the read set that are something else now. */
  readonly changed: readonly string[];
  /** Paths about which nothing can be said before more objects are here. */
  readonly undecided: readonly string[];
}

/** Compares a read set with the tree `root`. Directories whose tree is the same need no look below. */
export function compareReadSet(find: FindObject, root: ObjectId, { tree, reads }: ReadSet): PathComparison {
  if (tree === root) return { changed: [], undecided: [] };
  const changed: string[] = [];
  const undecided: string[] = [];
  const same = new Set<string>();
  for (const path of Object.keys(reads).sort()) {
    const record = reads[path] ?? ABSENT;
    if (isBelow(path, same)) continue;
    const walked = walkPath(find, root, path);
    if (walked.kind === 'unknown') {
      undecided.push(path);
      continue;
    }
    const isSame = isRecorded(find, walked, record);
    if (isSame === undefined) undecided.push(path);
    else if (!isSame) changed.push(path);
    else if (walked.kind === 'found' && record.startsWith(`${DIRECTORY} ${walked.entry.id}`)) same.add(path);
  }
  return { changed, undecided };
}

/** The names and kinds in a tree, as lists of directories are recorded. */
export function listTree(
  entries: ReturnType<typeof entriesOf>,
): { name: string; kind: 'file' | 'directory' | 'symlink' | 'submodule' }[] {
  return [...entries]
    .map(([name, { mode }]) => ({ name, kind: KINDS[mode] }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

const KINDS = {
  '100644': 'file',
  '100755': 'file',
  '120000': 'symlink',
  '40000': 'directory',
  '160000': 'submodule',
} as const;

function isRecorded(
  find: FindObject,
  walked: Exclude<Walked, { kind: 'unknown' }>,
  record: string,
): boolean | undefined {
  if (walked.kind !== 'found') return record === ABSENT;
  const { entry } = walked;
  const [mode = '', id, names] = record.split(' ');
  if (mode !== DIRECTORY || entry.mode !== DIRECTORY) return recordOfEntry(entry) === record;
  if (id === undefined || id === entry.id) return true;
  const tree = find(entry.id);
  return tree && recordOfList(entry.id, listTree(entriesOf(tree))).split(' ')[2] === names;
}

function isBelow(path: string, directories: ReadonlySet<string>): boolean {
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    if (directories.has(path.slice(0, slash))) return true;
  }
  return path !== '' && directories.has('');
}
