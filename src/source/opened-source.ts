// A source whose files can be read: a folder of a commit, or an unpacked chart.

import type { Source } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import type { ChartClient } from '../charts/client.ts';
import type { Checkout } from '../git/checkout.ts';
import type { RepositorySecrets } from '../git/credentials.ts';
import { readChartArchive } from '../render/helm/archive.ts';
import { DEFAULT_LIMITS } from '../render/helm/limits.ts';
import { joinPath, memoryTree, type Tree } from '../render/tree.ts';
import type { BuildEnvironment } from './build-environment.ts';
import { substitute } from './build-environment.ts';
import { locateSource } from './chart-locations.ts';
import { isGlob } from './doublestar.ts';
import { type FileHere, filesOf } from './render-needs.ts';
import type { ResolvedSource } from './source.ts';

export interface OpenedSource {
  readonly tree: Tree;
  /** The files of a folder that are here, without their being noted as read: for a render elsewhere. */
  filesHere(directory: string): readonly FileHere[];
  /** Paths that were asked for and are not here yet. */
  missing(): readonly string[];
  load(paths: readonly string[], signal?: AbortSignal): Promise<void>;
  /** What was read, as JSON. */
  readSet(): unknown;
  /** Keeps what was fetched for a process that starts later. */
  save(): Promise<void>;
}

export function openedCommit(tree: Checkout): OpenedSource {
  const { filesHere, missing, load, readSet, save } = tree;
  return { tree, filesHere, missing, load, readSet, save };
}

/** Files that are all here, of which nothing is kept. */
export function openedLocal(tree: Tree): OpenedSource {
  return {
    tree,
    filesHere: (directory) => filesOf(tree, directory),
    missing: () => [],
    load: () => Promise.resolve(),
    readSet: () => undefined,
    save: () => Promise.resolve(),
  };
}

/** Fetches and unpacks the chart of a source, as Argo CD does before it runs Helm in its folder. */
export async function openChart(
  client: ChartClient,
  { source, revision }: ResolvedSource,
  project: string,
  secrets: RepositorySecrets,
  signal?: AbortSignal,
): Promise<OpenedSource> {
  const pulled = await client.pull(locateSource(source, project, secrets), revision, signal);
  const tree = treeOfArchive(pulled.archive);
  return {
    tree,
    filesHere: (directory) => filesOf(tree, directory),
    missing: () => [],
    load: () => Promise.resolve(),
    readSet: () => ({ version: revision, digest: pulled.digest }),
    save: () => Promise.resolve(),
  };
}

/** A packed chart, its own folder as the root. */
export function treeOfArchive(archive: Uint8Array): Tree {
  const files = readChartArchive(archive, DEFAULT_LIMITS).map(({ name, data }) => [name, data] as const);
  return memoryTree(Object.fromEntries(files));
}

/** The folder of a source in its tree. Throws `PathEscapes` for a path that leads out of the repository. */
export function pathOf(source: Source): string {
  // A chart of a repository has no path: Argo CD gives one no meaning.
  if (source.chart) return '';
  const path = joinPath('', source.path ?? '');
  if (path === undefined || source.path?.startsWith('/')) {
    throw new HawserError('PathEscapes', `spec.source.path ${source.path} leads out of the repository`, {
      hint: 'write it relative to the root of the repository',
    });
  }
  return path;
}

/** A source with a `ref` and neither path nor chart renders nothing: others take values files from it. */
export function isReferenceOnly({ ref, path, chart }: Source): boolean {
  return Boolean(ref) && !path && !chart;
}

/** What the other sources will read of the one with this `ref`: so much is fetched at once, the rest when it is asked for. */
export function pathsOfReference(ref: string, sources: readonly Source[], environment: BuildEnvironment): string[] {
  const prefix = `$${ref}/`;
  const names = sources.flatMap(({ helm }) => [
    ...(helm?.valueFiles ?? []),
    ...(helm?.fileParameters ?? []).map(({ path }) => path),
  ]);
  const paths = names
    .filter((name) => name.startsWith(prefix))
    .map((name) => joinPath('', substitute(name.slice(prefix.length), environment)) ?? '')
    .map((path) => (isGlob(path) ? path.replace(/(^|\/)[^/]*[*?[].*$/, '') : path));
  return [...new Set(paths)].filter((path) => path !== '');
}
