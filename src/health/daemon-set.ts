// Argo CD: gitops-engine pkg/health/health_daemonset.go

import { health, type KindCheck, numberAt, quoted, textAt } from './check.ts';

export const daemonSet: KindCheck = {
  versions: ['v1'],
  check: (object) => {
    if (numberAt(object, 'metadata', 'generation') > numberAt(object, 'status', 'observedGeneration')) {
      return health(
        'Progressing',
        'Waiting for rollout to finish: observed daemon set generation less than desired generation',
      );
    }
    const desired = numberAt(object, 'status', 'desiredNumberScheduled');
    const updated = numberAt(object, 'status', 'updatedNumberScheduled');
    const available = numberAt(object, 'status', 'numberAvailable');
    if (textAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete') {
      return health('Healthy', `daemon set ${updated} out of ${desired} new pods have been updated`);
    }
    const rollout = `Waiting for daemon set ${quoted(object.metadata.name)} rollout to finish`;
    if (updated < desired) {
      return health('Progressing', `${rollout}: ${updated} out of ${desired} new pods have been updated...`);
    }
    if (available < desired) {
      return health('Progressing', `${rollout}: ${available} of ${desired} updated pods are available...`);
    }
    return health('Healthy');
  },
};
