// What a new cluster holds: namespaces, one node, the Service `kubernetes`, a default StorageClass.

import { isObject } from '../base/json.ts';
import type { KubeObject } from '../kube/object.ts';
import { type Cluster, timestamp } from './cluster.ts';
import { STORAGE_CLASS } from './kinds/storage.ts';
import { createObject } from './write/create.ts';
import { internalWrite } from './write/options.ts';

const NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

export const NODE_NAME = 'sandbox';

export function bootstrap(cluster: Cluster): void {
  for (const name of NAMESPACES) add(cluster, '', 'namespaces', '', { metadata: { name } });
  const node = add(cluster, '', 'nodes', '', nodeObject(cluster));
  const { taints: _, ...spec } = isObject(node.spec) ? node.spec : {};
  cluster.store.put('/nodes', { ...node, spec });
  add(cluster, 'storage.k8s.io', 'storageclasses', '', {
    metadata: { name: STORAGE_CLASS, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: 'hawser.dev/sandbox',
  });
  add(cluster, '', 'services', 'default', {
    metadata: { name: 'kubernetes', labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: { clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443, targetPort: 6443 }] },
  });
}

/** Creates an object as the API server itself does at its start. */
export function add(
  cluster: Cluster,
  group: string,
  plural: string,
  namespace: string,
  body: Record<string, unknown>,
): KubeObject {
  const resource = cluster.registry.builtin(group, plural);
  const { object } = resource.schema.decode({ apiVersion: resource.apiVersion, kind: resource.kind, ...body });
  return createObject(
    cluster,
    resource,
    namespace,
    resource.schema.setDefaults(object),
    internalWrite('kube-apiserver'),
  );
}

function nodeObject(cluster: Cluster): Record<string, unknown> {
  const resources = { cpu: '8', memory: '32Gi', pods: '110', 'ephemeral-storage': '100Gi' };
  const now = timestamp(cluster);
  return {
    metadata: {
      name: NODE_NAME,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': NODE_NAME,
        'kubernetes.io/os': 'linux',
        'node-role.kubernetes.io/control-plane': '',
      },
    },
    spec: { podCIDR: '10.244.0.0/24', podCIDRs: ['10.244.0.0/24'] },
    status: {
      capacity: resources,
      allocatable: resources,
      addresses: [
        { type: 'InternalIP', address: '127.0.0.1' },
        { type: 'Hostname', address: NODE_NAME },
      ],
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'SandboxReady',
          message: 'the sandbox runs no containers, but says that they run',
          lastHeartbeatTime: now,
          lastTransitionTime: now,
        },
      ],
      nodeInfo: {
        architecture: 'amd64',
        bootID: '',
        containerRuntimeVersion: 'sandbox://1',
        kernelVersion: 'sandbox',
        kubeProxyVersion: '',
        kubeletVersion: 'v1.36.3',
        machineID: '',
        operatingSystem: 'linux',
        osImage: 'Sandbox',
        systemUUID: '',
      },
    },
  };
}
