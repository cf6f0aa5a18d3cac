// The files of a commit as a checkout with its submodules and its files from Git LFS has them.

import { HawserError } from '../base/errors.ts';
import type { OpenOptions } from './client.ts';
import type { CommitTree, Located } from './commit-tree.ts';
import { createLfsFiles, type LfsFileSettings } from './lfs-files.ts';
import { parseLfsPointer } from './lfs-pointer.ts';
import { createMounts, inMount, type Mount, type MountSettings, type Mounts } from './mounts.ts';
import type { ObjectId } from './object.ts';
import type { Remote } from './remote.ts';
import { SUBMODULE } from './tree-object.ts';
import { escapes } from './walk-path.ts';

/**
 * As a `CommitTree`, whose read set it has: a submodule stands there as the commit that it is pinned to, which says all about its files.
 */
export type Checkout = Omit<CommitTree, 'locate' | 'readBlob' | 'listDirectory'>;

export interface CheckoutSettings extends MountSettings, LfsFileSettings {}

/** Over the borders of repositories, by symlinks too. */
const MAX_CROSSINGS = 60;

/**
 * Opens a commit as `GitClient.openCommit` does. Submodules and files of Git LFS that are read are brought by `load`, which then throws
 * what is wrong with them, naming them: nothing that Git names is ever left out.
 */
export async function openCheckout(
  settings: CheckoutSettings,
  remote: Remote,
  sha: ObjectId,
  options: OpenOptions,
): Promise<Checkout> {
  const tree = await settings.git.openCommit(remote, sha, options);
  const mounts = createMounts(settings, { path: '', depth: 0, remote, tree, submodules: new Map() }, options.paths);
  const lfs = createLfsFiles(settings);
  return {
    sha,
    commit: tree.commit,
    readFile: (path) => {
      const found = locate(mounts, path);
      if (found?.located.kind !== 'found' || !found.located.entry.mode.startsWith('100')) return undefined;
      const { mount, located } = found;
      const content = mount.tree.readBlob(located.entry);
      const pointer = parseLfsPointer(content);
      return pointer ? lfs.read(mount, located.entry.path, pointer) : content;
    },
    list: (path) => {
      const found = locate(mounts, path, 'inside');
      if (!found) return [];
      const { mount, located } = found;
      const isDirectory = located.kind === 'found' && located.entry.mode === '40000';
      return isDirectory ? mount.tree.listDirectory(located.entry) : undefined;
    },
    realPath: (path) => {
      const found = locate(mounts, path);
      return found?.located.kind === 'found' ? inMount(found.mount, found.located.entry.path) : undefined;
    },
    // Those of the repository itself: what lies in a submodule or in Git LFS is asked for.
    filesHere: tree.filesHere,
    missing: () => [
      ...mounts.all().flatMap((mount) => mount.tree.missing().map((path) => inMount(mount, path))),
      ...mounts.missing(),
      ...lfs.missing(),
    ],
    load: async (paths, signal) => {
      const asked = new Set(paths);
      const take = (path: string) => asked.delete(path);
      const files = lfs.missing().filter(take);
      const submodules = mounts.missing().filter(take);
      const ofMounts = mounts.all().map((mount) => {
        const missing = mount.tree.missing().filter((path) => take(inMount(mount, path)));
        return { mount, missing };
      });
      // What was not missing is the repository's own.
      ofMounts[0]?.missing.push(...asked);
      await Promise.all([
        lfs.load(files, signal),
        ...submodules.map((path) => mounts.load(path, signal)),
        ...ofMounts.flatMap(({ mount, missing }) => (missing.length > 0 ? [mount.tree.load(missing, signal)] : [])),
      ]);
    },
    readSet: tree.readSet,
    changedSince: tree.changedSince,
    save: async () => {
      await Promise.all(mounts.all().map((mount) => mount.tree.save()));
    },
  };
}

/**
 * Where a path leads, over the borders of repositories; at the gitlink of a submodule, `inside`: to its root. undefined in a submodule that
 * is an empty folder.
 */
function locate(mounts: Mounts, path: string, how?: 'inside'): { mount: Mount; located: Located } | undefined {
  let mount = mounts.root;
  let rest = path;
  for (let crossing = 0; crossing < MAX_CROSSINGS; crossing++) {
    const located: Located = mount.tree.locate(rest);
    if (located.kind === 'above') {
      if (mount === mounts.root) throw escapes(located.link);
      // A symlink out of a submodule is one in the checkout, as long as it stays in that.
      rest = `${mount.path.slice(0, Math.max(0, mount.path.lastIndexOf('/')))}/${located.rest}`;
      mount = mounts.root;
      continue;
    }
    const isAtBorder = located.kind === 'blocked' || (located.kind === 'found' && how === 'inside');
    if (!isAtBorder || located.entry.mode !== SUBMODULE) return { mount, located };
    rest = located.kind === 'blocked' ? located.rest : '';
    const submodule = mounts.enter(mount, located.entry, rest);
    if (!submodule) return undefined;
    mount = submodule;
  }
  throw new HawserError('LimitExceeded', `${path}: symbolic links lead in and out of submodules without end`);
}
