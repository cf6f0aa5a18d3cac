// What a render has read of a commit: the proof that another commit does not concern it.

import { sha1 } from '@noble/hashes/legacy.js';
import { toHex } from '../base/hex.ts';
import { isObject } from '../base/json.ts';
import { isObjectId, type ObjectId } from './object.ts';
import { entriesOf, type FindObject, type PathEntry } from './walk-path.ts';

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
  /** The trees of the directories on the way to all that was read: where one is the same, so is all below it. */
  readonly trees?: Readonly<Record<string, ObjectId>>;
}

export const ABSENT = '-';
export const DIRECTORY = '40000';

const encoder = new TextEncoder();
const parsed = new WeakMap<object, ReadSet>();

/** A read set that was stored as JSON; undefined for what is none. One that stays in memory is looked through once. */
export function parseReadSet(value: unknown): ReadSet | undefined {
  if (!isObject(value)) return undefined;
  const known = parsed.get(value) ?? checkReadSet(value);
  if (known) parsed.set(value, known);
  return known;
}

function checkReadSet(value: Readonly<Record<string, unknown>>): ReadSet | undefined {
  if (!isObject(value.reads)) return undefined;
  const { commit, tree, reads, trees } = value;
  if (typeof commit !== 'string' || typeof tree !== 'string' || !isObjectId(commit) || !isObjectId(tree))
    return undefined;
  if (!isTextRecord(reads)) return undefined;
  return { commit, tree, reads, ...(isTextRecord(trees) && { trees }) };
}

/** What was read of a commit whose root tree is `tree`, with the directories on the way as far as they are here. */
export function formatReadSet(
  find: FindObject,
  commit: ObjectId,
  tree: ObjectId,
  reads: ReadonlyMap<string, string>,
): ReadSet {
  const at = createWalk(find, tree);
  const trees: Record<string, ObjectId> = {};
  const sorted = [...reads].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  for (const [path] of sorted) {
    for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      const directory = path.slice(0, slash);
      if (Object.hasOwn(trees, directory)) continue;
      const walked = at(directory);
      if (walked.kind === 'found' && walked.entry.mode === DIRECTORY) trees[directory] = walked.entry.id;
    }
  }
  return { commit, tree, reads: Object.fromEntries(sorted), trees };
}

export function recordOfEntry({ mode, id }: PathEntry): string {
  return mode === DIRECTORY ? DIRECTORY : `${mode} ${id}`;
}

export function recordOfList(id: ObjectId, list: readonly { readonly name: string; readonly kind: string }[]): string {
  const names = list.map(({ name, kind }) => `${kind} ${name}\0`).join('');
  return `${DIRECTORY} ${id} ${toHex(sha1(encoder.encode(names)))}`;
}

export interface ReadSetComparison {
  /** Paths of the read set that are something else now. */
  readonly changed: readonly string[];
  /** Trees without which nothing can be said about the others. */
  readonly undecided: readonly ObjectId[];
}

/**
 * Compares read sets with the tree `root`, in their order. Directories whose tree is the same need no look below, and
 * what several read is walked to once.
 */
export function compareReadSets(find: FindObject, root: ObjectId, sets: readonly ReadSet[]): ReadSetComparison[] {
  const at = createWalk(find, root);
  return sets.map((set) => (set.tree === root ? UNCHANGED : compareReadSet(find, at, set)));
}

const UNCHANGED: ReadSetComparison = { changed: [], undecided: [] };

function compareReadSet(find: FindObject, at: Walk, { trees = {}, reads }: ReadSet): ReadSetComparison {
  const changed: string[] = [];
  const undecided: ObjectId[] = [];
  const same = new Set<string>();
  for (const [directory, id] of Object.entries(trees)) {
    if (isBelow(directory, same)) continue;
    const walked = at(directory);
    if (walked.kind === 'found' && walked.entry.id === id) same.add(directory);
  }
  const open = Object.keys(reads).filter((path) => !isBelow(path, same));
  for (const path of open.sort()) {
    if (isBelow(path, same)) continue;
    const record = reads[path] ?? ABSENT;
    const walked = at(path);
    if (walked.kind === 'unknown') {
      undecided.push(walked.id);
      continue;
    }
    const isSame = isRecorded(find, walked, record);
    if (isSame === undefined) {
      if (walked.kind === 'found') undecided.push(walked.entry.id);
    } else if (!isSame) changed.push(path);
    else if (walked.kind === 'found' && record.startsWith(`${DIRECTORY} ${walked.entry.id}`)) same.add(path);
  }
  return { changed, undecided };
}

type Walked =
  | { readonly kind: 'found' | 'blocked'; readonly entry: PathEntry }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly id: ObjectId };

type Walk = (path: string) => Walked;

/** Walks from `root`, each directory once however many paths lead through it. No symlink is followed. */
function createWalk(find: FindObject, root: ObjectId): Walk {
  const known = new Map<string, Walked>([['', { kind: 'found', entry: { path: '', mode: DIRECTORY, id: root } }]]);
  const at = (path: string): Walked => {
    const found = known.get(path) ?? step(path);
    known.set(path, found);
    return found;
  };
  const step = (path: string): Walked => {
    const slash = path.lastIndexOf('/');
    const parent = at(slash < 0 ? '' : path.slice(0, slash));
    if (parent.kind !== 'found') return parent;
    if (parent.entry.mode !== DIRECTORY) return { kind: 'blocked', entry: parent.entry };
    const tree = find(parent.entry.id);
    if (!tree) return { kind: 'unknown', id: parent.entry.id };
    const entry = entriesOf(tree).get(path.slice(slash + 1));
    return entry ? { kind: 'found', entry: { path, mode: entry.mode, id: entry.id } } : { kind: 'absent' };
  };
  return at;
}

function isTextRecord(value: unknown): value is Readonly<Record<string, string>> {
  return isObject(value) && Object.values(value).every((text) => typeof text === 'string');
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

/** Looks from the top: where nothing changed, the first directory says so. */
function isBelow(path: string, directories: ReadonlySet<string>): boolean {
  if (directories.size === 0 || path === '') return false;
  if (directories.has('')) return true;
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    if (directories.has(path.slice(0, slash))) return true;
  }
  return false;
}
