// ReplicaSet: as many Pods as it says.
//
// Source: k8s.io/kubernetes, pkg/controller/replicaset.

import { at, isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Cluster } from '../cluster.ts';
import { labelSelectorOf } from '../storage/selector.ts';
import {
  controllerOf,
  create,
  find,
  isActive,
  isReady,
  keyOf,
  objectsAt,
  ownedBy,
  ownedIn,
  remove,
  setStatus,
  specOf,
  statusOf,
  update,
} from './act.ts';
import type { Controller } from './controllers.ts';
import { tell } from './event.ts';

export const REPLICA_SETS = 'apps/replicasets';
export const PODS = '/pods';

export const REPLICA_SET_CONTROLLER: Controller = {
  name: 'replica-set',
  keysOf({ storage, object }, cluster) {
    if (storage === REPLICA_SETS) return [keyOf(object)];
    if (storage !== PODS) return [];
    const owner = controllerOf(object);
    if (owner?.kind === 'ReplicaSet') return [`${object.metadata.namespace}/${owner.name}`];
    // An orphan may find a new owner.
    return owner ? [] : cluster.store.list(REPLICA_SETS, object.metadata.namespace).map(keyOf);
  },
  reconcile(key, { cluster }) {
    const set = find(cluster, REPLICA_SETS, key);
    if (!set) return;
    if (!set.metadata.deletionTimestamp) {
      adoptOrphans(cluster, PODS, set);
      scalePods(cluster, set);
    }
    writeStatus(cluster, set);
  },
};

/** Takes over objects that nobody controls and that the selector fits. */
export function adoptOrphans(cluster: Cluster, storage: string, owner: KubeObject): void {
  const matches = labelSelectorOf(specOf(owner).selector);
  for (const object of cluster.store.list(storage, owner.metadata.namespace)) {
    if (controllerOf(object) || object.metadata.deletionTimestamp || !matches(object.metadata.labels ?? {})) continue;
    const ownerReferences = [...(object.metadata.ownerReferences ?? []), ownedBy(owner)];
    update(cluster, storage, { ...object, metadata: { ...object.metadata, ownerReferences } });
  }
}

function scalePods(cluster: Cluster, set: KubeObject): void {
  const pods = ownedIn(cluster, PODS, set).filter(isActive);
  const missing = Number(specOf(set).replicas ?? 1) - pods.length;
  const { namespace = '', name = '' } = set.metadata;
  for (let i = 0; i < missing; i++) {
    const body = podFromTemplate(specOf(set).template, set, { generateName: `${name}-` });
    tellOfPod(cluster, set, 'Created', create(cluster, PODS, namespace, body), COMPONENT);
  }
  if (missing >= 0) return;
  for (const pod of pods.sort(byExpendability).slice(0, -missing)) {
    remove(cluster, PODS, pod);
    tellOfPod(cluster, set, 'Deleted', pod, COMPONENT);
  }
}

const COMPONENT = 'replicaset-controller';

/** What controllers say of Pods that they make and delete; nothing of one that could not be made. */
export function tellOfPod(
  cluster: Cluster,
  owner: KubeObject,
  verb: 'Created' | 'Deleted',
  pod: KubeObject | undefined,
  component: string,
): void {
  if (!pod) return;
  const reason = verb === 'Created' ? 'SuccessfulCreate' : 'SuccessfulDelete';
  tell(cluster, owner, { reason, message: `${verb} pod: ${pod.metadata.name}`, component });
}

/** The body of a Pod that a controller makes. */
export function podFromTemplate(template: unknown, owner: KubeObject, metadata: object): Record<string, unknown> {
  const own = at(template, 'metadata');
  const kept = isObject(own) ? own : {};
  return {
    metadata: {
      ...pick(kept, ['labels', 'annotations', 'finalizers']),
      ...metadata,
      ownerReferences: [ownedBy(owner)],
    },
    spec: structuredClone(at(template, 'spec') ?? {}),
  };
}

function pick(value: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.filter((key) => value[key] !== undefined).map((key) => [key, value[key]]));
}

/** Pods that are not ready go first, then the youngest. */
function byExpendability(a: KubeObject, b: KubeObject): number {
  const ready = Number(isReady(a)) - Number(isReady(b));
  return ready || Number(b.metadata.resourceVersion) - Number(a.metadata.resourceVersion);
}

function writeStatus(cluster: Cluster, set: KubeObject): void {
  const live = find(cluster, REPLICA_SETS, keyOf(set));
  if (!live) return;
  const owned = ownedIn(cluster, PODS, live);
  const pods = owned.filter(isActive);
  const labels = Object.entries(objectOf(at(live, 'spec', 'template', 'metadata', 'labels')));
  const labeled = pods.filter((pod) => labels.every(([key, value]) => pod.metadata.labels?.[key] === value)).length;
  const ready = pods.filter(isReady).length;
  const terminating = owned.filter((pod) => pod.metadata.deletionTimestamp).length;
  setStatus(cluster, REPLICA_SETS, live, {
    replicas: pods.length,
    ...(labeled > 0 ? { fullyLabeledReplicas: labeled } : {}),
    ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
    terminatingReplicas: terminating,
    ...(live.metadata.generation === undefined ? {} : { observedGeneration: live.metadata.generation }),
    ...(objectsAt(statusOf(live), 'conditions').length > 0 ? { conditions: statusOf(live).conditions } : {}),
  });
}

function objectOf(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}
