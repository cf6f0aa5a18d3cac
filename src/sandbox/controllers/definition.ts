// CustomResourceDefinitions: serves them, says so in their status, and cleans up after them.
//
// Source: k8s.io/apiextensions-apiserver, pkg/controller/{status,establish,finalizer}.

import { at, isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { type Cluster, timestamp } from '../cluster.ts';
import { customResources } from '../crd/resources.ts';
import { deleteObject } from '../write/remove.ts';
import type { Controller } from './controllers.ts';

export const DEFINITIONS = 'apiextensions.k8s.io/customresourcedefinitions';
const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';

/** Keeps the registry in step with the definitions; their kinds are served from the moment that they are written. */
export function followDefinitions(cluster: Cluster): () => void {
  const refresh = () => {
    const { resources, groups } = customResources(cluster.store.list(DEFINITIONS));
    cluster.registry.setCustom(resources, groups);
  };
  return cluster.store.subscribe((change) => {
    if (change.storage !== DEFINITIONS) return;
    if (change.type === 'MODIFIED' && change.before?.spec === change.object.spec) return;
    refresh();
  });
}

export const DEFINITION_CONTROLLER: Controller = {
  name: 'definition',
  keysOf(change, cluster) {
    if (change.storage === DEFINITIONS) return [change.object.metadata.name ?? ''];
    if (change.type !== 'DELETED') return [];
    const definition = cluster.registry.forStorage(change.storage)?.definition;
    return definition?.metadata.name ? [definition.metadata.name] : [];
  },
  reconcile(name, { cluster }) {
    const definition = cluster.store.get(DEFINITIONS, '', name);
    if (!definition) return;
    if (definition.metadata.deletionTimestamp) cleanUp(cluster, definition);
    else establish(cluster, definition);
  },
};

function establish(cluster: Cluster, definition: KubeObject): void {
  const status = isObject(definition.status) ? definition.status : {};
  const finalizers = definition.metadata.finalizers ?? [];
  const conditions = Array.isArray(status.conditions) ? status.conditions : [];
  const isDone = conditions.some((condition) => at(condition, 'type') === 'Established');
  const names = at(definition, 'spec', 'names');
  if (isDone && finalizers.includes(CLEANUP)) return;
  const now = timestamp(cluster);
  const condition = (type: string, reason: string, message: string) => ({
    type,
    status: 'True',
    lastTransitionTime: now,
    reason,
    message,
    observedGeneration: definition.metadata.generation ?? 1,
  });
  cluster.store.put(DEFINITIONS, {
    ...definition,
    metadata: {
      ...definition.metadata,
      finalizers: finalizers.includes(CLEANUP) ? finalizers : [...finalizers, CLEANUP],
    },
    status: {
      ...status,
      acceptedNames: names,
      conditions: [
        condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
        condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
      ],
    },
  });
}

/** Objects of the kind go first, then the definition. */
function cleanUp(cluster: Cluster, definition: KubeObject): void {
  const storage = `${at(definition, 'spec', 'group')}/${at(definition, 'spec', 'names', 'plural')}`;
  const resource = cluster.registry.forStorage(storage);
  if (resource)
    for (const { metadata } of cluster.store.list(storage))
      if (!metadata.deletionTimestamp)
        deleteObject(cluster, resource, metadata.namespace ?? '', metadata.name ?? '', { dryRun: false });
  if (cluster.store.list(storage).length > 0) return;
  const finalizers = (definition.metadata.finalizers ?? []).filter((finalizer) => finalizer !== CLEANUP);
  if (finalizers.length === 0) cluster.store.remove(DEFINITIONS, '', definition.metadata.name ?? '');
  else if (finalizers.length !== definition.metadata.finalizers?.length)
    cluster.store.put(DEFINITIONS, { ...definition, metadata: { ...definition.metadata, finalizers } });
}
