// What a repository holds, for those who are about to make an Application of it: refs, charts, and folders with something to deploy
// (Argo CD: reposerver, ListRefs, GetHelmCharts, ListApps; util/app/discovery).

import type { Source, SourceType } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import { createChartClient, type ListedChart } from '../charts/client.ts';
import type { RepositorySecrets } from '../git/credentials.ts';
import type { Tree } from '../render/tree.ts';
import { locateSource } from '../source/chart-locations.ts';
import { type AppDetails, describeSource } from './describe-source.ts';
import type { Road } from './road.ts';

export interface RepositoryContents {
  /** As it is registered; as it was asked for where it is not. */
  readonly url: string;
  /** '' where every project may use it. */
  readonly project: string;
  refs(signal?: AbortSignal): Promise<{ readonly branches: readonly string[]; readonly tags: readonly string[] }>;
  charts(signal?: AbortSignal): Promise<readonly ListedChart[]>;
  /** The versions among the tags of an OCI repository. */
  tags(signal?: AbortSignal): Promise<readonly string[]>;
  /** Folders of a revision that a tool is for. */
  apps(
    revision: string,
    signal?: AbortSignal,
  ): Promise<readonly { readonly path: string; readonly type: SourceType }[]>;
  /** What can be set of a source in it. */
  describe(source: Source, signal?: AbortSignal): Promise<AppDetails>;
}

interface ContentParts {
  readonly url: string;
  readonly project: string;
  readonly secrets: RepositorySecrets;
  /** The project whose rights to the repository count. */
  readonly for: string;
}

const HEADS = 'refs/heads/';
const TAGS = 'refs/tags/';
const KUSTOMIZATIONS: readonly string[] = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
/** A repository with more folders than this is no place to look for something to deploy. */
const MOST_FOLDERS = 20_000;

export function createRepositoryContents(
  road: Pick<Road, 'platform' | 'readSources'>,
  { url, project, secrets, for: reader }: ContentParts,
): RepositoryContents {
  const { platform, readSources } = road;
  const charts = createChartClient(platform);
  return {
    url,
    project,
    refs: async (signal) => {
      const { byName } = await readSources(secrets).listRefs(url, reader, [HEADS, TAGS], signal);
      const namesAt = (prefix: string) =>
        [...byName.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
      return { branches: namesAt(HEADS), tags: namesAt(TAGS) };
    },
    charts: async (signal) => {
      const location = locateSource({ repoURL: url, chart: '-' }, reader, secrets);
      if (location.kind !== 'http') {
        throw new HawserError('InvalidInput', `${url} is a registry, which has no list of its charts`);
      }
      return charts.listCharts(location, signal);
    },
    tags: async (signal) => {
      const location = locateSource({ repoURL: url }, reader, secrets);
      if (location.kind !== 'oci') throw new HawserError('InvalidInput', `${url} is no OCI repository`);
      return charts.listVersions(location, signal);
    },
    apps: async (revision, signal) => {
      const tree = await readSources(secrets).openTree({ repoURL: url, targetRevision: revision }, reader, signal);
      return findApps(tree);
    },
    describe: (source, signal) => describeSource(road, { ...source, repoURL: url }, reader, secrets, signal),
  };
}

function findApps(tree: Tree): { path: string; type: SourceType }[] {
  const found: { path: string; type: SourceType }[] = [];
  const folders = [''];
  for (let index = 0; index < folders.length && index < MOST_FOLDERS; index++) {
    const folder = folders[index] ?? '';
    const entries = tree.list(folder) ?? [];
    const files = entries.filter(({ kind }) => kind === 'file').map(({ name }) => name);
    const type = typeOf(files);
    if (type) found.push({ path: folder === '' ? '.' : folder, type });
    for (const { name, kind } of entries) {
      if (kind === 'directory') folders.push(folder === '' ? name : `${folder}/${name}`);
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function typeOf(files: readonly string[]): SourceType | undefined {
  if (files.some((name) => KUSTOMIZATIONS.includes(name))) return 'Kustomize';
  return files.some((name) => name.endsWith('Chart.yaml')) ? 'Helm' : undefined;
}
