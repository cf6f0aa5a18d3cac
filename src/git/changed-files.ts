// Which files differ between two trees, below some folders of them.

import type { ObjectId } from './object.ts';
import type { TreeObjectEntry } from './tree-object.ts';
import { entriesOf, type FindObject } from './walk-path.ts';

export interface ChangedFiles {
  /** Files, symlinks and submodules that are new, gone or something else, sorted. */
  readonly paths: readonly string[];
  /** Trees of either side without which that is not all. */
  readonly missingBefore: ReadonlySet<ObjectId>;
  readonly missingAfter: ReadonlySet<ObjectId>;
}

const DIRECTORY = '40000';

/** Compares the trees `before` and `after` where a path is one of `prefixes` or below it; '' is everything. */
export function compareTrees(
  find: FindObject,
  before: ObjectId,
  after: ObjectId,
  prefixes: readonly string[],
): ChangedFiles {
  const paths: string[] = [];
  const missingBefore = new Set<ObjectId>();
  const missingAfter = new Set<ObjectId>();

  const entriesIn = (entry: TreeObjectEntry | undefined, missing: Set<ObjectId>) => {
    if (entry?.mode !== DIRECTORY) return NONE;
    const tree = find(entry.id);
    if (!tree) missing.add(entry.id);
    return tree ? entriesOf(tree) : undefined;
  };
  const compare = (path: string, old: TreeObjectEntry | undefined, now: TreeObjectEntry | undefined) => {
    if (old?.id === now?.id && old?.mode === now?.mode) return;
    if (!isConcerned(path, prefixes)) return;
    if (isBelowAny(path, prefixes) && (isFile(old) || isFile(now))) paths.push(path);
    const oldEntries = entriesIn(old, missingBefore);
    const newEntries = entriesIn(now, missingAfter);
    if (!oldEntries || !newEntries) return;
    for (const name of new Set([...oldEntries.keys(), ...newEntries.keys()])) {
      compare(path === '' ? name : `${path}/${name}`, oldEntries.get(name), newEntries.get(name));
    }
  };
  compare('', { mode: DIRECTORY, id: before }, { mode: DIRECTORY, id: after });
  return { paths: paths.sort(), missingBefore, missingAfter };
}

const NONE: ReadonlyMap<string, TreeObjectEntry> = new Map();

function isFile(entry: TreeObjectEntry | undefined): boolean {
  return entry !== undefined && entry.mode !== DIRECTORY;
}

/** Whether anything at the path or below it can count. */
function isConcerned(path: string, prefixes: readonly string[]): boolean {
  return isBelowAny(path, prefixes) || prefixes.some((prefix) => path === '' || prefix.startsWith(`${path}/`));
}

function isBelowAny(path: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => prefix === '' || path === prefix || path.startsWith(`${prefix}/`));
}
