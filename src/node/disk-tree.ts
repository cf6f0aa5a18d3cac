// A folder of this machine as a tree; symlinks are followed as long as they stay inside it.

import { type Dirent, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { HawserError } from '../base/errors.ts';
import { byName, type Tree, type TreeEntry } from '../render/tree.ts';

/** A tree over the folder `root`. It reads the disk anew each time; missing paths are undefined, other failures are thrown as they are. */
export function diskTree(root: string): Tree {
  const realRoot = realpathSync.native(root);
  /** The real path of a path in the tree; undefined where there is nothing. */
  const resolve = (path: string): string | undefined => {
    const real = ignoreMissing(() => realpathSync.native(join(realRoot, path)));
    if (real === undefined) return undefined;
    const isInside = real === realRoot || real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep);
    if (!isInside) throw new HawserError('PathEscapes', `${path} leads out of the folder`, { place: { file: path } });
    return real;
  };
  /** Out of the whole disk nothing leads. */
  const open = realRoot === sep ? (path: string) => join(sep, path) : resolve;
  return {
    readFile: (path) => {
      const real = open(path);
      return real === undefined ? undefined : ignoreMissing(() => readFileSync(real));
    },
    list: (path) => {
      const real = open(path);
      const entries = real === undefined ? undefined : ignoreMissing(() => readdirSync(real, { withFileTypes: true }));
      return entries?.map(toTreeEntry).sort(byName);
    },
    realPath: (path) => {
      const real = resolve(path);
      return real === undefined ? undefined : relative(realRoot, real).split(sep).join('/');
    },
  };
}

function toTreeEntry(entry: Dirent): TreeEntry {
  const kind = entry.isDirectory() ? 'directory' : entry.isSymbolicLink() ? 'symlink' : 'file';
  return { name: entry.name, kind };
}

/** What says that a path is not there, or is of the other kind. */
const MISSING = new Set(['ENOENT', 'ENOTDIR', 'EISDIR']);

function ignoreMissing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && 'code' in error && MISSING.has(String(error.code))) return undefined;
    throw error;
  }
}
