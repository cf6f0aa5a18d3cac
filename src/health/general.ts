// What is said of custom kinds that no table knows. Argo CD says nothing of them, so this stays close to what the conventions of
// Kubernetes promise (kstatus: Ready, Reconciling, Stalled, observedGeneration) and is silent in all other cases.

import type { HealthStatus } from '../application/types.ts';
import { groupOf, type KubeObject } from '../kube/object.ts';
import { health } from './check.ts';
import { type Condition, get, readConditions } from './rules.ts';

/** The conditions that tell whether an object does its work, in the order in which they are asked. */
const READINESS = ['Ready', 'Available'];

/**
 * Progressing while the controller has not seen this generation, while it says so (Reconciling) or while the object is not Ready;
 * Degraded when it has given up (Stalled); Healthy when Ready. undefined for built-in kinds and where there is nothing of this kind.
 */
export function generalHealth(object: KubeObject): HealthStatus | undefined {
  // Groups without a dot are Kubernetes' own, and those of these kinds that have a health are checked by name.
  if (!groupOf(object.apiVersion).includes('.')) return undefined;
  const { generation } = object.metadata;
  const isOlder = (observed: unknown) =>
    typeof observed === 'number' && generation !== undefined && observed < generation;
  if (isOlder(get(object, 'status.observedGeneration')))
    return health('Progressing', `Waiting for generation ${generation} to be observed`);
  const found = readConditions(object);
  const isTrue = (name: string) => (condition: Condition) => condition.type === name && condition.status === 'True';
  const stalled = found.find(isTrue('Stalled'));
  if (stalled) return health('Degraded', stalled.message ?? stalled.reason);
  const reconciling = found.find(isTrue('Reconciling'));
  if (reconciling) return health('Progressing', reconciling.message ?? reconciling.reason);
  for (const name of READINESS) {
    const condition = found.find(({ type }) => type === name);
    if (!condition) continue;
    const isReady = condition.status === 'True' && !isOlder(condition.observedGeneration);
    return health(isReady ? 'Healthy' : 'Progressing', condition.message);
  }
  return undefined;
}
