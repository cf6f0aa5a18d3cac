// An Application's state in one sentence, the same words in UI, CLI and API.

import { isAutomated } from './parse.ts';
import type { Application } from './types.ts';

/** `OutOfSync: 2 of 14 objects differ from 3f9c1a2. Next: SYNC, since automated sync is off.` */
export function stateSentence(app: Application): string {
  const { sync, resources = [], conditions = [], operationState } = app.status;
  const { deletionTimestamp } = app.metadata;
  if (deletionTimestamp) {
    const holders = conditions.find(({ type }) => type === 'DeletionError')?.message;
    return `Being deleted since ${deletionTimestamp}${holders ? `: ${holders}` : ''}.`;
  }
  if (!sync) return 'Not compared yet. Next: refresh it, or push.';
  if (operationState?.phase === 'Running') return `Syncing to ${shortRevision(app)} since ${operationState.startedAt}.`;
  const error = conditions.find(({ type }) => type === 'ComparisonError' || type === 'InvalidSpecError');
  if (sync.status === 'Unknown') return `Unknown: ${error?.message ?? 'it could not be compared'}.`;
  const counted = resources.filter(({ hook }) => !hook);
  if (sync.status === 'Synced') {
    return `Synced: all ${counted.length} objects are as ${shortRevision(app)} says.`;
  }
  const differing = counted.filter(({ status }) => status !== 'Synced').length;
  const failed = conditions.find(({ type }) => type === 'SyncError');
  const next = failed
    ? 'a new commit, since the last automated sync failed'
    : isAutomated(app)
      ? 'automated sync at the next push'
      : 'SYNC, since automated sync is off';
  return `OutOfSync: ${differing} of ${counted.length} objects differ from ${shortRevision(app)}. Next: ${next}.`;
}

function shortRevision({ status }: Application): string {
  const { revision, revisions } = status.sync ?? {};
  return (revisions ?? (revision ? [revision] : [])).map((id) => id.slice(0, 7)).join(', ') || 'Git';
}
