// Which objects are still missing before some paths of a commit can be read.

import { isHawserError } from '../base/errors.ts';
import type { ObjectId } from './object.ts';
import { entriesOf, type FindObject, walkPath } from './walk-path.ts';

/**
 * `whole`: the file, or the directory with all below it. `siblings`: as `whole` for a directory; for a file, the
 * files beside it too, since who reads one of a directory soon reads another. `entry`: only what the path is, not
 * following symlinks.
 */
export interface WantedPath {
  readonly path: string;
  readonly extent: 'whole' | 'siblings' | 'entry';
}

export interface NeededObjects {
  /** Trees on the way to a path, of which only the entries are needed. */
  readonly onTheWay: ReadonlySet<ObjectId>;
  /** Trees needed with all below them, and blobs. */
  readonly whole: ReadonlySet<ObjectId>;
}

/** More siblings than this are a heap of files, not a chart. */
const MAX_SIBLINGS = 100;

const decoder = new TextDecoder();

/** What is missing of `wanted` below the tree `root`, as far as it can be told from what is here. */
export function findNeededObjects(find: FindObject, root: ObjectId, wanted: readonly WantedPath[]): NeededObjects {
  const onTheWay = new Set<ObjectId>();
  const whole = new Set<ObjectId>();
  const queue: (WantedPath & { link?: string })[] = [...wanted];
  const seen = new Set<ObjectId>();
  const queued = new Set<string>();

  const follow = (link: string, target: string) => {
    const slash = link.lastIndexOf('/');
    const path = `${slash < 0 ? '' : link.slice(0, slash)}/${target}`;
    if (target.startsWith('/') || queued.has(path)) return;
    queued.add(path);
    queue.push({ path, extent: 'whole', link });
  };
  const collect = (path: string, id: ObjectId) => {
    if (seen.has(id)) return;
    seen.add(id);
    const tree = find(id);
    if (!tree) {
      whole.add(id);
      return;
    }
    for (const [name, entry] of entriesOf(tree)) {
      const child = path === '' ? name : `${path}/${name}`;
      if (entry.mode === '160000') continue;
      if (entry.mode === '40000') collect(child, entry.id);
      else if (entry.mode === '120000') collectLink(child, entry.id);
      else if (!find(entry.id)) whole.add(entry.id);
    }
  };
  const collectLink = (path: string, id: ObjectId) => {
    const link = find(id);
    if (link) follow(path, decoder.decode(link.content));
    else whole.add(id);
  };
  const collectSiblings = (path: string) => {
    const parent = walkPath(find, root, path.slice(0, Math.max(0, path.lastIndexOf('/'))));
    const tree = parent.kind === 'found' ? find(parent.entry.id) : undefined;
    const files = tree ? [...entriesOf(tree).values()].filter(({ mode }) => mode.startsWith('100')) : [];
    if (files.length <= MAX_SIBLINGS) for (const { id } of files) if (!find(id)) whole.add(id);
  };

  for (let next = queue.shift(); next; next = queue.shift()) {
    const { path, extent, link } = next;
    const walked = walkTolerantly(find, root, path, extent !== 'entry');
    if (walked?.kind === 'unknown') onTheWay.add(walked.id);
    if (walked?.kind !== 'found' || extent === 'entry') continue;
    const { entry } = walked;
    if (entry.mode === '40000') {
      // A link to a directory that it is in would bring all of that; what is really read of it can be loaded then.
      if (!link || !isInside(link, entry.path)) collect(entry.path, entry.id);
    } else if (entry.mode !== '160000' && !find(entry.id)) {
      whole.add(entry.id);
      if (extent === 'siblings') collectSiblings(entry.path);
    }
  }
  return { onTheWay, whole };
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
