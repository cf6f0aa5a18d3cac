// PersistentVolumeClaims: bound at once to a volume that nothing is stored on.

import { at } from '../../base/json.ts';
import { STORAGE_CLASS } from '../kinds/storage.ts';
import { create, find, keyOf, setStatus, specOf, statusOf, update } from './act.ts';
import type { Controller } from './controllers.ts';

const CLAIMS = '/persistentvolumeclaims';
const VOLUMES = '/persistentvolumes';

export const CLAIM_CONTROLLER: Controller = {
  name: 'claim',
  keysOf: ({ storage, object, type }) => (storage === CLAIMS && type !== 'DELETED' ? [keyOf(object)] : []),
  reconcile(key, { cluster }) {
    const claim = find(cluster, CLAIMS, key);
    if (!claim || claim.metadata.deletionTimestamp || statusOf(claim).phase === 'Bound') return;
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
