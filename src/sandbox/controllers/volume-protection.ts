// A PersistentVolume that is deleted goes once no claim is bound to it.
//
// Source: k8s.io/kubernetes, pkg/controller/volume/pvprotection.

import { statusOf } from './act.ts';
import type { Controller } from './controllers.ts';

const VOLUMES = '/persistentvolumes';
const PROTECTION = 'kubernetes.io/pv-protection';

export const VOLUME_PROTECTION_CONTROLLER: Controller = {
  name: 'volume-protection',
  keysOf: ({ storage, object }) =>
    storage === VOLUMES && object.metadata.deletionTimestamp ? [object.metadata.name ?? ''] : [],
  reconcile(name, { cluster }) {
    const volume = cluster.store.get(VOLUMES, '', name);
    const own = volume?.metadata.finalizers ?? [];
    if (!volume?.metadata.deletionTimestamp || statusOf(volume).phase === 'Bound' || !own.includes(PROTECTION)) return;
    const finalizers = own.filter((finalizer) => finalizer !== PROTECTION);
    if (finalizers.length === 0) cluster.store.remove(VOLUMES, '', name);
    else cluster.store.put(VOLUMES, { ...volume, metadata: { ...volume.metadata, finalizers } });
  },
};
