// Whether automated sync acts on a comparison (Argo CD: controller autoSync). Pure.

import type { Comparison, Difference } from '../application/difference.ts';
import { hasChangedNamespaceMetadata } from '../application/managed-namespace.ts';
import { isAutomated, sourcesOf } from '../application/parse.ts';
import type { WindowVerdict } from '../application/sync-window.ts';
import type { Application, Condition, Operation, OperationState, SyncRequest } from '../application/types.ts';
import { isEqualJson } from '../base/equal.ts';
import type { AlarmKind } from './alarms.ts';
import { isPartial } from './pending-operation.ts';
import { untilOpen } from './window-rules.ts';

export type AutoSyncDecision =
  | { readonly operation: Operation }
  /** Nothing to do, or not allowed (now); `condition` when people have to know, `again` when the answer changes by itself. */
  | {
      readonly skip: string;
      readonly condition?: Condition;
      readonly again?: { readonly alarm: AlarmKind; readonly atMs: number };
    };

export interface AutoSyncContext {
  readonly revisions: readonly string[];
  readonly nowMs: number;
  readonly window: WindowVerdict;
}

/** Argo CD's default for automated syncs: five attempts. */
const DEFAULT_RETRY = { limit: 5 };

/** selfHeal's pauses, by how often it healed in a row: 2 s, 6 s, 18 s … (Argo CD: --self-heal-backoff-timeout-seconds, -factor, -cap-seconds). */
const HEAL = { firstMs: 2_000, factor: 3, capMs: 300_000, resetMs: 330_000 } as const;

/** The operation that automated sync starts for a comparison, or why it starts none. */
export function decideAutoSync(app: Application, comparison: Comparison, context: AutoSyncContext): AutoSyncDecision {
  const { revisions, nowMs, window } = context;
  const { automated, retry, syncOptions } = app.spec.syncPolicy ?? {};
  if (!automated || !isAutomated(app)) return { skip: 'automated sync is off' };
  if (app.metadata.deletionTimestamp) return { skip: 'the Application is being deleted' };
  if (app.operation) return { skip: 'another operation is in progress' };
  // Everything may be applied, and hooks that come afterwards not have run.
  const isToBeFinished = comparison.status === 'Synced' && isSuperseded(app);
  if (comparison.status !== 'OutOfSync' && !isToBeFinished) return { skip: `the Application is ${comparison.status}` };
  const counted = comparison.differences.filter(({ hook, status }) => !hook && status !== undefined);
  const outOfSync = counted.filter(({ status }) => status !== 'Synced');
  if (!automated.prune && outOfSync.length > 0 && outOfSync.every(({ requiresPruning }) => requiresPruning)) {
    return { skip: 'only deletions are left to do, and automated pruning is off' };
  }
  const wanted = revisions.join(',');
  const attempted = lastAttempt(app);
  const isRepetition = attempted !== undefined && isSameAttempt(app, attempted, revisions);
  const heals = isRepetition && attempted.phase === 'Succeeded';
  if (isRepetition && (attempted.phase === 'Failed' || attempted.phase === 'Error')) {
    const message = `Failed last sync attempt to ${wanted}: ${attempted.message ?? ''}`;
    return { skip: message, condition: { type: 'SyncError', message } };
  }
  if (heals && !automated.selfHeal) return { skip: 'this revision was synced already, and selfHeal is off' };
  const attempts = heals ? healAttempts(attempted, nowMs) : 0;
  if (heals) {
    const dueMs = healDueMs(attempted, attempts);
    if (nowMs < dueMs) return { skip: 'selfHeal pauses', again: { alarm: 'heal', atMs: dueMs } };
  }
  if (
    automated.prune &&
    !automated.allowEmpty &&
    counted.length > 0 &&
    counted.every(({ requiresPruning }) => requiresPruning)
  ) {
    const message = `Skipping sync attempt to ${wanted}: auto-sync will wipe out all resources`;
    return { skip: message, condition: { type: 'SyncError', message } };
  }
  if (!window.allowed) return held(wanted, window);
  const sync: SyncRequest = {
    ...(sourcesOf(app.spec).length > 1 || app.spec.sources
      ? { revisions }
      : revisions[0] && { revision: revisions[0] }),
    prune: automated.prune ?? false,
    ...(syncOptions && { syncOptions }),
    ...(heals && { ...healing(outOfSync), autoHealAttemptsCount: attempts + 1 }),
  };
  return { operation: { sync, initiatedBy: { automated: true }, retry: retry ?? DEFAULT_RETRY } };
}

/** The last operation gave way to a newer push before it was done. */
export function isSuperseded({ status: { operationState } }: Application): boolean {
  return operationState?.phase === 'Failed' && operationState.message?.startsWith('superseded') === true;
}

/** A visible intent: the push is not lost, and not applied before the window opens or somebody approves it. */
function held(wanted: string, window: WindowVerdict): AutoSyncDecision {
  const message = `sync to ${wanted} is held${untilOpen(window)}`;
  return {
    skip: message,
    condition: { type: 'SyncHeld', message },
    ...(window.nextChangeMs !== undefined && { again: { alarm: 'window', atMs: window.nextChangeMs } }),
  };
}

/**
 * The last operation, unless it was a dry run or of resources that a person chose: what was deployed as a whole before it counts then,
 * lest a look at the differences would undo what selfHeal, being off, has left alone.
 */
function lastAttempt({ status }: Application): OperationState | undefined {
  const { operationState, history = [] } = status;
  const { sync = {}, initiatedBy } = operationState?.operation ?? {};
  if (!sync.dryRun && (!isPartial(sync) || initiatedBy?.automated)) return operationState;
  const deployed = history.at(-1);
  if (!deployed) return undefined;
  const { revision, revisions, source, sources, deployedAt } = deployed;
  return {
    operation: {},
    phase: 'Succeeded',
    startedAt: deployed.deployStartedAt ?? deployedAt,
    finishedAt: deployedAt,
    syncResult: {
      ...(revision && { revision }),
      ...(revisions && { revisions }),
      ...(source && { source }),
      ...(sources && { sources }),
    },
  };
}

/** Whether it was of the same sources at the same revisions. What a newer push superseded is no attempt. */
function isSameAttempt(app: Application, state: OperationState, revisions: readonly string[]): boolean {
  const { syncResult, message } = state;
  if (hasChangedNamespaceMetadata(app)) return false;
  if (!syncResult || message?.startsWith('superseded')) return false;
  const last = syncResult.revisions ?? (syncResult.revision ? [syncResult.revision] : []);
  const lastSources = syncResult.sources ?? (syncResult.source ? [syncResult.source] : []);
  return isEqualJson(last, revisions) && isEqualJson(lastSources, sourcesOf(app.spec));
}

/** In a row: after a time without any, the count begins anew. */
function healAttempts({ operation, finishedAt }: OperationState, nowMs: number): number {
  const sinceMs = nowMs - Date.parse(finishedAt ?? '');
  return sinceMs < HEAL.resetMs ? (operation.sync?.autoHealAttemptsCount ?? 0) : 0;
}

function healDueMs({ finishedAt }: OperationState, attempts: number): number {
  if (attempts === 0) return 0;
  const pause = Math.min(HEAL.firstMs * HEAL.factor ** (attempts - 1), HEAL.capMs);
  return Date.parse(finishedAt ?? '') + pause;
}

/** What is not Synced, alone; where that is no object (the labels of the namespace), everything without the hooks. */
function healing(outOfSync: readonly Difference[]): Pick<SyncRequest, 'resources' | 'syncStrategy'> {
  return outOfSync.length > 0 ? { resources: outOfSync.map(resourceOf) } : { syncStrategy: { apply: {} } };
}

function resourceOf({ key: { group, kind, name, namespace } }: Difference) {
  return { ...(group && { group }), kind, name, ...(namespace && { namespace }) };
}
