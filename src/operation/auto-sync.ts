// Whether automated sync acts on a comparison (Argo CD: controller autoSync). Pure.

import type { Comparison } from '../application/difference.ts';
import { sourcesOf } from '../application/parse.ts';
import type { Application, Condition, Operation } from '../application/types.ts';
import { isEqualJson } from '../base/merge-patch.ts';

export type AutoSyncDecision =
  | { readonly operation: Operation }
  /** Nothing to do, or not allowed; `condition` when people have to know. */
  | { readonly skip: string; readonly condition?: Condition };

/** Argo CD's default for automated syncs: five attempts. */
const DEFAULT_RETRY = { limit: 5 };

/** The operation that automated sync starts for a comparison at `revisions`, or why it starts none. */
export function decideAutoSync(
  app: Application,
  comparison: Comparison,
  revisions: readonly string[],
): AutoSyncDecision {
  const { automated, retry, syncOptions } = app.spec.syncPolicy ?? {};
  if (!automated || automated.enabled === false) return { skip: 'automated sync is off' };
  if (app.metadata.deletionTimestamp) return { skip: 'the Application is being deleted' };
  if (comparison.status !== 'OutOfSync') return { skip: `the Application is ${comparison.status}` };
  const counted = comparison.differences.filter(({ hook, status }) => !hook && status !== undefined);
  const outOfSync = counted.filter(({ status }) => status !== 'Synced');
  if (!automated.prune && outOfSync.every(({ requiresPruning }) => requiresPruning)) {
    return { skip: 'only deletions are left to do, and automated pruning is off' };
  }
  if (
    automated.prune &&
    !automated.allowEmpty &&
    counted.length > 0 &&
    counted.every(({ requiresPruning }) => requiresPruning)
  ) {
    const message = `Skipping sync attempt to ${revisions.join(',')}: auto-sync will wipe out all resources`;
    return { skip: message, condition: { type: 'SyncError', message } };
  }
  const attempted = app.status.operationState;
  if (attempted && isSameAttempt(app, revisions)) {
    const wasSuperseded = attempted.message?.startsWith('superseded') ?? false;
    if ((attempted.phase === 'Failed' || attempted.phase === 'Error') && !wasSuperseded) {
      const message = `Failed last sync attempt to ${revisions.join(',')}: ${attempted.message ?? ''}`;
      return { skip: message, condition: { type: 'SyncError', message } };
    }
    if (attempted.phase === 'Succeeded' && !automated.selfHeal) {
      return { skip: 'this revision was synced already, and selfHeal is off' };
    }
  }
  const sources = sourcesOf(app.spec);
  const revision = sources.length > 1 ? { revisions } : revisions[0] ? { revision: revisions[0] } : {};
  return {
    operation: {
      sync: { ...revision, prune: automated.prune ?? false, ...(syncOptions && { syncOptions }) },
      initiatedBy: { automated: true },
      retry: retry ?? DEFAULT_RETRY,
    },
  };
}

/** Whether the last operation was a full sync of the same sources at the same revisions. */
function isSameAttempt(app: Application, revisions: readonly string[]): boolean {
  const { operation, syncResult } = app.status.operationState ?? {};
  if (!syncResult || operation?.sync?.dryRun || operation?.sync?.resources) return false;
  const last = syncResult.revisions ?? (syncResult.revision ? [syncResult.revision] : []);
  const lastSources = syncResult.sources ?? (syncResult.source ? [syncResult.source] : []);
  return isEqualJson(last, revisions) && isEqualJson(lastSources, sourcesOf(app.spec));
}
