// The end of an operation: the cluster is compared anew, and status, history and the next attempt follow.

import type { Comparison } from '../application/difference.ts';
import { appendHistory } from '../application/history.ts';
import type {
  Application,
  ApplicationStatus,
  Operation,
  OperationState,
  RevisionHistory,
} from '../application/types.ts';
import { isEqualJson } from '../base/equal.ts';
import { formatError, isHawserError } from '../base/errors.ts';
import type { SyncOutcome } from '../sync/execute.ts';
import { compareAgain, compareApplication } from './compare-application.ts';
import { isPartial } from './pending-operation.ts';
import { endAttempt } from './retry-operation.ts';
import { formatTime, keyOfApplication, type Road } from './road.ts';
import { type Compared, mergeConditions, statusOfComparison } from './status.ts';
import type { StepRecorder } from './step-recorder.ts';
import type { SyncApplication } from './sync-application.ts';

/** Compares what is there now, and stores the last record: the operation has ended, or waits for its next attempt. */
export async function endOperation(
  road: Road,
  input: SyncApplication,
  done: OperationState,
  outcome: SyncOutcome,
  recorder: StepRecorder,
  isTerminated: boolean,
): Promise<Application> {
  const running = recorder.latest();
  road.healthLimits.delete(keyOfApplication(running));
  const after = await compareAfter(road, { ...input, app: running }, outcome);
  const nowMs = road.platform.clock.now();
  const ended = endAttempt(done, { nowMs, isFinal: outcome.superseded || isTerminated });
  const status = statusOfComparison(running, after, formatTime(nowMs));
  const errors = outcome.superseded ? [] : syncErrors(input.operation, ended, input.compared);
  return recorder.store({
    ...status,
    operationState: ended,
    ...historyAfter(input, ended, running),
    conditions: mergeConditions(status.conditions, errors, ['SyncError', 'SyncHeld'], formatTime(nowMs)),
  });
}

/** The truth after the sync comes from the cluster, not from what the sync believes to have done. */
async function compareAfter(road: Road, input: SyncApplication, outcome: SyncOutcome): Promise<Compared> {
  const { app, reader, compared, signal, isPinned } = input;
  const nothingDone = outcome.results.length === 0 || input.operation.sync?.dryRun;
  if (nothingDone && !isPinned) return compared;
  // What has a health goes on changing by itself: that is read.
  const written = (outcome.written ?? []).filter((object) => road.argo.healthOf(object) === undefined);
  const request = { app, reader, written, ...(signal && { signal }) };
  try {
    return isPinned ? await compareApplication(road, request) : await compareAgain(road, request, compared);
  } catch (error) {
    if (!isHawserError(error)) throw error;
    const message = `after the sync: ${formatError(error)}`;
    const comparison: Comparison = {
      ...compared.comparison,
      status: 'Unknown',
      conditions: [{ type: 'ComparisonError', message }],
    };
    return { ...compared, comparison };
  }
}

/** Only a successful, whole, real sync is an entry of the history, and only of what Git holds: nobody could come back to anything else. */
function historyAfter(
  { operation }: SyncApplication,
  { phase, startedAt, finishedAt = startedAt, syncResult }: OperationState,
  app: Application,
): Pick<ApplicationStatus, 'history'> {
  const { sync = {} } = operation;
  if (phase !== 'Succeeded' || sync.dryRun || sync.manifests || isPartial(sync)) return {};
  const { revision, revisions, source, sources } = syncResult ?? {};
  const deployed = {
    ...(revision && { revision }),
    ...(revisions && { revisions }),
    ...(source && { source }),
    ...(sources && { sources }),
  };
  const { history = [] } = app.status;
  // What was cut off meanwhile is no entry either: it was brought back to what the newest one says.
  if (operation.initiatedBy?.automated && isDeployed(history.at(-1), deployed)) return {};
  const entry = {
    ...deployed,
    deployStartedAt: startedAt,
    deployedAt: finishedAt,
    ...(operation.initiatedBy && { initiatedBy: operation.initiatedBy }),
  };
  return { history: appendHistory(history, entry, app.spec.revisionHistoryLimit) };
}

function isDeployed(entry: RevisionHistory | undefined, deployed: Partial<RevisionHistory>): boolean {
  if (!entry) return false;
  const { revision, revisions, source, sources } = entry;
  return isEqualJson(
    { revision, revisions, source, sources },
    { revision: deployed.revision, revisions: deployed.revisions, source: deployed.source, sources: deployed.sources },
  );
}

function syncErrors(operation: Operation, { phase, message = '' }: OperationState, { resolved }: Compared) {
  if (!operation.initiatedBy?.automated || (phase !== 'Failed' && phase !== 'Error')) return [];
  const revisions = resolved.map(({ revision }) => revision).join(',');
  return [{ type: 'SyncError' as const, message: `Failed last sync attempt to ${revisions}: ${message}` }];
}
