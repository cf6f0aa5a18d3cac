// Argo CD: gitops-engine pkg/health/health_job.go

import { conditionsOf, health, type KindCheck } from './check.ts';

export const job: KindCheck = {
  versions: ['v1'],
  check: (object) => {
    let isComplete = false;
    let isSuspended = false;
    let failure: string | undefined;
    let message = '';
    for (const condition of conditionsOf(object)) {
      if (condition.type === 'Failed') {
        isComplete = true;
        failure = condition.message;
      } else if (condition.type === 'Complete') {
        isComplete = true;
        message = condition.message;
      } else if (condition.type === 'Suspended') {
        isComplete = true;
        message = condition.message;
        if (condition.status === 'True') isSuspended = true;
      }
    }
    if (!isComplete) return health('Progressing', message);
    if (failure !== undefined) return health('Degraded', failure);
    return health(isSuspended ? 'Suspended' : 'Healthy', message);
  },
};
