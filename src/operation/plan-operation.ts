// What a sync or a rollback would do, before it is asked for: the plan that it would carry out, object by object. Writes nothing.

import type { Application, SyncPhase, SyncRequest } from '../application/types.ts';
import type { FieldChange } from '../compare/field-changes.ts';
import { resourceDiff } from '../compare/resource-diff.ts';
import { groupOf, versionOf } from '../kube/object.ts';
import {
  countSteps,
  type PlannedAction,
  type PlannedCounts,
  type PlannedStep,
  plannedSteps,
  planSentence,
} from '../sync/planned-steps.ts';
import { objectOf, type SyncTask } from '../sync/task.ts';
import { compareObjects, renderTargets, resolveSources } from './compare-application.ts';
import { rollbackOperation, syncOperation } from './draft-operation.ts';
import type { RollbackRequest } from './hawser.ts';
import { parseManifests } from './local-manifests.ts';
import { asOfOperation, pinsOf } from './pending-operation.ts';
import { planOf } from './plan-of-operation.ts';
import { type PlanProblem, planProblems } from './plan-problems.ts';
import { requirePermitted } from './project-rules.ts';
import { formatTime, type Road } from './road.ts';
import { readArgoSettings } from './settings.ts';
import { revisionsOf } from './status.ts';
import { readProject, readRepositorySecrets } from './world.ts';

export type PlanRequest =
  | { readonly sync: SyncRequest }
  /** An entry of the history; the one before the newest where none is named. */
  | { readonly rollback: Pick<RollbackRequest, 'id' | 'prune'> };

/** States are JSON text as in managed-resources, with Secrets masked; left out where nothing changes. */
export interface ShownStep {
  readonly phase: SyncPhase;
  readonly wave: number;
  readonly action: PlannedAction;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** As results name it: of cluster-scoped objects it may be the destination's. */
  readonly namespace: string;
  /** Of a hook with a generateName: that, and `isGenerated`. */
  readonly name: string;
  readonly isGenerated?: true;
  /** It is done only when the sync fails. */
  readonly isForFailure?: true;
  readonly changes: readonly FieldChange[];
  readonly liveState?: string;
  readonly targetState?: string;
  readonly normalizedLiveState?: string;
  readonly predictedLiveState?: string;
  readonly needsConfirmation: boolean;
  /** Why it cannot be done, or is left. */
  readonly message?: string;
}

export interface OperationPlan {
  readonly sentence: string;
  readonly revision?: string;
  readonly revisions?: readonly string[];
  readonly counts: PlannedCounts;
  readonly steps: readonly ShownStep[];
  readonly problems: readonly PlanProblem[];
}

/** Throws what a source or the cluster refuses, `InvalidInput` for what the project forbids as a whole and for an unknown entry. */
export async function planOperation(road: Road, app: Application, request: PlanRequest): Promise<OperationPlan> {
  const operation =
    'rollback' in request
      ? rollbackOperation(app, request.rollback, '').operation
      : // A dry run may bring manifests whatever automated sync says; the problems say that it may not be done.
        { ...syncOperation(app, { ...request.sync, dryRun: true }, '') };
  const sync: SyncRequest = { ...operation.sync, dryRun: false };
  const planned = { ...operation, sync };
  const pins = pinsOf(sync);
  const subject = asOfOperation(app, pins);
  const known = Promise.all([readRepositorySecrets(road, 'consistent'), readArgoSettings(road)]);
  const [[repositories], project] = await Promise.all([known, readProject(road, app.spec.project, known)]);
  requirePermitted(road, subject, project);
  const reader = road.readSources(repositories);
  const signal = road.stopping;
  const resolved = sync.manifests ? [] : await resolveSources(subject, reader, signal, pins.revisions);
  const comparing = { app: subject, reader, resolved, signal };
  const targets = sync.manifests ? parseManifests(sync.manifests) : await renderTargets(road, comparing);
  const options = sync.syncOptions && { syncOptions: sync.syncOptions };
  const inventory = app.status.resources ?? [];
  const comparison = await compareObjects(road, { ...comparing, ...options }, project, targets, inventory);
  const compared = { comparison, resolved, ...(project && { project }) };
  const nowMs = road.platform.clock.now();
  const plan = planOf(road, { app, operation: planned, compared }, formatTime(nowMs));
  const steps = plannedSteps(plan);
  const revisions = revisionsOf(subject, resolved);
  const ids = new Set(resolved.map(({ revision }) => revision.slice(0, 7)));
  const isRollback = 'rollback' in request;
  return {
    sentence: planSentence(steps, [...ids].join(', ')),
    ...revisions,
    counts: countSteps(steps),
    steps: steps.map((step) => shownStep(step, road.argo.settings.sensitiveAnnotations)),
    problems: planProblems({ app, operation: planned, project, plan, steps, comparison, nowMs, isRollback }),
  };
}

function shownStep(step: PlannedStep, hiddenAnnotations: readonly string[]): ShownStep {
  const { task, action, isForFailure, needsConfirmation, message } = step;
  const object = objectOf(task);
  // The name that a hook would get is another when the sync begins.
  const generateName = task.difference?.target?.metadata.name
    ? undefined
    : task.difference?.target?.metadata.generateName;
  return {
    phase: task.phase,
    wave: task.wave,
    action,
    group: groupOf(object.apiVersion),
    version: versionOf(object.apiVersion),
    kind: object.kind,
    namespace: task.namespace,
    name: generateName ?? object.metadata.name ?? '',
    ...(generateName !== undefined && { isGenerated: true as const }),
    ...(isForFailure && { isForFailure: true as const }),
    ...(action === 'unchanged' ? { changes: [] } : statesOf(task, action, hiddenAnnotations)),
    needsConfirmation,
    ...(message !== undefined && { message }),
  };
}

/** What is deleted is predicted to be gone; a hook is made anew, whatever is left of the last one. */
function statesOf(task: SyncTask, action: PlannedAction, hiddenAnnotations: readonly string[]) {
  const { difference = asDifference(task) } = task;
  const isNew = action === 'hook' || action === 'create';
  const { live: _, compared: __, predicted: ___, ...alone } = difference;
  const shown = resourceDiff(isNew ? alone : difference, hiddenAnnotations);
  const { changes, liveState, targetState, normalizedLiveState, predictedLiveState } = shown;
  return { changes, liveState, targetState, normalizedLiveState, predictedLiveState };
}

/** The destination namespace is not among what was compared. */
function asDifference({ target, live }: SyncTask): NonNullable<SyncTask['difference']> {
  const object = objectOf({ ...(target && { target }), ...(live && { live }) });
  return {
    key: { group: '', kind: object.kind, namespace: '', name: object.metadata.name ?? '' },
    version: 'v1',
    ...(target && { target }),
    // Its labels and annotations are merged into what is there.
    ...(live && { live, predicted: target ? withMetadata(live, target) : live }),
    hook: false,
    modified: true,
    ownershipChanges: false,
    requiresPruning: false,
    syncWave: 0,
    dryRun: { outcome: 'none' },
    adopts: [],
  };
}

function withMetadata(live: NonNullable<SyncTask['live']>, { metadata }: NonNullable<SyncTask['target']>) {
  return {
    ...live,
    metadata: {
      ...live.metadata,
      labels: { ...live.metadata.labels, ...metadata.labels },
      annotations: { ...live.metadata.annotations, ...metadata.annotations },
    },
  };
}
