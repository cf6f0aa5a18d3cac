// Files of a source in the words of somebody who tries a change, over those of its commit.

import { byName, type Tree, type TreeEntry } from '../render/tree.ts';
import type { OpenedSource } from './opened-source.ts';

/** By clean paths from the root of the repository. */
export type Edits = Readonly<Record<string, Uint8Array>>;

/** `tree` with these files in place of its own, or beside them. One at the end of a symlink is edited by its own path. */
export function editTree(tree: Tree, edits: Edits): Tree {
  const beside = entriesBeside(edits);
  if (beside.size === 0) return tree;
  return {
    readFile: (path) => {
      if (Object.hasOwn(edits, path)) return edits[path];
      if (beside.has(path)) return undefined;
      const content = tree.readFile(path);
      const real = content && tree.realPath ? tree.realPath(path) : path;
      return real !== undefined && Object.hasOwn(edits, real) ? edits[real] : content;
    },
    list: (path) => {
      const added = beside.get(path);
      if (Object.hasOwn(edits, path)) return undefined;
      if (!added) return tree.list(path);
      const known = new Map(
        (isNewFolder(tree, path) ? [] : (tree.list(path) ?? [])).map((entry) => [entry.name, entry]),
      );
      for (const entry of added) if (!known.has(entry.name)) known.set(entry.name, entry);
      return [...known.values()].sort(byName);
    },
    ...(tree.realPath && {
      realPath: (path: string) => {
        if (Object.hasOwn(edits, path)) return path;
        return tree.realPath?.(path) ?? (beside.has(path) ? path : undefined);
      },
    }),
  };
}

/** The same for a source that is fetched as it is read. */
export function editSource(opened: OpenedSource, edits: Edits): OpenedSource {
  return {
    ...opened,
    tree: editTree(opened.tree, edits),
    filesHere: (directory) => {
      const edited = Object.entries(edits).filter(([path]) => folderOf(path) === directory);
      const paths = new Set(edited.map(([path]) => path));
      return [
        ...opened.filesHere(directory).filter(({ path }) => !paths.has(path)),
        ...edited.map(([path, content]) => ({ path, content })),
      ];
    },
  };
}

/** A folder that the edits bring: nothing of it is at the commit. */
function isNewFolder(tree: Tree, path: string): boolean {
  return path !== '' && tree.realPath !== undefined && tree.realPath(path) === undefined;
}

/** What the edits add to each folder on the way to them. */
function entriesBeside(edits: Edits): ReadonlyMap<string, readonly TreeEntry[]> {
  const folders = new Map<string, Map<string, TreeEntry>>();
  for (const path of Object.keys(edits)) {
    let kind: TreeEntry['kind'] = 'file';
    for (let child = path; child !== ''; child = folderOf(child)) {
      const entries = folders.get(folderOf(child)) ?? new Map<string, TreeEntry>();
      folders.set(folderOf(child), entries);
      const name = child.slice(child.lastIndexOf('/') + 1);
      entries.set(name, { name, kind });
      kind = 'directory';
    }
  }
  return new Map([...folders].map(([folder, entries]) => [folder, [...entries.values()]]));
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
