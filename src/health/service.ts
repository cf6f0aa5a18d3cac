// Argo CD: gitops-engine pkg/health/health_service.go

import { health, type KindCheck, listAt, textAt } from './check.ts';

export const service: KindCheck = {
  versions: ['v1'],
  check: (object) => {
    const waits =
      textAt(object, 'spec', 'type') === 'LoadBalancer' &&
      listAt(object, 'status', 'loadBalancer', 'ingress').length === 0;
    return health(waits ? 'Progressing' : 'Healthy');
  },
};
