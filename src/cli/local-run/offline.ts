// Rendering without a cluster: what an Application is made to look like for it, and what is known of the cluster that it is for.

import { HOME_SERVER } from '../../application/cluster-secret.ts';
import { sourcesOf } from '../../application/parse.ts';
import type { RepositoryData } from '../../application/repository-secret.ts';
import type { Application, Source } from '../../application/types.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { DiffRequest } from '../../operation/hawser.ts';

export interface OfflineOptions {
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
  readonly credentials?: RepositoryData;
}

/** Renders in a cluster that is made for it, and gone with it. */
export type RenderOffline = (
  app: Application,
  request: DiffRequest,
  options: OfflineOptions,
) => Promise<readonly KubeObject[]>;

/** For the cluster at hand, whichever it is for; charts are told of the API versions that are given. */
export function offlineApplication(app: Application, { apiVersions = [] }: OfflineOptions): Application {
  const { spec } = app;
  const { namespace } = spec.destination;
  const sources = sourcesOf(spec).map((source) => withVersions(source, apiVersions));
  const [source] = sources;
  return {
    ...app,
    spec: {
      ...spec,
      destination: { server: HOME_SERVER, ...(namespace && { namespace }) },
      ...(spec.sources ? { sources } : source && { source }),
    },
  };
}

function withVersions(source: Source, apiVersions: readonly string[]): Source {
  if (apiVersions.length === 0 || source.directory) return source;
  if (source.kustomize) return { ...source, kustomize: { apiVersions, ...source.kustomize } };
  return { ...source, helm: { apiVersions, ...source.helm } };
}
