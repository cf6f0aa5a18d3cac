// How a hook that has been applied stands, by the health of its object (Argo CD: pkg/sync/sync_context.go, getOperationPhase).

import type { HealthStatus, OperationPhase } from '../application/types.ts';
import type { KubeObject } from '../kube/object.ts';

/** Kinds without a health have succeeded by being there. */
export function hookVerdict(
  live: KubeObject,
  health: HealthStatus | undefined,
): { readonly phase: OperationPhase; readonly message: string } {
  const message = health?.message ?? '';
  switch (health?.status) {
    case 'Unknown':
    case 'Degraded':
      return { phase: 'Failed', message };
    case 'Progressing':
    case 'Suspended':
      return { phase: 'Running', message };
    case 'Healthy':
      return { phase: 'Succeeded', message };
    default:
      return { phase: 'Succeeded', message: `${live.metadata.name ?? ''} created` };
  }
}
