// The files that a helm block names: beside the chart, anywhere in its repository, in the repository of another source (`$ref/…`), with
// globs, or at a URL (Argo CD: reposerver/repository, getResolvedValueFiles).

import { HawserError } from '../base/errors.ts';
import { shownUrl } from '../charts/download.ts';
import { joinPath, type Tree } from '../render/tree.ts';
import { expandGlob, isGlob } from './doublestar.ts';

export interface ValueFile {
  /** How errors call it: its path, `$ref/path`, or its URL without secrets. */
  readonly name: string;
  /** undefined where `path` is a URL. */
  readonly tree: Tree | undefined;
  readonly path: string;
}

export interface ValueFileContext {
  /** The chart's repository, and its folder there. */
  readonly tree: Tree;
  readonly path: string;
  /** Trees of sources with a `ref`, by `$ref`. */
  readonly refs: ReadonlyMap<string, Tree>;
  /** Replaces the variables of the build environment. */
  expand(text: string): string;
}

/**
 * The values files in the order in which they count. A glob stands for what it matches, in lexical order and without what the list names
 * itself or an earlier glob has matched. Throws `RenderFailed` for a glob without matches, unless missing files are to be ignored.
 */
export function resolveValueFiles(
  names: readonly string[],
  ignoreMissing: boolean,
  context: ValueFileContext,
): ValueFile[] {
  const resolved = names.map((name) => ({ written: name, file: resolveFile(name, context) }));
  const seen = new Set(resolved.filter(({ file }) => !isGlobFile(file)).map(({ file }) => file.name));
  const found: ValueFile[] = [];
  for (const { written, file } of resolved) {
    if (!isGlobFile(file)) {
      // Argo CD leaves it to Helm to miss a file at a URL.
      if (!ignoreMissing || !file.tree || file.tree.readFile(file.path) !== undefined) found.push(file);
      continue;
    }
    const matches = expandGlob(file.tree, file.path);
    if (matches.length === 0 && !ignoreMissing) {
      throw new HawserError('RenderFailed', `values file glob "${written}" matched no files`, {
        hint: 'correct spec.source.helm.valueFiles, or set ignoreMissingValueFiles',
      });
    }
    const prefix = file.name.slice(0, file.name.length - file.path.length);
    for (const path of matches) {
      const name = prefix + path;
      if (seen.has(name)) continue;
      seen.add(name);
      found.push({ name, tree: file.tree, path });
    }
  }
  return found;
}

/**
 * One file, whether it exists or not. Relative to the chart, or to the repository's root with a leading slash, and always to the root of
 * another source's; or at a URL. Throws `PathEscapes` for what leads out of its repository.
 */
export function resolveFile(written: string, { tree, path: chart, refs, expand }: ValueFileContext): ValueFile {
  const slash = written.indexOf('/');
  const ref = slash < 0 ? written : written.slice(0, slash);
  const refTree = refs.get(ref);
  // The variable is another source's name; what follows is looked at only now (Argo CD: getResolvedRefValueFile).
  if (refTree) {
    const path = inside('', expand(slash < 0 ? '' : written.slice(slash)), written);
    return { name: `${ref}/${path}`, tree: refTree, path };
  }
  const name = expand(written);
  if (/^[a-z][a-z0-9+.-]*:/i.test(name)) return { name: shownUrl(name), tree: undefined, path: name };
  const path = inside(chart, name, written);
  return { name: path, tree, path };
}

function isGlobFile(file: ValueFile): file is ValueFile & { readonly tree: Tree } {
  return file.tree !== undefined && isGlob(file.path);
}

function inside(base: string, name: string, written: string): string {
  const path = joinPath(base, name);
  if (path !== undefined) return path;
  throw new HawserError('PathEscapes', `the values file ${written} leads out of the repository`, {
    hint: 'paths are relative to the chart; a leading / means the root of the repository',
  });
}
