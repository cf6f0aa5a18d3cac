// A comparison as `status.resources` of an Application: the inventory, too.

import { syncOptionOf } from '../application/annotations.ts';
import type { Difference } from '../application/difference.ts';
import { syncOption } from '../application/parse.ts';
import type { HealthStatus, ResourceStatus } from '../application/types.ts';
import type { KubeObject } from '../kube/object.ts';

/**
 * `healths` runs beside `differences`; undefined for a kind without a check. Sorted by group, kind, namespace and name, so that an
 * equal state is an equal status. Hooks are listed once they are live, as Argo CD lists them. `syncOptions` are the Application's.
 */
export function resourceStatuses(
  differences: readonly Difference[],
  healths: readonly (HealthStatus | undefined)[],
  syncOptions: readonly string[] = [],
): readonly ResourceStatus[] {
  return differences
    .map((difference, index) => ({ difference, health: healths[index] }))
    .filter(({ difference }) => !difference.hook || difference.live !== undefined)
    .map(({ difference, health }) => resourceStatus(difference, health, syncOptions))
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

/** Fields that are empty are left out, as Go's `omitempty` does. */
function resourceStatus(
  difference: Difference,
  health: HealthStatus | undefined,
  syncOptions: readonly string[],
): ResourceStatus {
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
    ...(needsConfirmation(difference, syncOptions) ? { requiresDeletionConfirmation: true } : {}),
    ...(syncWave === 0 ? {} : { syncWave }),
  };
}

/** `Prune=confirm` or `Delete=confirm` on either state, or of an Application to which the object does not say otherwise. */
function needsConfirmation({ target, live }: Difference, syncOptions: readonly string[]): boolean {
  return [target, live].some(
    (object) => object && ['Prune', 'Delete'].some((name) => optionOf(object, name, syncOptions) === 'confirm'),
  );
}

function optionOf(object: KubeObject, name: string, syncOptions: readonly string[]): string | undefined {
  return syncOptionOf(object, name) ?? syncOption(syncOptions, name);
}

function sortKey({ group = '', kind, namespace = '', name }: ResourceStatus): string {
  return [group, kind, namespace, name].join('\0');
}
