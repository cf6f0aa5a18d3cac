// PersistentVolumeClaims: bound at once to a volume that nothing is stored on.

import { at } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Cluster } from '../cluster.ts';
import { STORAGE_CLASS } from '../kinds/storage.ts';
import { create, find, keyOf, objectsAt, setStatus, specOf, statusOf, update } from './act.ts';
import type { Controller } from './controllers.ts';

const CLAIMS = '/persistentvolumeclaims';
const VOLUMES = '/persistentvolumes';
const PROTECTION = 'kubernetes.io/pvc-protection';

export const CLAIM_CONTROLLER: Controller = {
  name: 'claim',
  keysOf({ storage, object, type }, cluster) {
    if (storage === CLAIMS) return type === 'DELETED' ? [] : [keyOf(object)];
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
    if (spec.storageClassName !== STORAGE_CLASS) return;
    const capacity = { storage: String(at(spec, 'resources', 'requests', 'storage') ?? '1Gi') };
    const name = String(spec.volumeName ?? `pvc-${claim.metadata.uid}`);
    const { namespace, uid, resourceVersion } = claim.metadata;
    const claimRef = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      namespace,
      name: claim.metadata.name,
      uid,
      resourceVersion,
    };
    const volume = create(cluster, VOLUMES, '', {
      metadata: { name },
      spec: {
        capacity,
        accessModes: spec.accessModes,
        claimRef,
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
  if (volume && isOwn && specOf(volume).persistentVolumeReclaimPolicy === 'Delete')
    cluster.store.remove(VOLUMES, '', volume.metadata.name ?? '');
}
