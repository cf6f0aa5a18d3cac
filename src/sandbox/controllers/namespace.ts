// Namespaces: each has a ServiceAccount and the cluster's certificate; a deleted one takes everything in it along.

import { isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { type Cluster, timestamp } from '../cluster.ts';
import { create, objectsAt, remove, setStatus, specOf, statusOf } from './act.ts';
import type { Controller } from './controllers.ts';
import { type Remainder, terminationConditions } from './namespace-conditions.ts';

const NAMESPACES = '/namespaces';

const ROOT_CA = 'The sandbox has no certificates.\n';

export const NAMESPACE_CONTROLLER: Controller = {
  name: 'namespace',
  keysOf({ storage, object, type }) {
    if (storage === NAMESPACES) return type === 'DELETED' ? [] : [object.metadata.name ?? ''];
    return type === 'DELETED' && object.metadata.namespace ? [object.metadata.namespace] : [];
  },
  reconcile(name, { cluster }) {
    const namespace = cluster.store.get(NAMESPACES, '', name);
    if (!namespace) return;
    if (namespace.metadata.deletionTimestamp) empty(cluster, namespace);
    else furnish(cluster, name);
  },
};

function furnish(cluster: Cluster, namespace: string): void {
  if (!cluster.store.get('/serviceaccounts', namespace, 'default'))
    create(cluster, '/serviceaccounts', namespace, { metadata: { name: 'default' } });
  if (!cluster.store.get('/configmaps', namespace, 'kube-root-ca.crt'))
    create(cluster, '/configmaps', namespace, {
      metadata: {
        name: 'kube-root-ca.crt',
        annotations: {
          'kubernetes.io/description':
            'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
        },
      },
      data: { 'ca.crt': ROOT_CA },
    });
}

function empty(cluster: Cluster, namespace: KubeObject): void {
  const { name = '' } = namespace.metadata;
  for (const storage of cluster.store.storages()) {
    if (storage === NAMESPACES || !cluster.registry.forStorage(storage)?.namespaced) continue;
    for (const object of cluster.store.list(storage, name))
      if (!object.metadata.deletionTimestamp) remove(cluster, storage, object);
  }
  const remainders = remaindersOf(cluster, name);
  const before = cluster.store.get(NAMESPACES, '', name);
  if (!before) return;
  const conditions = terminationConditions(remainders, objectsAt(before, 'status', 'conditions'), timestamp(cluster));
  if (remainders.length > 0 || (before.metadata.finalizers ?? []).length > 0)
    setStatus(cluster, NAMESPACES, before, { ...statusOf(before), conditions });
  if (remainders.length > 0) return;
  const live = cluster.store.get(NAMESPACES, '', name) ?? before;
  const finalizers = specOf(live).finalizers;
  const others = Array.isArray(finalizers) ? finalizers.filter((finalizer) => finalizer !== 'kubernetes') : [];
  const isHeld = others.length > 0 || (live.metadata.finalizers ?? []).length > 0;
  if (!isHeld) cluster.store.remove(NAMESPACES, '', name);
  else if (Array.isArray(finalizers) && others.length !== finalizers.length)
    cluster.store.put(NAMESPACES, { ...live, spec: { ...(isObject(live.spec) ? live.spec : {}), finalizers: others } });
}

/** Sorted as discovery names them. */
function remaindersOf(cluster: Cluster, namespace: string): Remainder[] {
  return cluster.store
    .storages()
    .filter((storage) => storage !== NAMESPACES)
    .flatMap((storage) => {
      const [group = '', plural = ''] = storage.split('/');
      const objects = cluster.store.list(storage, namespace);
      return objects.length > 0 ? [{ resource: `${plural}.${group}`, objects }] : [];
    })
    .sort((a, b) => (a.resource < b.resource ? -1 : 1));
}
