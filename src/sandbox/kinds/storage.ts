// Volumes and claims: pending at first, of the default class where none is named.

import { isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Cluster } from '../cluster.ts';

/** The sandbox's default StorageClass. */
export const STORAGE_CLASS = 'standard';

export function setPending(object: KubeObject): void {
  object.status = { phase: 'Pending' };
}

/** The plugin DefaultStorageClass. */
export function setDefaultClass(claim: KubeObject, cluster: Cluster): void {
  const spec = isObject(claim.spec) ? claim.spec : {};
  if (spec.storageClassName !== undefined || claim.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'])
    return;
  const found = cluster.store
    .list('storage.k8s.io/storageclasses')
    .find(({ metadata }) => metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true');
  if (found) claim.spec = { ...spec, storageClassName: found.metadata.name };
}
