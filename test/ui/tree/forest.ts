// Applications and trees that the tests of the tree are about.

import type { Application, ResourceStatus } from '../../../src/application/types.ts';
import type { ResourceNode, ResourceTree } from '../../../src/ui/web/tree/tree-model.ts';

export function appWith(
  resources: readonly ResourceStatus[],
  status: Partial<Application['status']> = {},
): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'shop', namespace: 'argocd' },
    spec: { project: 'default', destination: {} },
    status: { resources, ...status },
  };
}

/** `Deployment web` in the namespace `shop`, as it should be unless said otherwise. */
export function status(kind: string, name: string, more: Partial<ResourceStatus> = {}): ResourceStatus {
  return { version: 'v1', kind, namespace: 'shop', name, status: 'Synced', health: { status: 'Healthy' }, ...more };
}

/** In the cluster; below `parent`, which is `Kind name`. */
export function node(kind: string, name: string, parent?: string, more: Partial<ResourceNode> = {}): ResourceNode {
  const [ownerKind = '', ownerName = ''] = (parent ?? '').split(' ');
  return {
    version: 'v1',
    kind,
    namespace: 'shop',
    name,
    uid: `${kind}-${name}`,
    ...(parent && {
      parentRefs: [
        { version: 'v1', kind: ownerKind, namespace: 'shop', name: ownerName, uid: `${ownerKind}-${ownerName}` },
      ],
    }),
    health: { status: 'Healthy' },
    ...more,
  };
}

export function treeWith(nodes: readonly ResourceNode[], orphanedNodes: readonly ResourceNode[] = []): ResourceTree {
  return { nodes, orphanedNodes, hosts: [], shardsCount: 1 };
}
