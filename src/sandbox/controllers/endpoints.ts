// Endpoints and EndpointSlices: where the Pods behind a Service are.
//
// Source: k8s.io/kubernetes, pkg/controller/endpoint and endpointslice.

import { isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { equalJson } from '../../typed/equal.ts';
import { NODE_NAME } from '../bootstrap.ts';
import { type Cluster, newSuffix, timestamp } from '../cluster.ts';
import { create, find, isReady, keyOf, type Obj, objectsAt, ownedBy, specOf, statusOf, update } from './act.ts';
import type { Controller } from './controllers.ts';
import { PODS } from './replica-set.ts';

const SERVICES = '/services';
const ENDPOINTS = '/endpoints';
const SLICES = 'discovery.k8s.io/endpointslices';

export const ENDPOINTS_CONTROLLER: Controller = {
  name: 'endpoints',
  keysOf({ storage, object, before }, cluster) {
    if (storage === SERVICES) return [keyOf(object)];
    if (storage !== PODS) return [];
    return cluster.store
      .list(SERVICES, object.metadata.namespace)
      .filter((service) => selects(service, object) || (before && selects(service, before)))
      .map(keyOf);
  },
  reconcile(key, { cluster }) {
    const service = find(cluster, SERVICES, key);
    if (!service) {
      const orphan = find(cluster, ENDPOINTS, key);
      if (orphan) cluster.store.remove(ENDPOINTS, orphan.metadata.namespace ?? '', orphan.metadata.name ?? '');
      return;
    }
    if (!isObject(specOf(service).selector) || service.metadata.deletionTimestamp) return;
    const pods = cluster.store
      .list(PODS, service.metadata.namespace)
      .filter((pod) => selects(service, pod) && statusOf(pod).podIP && !pod.metadata.deletionTimestamp)
      .filter(({ status }) => !isObject(status) || (status.phase !== 'Succeeded' && status.phase !== 'Failed'));
    writeEndpoints(cluster, service, pods);
    writeSlice(cluster, service, pods);
  },
};

function selects(service: KubeObject, pod: KubeObject): boolean {
  const { selector } = specOf(service);
  if (!isObject(selector) || Object.keys(selector).length === 0) return false;
  return Object.entries(selector).every(([key, value]) => pod.metadata.labels?.[key] === value);
}

function portsFor(service: KubeObject, pod: KubeObject | undefined): Obj[] {
  return objectsAt(service, 'spec', 'ports').map(({ name, port, targetPort, protocol }) => ({
    ...(name ? { name } : {}),
    port: portNumber(targetPort ?? port, pod),
    protocol,
  }));
}

function portNumber(target: unknown, pod: KubeObject | undefined): number {
  if (typeof target !== 'string') return Number(target);
  const ports = objectsAt(pod, 'spec', 'containers').flatMap((container) => objectsAt(container, 'ports'));
  return Number(ports.find(({ name }) => name === target)?.containerPort ?? 0);
}

function writeEndpoints(cluster: Cluster, service: KubeObject, pods: readonly KubeObject[]): void {
  const { namespace = '', name = '', labels } = service.metadata;
  const addresses = (wanted: readonly KubeObject[]) =>
    wanted.map((pod) => ({
      ip: statusOf(pod).podIP,
      nodeName: NODE_NAME,
      targetRef: { kind: 'Pod', namespace, name: pod.metadata.name, uid: pod.metadata.uid },
    }));
  const ready = pods.filter(isReady);
  const waiting = pods.filter((pod) => !isReady(pod));
  const subset = {
    ...(ready.length > 0 ? { addresses: addresses(ready) } : {}),
    ...(waiting.length > 0 ? { notReadyAddresses: addresses(waiting) } : {}),
    ports: portsFor(service, pods[0]),
  };
  const subsets = pods.length > 0 ? { subsets: [subset] } : {};
  const metadata = { name, labels: { ...labels, 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' } };
  const live = cluster.store.get(ENDPOINTS, namespace, name);
  if (!live) create(cluster, ENDPOINTS, namespace, { metadata, ...subsets });
  else if (!equalJson(live.subsets ?? [], subsets.subsets ?? [])) {
    const { subsets: _, ...kept } = live;
    update(cluster, ENDPOINTS, { ...kept, ...subsets });
  }
}

function writeSlice(cluster: Cluster, service: KubeObject, pods: readonly KubeObject[]): void {
  const { namespace = '', name = '' } = service.metadata;
  const live = cluster.store
    .list(SLICES, namespace)
    .find((slice) => slice.metadata.ownerReferences?.some((owner) => owner.uid === service.metadata.uid));
  const endpoints = pods.map((pod) => ({
    addresses: [statusOf(pod).podIP],
    conditions: { ready: isReady(pod), serving: isReady(pod), terminating: false },
    nodeName: NODE_NAME,
    targetRef: { kind: 'Pod', namespace, name: pod.metadata.name, uid: pod.metadata.uid },
  }));
  const ports = portsFor(service, pods[0]).map((port) => ({ name: '', ...port }));
  if (live) {
    if (equalJson(live.endpoints ?? [], endpoints) && equalJson(live.ports ?? [], ports)) return;
    update(cluster, SLICES, { ...live, endpoints: endpoints.length > 0 ? endpoints : null, ports });
    return;
  }
  create(cluster, SLICES, namespace, {
    metadata: {
      name: `${name}-${newSuffix(cluster)}`,
      generateName: `${name}-`,
      labels: {
        ...service.metadata.labels,
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
        'kubernetes.io/service-name': name,
      },
      annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': timestamp(cluster) },
      ownerReferences: [ownedBy(service)],
    },
    addressType: 'IPv4',
    endpoints,
    ports,
  });
}
