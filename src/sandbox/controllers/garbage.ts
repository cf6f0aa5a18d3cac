// Garbage collection: what belongs to objects that are gone goes too.
//
// Source: k8s.io/kubernetes, pkg/controller/garbagecollector. Its graph of owners is kept here as two indices.

import type { KubeObject } from '../../kube/object.ts';
import type { Cluster } from '../cluster.ts';
import type { Change } from '../storage/store.ts';
import { remove } from './act.ts';
import type { Controller } from './controllers.ts';

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

interface Place {
  readonly storage: string;
  readonly namespace: string;
  readonly name: string;
}

export function createGarbageCollector(): Controller {
  const places = new Map<string, Place>();
  const dependents = new Map<string, Set<string>>();

  function index({ type, storage, object, before }: Change): void {
    const { uid = '', namespace = '', name = '' } = object.metadata;
    for (const owner of before?.metadata.ownerReferences ?? []) dependents.get(owner.uid)?.delete(uid);
    if (type === 'DELETED') {
      places.delete(uid);
      return;
    }
    places.set(uid, { storage, namespace, name });
    for (const owner of object.metadata.ownerReferences ?? []) {
      const known = dependents.get(owner.uid) ?? new Set();
      dependents.set(owner.uid, known.add(uid));
    }
  }

  function objectAt(cluster: Cluster, uid: string): { storage: string; object: KubeObject } | undefined {
    const place = places.get(uid);
    const object = place && cluster.store.get(place.storage, place.namespace, place.name);
    return place && object?.metadata.uid === uid ? { storage: place.storage, object } : undefined;
  }

  function dependentsOf(cluster: Cluster, uid: string): { storage: string; object: KubeObject }[] {
    return [...(dependents.get(uid) ?? [])].flatMap((dependent) => objectAt(cluster, dependent) ?? []);
  }

  /** An object whose owners are all gone goes; one that has some left forgets the others. */
  function checkOwners(cluster: Cluster, storage: string, object: KubeObject): void {
    const owners = object.metadata.ownerReferences ?? [];
    if (owners.length === 0 || object.metadata.deletionTimestamp) return;
    const solid = owners.filter((owner) => objectAt(cluster, owner.uid));
    if (solid.length === owners.length) return;
    if (solid.length === 0) remove(cluster, storage, object);
    else cluster.store.put(storage, { ...object, metadata: { ...object.metadata, ownerReferences: solid } });
  }

  function finish(cluster: Cluster, storage: string, object: KubeObject, finalizer: string): void {
    const finalizers = (object.metadata.finalizers ?? []).filter((own) => own !== finalizer);
    const { namespace = '', name = '' } = object.metadata;
    if (finalizers.length === 0) cluster.store.remove(storage, namespace, name);
    else cluster.store.put(storage, { ...object, metadata: { ...object.metadata, finalizers } });
  }

  return {
    name: 'garbage',
    keysOf(change) {
      const { uid = '', ownerReferences = [], finalizers = [] } = change.object.metadata;
      const below = change.type === 'DELETED' ? [...(dependents.get(uid) ?? [])] : [];
      const above = ownerReferences.map((owner) => owner.uid);
      index(change);
      if (change.type === 'DELETED') return [...below, ...above];
      const marked = change.object.metadata.deletionTimestamp && finalizers.length > 0;
      return [...(ownerReferences.length > 0 || marked ? [uid] : []), ...(marked ? above : [])];
    },
    reconcile(uid, { cluster }) {
      const found = objectAt(cluster, uid);
      if (!found) return;
      const { storage, object } = found;
      const { finalizers = [], deletionTimestamp } = object.metadata;
      if (!deletionTimestamp) return checkOwners(cluster, storage, object);
      if (finalizers.includes(ORPHAN)) {
        for (const dependent of dependentsOf(cluster, uid)) disown(cluster, dependent.storage, dependent.object, uid);
        return finish(cluster, storage, object, ORPHAN);
      }
      if (!finalizers.includes(FOREGROUND)) return;
      const blocking = dependentsOf(cluster, uid).filter(({ object: dependent }) =>
        dependent.metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true),
      );
      for (const dependent of dependentsOf(cluster, uid))
        if (!dependent.object.metadata.deletionTimestamp)
          remove(cluster, dependent.storage, dependent.object, 'Foreground');
      const left = blocking.filter(({ object: dependent }) => objectAt(cluster, dependent.metadata.uid ?? ''));
      if (left.length === 0) finish(cluster, storage, object, FOREGROUND);
    },
  };
}

function disown(cluster: Cluster, storage: string, object: KubeObject, uid: string): void {
  const { ownerReferences = [], ...metadata } = object.metadata;
  const kept = ownerReferences.filter((owner) => owner.uid !== uid);
  cluster.store.put(storage, {
    ...object,
    metadata: kept.length > 0 ? { ...metadata, ownerReferences: kept } : metadata,
  });
}
