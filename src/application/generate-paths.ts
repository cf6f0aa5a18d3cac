// Which changed files concern an Application by its annotation manifest-generate-paths (Argo CD: util/app/path/path.go). Pure: whoever
// asks knows what has changed.

import { isEqualJson } from '../base/equal.ts';
import { isHawserError } from '../base/errors.ts';
import { cleanPath, directoryName } from '../render/go/path.ts';
import { matchesPath } from '../render/helm/path-match.ts';
import { annotationOf } from './annotations.ts';
import { sourcesOf } from './parse.ts';
import type { Application, Source } from './types.ts';
import { hydratedSource, watchedSources } from './watched-sources.ts';

export const GENERATE_PATHS = 'argocd.argoproj.io/manifest-generate-paths';

/**
 * The annotation's paths and patterns from the root of the repository: what begins with a slash as it stands, the rest below the path of
 * each of `sources`. Empty where the annotation names nothing: then every change concerns the Application.
 */
export function refreshPaths(
  app: Pick<Application, 'metadata' | 'spec'>,
  sources: readonly Source[] = sourcesOf(app.spec),
): readonly string[] {
  const items = (annotationOf(app, GENERATE_PATHS) ?? '')
    .split(';')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  const paths = sources.flatMap(({ path = '' }) =>
    items.map((item) => (item.startsWith('/') ? item.slice(1) : cleanPath(path === '' ? item : `${path}/${item}`))),
  );
  return [...new Set(paths)];
}

/**
 * Whether changed files concern an Application with these paths. True where either list is empty, as in Argo CD: without paths
 * everything counts, and an empty list of files is one that nobody has filled in.
 */
export function filesConcern(paths: readonly string[], changed: readonly string[]): boolean {
  return paths.length === 0 || changed.length === 0 || concerningFiles(paths, changed).length > 0;
}

/** The files that one of the paths names: the file itself, a folder that it is in, or a pattern of `filepath.Match`. */
export function concerningFiles(paths: readonly string[], changed: readonly string[]): readonly string[] {
  const rules = paths.map(compileRule);
  return changed.filter((file) => rules.some((isNamed) => isNamed(rooted(file))));
}

/**
 * The path rule: whether a push that changed these files of its sources' repository concerns the Application. The branch that a hydrator
 * writes counts by its own path, whatever the annotation says.
 */
export function isConcernedBy(
  app: Pick<Application, 'metadata' | 'spec'>,
  changed: readonly string[],
  sources: readonly Source[] = watchedSources(app.spec),
): boolean {
  const hydrated = hydratedSource(app.spec);
  return sources.some((source) => {
    const isHydrated = hydrated !== undefined && isEqualJson(source, hydrated);
    return filesConcern(isHydrated ? [source.path ?? ''] : refreshPaths(app, [source]), changed);
  });
}

/** Folders (or files) in which everything lies that the paths can name; '' is the whole repository. None lies in another. */
export function foldersOfPaths(paths: readonly string[]): readonly string[] {
  const folders = new Set(paths.map(fixedPart));
  return [...folders].filter((folder) => !foldersAbove(folder).some((outer) => folders.has(outer))).sort();
}

/** `a/b/c` is in `a/b`, `a` and ''. */
function foldersAbove(folder: string): readonly string[] {
  if (folder === '') return [];
  const parts = folder.split('/');
  return parts.map((_, length) => parts.slice(0, length).join('/'));
}

function compileRule(path: string): (file: string) => boolean {
  const pattern = rooted(path);
  const folder = cleanPath(pattern);
  if (folder === '/') return () => true;
  return (file) => {
    if (file === pattern) return true;
    // The file's folder, not the file: `/a/b.yaml/` names what is in a folder of that name.
    const parent = directoryName(file);
    return parent === folder || parent.startsWith(`${folder}/`) || isMatch(pattern, file);
  };
}

/** A pattern that cannot be read matches nothing. */
function isMatch(pattern: string, file: string): boolean {
  try {
    return matchesPath(pattern, file);
  } catch (error) {
    if (isHawserError(error, 'InvalidInput')) return false;
    throw error;
  }
}

/** The parts before the first one that holds a character with a meaning in patterns. */
function fixedPart(path: string): string {
  const parts = rooted(path).split('/');
  const first = parts.findIndex((part) => /[*?[\\]/.test(part));
  return cleanPath(parts.slice(0, first < 0 ? parts.length : first).join('/') || '/').slice(1);
}

function rooted(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}
