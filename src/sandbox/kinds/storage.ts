// Volumes and claims: pending at first, of the default class where none is named.

import { isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { type Cluster, timestamp } from '../cluster.ts';

/** The sandbox's default StorageClass. */
export const STORAGE_CLASS = 'standard';

export function setClaimPending(claim: KubeObject): void {
  claim.status = { phase: 'Pending' };
}

export function setVolumePending(volume: KubeObject, cluster: Cluster): void {
  volume.status = { phase: 'Pending', lastPhaseTransitionTime: timestamp(cluster) };
}

/** The plugin StorageObjectInUseProtection. */
export function protectVolume(volume: KubeObject): void {
  addFinalizer(volume, 'kubernetes.io/pv-protection');
}

export function protectClaim(claim: KubeObject, cluster: Cluster): void {
  addFinalizer(claim, 'kubernetes.io/pvc-protection');
  setDefaultClass(claim, cluster);
}

function addFinalizer(object: KubeObject, finalizer: string): void {
  const own = object.metadata.finalizers ?? [];
  if (!own.includes(finalizer)) object.metadata.finalizers = [...own, finalizer];
}

/** The plugin DefaultStorageClass. */
function setDefaultClass(claim: KubeObject, cluster: Cluster): void {
  const spec = isObject(claim.spec) ? claim.spec : {};
  if (spec.storageClassName !== undefined || claim.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'])
    return;
  const found = cluster.store
    .list('storage.k8s.io/storageclasses')
    .find(({ metadata }) => metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true');
  if (found) claim.spec = { ...spec, storageClassName: found.metadata.name };
}
