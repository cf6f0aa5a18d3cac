// Where a path leads in a tree of Git objects, part by part, through symlinks or not.

import { HawserError } from '../base/errors.ts';
import type { GitObject, ObjectId } from './object.ts';
import { type Mode, parseTreeObject, SUBMODULE, type TreeObjectEntry } from './tree-object.ts';

export type FindObject = (id: ObjectId) => GitObject | undefined;

export interface PathEntry {
  /** Without symlinks on the way. */
  readonly path: string;
  readonly mode: Mode;
  readonly id: ObjectId;
}

export type Walked =
  | { readonly kind: 'found'; readonly entry: PathEntry }
  /** `path`: the first part that is not there. */
  | { readonly kind: 'absent'; readonly path: string }
  /** The path goes on below something that is no directory; `rest` is what remains of it. */
  | { readonly kind: 'blocked'; readonly entry: PathEntry; readonly rest: string }
  /** It leads above the root of this tree: `rest` is what remains there. `link` led it, or the path itself did. */
  | { readonly kind: 'above'; readonly link: string; readonly rest: string }
  /** The object is needed to go on, and is not here. */
  | { readonly kind: 'unknown'; readonly id: ObjectId };

const MAX_SYMLINKS = 40;
const decoder = new TextDecoder();
const parsed = new WeakMap<GitObject, Map<string, TreeObjectEntry>>();

/** A tree object's entries; parsed once. */
export function entriesOf(tree: GitObject): ReadonlyMap<string, TreeObjectEntry> {
  const known = parsed.get(tree);
  if (known) return known;
  const entries = parseTreeObject(tree.content);
  parsed.set(tree, entries);
  return entries;
}

/**
 * Walks `path` down from the tree `root`. With `onSymlink`, symlinks are followed and told; without, one on the way
 * blocks and one at the end is found. Throws `PathEscapes` for an absolute symlink, `LimitExceeded` for a loop.
 */
export function walkPath(
  find: FindObject,
  root: ObjectId,
  path: string,
  onSymlink?: (link: PathEntry) => void,
): Walked {
  const here: PathEntry[] = [{ path: '', mode: '40000', id: root }];
  const parts = path.split('/').reverse();
  let symlinks = 0;
  let lastLink = path;
  for (;;) {
    const top = here.at(-1);
    const part = parts.pop();
    if (!top) throw new HawserError('Internal', 'a walk left its root');
    if (part === undefined) return { kind: 'found', entry: top };
    if (part === '') continue;
    // What is no directory has neither a `.` nor a parent.
    const isDirectory = top.mode === '40000' || top.mode === SUBMODULE;
    if (part === '.' && isDirectory) continue;
    if (part === '..' && isDirectory) {
      if (here.length === 1) return { kind: 'above', link: lastLink, rest: parts.reverse().join('/') };
      here.pop();
      continue;
    }
    if (top.mode !== '40000') return { kind: 'blocked', entry: top, rest: [part, ...parts.reverse()].join('/') };
    const tree = find(top.id);
    if (!tree) return { kind: 'unknown', id: top.id };
    const found = entriesOf(tree).get(part);
    const childPath = top.path === '' ? part : `${top.path}/${part}`;
    if (!found) return { kind: 'absent', path: childPath };
    const child: PathEntry = { path: childPath, ...found };
    if (child.mode !== '120000' || !onSymlink) {
      here.push(child);
      continue;
    }
    onSymlink(child);
    lastLink = child.path;
    if (++symlinks > MAX_SYMLINKS) {
      throw new HawserError('LimitExceeded', `${path}: more than ${MAX_SYMLINKS} symbolic links on the way`);
    }
    const link = find(child.id);
    if (!link) return { kind: 'unknown', id: child.id };
    const target = decoder.decode(link.content);
    if (target.startsWith('/')) throw escapes(child.path);
    if (target === '') return { kind: 'absent', path: childPath };
    parts.push(...target.split('/').reverse());
  }
}

/** A symlink that leads out of the repository is an error as soon as it is read (Argo CD: util/app/path, CheckOutOfBoundsSymlinks). */
export function escapes(path: string): HawserError {
  return new HawserError('PathEscapes', `the symbolic link ${path} leads out of the repository`, {
    place: { file: path },
  });
}
