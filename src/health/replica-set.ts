// Argo CD: gitops-engine pkg/health/health_replicaset.go

import { at } from '../base/json.ts';
import { conditionsOf, health, type KindCheck, numberAt } from './check.ts';

export const replicaSet: KindCheck = {
  versions: ['v1'],
  check: (object) => {
    if (numberAt(object, 'metadata', 'generation') > numberAt(object, 'status', 'observedGeneration')) {
      return waiting('observed replica set generation less than desired generation');
    }
    const failure = conditionsOf(object).find(({ type }) => type === 'ReplicaFailure');
    if (failure?.status === 'True') return health('Degraded', failure.message);
    const wanted = at(object, 'spec', 'replicas');
    const available = numberAt(object, 'status', 'availableReplicas');
    if (typeof wanted === 'number' && available < wanted) {
      return waiting(`${available} out of ${wanted} new replicas are available...`);
    }
    return health('Healthy');
  },
};

function waiting(what: string) {
  return health('Progressing', `Waiting for rollout to finish: ${what}`);
}
