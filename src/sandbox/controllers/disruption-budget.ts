// PodDisruptionBudget: how many of its Pods are healthy, and how many of them may go.
//
// Source: k8s.io/kubernetes, pkg/controller/disruption.

import type { KubeObject } from '../../kube/object.ts';
import { type Cluster, timestamp } from '../cluster.ts';
import { labelSelectorOf } from '../storage/selector.ts';
import { controllerOf, find, isActive, isReady, keyOf, objectsAt, setStatus, specOf, statusOf } from './act.ts';
import type { Controller } from './controllers.ts';
import { PODS } from './replica-set.ts';

const BUDGETS = 'policy/poddisruptionbudgets';
const SCALABLE: Readonly<Record<string, string>> = {
  Deployment: 'apps/deployments',
  ReplicaSet: 'apps/replicasets',
  StatefulSet: 'apps/statefulsets',
};

export const DISRUPTION_BUDGET_CONTROLLER: Controller = {
  name: 'disruption-budget',
  keysOf({ storage, object, before }, cluster) {
    if (storage === BUDGETS) return [keyOf(object)];
    if (storage !== PODS) return [];
    return cluster.store
      .list(BUDGETS, object.metadata.namespace)
      .filter((budget) => covers(budget, object) || (before && covers(budget, before)))
      .map(keyOf);
  },
  reconcile(key, { cluster }) {
    const budget = find(cluster, BUDGETS, key);
    if (!budget || budget.metadata.deletionTimestamp) return;
    const pods = cluster.store
      .list(PODS, budget.metadata.namespace)
      .filter((pod) => covers(budget, pod) && isActive(pod));
    const healthy = pods.filter(isReady).length;
    const { expected, desired } = countWanted(cluster, budget, pods);
    const allowed = expected === 0 ? 0 : Math.max(0, healthy - desired);
    setStatus(cluster, BUDGETS, budget, {
      conditions: [conditionOf(cluster, budget, allowed > 0)],
      currentHealthy: healthy,
      desiredHealthy: desired,
      disruptionsAllowed: allowed,
      expectedPods: expected,
      observedGeneration: budget.metadata.generation,
    });
  },
};

function covers(budget: KubeObject, pod: KubeObject): boolean {
  return labelSelectorOf(specOf(budget).selector)(pod.metadata.labels ?? {});
}

/** A plain number of available Pods counts the Pods that are there; everything else counts what their controllers want. */
function countWanted(cluster: Cluster, budget: KubeObject, pods: readonly KubeObject[]) {
  const { minAvailable, maxUnavailable } = specOf(budget);
  if (maxUnavailable === undefined && typeof minAvailable === 'number')
    return { expected: pods.length, desired: minAvailable };
  const expected = wantedByControllers(cluster, pods);
  if (maxUnavailable !== undefined)
    return { expected, desired: Math.max(0, expected - shareOf(maxUnavailable, expected)) };
  return { expected, desired: shareOf(minAvailable ?? 1, expected) };
}

function shareOf(value: unknown, whole: number): number {
  return typeof value === 'string' ? Math.ceil((Number.parseInt(value, 10) * whole) / 100) : Number(value);
}

function wantedByControllers(cluster: Cluster, pods: readonly KubeObject[]): number {
  const owners = new Map<string, number>();
  for (const pod of pods) {
    const owner = scaledOwner(cluster, pod);
    if (owner?.metadata.uid) owners.set(owner.metadata.uid, Number(specOf(owner).replicas ?? 1));
  }
  return [...owners.values()].reduce((sum, replicas) => sum + replicas, 0);
}

/** Of a ReplicaSet that a Deployment controls, the Deployment. */
function scaledOwner(cluster: Cluster, object: KubeObject): KubeObject | undefined {
  const owner = controllerOf(object);
  const storage = owner && SCALABLE[owner.kind];
  const found = storage && find(cluster, storage, `${object.metadata.namespace}/${owner.name}`);
  if (!found) return undefined;
  return owner.kind === 'ReplicaSet' ? (scaledOwner(cluster, found) ?? found) : found;
}

function conditionOf(cluster: Cluster, budget: KubeObject, isAllowed: boolean) {
  const status = isAllowed ? 'True' : 'False';
  const before = objectsAt(statusOf(budget), 'conditions').find(({ type }) => type === 'DisruptionAllowed');
  return {
    lastTransitionTime: before?.status === status ? before.lastTransitionTime : timestamp(cluster),
    message: '',
    observedGeneration: budget.metadata.generation,
    reason: isAllowed ? 'SufficientPods' : 'InsufficientPods',
    status,
    type: 'DisruptionAllowed',
  };
}
