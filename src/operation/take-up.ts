// An operation that an Application waits for is begun, gone on with, tried again or ended: at its own commits and sources.

import { isAutomated } from '../application/parse.ts';
import type { Application, Operation, OperationState } from '../application/types.ts';
import { formatError, HawserError } from '../base/errors.ts';
import { isConflict } from '../kube/refusal.ts';
import type { ResolvedSource } from '../source/source.ts';
import { alarmName, endPauses } from './alarms.ts';
import { compareApplication, conditionOf, isPassing, resolveSources } from './compare-application.ts';
import { holdForHooks } from './deletion-finalizers.ts';
import { otherRevisions } from './draft-operation.ts';
import { finishIntent, type Intent, supersededBy } from './intent.ts';
import type { Judgement } from './judge.ts';
import {
  asOfOperation,
  isSupersedable,
  type PendingOperation,
  type Pins,
  pendingOperation,
  pinsOf,
} from './pending-operation.ts';
import { requirePermitted } from './project-rules.ts';
import { recordStatus } from './record.ts';
import { endAttempt } from './retry-operation.ts';
import { formatTime, keyOfApplication, type Road } from './road.ts';
import { type Compared, revisionsOf, sourcesForRecord, statusOfFailure } from './status.ts';
import { type EarlierSteps, syncApplication } from './sync-application.ts';

export interface TakenUp {
  readonly app: Application;
  /** What the intent was for is another commit than the operation's: it has its turn now. */
  readonly isBehind: boolean;
}

/** undefined for an operation that waits for its next attempt: meanwhile the Application is compared like any other. */
export async function takeUp(road: Road, input: Intent, pending: PendingOperation): Promise<TakenUp | undefined> {
  const { app, judgement } = input;
  const { clock, alarms } = road.platform;
  const isWaiting = pending.kind === 'retry';
  if (isWaiting && isOvertaken(app, pending, judgement)) return undefined;
  if (isWaiting && clock.now() < pending.dueMs) {
    await alarms.set(alarmName('retry', app), pending.dueMs);
    return undefined;
  }
  const { app: done, isNotCompared } = await runOperation(road, input, pending);
  const wantsTurn = isNotCompared || (isAutomated(done) && isBehind(done, judgement));
  return { app: done, isBehind: wantsTurn && !pendingOperation(done) };
}

/** Its next attempt would bring what is no longer wanted: the ref names another commit by now. */
export function isOvertaken(
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

/** Longer ago, somebody may have written what is managed since. */
const JUST_MS = 2_000;

/** The version of the write by which this process has asked for the operation a moment ago; nothing but that has been written to it since. */
function justRequested({ requested, platform }: Road, app: Application): string | undefined {
  const key = keyOfApplication(app);
  const { version, atMs } = requested.get(key) ?? {};
  requested.delete(key);
  const isJust = atMs !== undefined && platform.clock.now() - atMs < JUST_MS;
  return isJust && version === app.metadata.resourceVersion ? version : undefined;
}

interface Ended {
  readonly app: Application;
  /** It failed at what the spec does not name, which says nothing of the spec's own sources. */
  readonly isNotCompared: boolean;
}

async function runOperation(road: Road, input: Intent, pending: PendingOperation): Promise<Ended> {
  const { app, reader, signal, judgement } = input;
  const { operation } = pending;
  const takeOperation = pending.kind === 'requested';
  const startedAt = pending.kind === 'requested' ? formatTime(input.askedAtMs) : pending.state.startedAt;
  const pins = wantedPins(pending);
  const subject = asOfOperation(app, pins);
  try {
    requirePermitted(road, subject, input.project);
    const { manifests } = operation.sync ?? {};
    const resolved = manifests ? [] : await resolveSources(subject, reader, signal, pins.revisions);
    const compared = await compareApplication(road, {
      app: subject,
      reader,
      resolved,
      manifests,
      asOf: justRequested(road, app),
      ...(operation.sync?.syncOptions && { syncOptions: operation.sync.syncOptions }),
      ...(signal && { signal }),
    });
    if (pending.kind !== 'terminating') requireComparable(compared);
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
      isPinned: manifests !== undefined || pins.sources !== undefined || isElsewhere(input, compared),
      isSuperseded: () => isSupersedable(app, operation) && (isOvertakenNow || isNewer()),
      isTerminating: pending.kind === 'terminating',
      ...earlierSteps(pending, compared),
    });
    await finishIntent(road, done);
    return { app: done, isNotCompared: false };
  } catch (error) {
    if (isPassing(error) || signal?.aborted) throw error;
    if (takeOperation && isConflict(error)) {
      // Somebody put another operation in its place, or took it back: that is what counts now.
      road.wakeApplication(app.metadata.name, undefined, app.metadata.namespace);
      return { app, isNotCompared: false };
    }
    const condition = conditionOf(error);
    const isTerminating = pending.kind === 'terminating';
    const state: OperationState = {
      ...(pending.kind !== 'requested' && pending.state),
      operation,
      phase: isTerminating ? 'Failed' : 'Error',
      message: isTerminating
        ? `Operation terminated; its hooks were not looked for: ${formatError(error)}`
        : formatError(error),
      startedAt,
      // What has begun stays at its commits, and what it has done is not forgotten.
      syncResult: {
        ...revisionsOf(subject, []),
        ...sourcesForRecord(subject),
        ...(pending.kind !== 'requested' && pending.state.syncResult),
      },
    };
    const operationState = endAttempt(state, { nowMs: road.platform.clock.now(), isFinal: isTerminating });
    const isNotCompared = app.status.sync !== undefined && isOfOtherSources(app, operation);
    const failed = isNotCompared ? app.status : statusOfFailure(app, [condition], [], startedAt);
    const status = { ...failed, operationState };
    const done = await recordStatus(road, app, status, { takeOperation });
    await finishIntent(road, done);
    return { app: done, isNotCompared };
  }
}

/** Whether it asks for other revisions or sources than the spec does, or for a local sync. */
function isOfOtherSources(app: Application, { sync = {} }: Operation): boolean {
  return sync.manifests !== undefined || pinsOf(sync).sources !== undefined || otherRevisions(app, sync).length > 0;
}

/** Nothing is overwritten by rules that cannot be read (Argo CD: controller/sync.go, SyncAppState). */
function requireComparable({ comparison }: Compared): void {
  const errors = comparison.conditions.filter(({ type }) => type === 'ComparisonError');
  if (errors.length === 0) return;
  const message = errors.map((error) => error.message).join('; ');
  throw new HawserError('InvalidInput', message, { data: { condition: 'ComparisonError' } });
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
function isElsewhere({ judgement: { resolved } }: Intent, compared: Compared): boolean {
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
