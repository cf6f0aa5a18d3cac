// What controllers do to objects, in the ways and names of kube-controller-manager.

import { at, isObject } from '../../base/json.ts';
import type { KubeObject, OwnerReference } from '../../kube/object.ts';
import { equalJson } from '../../typed/equal.ts';
import type { Cluster } from '../cluster.ts';
import { trackUpdate } from '../fields/manager.ts';
import type { Resource } from '../resource/resource.ts';
import { createObject } from '../write/create.ts';
import { fieldManagerOf, internalWrite } from '../write/options.ts';
import { deleteObject } from '../write/remove.ts';
import { updateObject } from '../write/update.ts';

export const MANAGER = 'kube-controller-manager';

export type Obj = Record<string, unknown>;

/** `NAMESPACE/NAME`, the keys of the controllers' queues. */
export function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`;
}

export function splitKey(key: string): { namespace: string; name: string } {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

export function find(cluster: Cluster, storage: string, key: string): KubeObject | undefined {
  const { namespace, name } = splitKey(key);
  return cluster.store.get(storage, namespace, name);
}

export function specOf(object: KubeObject): Obj {
  return isObject(object.spec) ? object.spec : {};
}

export function statusOf(object: KubeObject): Obj {
  return isObject(object.status) ? object.status : {};
}

export function objectsAt(value: unknown, ...path: readonly string[]): Obj[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isObject) : [];
}

function resourceOf(cluster: Cluster, storage: string): Resource {
  const slash = storage.indexOf('/');
  return cluster.registry.builtin(storage.slice(0, slash), storage.slice(slash + 1));
}

/** Creates an object of a built-in kind; undefined when its namespace is going away or its name is taken. */
export function create(
  cluster: Cluster,
  storage: string,
  namespace: string,
  body: Obj,
  manager = MANAGER,
): KubeObject | undefined {
  const resource = resourceOf(cluster, storage);
  const { object } = resource.schema.decode({ apiVersion: resource.apiVersion, kind: resource.kind, ...body });
  try {
    return createObject(cluster, resource, namespace, resource.schema.setDefaults(object), internalWrite(manager));
  } catch {
    // The cluster has moved on; whoever wanted the object is queued again by what changed.
    return undefined;
  }
}

/** Writes an object's main part when it differs. */
export function update(cluster: Cluster, storage: string, next: KubeObject, manager = MANAGER): void {
  write(cluster, storage, next, '', manager);
}

/** Writes an object's status when it differs. */
export function setStatus(cluster: Cluster, storage: string, object: KubeObject, status: Obj, manager = MANAGER): void {
  if (equalJson(object.status ?? {}, status)) return;
  write(cluster, storage, { ...object, status }, 'status', manager);
}

/** Writes status and annotations together, through the status endpoint, which does not count generations. */
export function updateStatus(cluster: Cluster, storage: string, next: KubeObject, manager = MANAGER): void {
  write(cluster, storage, next, 'status', manager);
}

function write(cluster: Cluster, storage: string, next: KubeObject, subresource: string, manager: string): void {
  const resource = resourceOf(cluster, storage);
  const { namespace = '', name = '' } = next.metadata;
  if (!cluster.store.get(storage, namespace, name)) return;
  const fields = fieldManagerOf(cluster, resource, subresource);
  const { resourceVersion: _, ...metadata } = next.metadata;
  updateObject(
    cluster,
    resource,
    namespace,
    name,
    (live) => trackUpdate(fields, live, { ...next, metadata: { ...metadata, ...versionOf(live) } }, manager),
    internalWrite(manager, subresource),
  );
}

function versionOf(live: KubeObject | undefined): { resourceVersion?: string } {
  return live?.metadata.resourceVersion ? { resourceVersion: live.metadata.resourceVersion } : {};
}

/** Deletes an object if it is still there. */
export function remove(
  cluster: Cluster,
  storage: string,
  object: KubeObject,
  propagation: 'Background' | 'Foreground' | 'Orphan' = 'Background',
): void {
  const resource = cluster.registry.forStorage(storage);
  const { namespace = '', name = '', uid } = object.metadata;
  const live = cluster.store.get(storage, namespace, name);
  if (!resource || !live || live.metadata.uid !== uid) return;
  deleteObject(cluster, resource, namespace, name, { dryRun: false, propagation });
}

/** The reference to a controller in the objects that it makes. */
export function ownedBy(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name ?? '',
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}

export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true);
}

/** The objects in a namespace that a controller owns. */
export function ownedIn(cluster: Cluster, storage: string, owner: KubeObject): KubeObject[] {
  return cluster.store
    .list(storage, owner.metadata.namespace ?? '')
    .filter((object) => controllerOf(object)?.uid === owner.metadata.uid);
}

/** A hash of a JSON value, as a name's suffix. Other values than Kubernetes', which hashes Go's memory layout. */
export function hashOf(value: unknown): string {
  let hash = 0x811c9dc5;
  for (const char of JSON.stringify(sorted(value))) {
    hash ^= char.charCodeAt(0);
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return String(hash);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

export function isReady(pod: KubeObject): boolean {
  return objectsAt(pod, 'status', 'conditions').some(({ type, status }) => type === 'Ready' && status === 'True');
}

/** Pods that count: neither ended nor about to go. */
export function isActive(pod: KubeObject): boolean {
  const { phase } = statusOf(pod);
  return phase !== 'Succeeded' && phase !== 'Failed' && !pod.metadata.deletionTimestamp;
}
