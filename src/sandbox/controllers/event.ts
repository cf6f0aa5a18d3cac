// What scheduler, kubelet and controllers tell of what they do: core/v1 Events, in their words.
//
// Source: k8s.io/client-go, tools/events and tools/record. There they last an hour; here the newest are kept, so that no timer is needed.

import type { KubeObject } from '../../kube/object.ts';
import { type Cluster, newUid, timestamp } from '../cluster.ts';
import type { Store } from '../storage/store.ts';

const EVENTS = '/events';
const MOST_KEPT = 1_000;

export interface Note {
  readonly type?: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** Who tells it: `kubelet`, `replicaset-controller`. */
  readonly component: string;
  /** Of the container that it is about: `spec.containers{web}`. */
  readonly fieldPath?: string;
}

/** Events by what they say of whom, the oldest first; of each cluster. */
const kept = new WeakMap<Store, Map<string, { readonly namespace: string; readonly name: string }>>();

/** The same of the same object is counted. Nothing is told in a namespace that is going away. */
export function tell(cluster: Cluster, object: KubeObject, note: Note): void {
  const { store } = cluster;
  const { namespace = 'default', uid = '' } = object.metadata;
  const home = store.get('/namespaces', '', namespace);
  if (!home || home.metadata.deletionTimestamp) return;
  const told = kept.get(store) ?? new Map();
  kept.set(store, told);
  const key = [uid, note.reason, note.message, note.fieldPath ?? ''].join('\n');
  const known = told.get(key);
  const before = known && store.get(EVENTS, known.namespace, known.name);
  const event = before ? countedAgain(cluster, before) : newEvent(cluster, object, namespace, note);
  store.put(EVENTS, event);
  told.delete(key);
  told.set(key, { namespace, name: event.metadata.name ?? '' });
  const [oldest] = told;
  if (told.size <= MOST_KEPT || !oldest) return;
  told.delete(oldest[0]);
  store.remove(EVENTS, oldest[1].namespace, oldest[1].name);
}

function countedAgain(cluster: Cluster, event: KubeObject): KubeObject {
  return { ...event, count: Number(event.count ?? 1) + 1, lastTimestamp: timestamp(cluster) };
}

function newEvent(cluster: Cluster, object: KubeObject, namespace: string, note: Note): KubeObject {
  const { type = 'Normal', reason, message, component, fieldPath } = note;
  const { name = '', uid, resourceVersion } = object.metadata;
  const now = timestamp(cluster);
  const id = newUid(cluster);
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${id.replaceAll('-', '').slice(0, 16)}`, namespace, uid: id, creationTimestamp: now },
    involvedObject: {
      kind: object.kind,
      ...(object.metadata.namespace && { namespace }),
      name,
      uid,
      apiVersion: object.apiVersion,
      resourceVersion,
      ...(fieldPath && { fieldPath }),
    },
    reason,
    message,
    source: { component },
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
    type,
    eventTime: null,
    reportingComponent: component,
    reportingInstance: '',
  };
}
