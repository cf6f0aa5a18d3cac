// What has to hold before an operation is put on an Application. Each throws why it does not, in Argo CD's words where it has some.

import { isAutomated } from '../application/parse.ts';
import { isSuspended, SKIP_RECONCILE, SUSPENDED } from '../application/suspended.ts';
import type { Application, Operation, SyncRequest } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import { otherRevisions } from './draft-operation.ts';
import type { Road } from './road.ts';
import { operationVerdict, REFUSED, untilOpen, windowsOf } from './window-rules.ts';
import { readProject } from './world.ts';

/** Throws `FailedPrecondition` while another operation runs, or nothing may be begun. */
export function requireIdle(app: Application): void {
  const { operation, status, metadata } = app;
  const { phase } = status.operationState ?? {};
  if (isSuspended(app)) {
    throw new HawserError('FailedPrecondition', SUSPENDED, {
      hint: `kubectl annotate application ${metadata.name} -n ${metadata.namespace} ${SKIP_RECONCILE}- lets it go on`,
    });
  }
  if (operation || phase === 'Running' || phase === 'Terminating') {
    throw new HawserError('FailedPrecondition', 'another operation is already in progress', {
      hint: `hawser app terminate-op ${metadata.name} ends it`,
    });
  }
  if (metadata.deletionTimestamp) throw new HawserError('FailedPrecondition', 'application is deleting');
}

/** Automated sync would bring the targetRevision back at once (Argo CD: server/application, Sync). */
export function requireFreeRevision(app: Application, sync: SyncRequest): void {
  const [other] = otherRevisions(app, sync);
  if (!other || sync.dryRun || !isAutomated(app)) return;
  const { revision, target } = other;
  throw new HawserError('FailedPrecondition', `Cannot sync to ${revision}: auto-sync currently set to ${target}`);
}

/** Throws `Forbidden` in a closed sync window, with when it opens. */
export async function requireOpenWindow(road: Road, app: Application, operation: Operation): Promise<void> {
  const windows = windowsOf(await readProject(road, app.spec.project), app);
  const nowMs = road.platform.clock.now();
  const verdict = operationVerdict(windows, { operation, startedAt: new Date(nowMs).toISOString() }, nowMs);
  if (verdict.allowed) return;
  const isHeld = app.status.conditions?.some(({ type }) => type === 'SyncHeld') ?? false;
  throw new HawserError('Forbidden', `${REFUSED}${untilOpen(verdict)}`, {
    ...(isHeld && { hint: `hawser app approve ${app.metadata.name} lets what is held go now` }),
  });
}

/** What is brought back would be replaced at once (Argo CD: server/application, Rollback). */
export function requireNoAutomation(app: Application): void {
  if (!isAutomated(app)) return;
  throw new HawserError('FailedPrecondition', 'rollback cannot be initiated when auto-sync is enabled', {
    hint: 'turn automated sync off first, or roll back with --disable-auto-sync',
  });
}
