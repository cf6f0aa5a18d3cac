// Which objects are still missing before some paths of a commit can be read.

import { isHawserError } from '../base/errors.ts';
import type { GitObject, ObjectId } from './object.ts';
import { entriesOf, type FindObject, walkPath } from './walk-path.ts';

/**
 * `whole`: the file, or the directory with all below it. `files`: as `whole` for a file; of a directory the files that
 * are in it itself, not those further down. `siblings`: as `whole` for a directory; for a file, the files beside it
 * too, since who reads one of a directory soon reads another. `entry`: only what the path is, not following symlinks.
 */
export interface WantedPath {
  readonly path: string;
  readonly extent: 'whole' | 'files' | 'siblings' | 'entry';
}

export interface NeededObjects {
  /** Trees of which only the entries are needed: those on the way to a path. */
  readonly entries: ReadonlySet<ObjectId>;
  /** How many levels of trees, from those on, lead to the paths; more than one where it is worth having them at once. */
  readonly levels?: number;
  /** Trees needed with all below them. */
  readonly subtrees: ReadonlySet<ObjectId>;
  readonly blobs: ReadonlySet<ObjectId>;
}

/**
 * Below this many folders a way is narrow enough to bring all that branches off it: the folders at the top may be as many
 * as the repository is large.
 */
const WIDE_LEVELS = 2;

/** More siblings than this are a heap of files, not a chart. */
const MAX_SIBLINGS = 100;

const decoder = new TextDecoder();

/** What is missing of `wanted` below the tree `root`, as far as it can be told from what is here. */
export function findNeededObjects(find: FindObject, root: ObjectId, wanted: readonly WantedPath[]): NeededObjects {
  const entries = new Set<ObjectId>();
  const subtrees = new Set<ObjectId>();
  const blobs = new Set<ObjectId>();
  const levels: number[] = [];
  const queue: (WantedPath & { link?: string })[] = [...wanted];
  const seen = new Set<ObjectId>();
  const queued = new Set<string>();

  const follow = (link: string, target: string, extent: WantedPath['extent']) => {
    const slash = link.lastIndexOf('/');
    const path = `${slash < 0 ? '' : link.slice(0, slash)}/${target}`;
    if (target.startsWith('/') || queued.has(`${extent} ${path}`)) return;
    queued.add(`${extent} ${path}`);
    queue.push({ path, extent, link });
  };
  const collect = (path: string, id: ObjectId) => {
    if (seen.has(id)) return;
    seen.add(id);
    const tree = find(id);
    if (tree) collectEntries(path, tree, 'whole');
    else subtrees.add(id);
  };
  const collectEntries = (path: string, tree: GitObject, extent: 'whole' | 'files') => {
    for (const [name, entry] of entriesOf(tree)) {
      const child = path === '' ? name : `${path}/${name}`;
      if (entry.mode === '160000') continue;
      if (entry.mode === '40000') {
        if (extent === 'whole') collect(child, entry.id);
      } else if (entry.mode === '120000') collectLink(child, entry.id, extent);
      else if (!find(entry.id)) blobs.add(entry.id);
    }
  };
  const collectLink = (path: string, id: ObjectId, extent: 'whole' | 'files') => {
    const link = find(id);
    if (link) follow(path, decoder.decode(link.content), extent);
    else blobs.add(id);
  };
  const collectSiblings = (path: string) => {
    const parent = walkPath(find, root, path.slice(0, Math.max(0, path.lastIndexOf('/'))));
    const tree = parent.kind === 'found' ? find(parent.entry.id) : undefined;
    const files = tree ? [...entriesOf(tree).values()].filter(({ mode }) => mode.startsWith('100')) : [];
    if (files.length <= MAX_SIBLINGS) for (const { id } of files) if (!find(id)) blobs.add(id);
  };

  // The queue grows while it is worked on.
  for (const { path, extent, link } of queue) {
    const walked = walkTolerantly(find, root, path, extent !== 'entry');
    if (walked?.kind === 'unknown') {
      entries.add(walked.id);
      levels.push(levelsLeft(find, root, path));
    }
    if (walked?.kind !== 'found' || extent === 'entry') continue;
    const { entry } = walked;
    if (entry.mode === '40000') {
      // A link to a directory that it is in would bring all of that; what is really read of it can be loaded then.
      if (link && isInside(link, entry.path)) continue;
      const tree = find(entry.id);
      if (extent !== 'files') collect(entry.path, entry.id);
      else if (tree) collectEntries(entry.path, tree, 'files');
      else entries.add(entry.id);
    } else if (entry.mode !== '160000' && !find(entry.id)) {
      blobs.add(entry.id);
      if (extent === 'siblings') collectSiblings(entry.path);
    }
  }
  return { entries, subtrees, blobs, levels: levels.includes(1) ? 1 : Math.max(1, ...levels) };
}

/** The trees from the first that is missing to the one that names the path; 1 where that may branch widely. */
function levelsLeft(find: FindObject, root: ObjectId, path: string): number {
  const parts = path.split('/').filter((part) => part !== '');
  let id = root;
  for (const [depth, part] of parts.entries()) {
    const tree = find(id);
    if (!tree) return depth < WIDE_LEVELS ? 1 : parts.length - depth;
    const entry = entriesOf(tree).get(part);
    if (entry?.mode !== '40000') return 1;
    id = entry.id;
  }
  return 1;
}

/** A symlink that leads out needs no objects; reading it says so. */
function walkTolerantly(find: FindObject, root: ObjectId, path: string, follow: boolean) {
  try {
    return walkPath(find, root, path, follow ? () => undefined : undefined);
  } catch (error) {
    if (isHawserError(error, 'PathEscapes') || isHawserError(error, 'LimitExceeded')) return undefined;
    throw error;
  }
}

function isInside(path: string, directory: string): boolean {
  return directory === '' || path.startsWith(`${directory}/`);
}
