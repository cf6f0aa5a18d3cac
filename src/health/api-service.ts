// Argo CD: gitops-engine pkg/health/health_apiservice.go

import { conditionsOf, health, type KindCheck } from './check.ts';

export const apiService: KindCheck = {
  versions: ['v1', 'v1beta1'],
  check: (object) => {
    const available = conditionsOf(object).find(({ type }) => type === 'Available');
    if (!available) return health('Progressing', 'Waiting to be processed');
    const message = `${available.reason}: ${available.message}`;
    return health(available.status === 'True' ? 'Healthy' : 'Progressing', message);
  },
};
