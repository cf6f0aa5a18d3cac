// One operation: a comparison is planned and carried out, and what came of it recorded. There is one way to sync.

import type { Comparison, Difference } from '../application/difference.ts';
import { appendHistory } from '../application/history.ts';
import type {
  Application,
  ApplicationStatus,
  Operation,
  OperationState,
  ResourceResult,
  SyncRequest,
} from '../application/types.ts';
import { formatError } from '../base/errors.ts';
import { resourceHealth } from '../health/health.ts';
import type { SourceReader } from '../source/source.ts';
import { executeSync, type SyncOutcome } from '../sync/execute.ts';
import { planSync, type SyncSettings } from '../sync/plan.ts';
import { compareApplication, compareTouched } from './compare-application.ts';
import { recordStatus } from './record.ts';
import { clientFor, formatTime, type Road } from './road.ts';
import { type Compared, mergeConditions, revisionsOf, sourcesForRecord, statusOfComparison } from './status.ts';

export interface SyncApplication {
  readonly app: Application;
  readonly operation: Operation;
  readonly compared: Compared;
  readonly reader: SourceReader;
  /** The operation was requested on the object, and is taken up with the first record. */
  readonly takeOperation: boolean;
  readonly isSuperseded: () => boolean;
  readonly signal?: AbortSignal;
}

/** How long one call waits for hooks and health before it records and returns Running. */
const WAIT_MS = 10 * 60_000;

/** Carries the operation out and gives the Application as it then is. What fails is in its status, not thrown. */
export async function syncApplication(road: Road, input: SyncApplication): Promise<Application> {
  const { operation, compared, takeOperation } = input;
  const now = () => formatTime(road.platform.clock.now());
  const begun = beginOperation(input, now());
  // The record and the first step go out together: a crash between them loses nothing, since the push is still recorded
  // and every step may be done again.
  const recorded = takeOperation
    ? await recordStatus(road, input.app, begun, { takeOperation })
    : recordStatus(road, input.app, begun);
  const state = begun.operationState;
  const outcome = await runPlan(road, input, state.startedAt);
  const running = await recorded;
  const after = await compareAgain(road, { ...input, app: running }, outcome);
  const finishedAt = now();
  const finished: OperationState = {
    ...state,
    phase: outcome.phase,
    message: outcome.message,
    syncResult: { ...state.syncResult, resources: outcome.results },
    finishedAt,
  };
  const compareStatus = statusOfComparison(running, after, finishedAt);
  const status: ApplicationStatus = {
    ...compareStatus,
    operationState: finished,
    ...historyAfter(input, finished, running),
    conditions: mergeConditions(
      compareStatus.conditions,
      syncErrors(operation, finished, compared),
      ['SyncError'],
      finishedAt,
    ),
  };
  return recordStatus(road, running, status);
}

function beginOperation({ app, operation, compared }: SyncApplication, startedAt: string) {
  const state: OperationState = {
    operation,
    phase: 'Running',
    message: 'syncing',
    startedAt,
    syncResult: { ...revisionsOf(app, compared.resolved), ...sourcesForRecord(app) },
  };
  return { ...statusOfComparison(app, compared, startedAt), operationState: state };
}

async function runPlan(road: Road, input: SyncApplication, startedAt: string): Promise<SyncOutcome> {
  const { app, operation, compared, isSuperseded, signal } = input;
  try {
    const plan = planSync({
      differences: compared.comparison.differences,
      ...(compared.comparison.namespace && { namespace: compared.comparison.namespace }),
      settings: settingsOf(app, operation, compared, startedAt),
    });
    return await executeSync(plan, {
      client: clientFor(road, app.spec.destination),
      healthOf: resourceHealth,
      recorded: [],
      waitMs: WAIT_MS,
      isSuperseded,
      ...(signal && { signal }),
    });
  } catch (error) {
    return { phase: 'Error', message: formatError(error), results: [], superseded: false };
  }
}

function settingsOf(app: Application, operation: Operation, compared: Compared, startedAt: string): SyncSettings {
  const sync: SyncRequest = operation.sync ?? {};
  return {
    namespace: app.spec.destination.namespace ?? '',
    revision: compared.resolved[0]?.revision ?? '',
    startedAt,
    prune: sync.prune ?? false,
    dryRun: sync.dryRun ?? false,
    force: sync.syncStrategy?.apply?.force ?? sync.syncStrategy?.hook?.force ?? false,
    skipHooks: sync.resources !== undefined || sync.syncStrategy?.apply !== undefined,
    ...(sync.resources && { resources: sync.resources }),
    syncOptions: sync.syncOptions ?? app.spec.syncPolicy?.syncOptions ?? [],
    pruneConfirmed: isConfirmed(app, startedAt),
  };
}

function isConfirmed(app: Application, startedAt: string): boolean {
  const approved = Date.parse(app.metadata.annotations?.['argocd.argoproj.io/deletion-approved'] ?? '');
  return approved >= Date.parse(startedAt);
}

/** The truth after the sync comes from the cluster, not from what the sync believes to have done. */
async function compareAgain(road: Road, input: SyncApplication, outcome: SyncOutcome): Promise<Compared> {
  const { app, reader, compared, signal } = input;
  const nothingDone = outcome.results.length === 0 || input.operation.sync?.dryRun;
  if (nothingDone) return compared;
  try {
    const request = { app, reader, ...(signal && { signal }) };
    // Warnings are about several objects at once: only a whole comparison knows whether they still hold.
    if (compared.comparison.conditions.length > 0)
      return await compareApplication(road, { ...request, resolved: compared.resolved });
    return await compareTouched(road, request, compared, (difference) => isTouched(difference, outcome));
  } catch (error) {
    const message = `after the sync: ${formatError(error)}`;
    const comparison: Comparison = {
      ...compared.comparison,
      status: 'Unknown',
      conditions: [{ type: 'ComparisonError', message }],
    };
    return { ...compared, comparison };
  }
}

function isTouched({ key, status }: Difference, { results }: SyncOutcome): boolean {
  const isOfKey = ({ group, kind, namespace, name }: ResourceResult) =>
    group === key.group && kind === key.kind && name === key.name && namespace === key.namespace;
  return status !== 'Synced' || results.some((result) => isOfKey(result) && !result.message?.endsWith('unchanged'));
}

/** Only a successful, whole, real sync is an entry of the history. */
function historyAfter(
  { operation }: SyncApplication,
  { phase, startedAt, finishedAt = startedAt, syncResult }: OperationState,
  app: Application,
): Pick<ApplicationStatus, 'history'> {
  if (phase !== 'Succeeded' || operation.sync?.dryRun || operation.sync?.resources) return {};
  const { revision, revisions, source, sources } = syncResult ?? {};
  const entry = {
    ...(revision && { revision }),
    ...(revisions && { revisions }),
    ...(source && { source }),
    ...(sources && { sources }),
    deployStartedAt: startedAt,
    deployedAt: finishedAt,
    ...(operation.initiatedBy && { initiatedBy: operation.initiatedBy }),
  };
  return { history: appendHistory(app.status.history ?? [], entry, app.spec.revisionHistoryLimit) };
}

function syncErrors(operation: Operation, { phase, message = '' }: OperationState, { resolved }: Compared) {
  if (!operation.initiatedBy?.automated || (phase !== 'Failed' && phase !== 'Error')) return [];
  const revisions = resolved.map(({ revision }) => revision).join(',');
  return [{ type: 'SyncError' as const, message: `Failed last sync attempt to ${revisions}: ${message}` }];
}
