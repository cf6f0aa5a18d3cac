// One intent for one Application, from the judgement on: compare, record, and sync where that was asked for or is automated.

import { isAutomated } from '../application/parse.ts';
import type { Application, Condition, OperationState } from '../application/types.ts';
import { alarmName, endPauses } from './alarms.ts';
import { serverOf } from './application-metrics.ts';
import { type AutoSyncDecision, decideAutoSync } from './auto-sync.ts';
import { compareApplication, conditionOf, isPassing } from './compare-application.ts';
import { holdForHooks } from './deletion-finalizers.ts';
import { finishIntent, type Intent, supersededBy } from './intent.ts';
import { type PendingOperation, pendingOperation } from './pending-operation.ts';
import { recordStatus } from './record.ts';
import { formatTime, keyOfApplication, type Road } from './road.ts';
import { type Compared, mergeConditions, statusOfComparison, statusOfFailure } from './status.ts';
import { syncApplication } from './sync-application.ts';
import { isOvertaken, takeUp } from './take-up.ts';
import { automatedVerdict } from './window-rules.ts';

/**
 * Does what the judgement says. What goes wrong is recorded in the Application; a passing failure (Git server or cluster away)
 * is thrown as well, so that the caller keeps the push.
 */
export async function bringApplication(road: Road, input: Intent): Promise<void> {
  const { app, judgement } = input;
  const pending = pendingOperation(app);
  if (judgement.problems || pending) await input.ready();
  if (judgement.problems) return recordProblems(road, input, judgement.problems, pending);
  if (pending) {
    const taken = await takeUp(road, input, pending);
    if (taken?.isBehind) return bringApplication(road, { ...input, app: taken.app });
    if (taken) return;
  }
  const compared = await compareOrRecord(road, input);
  if (!compared) return;
  endPauses(road, app);
  if (pending?.kind === 'retry' && !isOvertaken(app, pending, judgement)) {
    const status = statusOfComparison(app, compared, formatTime(road.platform.clock.now()));
    await finishIntent(road, await recordStatus(road, app, status));
    return;
  }
  await syncOrRecord(road, input, compared, pending?.kind === 'retry' ? pending.state : undefined);
}

/** Automated sync, where it has something to do. `overtaken`: the operation that waited for its next attempt, which nobody wants now. */
async function syncOrRecord(
  road: Road,
  input: Intent,
  compared: Compared,
  overtaken: OperationState | undefined,
): Promise<void> {
  const { app, project, judgement } = input;
  const { clock, alarms } = road.platform;
  const nowMs = clock.now();
  const isOnlyCompared = judgement.isElsewhere || road.platform.settings.alongside;
  const decision: AutoSyncDecision = isOnlyCompared
    ? { skip: judgement.reason }
    : decideAutoSync(app, compared.comparison, {
        revisions: compared.resolved.map(({ revision }) => revision),
        nowMs,
        window: automatedVerdict(project, app, nowMs),
      });
  if ('operation' in decision) {
    await finishIntent(
      road,
      await syncApplication(road, {
        ...input,
        subject: app,
        operation: decision.operation,
        compared,
        isPinned: false,
        takeOperation: false,
        isSuperseded: supersededBy(road, input, compared),
      }),
    );
    return;
  }
  const now = formatTime(nowMs);
  const status = statusOfComparison(app, compared, now);
  const { condition, again } = decision;
  const fresh: readonly Condition[] = condition ? [condition] : [];
  const isError = condition?.type === 'SyncError';
  // An error of an earlier sync stays as long as nothing has become of it.
  const keepsError = isAutomated(app) && compared.comparison.status === 'OutOfSync' && !isError;
  const conditions = mergeConditions(
    status.conditions,
    fresh,
    keepsError ? ['SyncHeld'] : ['SyncError', 'SyncHeld'],
    now,
  );
  if (again) await alarms.set(alarmName(again.alarm, app), again.atMs);
  const operationState: OperationState | undefined = overtaken && {
    ...overtaken,
    phase: 'Failed',
    message: 'superseded by a newer revision',
  };
  const recorded = { ...status, conditions, ...(operationState && { operationState }) };
  await finishIntent(road, await recordStatus(road, app, recorded));
}

async function recordProblems(
  road: Road,
  { app }: Intent,
  problems: readonly Condition[],
  pending: PendingOperation | undefined,
): Promise<void> {
  const now = formatTime(road.platform.clock.now());
  const status = statusOfFailure(app, problems, [], now);
  if (!pending) {
    await recordStatus(road, app, status);
    return;
  }
  const startedAt = pending.kind === 'requested' ? now : pending.state.startedAt;
  const operationState: OperationState = {
    ...(pending.kind !== 'requested' && pending.state),
    operation: pending.operation,
    phase: 'Error',
    message: problems.map(({ type, message }) => `${type}: ${message}`).join(';'),
    startedAt,
    finishedAt: now,
  };
  const takeOperation = pending.kind === 'requested';
  await recordStatus(road, app, { ...status, operationState }, { takeOperation });
}

async function compareOrRecord(road: Road, input: Intent): Promise<Compared | undefined> {
  const { app, reader, judgement, fresh, signal } = input;
  const { resolved } = judgement;
  try {
    const request = { app, reader, ...(resolved && { resolved }), ...(fresh && { fresh }), ...(signal && { signal }) };
    const startedMs = performance.now();
    const compared = await compareApplication(road, request);
    const seconds = (performance.now() - startedMs) / 1_000;
    const labels = { namespace: app.metadata.namespace, dest_server: serverOf(road, app) };
    road.platform.metrics?.observe('argocd_app_reconcile', labels, seconds);
    await input.ready();
    await holdForHooks(road, app, compared.objects);
    return compared;
  } catch (error) {
    await input.ready();
    await recordFailure(road, app, error);
    if (isPassing(error)) throw error;
    return undefined;
  }
}

/** Records why an Application could not be compared. The inventory stays, so nothing is pruned. */
export async function recordFailure(road: Road, app: Application, error: unknown): Promise<void> {
  const now = formatTime(road.platform.clock.now());
  const condition = conditionOf(error);
  road.platform.log.warn('comparison failed', { application: keyOfApplication(app), reason: condition.message });
  await recordStatus(road, app, statusOfFailure(app, [condition], [], now));
}
