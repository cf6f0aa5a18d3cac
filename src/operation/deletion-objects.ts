// One pass over an Application's objects: those of the highest wave are deleted, or what is leaving is waited for.

import { type CascadePolicy, isDeletionApproved } from '../application/deletion.ts';
import { HOOK_FINALIZER, hasHookFinalizer } from '../application/hook.ts';
import type { ResourceStatus } from '../application/types.ts';
import { DEFAULT_CONCURRENCY, mapConcurrent } from '../base/concurrency.ts';
import { HawserError, isHawserError, messageOf } from '../base/errors.ts';
import { keyOfResource } from '../compare/orphans.ts';
import type { KubeClient } from '../kube/client.ts';
import { formatKey, groupOf, type KubeObject } from '../kube/object.ts';
import { refOf } from '../kube/resource.ts';
import { writeGuarded } from '../sync/conflict.ts';
import { nameOf, sayBlockers } from '../sync/deletion-blockers.ts';
import { planDeletion } from '../sync/plan-deletion.ts';
import { pruneObject } from '../sync/remove-object.ts';
import type { DeletionPass, PassOutcome } from './deletion-pass.ts';
import { readOwnedObjects } from './owned-objects.ts';

const PROPAGATION = { foreground: 'Foreground', background: 'Background' } as const;

/** `over` once nothing is left that goes with the Application. Throws when the cluster refuses a deletion. */
export async function deleteObjects(pass: DeletionPass, policy: CascadePolicy): Promise<PassOutcome> {
  const { road, app, client, isPermitted, signal } = pass;
  const { namespace, name, deletionTimestamp = '' } = app.metadata;
  const plan = planDeletion({
    lives: await readOwnedObjects(road, client, app, signal),
    application: { namespace, name },
    syncOptions: app.spec.syncPolicy?.syncOptions ?? [],
    asking: new Set(
      (app.status.resources ?? []).filter(isAsking).map((resource) => formatKey(keyOfResource(resource))),
    ),
    isApproved: isDeletionApproved(app, deletionTimestamp),
    isPermitted,
  });
  if (plan.unconfirmed.length > 0) {
    const message = `waiting for a person to confirm the deletion of ${sayNames(plan.unconfirmed)}: hawser app confirm-deletion ${name}, or the annotation argocd.argoproj.io/deletion-approved`;
    return { until: 'confirmation', objects: plan.unconfirmed, message };
  }
  const remaining = await removeAll(plan.remove, policy, pass);
  const held = await releaseHooks([...plan.leaving, ...remaining], client, signal);
  if (held.length > 0) return waitForDeletion(held);
  return plan.remove.length > 0 || plan.leaving.length > 0 ? 'again' : 'over';
}

export function waitForDeletion(objects: readonly KubeObject[]): PassOutcome {
  const count = objects.length === 1 ? 'an object' : `${objects.length} objects`;
  return { until: 'deletion', objects, message: `waiting for the deletion of ${count}: ${sayBlockers(objects)}` };
}

/** What remains of them for now. All are tried before the first refusal is told. */
async function removeAll(
  objects: readonly KubeObject[],
  policy: CascadePolicy,
  { road, client, signal }: DeletionPass,
): Promise<readonly KubeObject[]> {
  if (objects.length === 0) return [];
  road.platform.log.info('deleting objects of an Application', { count: objects.length, policy });
  const refusals: string[] = [];
  const remaining = await mapConcurrent(objects, DEFAULT_CONCURRENCY, async (object) => {
    try {
      const left = await pruneObject(object, PROPAGATION[policy], { client, signal });
      if (isApplication(object)) road.wakeApplication(object.metadata.name ?? '', undefined, object.metadata.namespace);
      return left ? [left] : [];
    } catch (error) {
      if (!isHawserError(error, 'ClusterRefused') && !isHawserError(error, 'Conflict')) throw error;
      refusals.push(`${nameOf(object)} could not be deleted: ${messageOf(error)}`);
      return [];
    }
  });
  if (refusals.length > 0) throw new HawserError('ClusterRefused', refusals.sort().join('; '));
  return remaining.flat();
}

/** An operation that was cut off may have left our finalizer on a hook, which nobody else would take away. */
export async function releaseHooks(
  objects: readonly KubeObject[],
  client: KubeClient,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const remaining = await mapConcurrent(objects, DEFAULT_CONCURRENCY, async (object) => {
    if (!hasHookFinalizer(object)) return [object];
    const left = await writeGuarded(
      client,
      object,
      (live) => {
        const finalizers = (live.metadata.finalizers ?? []).filter((finalizer) => finalizer !== HOOK_FINALIZER);
        const resourceVersion = live.metadata.resourceVersion ?? '';
        const metadata = { finalizers: finalizers.length > 0 ? finalizers : null, resourceVersion };
        return client.patch(refOf(live), { metadata }, { type: 'merge', signal });
      },
      signal,
    ).catch((error: unknown) => {
      if (isHawserError(error, 'ClusterRefused') && error.data.status === 404) return undefined;
      throw error;
    });
    // The answer shows an object without finalizers once more; then it is gone.
    const isGone = !left || (left.metadata.deletionTimestamp && !left.metadata.finalizers?.length);
    return isGone ? [] : [left];
  });
  return remaining.flat();
}

function isAsking({ requiresDeletionConfirmation }: ResourceStatus): boolean {
  return requiresDeletionConfirmation === true;
}

function isApplication({ apiVersion, kind }: KubeObject): boolean {
  return groupOf(apiVersion) === 'argoproj.io' && kind === 'Application';
}

function sayNames(objects: readonly KubeObject[]): string {
  const names = objects.slice(0, 3).map(nameOf);
  return objects.length > names.length
    ? `${names.join(', ')} and ${objects.length - names.length} more`
    : names.join(', ');
}
