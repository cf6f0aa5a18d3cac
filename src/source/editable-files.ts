// Which files of a source's repository belong to an Application: those that a change of it may touch.

import { HawserError } from '../base/errors.ts';
import { memoryTree } from '../render/tree.ts';
import { buildEnvironment, substitute } from './build-environment.ts';
import { isChartSource } from './chart-locations.ts';
import { expandGlob, isGlob } from './doublestar.ts';
import { isReferenceOnly, pathOf } from './opened-source.ts';
import type { RenderContext, ResolvedSource } from './source.ts';
import { resolveFile } from './value-files.ts';

export interface NamedFile {
  /** The number of the source in whose repository it is. */
  readonly source: number;
  /** May be a glob. */
  readonly path: string;
}

/**
 * The files of the source's own folder, and those that any of the Application's charts name as values in its repository: not a base elsewhere,
 * which others may use. A chart of a repository has none.
 */
export function editableFiles(
  sources: readonly ResolvedSource[],
  index: number,
  context: RenderContext,
): (path: string) => boolean {
  const source = sources[index]?.source;
  if (!source || isChartSource(source)) return () => false;
  const folder = isReferenceOnly(source) ? undefined : pathOf(source);
  const named = namedFiles(sources, context).filter((file) => file.source === index);
  return (path) => {
    if (folder !== undefined && (folder === '' || path.startsWith(`${folder}/`))) return true;
    return named.some((file) => file.path === path || (isGlob(file.path) && matches(file.path, path)));
  };
}

/** The files that charts name, in the order in which they count: values files first, then those of `fileParameters`. */
export function namedFiles(sources: readonly ResolvedSource[], context: RenderContext): readonly NamedFile[] {
  // They stand for the repositories, of which nothing is read.
  const trees = sources.map(() => memoryTree({}));
  const refs = new Map(
    sources.flatMap(({ source }, index) => {
      const tree = trees[index];
      return source.ref && tree && !isChartSource(source) ? [[`$${source.ref}`, tree] as const] : [];
    }),
  );
  return sources.flatMap((resolved, index) => {
    const { helm } = resolved.source;
    const tree = trees[index];
    if (!helm || !tree) return [];
    const variables = buildEnvironment(resolved, context);
    const places = { tree, path: pathOf(resolved.source), refs, expand: (text: string) => substitute(text, variables) };
    const names = [...(helm.valueFiles ?? []), ...(helm.fileParameters ?? []).map(({ path }) => path)];
    return names.flatMap((name) => {
      const file = resolveInside(name, places);
      return file?.tree ? [{ source: trees.indexOf(file.tree), path: file.path }] : [];
    });
  });
}

function resolveInside(name: string, places: Parameters<typeof resolveFile>[1]) {
  try {
    return resolveFile(name, places);
  } catch (error) {
    // The render says so.
    if (error instanceof HawserError) return undefined;
    throw error;
  }
}

function matches(pattern: string, path: string): boolean {
  return expandGlob(memoryTree({ [path]: '' }), pattern).length > 0;
}
