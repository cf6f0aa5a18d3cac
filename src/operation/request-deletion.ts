// Asking for the deletion of an Application, and approving it: what the API does before the deletion itself takes its course.

import { type CascadePolicy, withCascade } from '../application/deletion.ts';
import type { Application } from '../application/types.ts';
import { isEqualJson } from '../base/equal.ts';
import { HawserError } from '../base/errors.ts';
import { writeGuarded } from '../sync/conflict.ts';
import type { DeletionRequest } from './hawser.ts';
import { applicationRef, formatTime, type Road } from './road.ts';

/**
 * Sets or removes the cascade's finalizer, and deletes the object (Argo CD: server/application, Delete). Throws `InvalidInput` for a
 * policy that is none.
 */
export async function requestDeletion(
  road: Road,
  app: Application,
  request: DeletionRequest,
  by: string,
): Promise<void> {
  const policy = cascadeOf(request);
  const { namespace, name } = app.metadata;
  road.platform.log.info('the deletion of an Application was asked for', { application: `${namespace}/${name}`, by });
  const ref = applicationRef(namespace, name);
  await writeGuarded(road.home, { ...app }, async (now) => {
    const { finalizers = [], deletionTimestamp, resourceVersion = '' } = now.metadata;
    const wanted = withCascade(finalizers, policy);
    // Nothing may be added to what is being deleted already.
    const isAllowed = !deletionTimestamp || policy === undefined;
    if (!isAllowed || isEqualJson(wanted, finalizers)) return now;
    const patch = { metadata: { finalizers: wanted.length > 0 ? [...wanted] : null, resourceVersion } };
    return road.home.patch(ref, patch, { type: 'merge' });
  });
  await road.home.remove(ref);
  road.running.get(`${namespace}/${name}`)?.wake();
  road.wakeApplication(name, undefined, namespace);
}

/** What waits for a person's word (`Delete=confirm`, `Prune=confirm`) goes on. */
export async function confirmDeletion(road: Road, { metadata }: Application, by: string): Promise<void> {
  const { namespace, name } = metadata;
  road.platform.log.info('a deletion was confirmed', { application: `${namespace}/${name}`, by });
  const approved = formatTime(road.platform.clock.now());
  const patch = { metadata: { annotations: { 'argocd.argoproj.io/deletion-approved': approved } } };
  await road.home.patch(applicationRef(namespace, name), patch, { type: 'merge' });
  road.running.get(`${namespace}/${name}`)?.wake();
  road.wakeApplication(name, undefined, namespace);
}

/** undefined: the objects stay. `orphan` is kubectl's word for that. Written in whatever case, as in Argo CD. */
function cascadeOf({ cascade = true, propagationPolicy }: DeletionRequest): CascadePolicy | undefined {
  if (!cascade) {
    if (propagationPolicy) {
      throw new HawserError('InvalidInput', 'cannot set propagation policy when cascading is disabled');
    }
    return undefined;
  }
  switch (propagationPolicy?.toLowerCase()) {
    case undefined:
    case '':
    case 'foreground':
      return 'foreground';
    case 'background':
      return 'background';
    case 'orphan':
      return undefined;
    default:
      throw new HawserError('InvalidInput', `invalid propagation policy: ${propagationPolicy}`, {
        hint: 'foreground, background or orphan',
      });
  }
}
