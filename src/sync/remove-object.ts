// Pruning one object: only that very object, and only as long as it says that it is ours (design 5.3).

import { ANNOTATION, annotationOf } from '../application/annotations.ts';
import { HawserError } from '../base/errors.ts';
import type { PropagationPolicy } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { refOf } from '../kube/resource.ts';
import { writeGuarded } from './conflict.ts';
import type { WriteContext } from './write-object.ts';

/** What remains while finalizers hold it; undefined once it is gone. */
export async function pruneObject(
  seen: KubeObject,
  policy: PropagationPolicy,
  { client, signal }: WriteContext,
): Promise<KubeObject | undefined> {
  return writeGuarded(
    client,
    seen,
    (live) => {
      if (!isStillOurs(seen, live)) {
        const name = `${seen.kind} ${seen.metadata.name ?? ''}`;
        throw new HawserError('Conflict', `${name} was not pruned: it is no longer the object of this Application`);
      }
      const { uid, resourceVersion } = live.metadata;
      const preconditions = { ...(uid ? { uid } : {}), ...(resourceVersion ? { resourceVersion } : {}) };
      return client.remove(refOf(live), { propagationPolicy: policy, preconditions, signal });
    },
    signal,
  );
}

/** Between the comparison and now somebody may have made it anew, or given it to another Application. */
function isStillOurs(seen: KubeObject, live: KubeObject): boolean {
  const marks = (object: KubeObject) => [
    object.metadata.uid,
    annotationOf(object, ANNOTATION.trackingId),
    annotationOf(object, ANNOTATION.installationId),
    // By which label it may be tracked instead, is not known here.
    annotationOf(seen, ANNOTATION.trackingId) === undefined ? JSON.stringify(object.metadata.labels ?? {}) : '',
  ];
  const before = marks(seen);
  return marks(live).every((mark, index) => mark === before[index]);
}
