// Argo CD: gitops-engine pkg/health/health_deployment.go

import { at } from '../base/json.ts';
import { conditionsOf, health, type KindCheck, numberAt, quoted } from './check.ts';

export const deployment: KindCheck = {
  versions: ['v1'],
  check: (object) => {
    if (at(object, 'spec', 'paused') === true) return health('Suspended', 'Deployment is paused');
    if (numberAt(object, 'metadata', 'generation') > numberAt(object, 'status', 'observedGeneration')) {
      return waiting('observed deployment generation less than desired generation');
    }
    const progressing = conditionsOf(object).find(({ type }) => type === 'Progressing');
    if (progressing?.reason === 'ProgressDeadlineExceeded') {
      return health('Degraded', `Deployment ${quoted(object.metadata.name)} exceeded its progress deadline`);
    }
    const wanted = at(object, 'spec', 'replicas');
    const all = numberAt(object, 'status', 'replicas');
    const updated = numberAt(object, 'status', 'updatedReplicas');
    const available = numberAt(object, 'status', 'availableReplicas');
    if (typeof wanted === 'number' && updated < wanted) {
      return waiting(`${updated} out of ${wanted} new replicas have been updated...`);
    }
    if (all > updated) return waiting(`${all - updated} old replicas are pending termination...`);
    if (available < updated) return waiting(`${available} of ${updated} updated replicas are available...`);
    return health('Healthy');
  },
};

function waiting(what: string) {
  return health('Progressing', `Waiting for rollout to finish: ${what}`);
}
