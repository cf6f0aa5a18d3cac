// Waiting until a deleted object is really gone.

import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { refOf } from '../kube/resource.ts';

/** True once the object of this uid is no longer there; false at the bound. */
export async function waitUntilGone(
  client: KubeClient,
  object: KubeObject,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const { name, namespace } = refOf(object);
  const isIt = (other: KubeObject) => other.metadata.name === name && other.metadata.uid === object.metadata.uid;
  for await (const event of client.watch(object, { name, ...(namespace ? { namespace } : {}), timeoutMs, signal })) {
    if (event.type === 'RELISTED' ? !event.objects.some(isIt) : isIt(event.object) && event.type === 'DELETED') {
      return true;
    }
    // Somebody has made another one of the same name.
    if (event.type !== 'RELISTED' && event.object.metadata.name === name && !isIt(event.object)) return true;
  }
  signal?.throwIfAborted();
  return false;
}
