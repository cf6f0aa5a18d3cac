// The health of an Application from that of its objects.

import type { Difference } from '../application/difference.ts';
import type { HealthStatus } from '../application/types.ts';
import type { KubeObject } from '../kube/object.ts';

export interface ApplicationHealth {
  readonly health: HealthStatus;
  /** Beside the differences; undefined where there is no check or where the object does not count. */
  readonly resources: readonly (HealthStatus | undefined)[];
}

export interface HealthContext {
  /** The Application itself, which does not count when it manages itself. */
  readonly self?: { readonly namespace: string; readonly name: string };
  /** Default: the built-in checks. */
  readonly healthOf?: (object: KubeObject) => HealthStatus | undefined;
}

/** The worst of the resources' (Healthy, Suspended, Progressing, Missing, Degraded, Unknown), with its causes as message. */
export function aggregateHealth(_differences: readonly Difference[], _context?: HealthContext): ApplicationHealth {
  return { health: { status: 'Unknown' }, resources: [] };
}
