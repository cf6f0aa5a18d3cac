// An Application's state in one sentence, the same words in UI, CLI and API.

import { isAutomated } from './parse.ts';
import type { Application, OperationState } from './types.ts';

/** `OutOfSync: 2 of 14 objects differ from 3f9c1a2. Next: SYNC, since automated sync is off.` */
export function stateSentence(app: Application): string {
  const { sync, resources = [], conditions = [], operationState } = app.status;
  const { deletionTimestamp } = app.metadata;
  if (deletionTimestamp) {
    const holders = conditions.find(({ type }) => type === 'DeletionError')?.message;
    return `Being deleted since ${deletionTimestamp}${holders ? `: ${holders}` : ''}.`;
  }
  if (!sync) return 'Not compared yet. Next: refresh it, or push.';
  const running = operationState && operationSentence(operationState, shortRevision(app), app.metadata.name);
  if (running) return running;
  const error = conditions.find(({ type }) => type === 'ComparisonError' || type === 'InvalidSpecError');
  if (sync.status === 'Unknown') return `Unknown: ${error?.message ?? 'it could not be compared'}.`;
  const counted = resources.filter(({ hook }) => !hook);
  if (sync.status === 'Synced') {
    return `Synced: ${allOf(counted.length)} as ${shortRevision(app)} says.`;
  }
  const differing = counted.filter(({ status }) => status !== 'Synced').length;
  const verb = differing === 1 ? 'differs' : 'differ';
  return `OutOfSync: ${differing} of ${counted.length} ${nounFor(counted.length)} ${verb} from ${shortRevision(app)}. Next: ${nextStep(app)}.`;
}

function allOf(count: number): string {
  return count === 1 ? 'its one object is' : `all ${count} objects are`;
}

function nounFor(count: number): string {
  return count === 1 ? 'object' : 'objects';
}

function nextStep(app: Application): string {
  const { conditions = [] } = app.status;
  const held = conditions.find(({ type }) => type === 'SyncHeld');
  if (held) return `the ${held.message}; hawser app approve ${app.metadata.name} does not wait`;
  if (conditions.some(({ type }) => type === 'SyncError')) return 'a new commit, since the last automated sync failed';
  return isAutomated(app) ? 'automated sync at the next push' : 'SYNC, since automated sync is off';
}

/** undefined for one that has ended. */
function operationSentence(
  { phase, message = '', startedAt, finishedAt }: OperationState,
  revision: string,
  name: string,
) {
  if (phase === 'Terminating') return 'Syncing is being ended.';
  if (phase !== 'Running') return undefined;
  if (finishedAt !== undefined) return `Syncing to ${revision} failed: ${message}`;
  const detail = message === '' || message === 'syncing' ? '' : `: ${message}`;
  return `Syncing to ${revision} since ${startedAt}${detail}${personsPart(message, name)}.`;
}

/** What a person can do about a wait that is for a person, or for a window. */
function personsPart(message: string, name: string): string {
  if (message.includes('pruning confirmation of')) return `; hawser app confirm-deletion ${name} confirms it`;
  if (message.includes('blocked by sync window')) return `; hawser app approve ${name} does not wait`;
  return '';
}

function shortRevision({ status }: Application): string {
  const { revision, revisions } = status.sync ?? {};
  const ids = new Set(revisions ?? (revision ? [revision] : []));
  return [...ids].map((id) => id.slice(0, 7)).join(', ') || 'Git';
}
