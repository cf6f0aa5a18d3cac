// The manifests of an Application as they are rendered now, at the target revision or another one (Argo CD: server/application, GetManifests).

import { hasSeveralSources, instanceName } from '../application/parse.ts';
import type { Application, SourceType } from '../application/types.ts';
import { formatGoJson } from '../base/go-json.ts';
import { isSecret, maskSecrets } from '../compare/mask-secret.ts';
import { withTracking } from '../compare/tracking.ts';
import { renderTargets, resolveSources } from './compare-application.ts';
import { requirePermitted } from './project-rules.ts';
import type { Road } from './road.ts';
import { readArgoSettings } from './settings.ts';
import { readProject, readRepositorySecrets } from './world.ts';

export interface ApplicationManifests {
  /** JSON, Secrets masked. */
  readonly manifests: readonly string[];
  /** Of an Application with one source. */
  readonly revision?: string;
  readonly revisions?: readonly string[];
  readonly sourceType?: SourceType;
  /** The destination. */
  readonly namespace?: string;
  readonly server?: string;
}

/** `revisions` replace the sources' targetRevision, each its own; an empty one does not. */
export async function renderManifests(
  road: Road,
  app: Application,
  revisions: readonly string[],
): Promise<ApplicationManifests> {
  const known = Promise.all([readRepositorySecrets(road, 'consistent'), readArgoSettings(road)]);
  const [[repositories, settings], project] = await Promise.all([known, readProject(road, app.spec.project, known)]);
  requirePermitted(road, app, project);
  const reader = road.readSources(repositories);
  const signal = road.stopping;
  const resolved = await resolveSources(app, reader, signal, revisions);
  const objects = await renderTargets(road, { app, reader, resolved, signal });
  const { namespace = '', server } = app.spec.destination;
  const instance = instanceName(app, road.platform.settings.namespace);
  const hidden = new Set(settings.sensitiveAnnotations);
  const commits = resolved.map(({ revision }) => revision);
  const { sourceType } = app.status;
  return {
    manifests: objects.map((object) => {
      const tracked = withTracking(object, instance, namespace, settings.tracking);
      return formatGoJson(isSecret(tracked) ? maskSecrets([tracked], hidden)[0] : tracked);
    }),
    ...(hasSeveralSources(app.spec) ? { revisions: commits } : commits[0] && { revision: commits[0] }),
    ...(sourceType && { sourceType }),
    ...(namespace && { namespace }),
    ...(server && { server }),
  };
}
