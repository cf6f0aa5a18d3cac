// Argo CD: gitops-engine pkg/health/health_pvc.go

import type { HealthCode } from '../application/types.ts';
import { health, type KindCheck, textAt } from './check.ts';

const PHASES: Readonly<Record<string, HealthCode>> = { Lost: 'Degraded', Pending: 'Progressing', Bound: 'Healthy' };

export const persistentVolumeClaim: KindCheck = {
  versions: ['v1'],
  check: (object) => health(PHASES[textAt(object, 'status', 'phase')] ?? 'Unknown'),
};
