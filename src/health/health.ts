// The health of one object, by the check of its kind.

import type { HealthStatus } from '../application/types.ts';
import type { KubeObject } from '../kube/object.ts';

/** undefined when nothing is known about this kind: it then counts neither for nor against. */
export function resourceHealth(_object: KubeObject): HealthStatus | undefined {
  return undefined;
}
