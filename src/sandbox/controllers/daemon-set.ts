// DaemonSet: one Pod on the one node.
//
// Source: k8s.io/kubernetes, pkg/controller/daemon.

import { at, isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Cluster } from '../cluster.ts';
import { controllerOf, create, find, isReady, keyOf, ownedIn, remove, setStatus, specOf } from './act.ts';
import type { Controller } from './controllers.ts';
import { PODS, podFromTemplate, tellOfPod } from './replica-set.ts';
import { currentRevision, type Revision } from './revision.ts';

const DAEMON_SETS = 'apps/daemonsets';
const HASH = 'controller-revision-hash';

export const DAEMON_SET_CONTROLLER: Controller = {
  name: 'daemon-set',
  keysOf({ storage, object }, cluster) {
    if (storage === DAEMON_SETS) return [keyOf(object)];
    if (storage === '/nodes') return cluster.store.list(DAEMON_SETS).map(keyOf);
    const owner = storage === PODS ? controllerOf(object) : undefined;
    return owner?.kind === 'DaemonSet' ? [`${object.metadata.namespace}/${owner.name}`] : [];
  },
  reconcile(key, { cluster }) {
    const set = find(cluster, DAEMON_SETS, key);
    if (!set) return;
    const revision = currentRevision(cluster, set, Number(specOf(set).revisionHistoryLimit ?? 10));
    if (!set.metadata.deletionTimestamp) placePods(cluster, set, revision);
    writeStatus(cluster, set, revision);
  },
};

/** The nodes that the template's nodeSelector allows. */
function nodesFor(cluster: Cluster, set: KubeObject): KubeObject[] {
  const selector = at(set, 'spec', 'template', 'spec', 'nodeSelector');
  const wanted = Object.entries(isObject(selector) ? selector : {});
  return cluster.store
    .list('/nodes')
    .filter((node) => wanted.every(([key, value]) => node.metadata.labels?.[key] === value));
}

function nodeOf(pod: KubeObject): unknown {
  return (
    specOf(pod).nodeName ??
    at(
      pod,
      'spec',
      'affinity',
      'nodeAffinity',
      'requiredDuringSchedulingIgnoredDuringExecution',
      'nodeSelectorTerms',
      0,
      'matchFields',
      0,
      'values',
      0,
    )
  );
}

function placePods(cluster: Cluster, set: KubeObject, revision: Revision): void {
  const pods = ownedIn(cluster, PODS, set);
  const nodes = nodesFor(cluster, set);
  for (const node of nodes) {
    const here = pods.filter((pod) => nodeOf(pod) === node.metadata.name);
    if (here.length === 0) makePod(cluster, set, node, revision);
    const isOutdated = (pod: KubeObject) => pod.metadata.labels?.[HASH] !== revision.hash;
    if (at(set, 'spec', 'updateStrategy', 'type') === 'OnDelete') continue;
    for (const pod of here) if (isOutdated(pod) && !pod.metadata.deletionTimestamp) dropPod(cluster, set, pod);
  }
  for (const pod of pods)
    if (!nodes.some((node) => node.metadata.name === nodeOf(pod)) && !pod.metadata.deletionTimestamp)
      dropPod(cluster, set, pod);
}

const COMPONENT = 'daemonset-controller';

function dropPod(cluster: Cluster, set: KubeObject, pod: KubeObject): void {
  remove(cluster, PODS, pod);
  tellOfPod(cluster, set, 'Deleted', pod, COMPONENT);
}

function makePod(cluster: Cluster, set: KubeObject, node: KubeObject, revision: Revision): void {
  const { namespace = '', name = '', generation = 1 } = set.metadata;
  const body = podFromTemplate(specOf(set).template, set, { generateName: `${name}-` });
  const metadata: Record<string, unknown> = isObject(body.metadata) ? body.metadata : {};
  const labels = isObject(metadata.labels) ? metadata.labels : {};
  metadata.labels = { ...labels, [HASH]: revision.hash, 'pod-template-generation': String(generation) };
  const spec = isObject(body.spec) ? body.spec : {};
  const term = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node.metadata.name] }] };
  const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } };
  const affinity = isObject(spec.affinity) ? spec.affinity : {};
  const pod = { metadata, spec: { ...spec, affinity: { ...affinity, nodeAffinity } } };
  tellOfPod(cluster, set, 'Created', create(cluster, PODS, namespace, pod), COMPONENT);
}

function writeStatus(cluster: Cluster, set: KubeObject, revision: Revision): void {
  const live = find(cluster, DAEMON_SETS, keyOf(set));
  if (!live) return;
  const desired = nodesFor(cluster, live).length;
  const pods = ownedIn(cluster, PODS, live).filter((pod) => !pod.metadata.deletionTimestamp);
  const ready = pods.filter(isReady).length;
  const updated = pods.filter((pod) => pod.metadata.labels?.[HASH] === revision.hash).length;
  setStatus(cluster, DAEMON_SETS, live, {
    currentNumberScheduled: Math.min(pods.length, desired),
    numberMisscheduled: 0,
    desiredNumberScheduled: desired,
    numberReady: ready,
    ...(live.metadata.generation === undefined ? {} : { observedGeneration: live.metadata.generation }),
    ...(updated > 0 ? { updatedNumberScheduled: updated } : {}),
    ...(ready > 0 ? { numberAvailable: ready } : {}),
    ...(desired > ready ? { numberUnavailable: desired - ready } : {}),
  });
}
