// One intent for one Application, from the judgement on: compare, record, and sync where that was asked for or is automated.

import { isAutomated } from '../application/parse.ts';
import type { Project } from '../application/project.ts';
import type { Application, Condition, Operation, OperationState } from '../application/types.ts';
import { formatError } from '../base/errors.ts';
import type { ResolvedSource, SourceReader } from '../source/source.ts';
import { alarmName, endPauses } from './alarms.ts';
import { decideAutoSync } from './auto-sync.ts';
import { compareApplication, conditionOf, isPassing, resolveSources } from './compare-application.ts';
import { holdForHooks } from './deletion-finalizers.ts';
import type { Judgement } from './judge.ts';
import {
  asOfOperation,
  isSupersedable,
  type PendingOperation,
  type Pins,
  pendingOperation,
  pinsOf,
} from './pending-operation.ts';
import { recordStatus } from './record.ts';
import { formatTime, keyOfApplication, type Road } from './road.ts';
import {
  type Compared,
  mergeConditions,
  revisionsOf,
  sourcesForRecord,
  statusOfComparison,
  statusOfFailure,
} from './status.ts';
import { type EarlierSteps, syncApplication } from './sync-application.ts';
import { watchHealth } from './watch-health.ts';
import { automatedVerdict } from './window-rules.ts';

export interface Bring {
  readonly app: Application;
  readonly project: Project | undefined;
  readonly reader: SourceReader;
  readonly judgement: Judgement;
  /** The number of this intent: a newer one of the same Application supersedes it between two steps. */
  readonly intent: number;
  /** Ask the cluster for everything: a hard refresh. */
  readonly fresh?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Does what the judgement says. What goes wrong is recorded in the Application; a passing failure (Git server or cluster away)
 * is thrown as well, so that the caller keeps the push.
 */
export async function bringApplication(road: Road, input: Bring): Promise<void> {
  const { app, judgement } = input;
  const pending = pendingOperation(app);
  if (judgement.problems) return recordProblems(road, input, judgement.problems, pending);
  if (pending && (await takeUp(road, input, pending))) return;
  const compared = await compareOrRecord(road, input);
  if (!compared) return;
  endPauses(road, app);
  if (pending?.kind === 'retry' && !isOvertaken(app, pending, judgement)) {
    const status = statusOfComparison(app, compared, formatTime(road.platform.clock.now()));
    await finish(road, await recordStatus(road, app, status), input);
    return;
  }
  await syncOrRecord(road, input, compared);
}

/** Automated sync, where it has something to do. */
async function syncOrRecord(road: Road, input: Bring, compared: Compared): Promise<void> {
  const { app, project } = input;
  const { clock, alarms } = road.platform;
  const nowMs = clock.now();
  const decision = decideAutoSync(app, compared.comparison, {
    revisions: compared.resolved.map(({ revision }) => revision),
    nowMs,
    window: automatedVerdict(project, app, nowMs),
  });
  if ('operation' in decision) {
    await finish(
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
      input,
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
  await finish(road, await recordStatus(road, app, { ...status, conditions }), input);
}

/** False for an operation that waits for its next attempt: meanwhile the Application is compared like any other. */
async function takeUp(road: Road, input: Bring, pending: PendingOperation): Promise<boolean> {
  const { app, judgement } = input;
  const { clock, alarms } = road.platform;
  const isWaiting = pending.kind === 'retry';
  if (isWaiting && isOvertaken(app, pending, judgement)) return false;
  if (isWaiting && clock.now() < pending.dueMs) {
    await alarms.set(alarmName('retry', app), pending.dueMs);
    return false;
  }
  const done = await runOperation(road, input, pending);
  // What this intent was for may be another commit than the operation's: it has its turn now.
  if (isAutomated(done) && !pendingOperation(done) && isBehind(done, judgement)) {
    await bringApplication(road, { ...input, app: done });
  }
  return true;
}

/** Its next attempt would bring what is no longer wanted: the ref names another commit by now. */
function isOvertaken(
  app: Application,
  { operation, state }: { readonly operation: Operation; readonly state: OperationState },
  { resolved, isUnaffected }: Judgement,
): boolean {
  return isAutomated(app) && !isUnaffected && isSupersedable(app, operation) && isOfOtherCommits(state, resolved);
}

function isBehind({ status }: Application, { resolved, isUnaffected }: Judgement): boolean {
  return !isUnaffected && status.operationState !== undefined && isOfOtherCommits(status.operationState, resolved);
}

function isOfOtherCommits({ syncResult }: OperationState, resolved: readonly ResolvedSource[] | undefined): boolean {
  const { revisions = [] } = pinsOf(syncResult ?? {});
  return resolved !== undefined && revisions.length > 0 && revisions.join(',') !== commitsOf(resolved);
}

function commitsOf(resolved: readonly ResolvedSource[]): string {
  return resolved.map(({ revision }) => revision).join(',');
}

async function runOperation(road: Road, input: Bring, pending: PendingOperation): Promise<Application> {
  const { app, reader, signal, judgement } = input;
  const { operation } = pending;
  const takeOperation = pending.kind === 'requested';
  const startedAt = pending.kind === 'requested' ? formatTime(road.platform.clock.now()) : pending.state.startedAt;
  const pins = wantedPins(pending);
  const subject = asOfOperation(app, pins);
  try {
    const resolved = await resolveSources(subject, reader, signal, pins.revisions);
    const compared = await compareApplication(road, {
      app: subject,
      reader,
      resolved,
      ...(operation.sync?.syncOptions && { syncOptions: operation.sync.syncOptions }),
      ...(signal && { signal }),
    });
    const held = await holdForHooks(road, app, compared.objects);
    endPauses(road, app);
    // A push that came while nobody was at the operation, or one that comes now.
    const isOvertakenNow = pending.kind === 'begun' && isOvertaken(app, pending, judgement);
    const isNewer = supersededBy(road, input, compared);
    const done = await syncApplication(road, {
      ...input,
      app: held,
      subject,
      operation,
      compared,
      takeOperation,
      isPinned: pinsOf(operation.sync ?? {}).sources !== undefined || isElsewhere(input, compared),
      isSuperseded: () => isSupersedable(app, operation) && (isOvertakenNow || isNewer()),
      isTerminating: pending.kind === 'terminating',
      ...earlierSteps(pending, compared),
    });
    await finish(road, done, input);
    return done;
  } catch (error) {
    if (isPassing(error) || signal?.aborted) throw error;
    const condition = conditionOf(error);
    const isTerminating = pending.kind === 'terminating';
    const state: OperationState = {
      operation,
      phase: isTerminating ? 'Failed' : 'Error',
      message: isTerminating
        ? `Operation terminated; its hooks were not looked for: ${formatError(error)}`
        : formatError(error),
      startedAt,
      finishedAt: formatTime(road.platform.clock.now()),
      syncResult: { ...revisionsOf(subject, []), ...sourcesForRecord(subject) },
    };
    const status = { ...statusOfFailure(app, [condition], [], startedAt), operationState: state };
    return await recordStatus(road, app, status, { takeOperation });
  }
}

/** An operation that has begun stays at its commits; a retry only gives them up by `retry.refresh`. */
function wantedPins(pending: PendingOperation): Pins {
  const { operation } = pending;
  const asked = pinsOf(operation.sync ?? {});
  if (pending.kind === 'requested') return asked;
  const { revisions, sources, hasSeveral } = pinsOf(pending.state.syncResult ?? {});
  const begun: Pins = {
    ...asked,
    ...(revisions && { revisions }),
    ...(sources && asked.sources && { sources, hasSeveral: hasSeveral ?? false }),
  };
  if (pending.kind !== 'retry' || !operation.retry?.refresh) return begun;
  const { revisions: _, ...fresh } = begun;
  return fresh;
}

/** At other commits than those that the spec's sources have now. */
function isElsewhere({ judgement: { resolved } }: Bring, compared: Compared): boolean {
  return resolved !== undefined && commitsOf(resolved) !== commitsOf(compared.resolved);
}

/** What was recorded of the operation that is taken up again, when it is at the same commits. A new attempt begins from nothing. */
function earlierSteps(pending: PendingOperation, { resolved }: Compared): { readonly earlier?: EarlierSteps } {
  if (pending.kind === 'requested') return {};
  const { startedAt, retryCount, syncResult = {} } = pending.state;
  const counted = retryCount === undefined ? {} : { retryCount };
  const { revisions = [] } = pinsOf(syncResult);
  const isSame = revisions.join(',') === commitsOf(resolved);
  const recorded = isSame && pending.kind !== 'retry' ? (syncResult.resources ?? []) : [];
  return { earlier: { startedAt, recorded, ...counted } };
}

async function recordProblems(
  road: Road,
  { app }: Bring,
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

async function compareOrRecord(road: Road, input: Bring): Promise<Compared | undefined> {
  const { app, reader, judgement, fresh, signal } = input;
  const { resolved } = judgement;
  try {
    const request = { app, reader, ...(resolved && { resolved }), ...(fresh && { fresh }), ...(signal && { signal }) };
    const compared = await compareApplication(road, request);
    await holdForHooks(road, app, compared.objects);
    return compared;
  } catch (error) {
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

/** A newer push of another commit came. A refresh, or a push of the same commit, waits for its turn instead. */
function supersededBy(road: Road, { app, intent }: Bring, { resolved }: Compared): () => boolean {
  return () => {
    const newest = road.newestPush.get(keyOfApplication(app));
    return (
      newest !== undefined && newest.intent > intent && !resolved.some(({ revision }) => revision === newest.after)
    );
  };
}

async function finish(road: Road, app: Application, { intent }: Bring): Promise<void> {
  const { sync, health, operationState } = app.status;
  road.platform.log.info('application compared', {
    application: keyOfApplication(app),
    sync: sync?.status,
    revision: sync?.revision,
    health: health?.status,
    operation: operationState?.phase,
  });
  const waiting = pendingOperation(app);
  if (waiting?.kind === 'retry') {
    await road.platform.alarms.set(alarmName('retry', app), waiting.dueMs);
  }
  if (health?.status === 'Progressing') road.platform.background(watchHealth(road, app, intent));
}
