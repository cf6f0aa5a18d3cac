// Which files of a folder a directory source reads (Argo CD: getPotentiallyValidManifests).

import { HawserError } from '../../base/errors.ts';
import { matchesGlob } from '../../base/glob.ts';
import { joinPath, type Tree, type TreeEntry } from '../tree.ts';

export interface ManifestFile {
  /** Its path in the tree. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

export interface FileFilter {
  readonly recurse?: boolean;
  readonly include?: string;
  readonly exclude?: string;
  /** Files of any name count: `include` and `exclude` alone choose. */
  readonly disableExtensionFilter?: boolean;
  /** `*.jsonnet` files are left out. */
  readonly withoutJsonnet?: boolean;
}

const MANIFEST_NAME = /^.*\.(?:yaml|yml|json|jsonnet)$/;

/** The files, in the order of a walk: bytewise by name, a folder's content in its place. Symlinked folders are not entered. */
export function findManifestFiles(tree: Tree, path: string, filter: FileFilter): ManifestFile[] {
  const entries = tree.list(path);
  if (entries === undefined) {
    const problem = tree.readFile(path) === undefined ? 'app path does not exist' : 'app path is not a directory';
    throw new HawserError('RenderFailed', `${path}: ${problem}`, { place: { file: path } });
  }
  const search = new Search(tree, filter);
  search.visit(entries, path, '');
  return search.finish();
}

/**
 * A tree that is fetched on demand fails at the first path that is missing. The search goes on all the same, so that all
 * missing paths are known at once, and fails in the end.
 */
class Search {
  private readonly tree: Tree;
  private readonly filter: FileFilter;
  private readonly found: ManifestFile[] = [];
  private readonly errors: unknown[] = [];

  constructor(tree: Tree, filter: FileFilter) {
    this.tree = tree;
    this.filter = filter;
  }

  finish(): ManifestFile[] {
    if (this.errors.length > 0) throw this.errors[0];
    return this.found;
  }

  /** `relative` is the folder's path as globs see it, with a trailing slash where it is not the root. */
  visit(entries: readonly TreeEntry[], folder: string, relative: string): void {
    for (const { name, kind } of entries) {
      const path = joinPath(folder, name) ?? name;
      if (kind === 'directory') this.visitFolder(path, `${relative}${name}/`);
      else if (kind !== 'submodule' && this.isManifest(name) && this.isWanted(relative + name)) this.read(path);
    }
  }

  private visitFolder(path: string, relative: string): void {
    if (!this.filter.recurse) return;
    const entries = this.attempt(() => this.tree.list(path));
    if (entries !== undefined) this.visit(entries, path, relative);
  }

  private isManifest(name: string): boolean {
    const { disableExtensionFilter, withoutJsonnet } = this.filter;
    return (disableExtensionFilter || MANIFEST_NAME.test(name)) && !(withoutJsonnet && name.endsWith('.jsonnet'));
  }

  private isWanted(relative: string): boolean {
    const { include = '', exclude = '' } = this.filter;
    if (exclude !== '' && matchesGlob(exclude, relative)) return false;
    return include === '' || matchesGlob(include, relative);
  }

  /** A symlink to nothing or to a folder has no bytes, and is left out. */
  private read(file: string): void {
    const bytes = this.attempt(() => this.tree.readFile(file));
    if (bytes !== undefined) this.found.push({ file, bytes });
  }

  private attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.errors.push(error);
      return undefined;
    }
  }
}
