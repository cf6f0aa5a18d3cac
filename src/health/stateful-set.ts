// Argo CD: gitops-engine pkg/health/health_statefulset.go

import { at, isObject } from '../base/json.ts';
import { health, type KindCheck, numberAt, textAt } from './check.ts';

export const statefulSet: KindCheck = {
  versions: ['v1'],
  check: (object) => {
    const observed = numberAt(object, 'status', 'observedGeneration');
    if (observed === 0 || numberAt(object, 'metadata', 'generation') > observed) {
      return health('Progressing', 'Waiting for statefulset spec update to be observed...');
    }
    const wanted = at(object, 'spec', 'replicas');
    const ready = numberAt(object, 'status', 'readyReplicas');
    const updated = numberAt(object, 'status', 'updatedReplicas');
    if (typeof wanted === 'number' && ready < wanted) {
      return health('Progressing', `Waiting for ${wanted - ready} pods to be ready...`);
    }
    const strategy = textAt(object, 'spec', 'updateStrategy', 'type');
    const rolling = at(object, 'spec', 'updateStrategy', 'rollingUpdate');
    if (strategy === 'RollingUpdate' && isObject(rolling)) {
      const partition = rolling.partition;
      if (typeof wanted === 'number' && typeof partition === 'number' && updated < wanted - partition) {
        const message = `${updated} out of ${wanted - partition} new pods have been updated...`;
        return health('Progressing', `Waiting for partitioned roll out to finish: ${message}`);
      }
      return health('Healthy', `partitioned roll out complete: ${updated} new pods have been updated...`);
    }
    if (strategy === 'OnDelete') return health('Healthy', `statefulset has ${ready} ready pods`);
    const current = textAt(object, 'status', 'currentRevision');
    const next = textAt(object, 'status', 'updateRevision');
    if (next !== current) {
      const message = `waiting for statefulset rolling update to complete ${updated} pods at revision ${next}...`;
      return health('Progressing', message);
    }
    const pods = numberAt(object, 'status', 'currentReplicas');
    return health('Healthy', `statefulset rolling update complete ${pods} pods at revision ${current}...`);
  },
};
