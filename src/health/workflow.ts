// An Argo Workflow. Argo CD: gitops-engine pkg/health/health_argo.go

import type { HealthCode } from '../application/types.ts';
import { health, type KindCheck, textAt } from './check.ts';

const PHASES: Readonly<Record<string, HealthCode>> = {
  '': 'Progressing',
  Pending: 'Progressing',
  Running: 'Progressing',
  Succeeded: 'Healthy',
  Failed: 'Degraded',
  Error: 'Degraded',
};

export const workflow: KindCheck = {
  check: (object) =>
    health(PHASES[textAt(object, 'status', 'phase')] ?? 'Unknown', textAt(object, 'status', 'message')),
};
