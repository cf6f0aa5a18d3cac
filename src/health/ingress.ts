// Argo CD: gitops-engine pkg/health/health_ingress.go

import { health, type KindCheck, listAt } from './check.ts';

export const ingress: KindCheck = {
  check: (object) => health(listAt(object, 'status', 'loadBalancer', 'ingress').length > 0 ? 'Healthy' : 'Progressing'),
};
