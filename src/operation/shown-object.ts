// Notices come before etcd has what they tell of: the object is waited for, with a bound.

import type { KubeObject } from '../kube/object.ts';
import type { Notice } from './notice.ts';
import type { Road } from './road.ts';

/** A write is refused, or done, long before; another webhook may have refused it. */
const SHOWN_WITHIN_MS = 10_000;

/** The object once the write can be seen; undefined when it is gone. */
export async function waitUntilShown(
  road: Road,
  { operation, object, before }: Notice,
  { apiVersion, kind, metadata: { namespace, name = '' } }: KubeObject,
): Promise<KubeObject | undefined | 'not shown'> {
  const isShown = (live: KubeObject | undefined): boolean => {
    if (operation === 'CREATE') return live !== undefined && live.metadata.uid === object?.metadata.uid;
    if (live === undefined || live.metadata.uid !== before?.metadata.uid) return true;
    if (operation === 'DELETE') return live.metadata.deletionTimestamp !== undefined;
    return live.metadata.resourceVersion !== before?.metadata.resourceVersion;
  };
  const watch = road.home.watch(
    { apiVersion, kind },
    { name, timeoutMs: SHOWN_WITHIN_MS, signal: road.stopping, ...(namespace && { namespace }) },
  );
  for await (const event of watch) {
    const live = event.type === 'RELISTED' ? event.objects[0] : event.type === 'DELETED' ? undefined : event.object;
    if (isShown(live)) return live;
  }
  return 'not shown';
}
