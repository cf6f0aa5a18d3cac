// An Application that is being deleted: hooks, objects, hooks, clean-up, as its finalizers ask for (Argo CD:
// controller/appcontroller.go, finalizeApplicationDeletion). The finalizers that are left are the record of how far it has come, so
// that any process can go on.

import {
  type DeletionStage,
  nextDeletionStage,
  withoutDeletionFinalizers,
  withoutStage,
} from '../application/deletion.ts';
import { parseApplication } from '../application/parse.ts';
import type { Application, Condition, Destination } from '../application/types.ts';
import { formatError, HawserError, isHawserError } from '../base/errors.ts';
import { trackingIdOf } from '../compare/tracking.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { isNotFound } from '../kube/refusal.ts';
import type { SourceReader } from '../source/source.ts';
import { writeGuarded } from '../sync/conflict.ts';
import { endPauses, tryAgainLater } from './alarms.ts';
import { finishProjectDeletion } from './delete-project.ts';
import { cleanUpDeletionHooks, runDeletionHooks } from './deletion-hooks.ts';
import { deleteObjects } from './deletion-objects.ts';
import type { DeletionPass, DeletionWait, PassOutcome } from './deletion-pass.ts';
import { waitForDeletionNews } from './deletion-wait.ts';
import { findTracked } from './find-tracked.ts';
import { recordStatus } from './record.ts';
import { applicationRef, clientFor, formatTime, keyOfApplication, type Road } from './road.ts';
import type { RunningOperation } from './running-operation.ts';
import { mergeConditions } from './status.ts';
import { readRepositorySecrets } from './world.ts';

export interface DeleteApplication {
  readonly app: Application;
  /** Asked only where hooks are to be run. */
  readonly reader: () => Promise<SourceReader>;
  /** Whether the AppProject lets an object be touched. Throws where nothing may be decided. */
  readonly isPermitted: (object: KubeObject) => boolean;
  readonly signal: AbortSignal;
}

/** Most deletions are over before anybody asks what holds them up. */
const QUIET_MS = 2_000;
/** How long one call waits. */
const WAIT_MS = 10 * 60_000;
/** More than anybody has waves: somebody else makes the objects anew. */
const PASSES = 200;
/** The garbage collector learns of new kinds every 30 s. */
const COLLECTION_MS = 60_000;
const GARBAGE_COLLECTION: readonly string[] = ['foregroundDeletion', 'orphan'];

/**
 * Goes on with the deletion until the Application is gone, or until nothing more can be done for now: then a DeletionError says what
 * holds it up and who, and an alarm comes back to it.
 */
export async function deleteApplication(road: Road, input: DeleteApplication): Promise<void> {
  const open = openDeletion(road, input.app);
  road.observer.deleting(input.app);
  try {
    await runDeletion(road, input, open);
  } catch (error) {
    if (input.signal.aborted || !isHawserError(error)) throw error;
    road.platform.log.warn('the deletion of an Application is held up', {
      application: keyOfApplication(input.app),
      reason: error.message,
    });
    await tryAgainLater(road, input.app);
    await recordHolders(road, input.app, formatError(error));
  } finally {
    open.close();
  }
}

interface OpenDeletion {
  /** The signal for the next pass. */
  wake(): AbortSignal;
  close(): void;
}

/** Who wakes the Application meanwhile begins the next pass, and waits for nothing. */
function openDeletion(road: Road, app: Application): OpenDeletion {
  const key = keyOfApplication(app);
  let waking = new AbortController();
  const running: RunningOperation = { isDeletion: true, wake: () => waking.abort() };
  road.running.set(key, running);
  return {
    wake: () => {
      if (waking.signal.aborted) waking = new AbortController();
      return waking.signal;
    },
    close: () => {
      if (road.running.get(key) === running) road.running.delete(key);
      // It may have been another one of the same name that somebody wanted to be looked at.
      if (waking.signal.aborted) road.wakeApplication(app.metadata.name, undefined, app.metadata.namespace);
    },
  };
}

async function runDeletion(road: Road, input: DeleteApplication, open: OpenDeletion): Promise<void> {
  for (let passes = 0; ; passes++) {
    const wake = open.wake();
    const { name, namespace, uid } = input.app.metadata;
    const found = await road.home.get(applicationRef(namespace, name), { signal: input.signal });
    if (!found || found.metadata.uid !== uid) return sayGoodbye(road, input.app);
    if (passes > PASSES) throw new HawserError('Conflict', 'objects come back as soon as they are deleted');
    const app = parseApplication(found);
    const finalizers = app.metadata.finalizers ?? [];
    const stage = nextDeletionStage(finalizers);
    if (!stage) return await seeOff(road, app, AbortSignal.any([input.signal, wake]));
    const client = await destinationClient(road, app);
    if (!client) {
      // Nothing can be deleted in a cluster that is not known.
      road.platform.log.warn('the destination is not known: its objects are left', {
        application: keyOfApplication(app),
      });
      await setFinalizers(road, found, withoutDeletionFinalizers);
      continue;
    }
    if (!app.status.resources) {
      const resources = await findTracked(road, client, app, input.signal);
      await recordStatus(road, app, { ...app.status, resources });
      continue;
    }
    const pass: DeletionPass = { ...input, road, app, client, wake };
    const outcome = await takePass(pass, stage);
    if (outcome === 'over') await setFinalizers(road, found, (now) => withoutStage(now, stage));
    else if (outcome !== 'again' && !(await waitForMore(pass, outcome))) return tryAgainLater(road, app);
  }
}

function takePass(pass: DeletionPass, stage: DeletionStage): Promise<PassOutcome> {
  switch (stage.stage) {
    case 'hooks':
      return runDeletionHooks(pass, stage.phase);
    case 'objects':
      return deleteObjects(pass, stage.policy);
    case 'cleanup':
      return cleanUpDeletionHooks(pass, stage.phase);
  }
}

/** undefined for a destination that is surely not known. One that is known and cannot be reached is thrown. */
async function destinationClient(road: Road, { spec }: Application): Promise<KubeClient | undefined> {
  if (!isKnown(road, spec.destination)) await readRepositorySecrets(road, 'consistent');
  return isKnown(road, spec.destination) ? clientFor(road, spec.destination) : undefined;
}

function isKnown({ clusters }: Road, destination: Destination): boolean {
  try {
    clusters.find(destination);
    return true;
  } catch (error) {
    if (isHawserError(error, 'InvalidInput')) return false;
    throw error;
  }
}

async function waitForMore(pass: DeletionPass, wait: DeletionWait): Promise<boolean> {
  const isQuick = wait.until !== 'confirmation';
  if (isQuick && (await waitForDeletionNews(pass, wait, QUIET_MS))) return true;
  const app = await recordHolders(pass.road, pass.app, wait.message);
  return app !== undefined && waitForDeletionNews({ ...pass, app }, wait, WAIT_MS);
}

/** Also ends what the conditions say of the stage that is over. */
async function setFinalizers(
  road: Road,
  found: KubeObject,
  change: (finalizers: readonly string[]) => readonly string[],
): Promise<void> {
  const { namespace = '', name = '' } = found.metadata;
  await writeGuarded(road.home, found, (now) => {
    const { status, metadata } = parseApplication(now);
    const conditions = status.conditions?.filter(({ type }) => type !== 'DeletionError');
    const patch = {
      metadata: {
        finalizers: [...change(metadata.finalizers ?? [])],
        resourceVersion: metadata.resourceVersion ?? '',
      },
      ...(conditions && conditions.length < (status.conditions?.length ?? 0) && { status: { conditions } }),
    };
    return road.home.patch(applicationRef(namespace, name), JSON.parse(JSON.stringify(patch)), { type: 'merge' });
  }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
}

/** Ours are gone. Kubernetes' own finalizers go by themselves; who else holds the Application has to be asked. */
async function seeOff(road: Road, app: Application, signal: AbortSignal): Promise<void> {
  const { finalizers = [], deletionTimestamp, namespace, name, resourceVersion } = app.metadata;
  if (!deletionTimestamp || finalizers.length === 0) return sayGoodbye(road, app);
  const foreign = finalizers.filter((finalizer) => !GARBAGE_COLLECTION.includes(finalizer));
  if (foreign.length > 0) {
    const message = `the Application's objects are gone; it is still held by the finalizers ${foreign.join(', ')}`;
    await recordHolders(road, app, message);
    return;
  }
  const version = resourceVersion ? { resourceVersion } : {};
  for await (const event of road.home.watch(app, { namespace, name, ...version, timeoutMs: COLLECTION_MS, signal })) {
    const isGone = event.type === 'RELISTED' ? event.objects.length === 0 : event.type === 'DELETED';
    if (isGone) return sayGoodbye(road, app);
  }
}

/** It is gone: its parent shows it until it is looked at again, and its project may have waited for it. */
async function sayGoodbye(road: Road, app: Application): Promise<void> {
  endPauses(road, app);
  road.observer.gone(app);
  const parent = trackingIdOf({ ...app }, road.argo.settings.tracking)?.instance;
  if (parent && parent !== app.metadata.name) road.wakeApplication(parent);
  await finishProjectDeletion(road, app.spec.project);
}

/** undefined when the Application is gone. */
async function recordHolders(road: Road, app: Application, message: string): Promise<Application | undefined> {
  const condition: Condition = { type: 'DeletionError', message };
  const now = formatTime(road.platform.clock.now());
  const conditions = mergeConditions(app.status.conditions, [condition], ['DeletionError'], now);
  try {
    return await recordStatus(road, app, { ...app.status, conditions });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
