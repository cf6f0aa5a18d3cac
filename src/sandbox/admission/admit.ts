// Admission: what the API server's plugins refuse or add.
//
// Source: k8s.io/apiserver, plugin/namespace/lifecycle; k8s.io/kubernetes, plugin/pkg/admission. Webhooks are asked after them.

import type { KubeObject } from '../../kube/object.ts';
import type { Cluster } from '../cluster.ts';
import { forbidden, notFound, refuse } from '../http/status.ts';
import type { Resource } from '../resource/resource.ts';

const NAMESPACES = { group: '', plural: 'namespaces' };
/** These namespaces cannot be deleted. */
const IMMORTAL = ['default', 'kube-system', 'kube-public'];

export function admitCreate(cluster: Cluster, resource: Resource, namespace: string, object: KubeObject): void {
  if (resource.namespaced) checkNamespace(cluster, resource, namespace, object);
  resource.rules.admit?.(object, cluster);
}

/** Objects live in namespaces that exist and are not about to go. */
function checkNamespace(cluster: Cluster, resource: Resource, namespace: string, object: KubeObject): void {
  const found = cluster.store.get('/namespaces', '', namespace);
  if (!found) throw notFound(NAMESPACES, namespace);
  if (!found.metadata.deletionTimestamp) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const { message, details } = forbidden(resource, object.metadata.name ?? '', why);
  throw refuse(403, 'Forbidden', message, {
    ...details,
    causes: [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${namespace} is being terminated`,
        field: 'metadata.namespace',
      },
    ],
  });
}

export function admitUpdate(cluster: Cluster, resource: Resource, next: KubeObject, _live: KubeObject): void {
  resource.rules.admitUpdate?.(next, cluster);
}

export function admitDelete(resource: Resource, name: string): void {
  if (resource.storage === '/namespaces' && IMMORTAL.includes(name))
    throw forbidden(resource, name, 'this namespace may not be deleted');
}
