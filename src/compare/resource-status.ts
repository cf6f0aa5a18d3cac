// A comparison as `status.resources` of an Application: the inventory, too.

import type { Difference } from '../application/difference.ts';
import type { HealthStatus, ResourceStatus } from '../application/types.ts';

/** `healths` runs beside `differences`; undefined for a kind without a check. Sorted as Argo CD does. */
export function resourceStatuses(
  _differences: readonly Difference[],
  _healths: readonly (HealthStatus | undefined)[],
): readonly ResourceStatus[] {
  throw new Error('not yet');
}
