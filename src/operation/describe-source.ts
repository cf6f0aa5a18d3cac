// What can be set of a source that somebody is about to use, or has used (Argo CD: server/repository, GetAppDetails).

import { sourcesOf } from '../application/parse.ts';
import type { Application, Source } from '../application/types.ts';
import { isEqualJson } from '../base/equal.ts';
import type { RepositorySecrets } from '../git/credentials.ts';
import { pathOf } from '../source/opened-source.ts';
import { describeSource as describe, type SourceDetails } from '../source/source-details.ts';
import type { Road } from './road.ts';
import { imagesOf } from './status.ts';

/** As Argo CD's API has it (RepoAppDetailsResponse). */
export interface AppDetails extends SourceDetails {
  readonly kustomize?: { readonly images: readonly string[] };
  readonly directory?: Record<string, never>;
}

/** Throws what reading the repository, or rendering a kustomization, throws. */
export async function describeSource(
  { readSources }: Pick<Road, 'readSources'>,
  source: Source,
  project: string,
  secrets: RepositorySecrets,
  signal?: AbortSignal,
): Promise<AppDetails> {
  const reader = readSources(secrets);
  const tree = await reader.openTree(source, project, signal);
  const found = describe(tree, pathOf(source), source);
  if (found.type === 'Directory') return { ...found, directory: {} };
  if (found.type !== 'Kustomize') return found;
  const resolved = await reader.resolve(source, project, signal);
  // What images it names does not depend on the cluster.
  const context = { appName: 'app', appNamespace: '', project, namespace: '', kubeVersion: 'v1.36.0', apiVersions: [] };
  const { objects } = await reader.render([resolved], context, [], signal);
  return { ...found, kustomize: { images: imagesOf(objects) } };
}

/** Whether the Application has the source, or was deployed from it once: by its revision then, since a branch moves. */
export function isSourceOf({ spec, status }: Application, source: Source, index: number, versionId: number): boolean {
  if (sourcesOf(spec).some((own) => isEqualJson(own, source))) return true;
  return (status.history ?? []).some((entry) => {
    const { id, revision, revisions } = entry;
    if (entry.sources && entry.sources.length > 0) {
      const own = entry.sources[index];
      return id === versionId && own !== undefined && isAtRevision(own, source, revisions?.[index]);
    }
    return entry.source !== undefined && isAtRevision(entry.source, source, revision);
  });
}

function isAtRevision(own: Source, source: Source, revision: string | undefined): boolean {
  return revision !== undefined && isEqualJson({ ...own, targetRevision: revision }, source);
}
