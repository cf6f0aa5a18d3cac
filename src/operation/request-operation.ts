// Asking for an operation, its end, or its passage: what the API does before the road takes its course.

import { isAutomated, parseApplication } from '../application/parse.ts';
import type { Application, Operation, OperationState, SyncRequest } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import type { KubeObject } from '../kube/object.ts';
import { isConflict } from '../kube/refusal.ts';
import type { ObjectRef } from '../kube/resource.ts';
import type { AtHand } from './deliver.ts';
import { rollbackOperation, syncOperation } from './draft-operation.ts';
import type { RollbackRequest, SyncExtras } from './hawser.ts';
import { requireFreeRevision, requireIdle, requireNoAutomation, requireOpenWindow } from './operation-guards.ts';
import { withTrace } from './operation-trace.ts';
import { applicationRef, formatTime, keyOfApplication, type Road } from './road.ts';
import { createSurroundings } from './surroundings.ts';
import { approve, BLOCKED } from './window-rules.ts';

/** Puts the operation on the object, and wakes the road. Throws `FailedPrecondition` and `Forbidden`. */
export async function requestSync(
  road: Road,
  app: Application,
  sync: SyncRequest,
  by: string,
  extras: SyncExtras = {},
): Promise<Application> {
  requireIdle(app);
  requireFreeRevision(app, sync);
  const operation = syncOperation(app, sync, by, extras);
  if (!sync.dryRun) await requireOpenWindow(road, app, operation);
  return start(road, app, operation);
}

/** Brings an entry of the history back. Throws as `requestSync` does, and while automated sync is on. */
export async function rollback(
  road: Road,
  app: Application,
  request: RollbackRequest,
  by: string,
): Promise<Application> {
  requireIdle(app);
  if (!request.disableAutoSync) requireNoAutomation(app);
  const { operation, deployed } = rollbackOperation(app, request, by);
  if (!request.dryRun) await requireOpenWindow(road, app, operation);
  const spec = isAutomated(app) ? { spec: { syncPolicy: { automated: { enabled: false } } } } : {};
  return start(road, app, operation, spec, deployed);
}

/** Argo CD's words (server/application, TerminateOperation). One that nobody could begin yet, since Git is away, is withdrawn. */
export async function terminateOperation(road: Road, app: Application, by: string): Promise<void> {
  road.platform.log.info('the end of an operation was asked for', { application: keyOfApplication(app), by });
  if (app.operation && (await withdraw(road, app, app.operation))) return;
  await patchOperationState(road, app, ({ phase }) => {
    if (phase !== 'Running' && phase !== 'Terminating') {
      throw new HawserError('InvalidInput', 'Unable to terminate operation. No operation is in progress');
    }
    return { phase: 'Terminating' };
  });
  wake(road, app);
}

/** False when it has begun meanwhile. */
async function withdraw(road: Road, app: Application, operation: Operation): Promise<boolean> {
  const { namespace, name, resourceVersion = '' } = app.metadata;
  const now = formatTime(road.platform.clock.now());
  const operationState = {
    operation,
    phase: 'Failed',
    message: 'Operation terminated',
    startedAt: now,
    finishedAt: now,
  };
  const patch: JsonObject = {
    operation: null,
    status: { operationState: plain(operationState) },
    metadata: { resourceVersion },
  };
  try {
    await road.home.patch(applicationRef(namespace, name), patch, { type: 'merge' });
    return true;
  } catch (error) {
    if (!isConflict(error)) throw error;
    return false;
  }
}

/** A held sync starts now, at the commit that is shown; an operation that a window blocks goes on. */
export async function approveSync(road: Road, app: Application, by: string): Promise<Application> {
  const { operationState, conditions = [], sync } = app.status;
  if (operationState?.phase === 'Running' && operationState.message === BLOCKED) {
    const approved = await patchOperationState(road, app, ({ phase, operation }) => {
      if (phase !== 'Running') throw nothingHeld(app);
      return { operation: { info: plain(approve(operation, by).info ?? []) } };
    });
    wake(road, app);
    return approved;
  }
  if (!sync || !conditions.some(({ type }) => type === 'SyncHeld')) throw nothingHeld(app);
  requireIdle(app);
  const { automated, syncOptions, retry } = app.spec.syncPolicy ?? {};
  const { revision, revisions } = sync;
  const operation: Operation = {
    sync: {
      ...(revision && { revision }),
      ...(revisions && { revisions }),
      prune: automated?.prune ?? false,
      ...(syncOptions && { syncOptions }),
    },
    initiatedBy: { username: by },
    ...(retry && { retry }),
  };
  return start(road, app, approve(operation, by));
}

/** Guarded, so that two operations do not meet; a status that is written at this moment is no reason to refuse. */
async function start(
  road: Road,
  app: Application,
  operation: Operation,
  more: JsonObject = {},
  rollbackTo?: number,
): Promise<Application> {
  const traced = withTrace(road.platform, operation);
  const ref = applicationRef(app.metadata.namespace, app.metadata.name);
  // What the work needs is read while the request is written.
  const surroundings = createSurroundings(road);
  surroundings.project(app.spec.project).catch(() => undefined); // Whoever needs it is told then.
  let current = app;
  for (let tries = 1; ; tries++) {
    const { resourceVersion = '' } = current.metadata;
    try {
      const requested = await putOperation(road, ref, { ...more, operation: plain(traced) }, resourceVersion);
      const { resourceVersion: version = '' } = requested.metadata;
      road.requested.set(keyOfApplication(app), { version, atMs: road.platform.clock.now() });
      const begun = parseApplication(requested);
      road.observer.requested(begun, operation, rollbackTo);
      wake(road, app, { app: begun, surroundings });
      return begun;
    } catch (error) {
      const found = isConflict(error) && tries < TRIES ? await road.home.get(ref) : undefined;
      if (!found) throw error;
      current = parseApplication(found);
      requireIdle(current);
    }
  }
}

/** Members of the object's own are replaced by a JSON patch: API servers take it in half the time of a merge patch. */
function putOperation(
  { home }: Road,
  ref: ObjectRef,
  { spec, ...members }: JsonObject,
  resourceVersion: string,
): Promise<KubeObject> {
  if (spec) return home.patch(ref, { spec, ...members, metadata: { resourceVersion } }, { type: 'merge' });
  const steps = Object.entries(members).map(([name, value]) => ({ op: 'add', path: `/${name}`, value }));
  const guard = { op: 'add', path: '/metadata/resourceVersion', value: resourceVersion };
  return home.patch(ref, [guard, ...steps], { type: 'json' });
}

const TRIES = 5;

/** Guarded: an operation that ends at this moment is not overwritten, but judged again. */
async function patchOperationState(
  road: Road,
  app: Application,
  change: (state: OperationState) => JsonObject,
): Promise<Application> {
  const ref = applicationRef(app.metadata.namespace, app.metadata.name);
  for (let tries = 1; ; tries++) {
    const found = await road.home.get(ref);
    const state = found && parseApplication(found).status.operationState;
    const patch = change(state ?? { operation: {}, phase: 'Succeeded', startedAt: '' });
    const metadata = { resourceVersion: found?.metadata.resourceVersion ?? '' };
    try {
      const patched = await road.home.patch(ref, { status: { operationState: patch }, metadata }, { type: 'merge' });
      return parseApplication(patched);
    } catch (error) {
      if (!isConflict(error) || tries === TRIES) throw error;
    }
  }
}

function wake(road: Road, app: Application, atHand?: AtHand): void {
  road.running.get(keyOfApplication(app))?.wake();
  road.wakeApplication(app.metadata.name, atHand, app.metadata.namespace);
}

function nothingHeld({ metadata }: Application): HawserError {
  return new HawserError('FailedPrecondition', `nothing of ${metadata.name} waits for an approval`);
}

function plain<T>(value: T): JsonObject[string] {
  return JSON.parse(JSON.stringify(value));
}
