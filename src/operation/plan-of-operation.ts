// The plan of one operation: the same for whoever carries it out and for whoever only wants to see it.

import type { Application, Operation, SyncRequest } from '../application/types.ts';
import { planSync, type SyncPlan, type SyncSettings } from '../sync/plan.ts';
import { isPartial } from './pending-operation.ts';
import { refuseBy } from './project-rules.ts';
import type { Road } from './road.ts';
import type { Compared } from './status.ts';

export interface PlannedOperation {
  readonly app: Application;
  readonly operation: Operation;
  readonly compared: Pick<Compared, 'comparison' | 'project' | 'resolved'>;
}

/** What the operation does, by what was compared for it. */
export function planOf(road: Pick<Road, 'clusters'>, input: PlannedOperation, startedAt: string): SyncPlan {
  const { app, compared } = input;
  const { comparison, project } = compared;
  return planSync({
    differences: comparison.differences,
    ...(comparison.namespace && { namespace: comparison.namespace }),
    settings: settingsOf(input, startedAt),
    refuse: refuseBy(project, app, road.clusters),
  });
}

function settingsOf({ app, operation, compared }: PlannedOperation, startedAt: string): SyncSettings {
  const sync: SyncRequest = operation.sync ?? {};
  return {
    namespace: app.spec.destination.namespace ?? '',
    revision: compared.resolved[0]?.revision ?? '',
    startedAt,
    prune: sync.prune ?? false,
    dryRun: sync.dryRun ?? false,
    force: sync.syncStrategy?.apply?.force ?? sync.syncStrategy?.hook?.force ?? false,
    skipHooks: isPartial(sync) || sync.syncStrategy?.apply !== undefined,
    ...(isPartial(sync) && { resources: sync.resources }),
    syncOptions: sync.syncOptions ?? app.spec.syncPolicy?.syncOptions ?? [],
    pruneConfirmed: isConfirmed(app, startedAt),
  };
}

function isConfirmed(app: Application, startedAt: string): boolean {
  const approved = Date.parse(app.metadata.annotations?.['argocd.argoproj.io/deletion-approved'] ?? '');
  return approved >= Date.parse(startedAt);
}
