// Whether an Application's namespace holds objects of nobody, where its project wants to know.

import { isExcludedResource } from '../application/argo-settings.ts';
import type { Comparison } from '../application/difference.ts';
import type { Project } from '../application/project.ts';
import type { Application, Condition } from '../application/types.ts';
import { DEFAULT_CONCURRENCY } from '../base/concurrency.ts';
import { createLimiter } from '../base/limiter.ts';
import { findOrphaned, orphanedConditions } from '../compare/orphaned.ts';
import type { KubeClient } from '../kube/client.ts';
import { refuseBy } from './project-rules.ts';
import { applicationRef, type Road } from './road.ts';

export interface OrphanedQuestion {
  readonly app: Application;
  readonly project: Project | undefined;
  readonly comparison: Comparison;
  /** Of the destination. */
  readonly client: KubeClient;
  readonly signal?: AbortSignal | undefined;
}

/** Asks nothing where the project does not want to be warned. */
export async function orphanedWarnings(road: Road, question: OrphanedQuestion): Promise<readonly Condition[]> {
  const { app, project, comparison, client, signal } = question;
  const rules = project?.orphanedResources;
  if (!rules?.warn) return [];
  const { settings } = road.argo;
  const { server } = road.clusters.find(app.spec.destination);
  const orphaned = await findOrphaned({
    client,
    namespace: app.spec.destination.namespace ?? '',
    rules,
    refuse: refuseBy(project, app, road.clusters),
    isExcluded: (group, kind) => isExcludedResource(settings, { group, kind, server }),
    managed: comparison.differences.map(({ key }) => key),
    tracking: settings.tracking,
    isInstance: instancesOf(road, signal),
    limiter: createLimiter(DEFAULT_CONCURRENCY),
    signal,
  });
  return orphanedConditions(rules, orphaned);
}

/** `name`, or `namespace_name` of an Application outside of the control plane's namespace; each is asked for once. */
export function instancesOf(
  { home, platform }: Road,
  signal: AbortSignal | undefined,
): (instance: string) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>();
  return (instance) => {
    const found = known.get(instance);
    if (found) return found;
    const [namespace, name] = instance.includes('_') ? instance.split('_', 2) : [platform.settings.namespace, instance];
    const asking = home
      .get(applicationRef(namespace ?? '', name ?? ''), { signal })
      .then((application) => application !== undefined);
    known.set(instance, asking);
    return asking;
  };
}
