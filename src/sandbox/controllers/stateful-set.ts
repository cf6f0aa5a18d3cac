// StatefulSet: Pods with names and claims of their own, one after the other.
//
// Source: k8s.io/kubernetes, pkg/controller/statefulset.

import { at, isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Cluster } from '../cluster.ts';
import {
  controllerOf,
  create,
  find,
  isReady,
  keyOf,
  objectsAt,
  ownedIn,
  remove,
  setStatus,
  specOf,
  statusOf,
} from './act.ts';
import type { Controller } from './controllers.ts';
import { tell } from './event.ts';
import { PODS, podFromTemplate } from './replica-set.ts';
import { currentRevision, type Revision } from './revision.ts';

const STATEFUL_SETS = 'apps/statefulsets';
const CLAIMS = '/persistentvolumeclaims';
const HASH = 'controller-revision-hash';

export const STATEFUL_SET_CONTROLLER: Controller = {
  name: 'stateful-set',
  keysOf({ storage, object }) {
    if (storage === STATEFUL_SETS) return [keyOf(object)];
    const owner = storage === PODS ? controllerOf(object) : undefined;
    return owner?.kind === 'StatefulSet' ? [`${object.metadata.namespace}/${owner.name}`] : [];
  },
  reconcile(key, { cluster }) {
    const set = find(cluster, STATEFUL_SETS, key);
    if (!set) return;
    const revision = currentRevision(cluster, set, Number(specOf(set).revisionHistoryLimit ?? 10));
    if (!set.metadata.deletionTimestamp) step(cluster, set, revision);
    writeStatus(cluster, set, revision);
  },
};

function ordinalOf(pod: KubeObject): number {
  return Number(/-(\d+)$/.exec(pod.metadata.name ?? '')?.[1] ?? -1);
}

function podsOf(cluster: Cluster, set: KubeObject): KubeObject[] {
  return ownedIn(cluster, PODS, set).sort((a, b) => ordinalOf(a) - ordinalOf(b));
}

/** With ordered Pods at most one thing happens at a time. */
function step(cluster: Cluster, set: KubeObject, revision: Revision): void {
  const spec = specOf(set);
  const start = Number(at(spec, 'ordinals', 'start') ?? 0);
  const replicas = Number(spec.replicas ?? 1);
  const ordered = spec.podManagementPolicy !== 'Parallel';
  const pods = podsOf(cluster, set);
  for (let ordinal = start; ordinal < start + replicas; ordinal++) {
    const pod = pods.find((own) => ordinalOf(own) === ordinal);
    if (!pod) makePod(cluster, set, ordinal, revision);
    if (ordered && !(pod && isReady(pod) && !pod.metadata.deletionTimestamp)) return;
  }
  const surplus = pods.filter((pod) => ordinalOf(pod) < start || ordinalOf(pod) >= start + replicas).reverse();
  for (const pod of surplus) {
    if (!pod.metadata.deletionTimestamp) dropPod(cluster, set, pod);
    if (ordered) return;
  }
  if (at(spec, 'updateStrategy', 'type') === 'OnDelete') return;
  const partition = Number(at(spec, 'updateStrategy', 'rollingUpdate', 'partition') ?? 0);
  for (const pod of pods.reverse()) {
    if (ordinalOf(pod) < start + partition) return;
    if (pod.metadata.labels?.[HASH] !== revision.name) {
      if (!pod.metadata.deletionTimestamp) dropPod(cluster, set, pod);
      return;
    }
    if (!isReady(pod)) return;
  }
}

const COMPONENT = 'statefulset-controller';

function dropPod(cluster: Cluster, set: KubeObject, pod: KubeObject): void {
  remove(cluster, PODS, pod);
  const message = `Delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`;
  tell(cluster, set, { reason: 'SuccessfulDelete', message, component: COMPONENT });
}

function makePod(cluster: Cluster, set: KubeObject, ordinal: number, revision: Revision): void {
  const { namespace = '', name = '' } = set.metadata;
  const podName = `${name}-${ordinal}`;
  const template = structuredClone(isObject(specOf(set).template) ? specOf(set).template : {});
  const body = podFromTemplate(template, set, { name: podName });
  const metadata: Record<string, unknown> = isObject(body.metadata) ? body.metadata : {};
  const labels = isObject(metadata.labels) ? metadata.labels : {};
  metadata.labels = {
    ...labels,
    'apps.kubernetes.io/pod-index': String(ordinal),
    [HASH]: revision.name,
    'statefulset.kubernetes.io/pod-name': podName,
  };
  const spec: Record<string, unknown> = isObject(body.spec) ? body.spec : {};
  spec.hostname = podName;
  if (specOf(set).serviceName) spec.subdomain = specOf(set).serviceName;
  spec.volumes = [...objectsAt(spec, 'volumes'), ...makeClaims(cluster, set, podName)];
  if (!create(cluster, PODS, namespace, { metadata, spec })) return;
  const message = `Create Pod ${podName} in StatefulSet ${name} successful`;
  tell(cluster, set, { reason: 'SuccessfulCreate', message, component: COMPONENT });
}

/** Claims outlive their Pods; a new Pod finds the old ones. */
function makeClaims(cluster: Cluster, set: KubeObject, podName: string): object[] {
  const { namespace = '' } = set.metadata;
  return objectsAt(set, 'spec', 'volumeClaimTemplates').map((claim) => {
    const name = String(at(claim, 'metadata', 'name'));
    const claimName = `${name}-${podName}`;
    if (!cluster.store.get(CLAIMS, namespace, claimName)) {
      const own = isObject(claim.metadata) ? claim.metadata : {};
      const labels = at(set, 'spec', 'selector', 'matchLabels');
      create(cluster, CLAIMS, namespace, { metadata: { ...own, name: claimName, labels }, spec: claim.spec });
      const message = `Create Claim ${claimName} Pod ${podName} in StatefulSet ${set.metadata.name} success`;
      tell(cluster, set, { reason: 'SuccessfulCreate', message, component: COMPONENT });
    }
    return { name, persistentVolumeClaim: { claimName } };
  });
}

function writeStatus(cluster: Cluster, set: KubeObject, revision: Revision): void {
  const live = find(cluster, STATEFUL_SETS, keyOf(set));
  if (!live) return;
  const pods = podsOf(cluster, live);
  const ready = pods.filter((pod) => isReady(pod) && !pod.metadata.deletionTimestamp).length;
  const updated = pods.filter((pod) => pod.metadata.labels?.[HASH] === revision.name).length;
  const isDone = updated === pods.length && ready === pods.length;
  const current = isDone ? revision.name : String(statusOf(live).currentRevision ?? revision.name);
  const atCurrent = pods.filter((pod) => pod.metadata.labels?.[HASH] === current).length;
  setStatus(cluster, STATEFUL_SETS, live, {
    ...(live.metadata.generation === undefined ? {} : { observedGeneration: live.metadata.generation }),
    replicas: pods.length,
    ...(ready > 0 ? { readyReplicas: ready } : {}),
    ...(atCurrent > 0 ? { currentReplicas: atCurrent } : {}),
    ...(updated > 0 ? { updatedReplicas: updated } : {}),
    currentRevision: current,
    updateRevision: revision.name,
    collisionCount: 0,
    availableReplicas: ready,
  });
}
