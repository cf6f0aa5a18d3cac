// A comparison as `status.resources` of an Application: the inventory, too.

import { syncOptionOf } from '../application/annotations.ts';
import type { Difference } from '../application/difference.ts';
import type { HealthStatus, ResourceStatus } from '../application/types.ts';

/**
 * `healths` runs beside `differences`; undefined for a kind without a check. Sorted by group, kind, namespace and name, so that an
 * equal state is an equal status. Hooks are listed once they are live, as Argo CD lists them.
 */
export function resourceStatuses(
  differences: readonly Difference[],
  healths: readonly (HealthStatus | undefined)[],
): readonly ResourceStatus[] {
  return differences
    .map((difference, index) => ({ difference, health: healths[index] }))
    .filter(({ difference }) => !difference.hook || difference.live !== undefined)
    .map(({ difference, health }) => resourceStatus(difference, health))
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

/** Fields that are empty are left out, as Go's `omitempty` does. */
function resourceStatus(difference: Difference, health: HealthStatus | undefined): ResourceStatus {
  const { key, version, status, hook, requiresPruning, syncWave } = difference;
  return {
    ...(key.group ? { group: key.group } : {}),
    version,
    kind: key.kind,
    ...(key.namespace ? { namespace: key.namespace } : {}),
    name: key.name,
    ...(status ? { status } : {}),
    ...(health ? { health: { status: health.status, ...(health.message ? { message: health.message } : {}) } } : {}),
    ...(hook ? { hook } : {}),
    ...(requiresPruning ? { requiresPruning } : {}),
    ...(needsConfirmation(difference) ? { requiresDeletionConfirmation: true } : {}),
    ...(syncWave === 0 ? {} : { syncWave }),
  };
}

/** `Prune=confirm` or `Delete=confirm` on either state. */
function needsConfirmation({ target, live }: Difference): boolean {
  return [target, live].some(
    (object) => syncOptionOf(object, 'Prune') === 'confirm' || syncOptionOf(object, 'Delete') === 'confirm',
  );
}

function sortKey({ group = '', kind, namespace = '', name }: ResourceStatus): string {
  return [group, kind, namespace, name].join('\0');
}
