// PersistentVolumeClaims: bound at once to a volume that fits, or to a new one that nothing is stored on.
//
// Source: k8s.io/kubernetes, pkg/controller/volume/persistentvolume.

import { at } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { compareQuantities } from '../../typed/quantity.ts';
import type { Cluster } from '../cluster.ts';
import { STORAGE_CLASS } from '../kinds/storage.ts';
import { create, find, keyOf, type Obj, objectsAt, setStatus, specOf, statusOf, update } from './act.ts';
import type { Controller } from './controllers.ts';

const CLAIMS = '/persistentvolumeclaims';
const VOLUMES = '/persistentvolumes';
const PROTECTION = 'kubernetes.io/pvc-protection';

export const CLAIM_CONTROLLER: Controller = {
  name: 'claim',
  keysOf({ storage, object, type }, cluster) {
    if (storage === CLAIMS) return type === 'DELETED' ? [] : [keyOf(object)];
    if (storage === VOLUMES && type !== 'DELETED') return cluster.store.list(CLAIMS).map(keyOf);
    if (storage === '/pods' && type === 'DELETED')
      return cluster.store.list(CLAIMS, object.metadata.namespace).map(keyOf);
    return [];
  },
  reconcile(key, { cluster }) {
    const claim = find(cluster, CLAIMS, key);
    if (!claim) return;
    if (claim.metadata.deletionTimestamp) return release(cluster, claim);
    if (statusOf(claim).phase === 'Bound') return;
    const spec = specOf(claim);
    const found = volumeFor(cluster, claim);
    if (found) return bind(cluster, claim, found);
    if (spec.storageClassName !== STORAGE_CLASS) return;
    const capacity = { storage: String(at(spec, 'resources', 'requests', 'storage') ?? '1Gi') };
    const name = String(spec.volumeName ?? `pvc-${claim.metadata.uid}`);
    const volume = create(cluster, VOLUMES, '', {
      metadata: { name },
      spec: {
        capacity,
        accessModes: spec.accessModes,
        claimRef: referenceTo(claim),
        storageClassName: STORAGE_CLASS,
        persistentVolumeReclaimPolicy: 'Delete',
        hostPath: { path: `/sandbox/${name}` },
      },
    });
    if (volume) setStatus(cluster, VOLUMES, volume, { phase: 'Bound' });
    update(cluster, CLAIMS, { ...claim, spec: { ...spec, volumeName: name } });
    const bound = find(cluster, CLAIMS, key);
    if (bound) setStatus(cluster, CLAIMS, bound, { phase: 'Bound', accessModes: spec.accessModes, capacity });
  },
};

function referenceTo({ apiVersion, kind, metadata }: KubeObject): Obj {
  const { namespace, name, uid, resourceVersion } = metadata;
  return { apiVersion, kind, namespace, name, uid, resourceVersion };
}

/** A volume that somebody made: the one that the claim or the volume names, else the smallest that is free and large enough. */
function volumeFor(cluster: Cluster, claim: KubeObject): KubeObject | undefined {
  const spec = specOf(claim);
  const wanted = at(spec, 'resources', 'requests', 'storage') ?? '0';
  const modes = Array.isArray(spec.accessModes) ? spec.accessModes : [];
  const sizeOf = (volume: KubeObject) => at(volume, 'spec', 'capacity', 'storage') ?? '0';
  const fitting = cluster.store.list(VOLUMES).filter((volume) => {
    const { accessModes, storageClassName } = specOf(volume);
    const isNamed = spec.volumeName === undefined || spec.volumeName === volume.metadata.name;
    const isAsWanted =
      (storageClassName ?? '') === (spec.storageClassName ?? '') &&
      modes.every((mode) => Array.isArray(accessModes) && accessModes.includes(mode)) &&
      compareQuantities(sizeOf(volume), wanted) >= 0;
    return isNamed && isAsWanted && !volume.metadata.deletionTimestamp && isFreeFor(volume, claim);
  });
  const reserved = fitting.find((volume) => at(volume, 'spec', 'claimRef') !== undefined);
  return reserved ?? fitting.sort((a, b) => compareQuantities(sizeOf(a), sizeOf(b)))[0];
}

function isFreeFor(volume: KubeObject, { metadata }: KubeObject): boolean {
  const reference = at(volume, 'spec', 'claimRef');
  if (reference === undefined) return true;
  const uid = at(reference, 'uid');
  const isNamed = at(reference, 'namespace') === metadata.namespace && at(reference, 'name') === metadata.name;
  return isNamed && (uid === undefined || uid === '' || uid === metadata.uid);
}

function bind(cluster: Cluster, claim: KubeObject, volume: KubeObject): void {
  const { name = '' } = volume.metadata;
  update(cluster, VOLUMES, { ...volume, spec: { ...specOf(volume), claimRef: referenceTo(claim) } });
  const taken = cluster.store.get(VOLUMES, '', name);
  if (taken) setStatus(cluster, VOLUMES, taken, { ...statusOf(taken), phase: 'Bound' });
  const annotations = { ...claim.metadata.annotations, 'pv.kubernetes.io/bind-completed': 'yes' };
  update(cluster, CLAIMS, {
    ...claim,
    metadata: { ...claim.metadata, annotations },
    spec: { ...specOf(claim), volumeName: name },
  });
  const bound = find(cluster, CLAIMS, keyOf(claim));
  const { accessModes, capacity } = specOf(volume);
  if (bound) setStatus(cluster, CLAIMS, bound, { phase: 'Bound', accessModes, capacity });
}

/** A deleted claim goes when no Pod uses it, and its volume with it. */
function release(cluster: Cluster, claim: KubeObject): void {
  const { namespace = '', name = '' } = claim.metadata;
  const isUsed = cluster.store
    .list('/pods', namespace)
    .some((pod) =>
      objectsAt(pod, 'spec', 'volumes').some((volume) => at(volume, 'persistentVolumeClaim', 'claimName') === name),
    );
  if (isUsed) return;
  const finalizers = (claim.metadata.finalizers ?? []).filter((finalizer) => finalizer !== PROTECTION);
  if (finalizers.length > 0) {
    cluster.store.put(CLAIMS, { ...claim, metadata: { ...claim.metadata, finalizers } });
    return;
  }
  cluster.store.remove(CLAIMS, namespace, name);
  const volume = cluster.store.get(VOLUMES, '', String(specOf(claim).volumeName ?? ''));
  const isOwn = at(volume, 'spec', 'claimRef', 'uid') === claim.metadata.uid;
  if (!volume || !isOwn) return;
  if (specOf(volume).persistentVolumeReclaimPolicy === 'Delete')
    cluster.store.remove(VOLUMES, '', volume.metadata.name ?? '');
  else setStatus(cluster, VOLUMES, volume, { ...statusOf(volume), phase: 'Released' });
}
