// One operation: a comparison is planned and carried out, and what came of it recorded. There is one way to sync.

import type { Comparison } from '../application/difference.ts';
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
import { executeSync, type SyncOutcome, type SyncState } from '../sync/execute.ts';
import { planSync, type SyncSettings } from '../sync/plan.ts';
import { compareAgain } from './compare-application.ts';
import { keepGenerated } from './generated-values.ts';
import { refuseBy } from './project-rules.ts';
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
  /** When an earlier process began this very operation, and what it did of it. */
  readonly startedAt?: string;
  readonly recorded?: readonly ResourceResult[];
  readonly signal?: AbortSignal;
}

/** How long one call waits for hooks and health before it records and returns Running. */
const WAIT_MS = 10 * 60_000;

/** Carries the operation out and gives the Application as it then is. What fails is in its status, not thrown. */
export async function syncApplication(road: Road, input: SyncApplication): Promise<Application> {
  const { operation, compared, takeOperation } = input;
  const now = () => formatTime(road.platform.clock.now());
  const begun = beginOperation(input, input.startedAt ?? now());
  const state = begun.operationState;
  // The first record and the first step go out together: a crash between them loses nothing, since the push is still recorded
  // and every step may be done again. A requested operation is recorded first: until then somebody else may take it up.
  let recorded = recordStatus(road, input.app, begun, { takeOperation });
  if (takeOperation) await recorded;
  const outcome = await runPlan(road, input, state, (step) => {
    recorded = recorded.then((app) => recordStatus(road, app, { ...begun, operationState: withStep(state, step) }));
  });
  const running = await recorded;
  const after = await compareAfter(road, { ...input, app: running }, outcome);
  const finishedAt = now();
  const finished: OperationState = { ...withStep(state, outcome), finishedAt };
  const status = statusOfComparison(running, after, finishedAt);
  const errors = syncErrors(operation, finished, compared);
  return recordStatus(road, running, {
    ...status,
    operationState: finished,
    ...historyAfter(input, finished, running),
    conditions: mergeConditions(status.conditions, errors, ['SyncError'], finishedAt),
  });
}

function withStep(state: OperationState, { phase, message, results }: SyncState): OperationState {
  return { ...state, phase, message, syncResult: { ...state.syncResult, resources: results } };
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

async function runPlan(
  road: Road,
  input: SyncApplication,
  { startedAt }: OperationState,
  onStep: (state: SyncState) => void,
): Promise<SyncOutcome> {
  const { app, operation, compared, isSuperseded, signal } = input;
  try {
    const plan = planSync({
      differences: compared.comparison.differences,
      ...(compared.comparison.namespace && { namespace: compared.comparison.namespace }),
      settings: settingsOf(app, operation, compared, startedAt),
      refuse: refuseBy(compared.project, app),
    });
    // Kept first: what was applied and then forgotten would be another password at the next render.
    if (!operation.sync?.dryRun) await keepGenerated(road, app, compared.generated);
    return await executeSync(plan, {
      client: clientFor(road, app.spec.destination),
      healthOf: resourceHealth,
      recorded: input.recorded ?? [],
      waitMs: WAIT_MS,
      // The end of the last step is recorded with the end of the operation.
      onStep: async (state) => {
        if (state.phase === 'Running') onStep(state);
      },
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
async function compareAfter(road: Road, input: SyncApplication, outcome: SyncOutcome): Promise<Compared> {
  const { app, reader, compared, signal } = input;
  const nothingDone = outcome.results.length === 0 || input.operation.sync?.dryRun;
  if (nothingDone) return compared;
  try {
    return await compareAgain(road, { app, reader, ...(signal && { signal }) }, compared);
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
