// Update: a function from the live object to the next one, guarded by resourceVersion, in the order of the API server.
//
// Source: k8s.io/apiserver, pkg/registry/generic/registry/store.go (Update) and pkg/registry/rest/update.go.

import { isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { equalJson } from '../../typed/equal.ts';
import { admitUpdate } from '../admission/admit.ts';
import { type Attributes, namespaceOf } from '../admission/attributes.ts';
import type { Cluster } from '../cluster.ts';
import { equalButTimes } from '../fields/manager.ts';
import { badRequest, conflict, invalid, notFound } from '../http/status.ts';
import type { Resource } from '../resource/resource.ts';
import { presentAs } from '../storage/versions.ts';
import { validateMetadataUpdate } from '../validation/metadata.ts';
import { checkValid, ensureNamespace, insertObject, toStored } from './create.ts';
import type { WriteOptions } from './options.ts';

/** The uid that an update names is the live one's; a patch of the uid is refused by validation instead. */
export function checkUid(cluster: Cluster, resource: Resource, namespace: string, object: KubeObject): void {
  const { name = '', uid } = object.metadata;
  const live = cluster.store.get(resource.storage, resource.namespaced ? namespace : '', name);
  if (!uid || !live || uid === live.metadata.uid) return;
  const group = resource.definition ? `${resource.group}/` : '';
  const key = `/registry/${group}${resource.plural}/${resource.namespaced ? `${namespace}/` : ''}${name}`;
  const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid}`;
  throw conflict(
    resource,
    name,
    `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`,
  );
}

/** The next object, with ownership recorded; `live` is undefined when there is none and the verb may create. */
export type Transform = (live: KubeObject | undefined) => KubeObject;

export interface Updated {
  readonly object: KubeObject;
  readonly created: boolean;
}

/** Updates one object. `mayCreate`: what is missing is created. Throws Refusal. */
export function updateObject(
  cluster: Cluster,
  resource: Resource,
  namespace: string,
  name: string,
  transform: Transform,
  options: WriteOptions,
  mayCreate = false,
): Updated {
  const stored = cluster.store.get(resource.storage, resource.namespaced ? namespace : '', name);
  if (!stored) {
    if (!mayCreate) throw notFound(resource, name);
    const next = checkName(ensureNamespace(resource, namespace, transform(undefined)), name);
    if (next.metadata.uid)
      throw conflict(
        resource,
        name,
        `uid mismatch: the provided object specified uid ${next.metadata.uid}, and no existing object was found`,
      );
    return { object: insertObject(cluster, resource, namespace, next, options), created: true };
  }
  const live = presentAs(resource, stored);
  const wanted = structuredClone(checkName(ensureNamespace(resource, namespace, transform(live)), name));
  admitUpdate(cluster, resource, wanted, live);
  const attributes = (object: KubeObject): Attributes => ({
    operation: 'UPDATE',
    resource,
    subresource: options.subresource,
    namespace: namespaceOf(resource, namespace, name),
    name,
    object,
    oldObject: live,
    dryRun: options.dryRun,
    options: { fieldManager: options.manager },
  });
  const next = options.admission?.mutate(attributes(wanted)) ?? wanted;
  checkRevision(resource, name, next, live);
  keepSystemFields(next, live);
  prepare(cluster, resource, next, live, options);
  checkValid(resource, next, [
    ...validateMetadataUpdate(next, live),
    ...resource.schema.validate(next, live),
    ...validateKind(cluster, resource, next, live, options),
  ]);
  if (options.subresource === '') options.warnings.push(...(resource.rules.warnings?.(next, live) ?? []));
  options.admission?.validate(attributes(next));
  return { object: commit(cluster, resource, next, live, options), created: false };
}

function checkName(object: KubeObject, name: string): KubeObject {
  const own = object.metadata.name ?? '';
  if (own === name) return object;
  if (own === '') return { ...object, metadata: { ...object.metadata, name } };
  throw badRequest(`the name of the object (${own}) does not match the name on the URL (${name})`);
}

function checkRevision(resource: Resource, name: string, next: KubeObject, live: KubeObject): void {
  const { resourceVersion } = next.metadata;
  if (!resourceVersion || resourceVersion === '0') {
    if (resource.rules.needsRevision || resource.definition)
      throw invalid(resource.group, resource.plural, name, [
        {
          reason: 'FieldValueInvalid',
          field: 'metadata.resourceVersion',
          message: 'Invalid value: 0: must be specified for an update',
        },
      ]);
    next.metadata.resourceVersion = live.metadata.resourceVersion ?? '';
    return;
  }
  if (resourceVersion !== live.metadata.resourceVersion)
    throw conflict(
      resource,
      name,
      'the object has been modified; please apply your changes to the latest version and try again',
    );
}

const SYSTEM_FIELDS = ['creationTimestamp', 'generation'];
/** What an update changes only to be refused for it, or where there is nothing yet. */
const STICKY_FIELDS = ['deletionTimestamp', 'deletionGracePeriodSeconds'];

/** What no update changes. */
function keepSystemFields(next: KubeObject, live: KubeObject): void {
  const own = Object.entries(next.metadata).filter(([key]) => !SYSTEM_FIELDS.includes(key));
  const kept = Object.entries(live.metadata).filter(
    ([key]) => SYSTEM_FIELDS.includes(key) || STICKY_FIELDS.includes(key) || (key === 'uid' && !next.metadata.uid),
  );
  next.metadata = Object.fromEntries([...own, ...kept]);
}

function prepare(
  cluster: Cluster,
  resource: Resource,
  next: KubeObject,
  live: KubeObject,
  options: WriteOptions,
): void {
  if (options.subresource === 'status') {
    keepAllButStatus(resource, next, live);
    return;
  }
  if (resource.subresources.has('status')) {
    if (live.status === undefined) delete next.status;
    else next.status = structuredClone(live.status);
  }
  resource.rules.prepareUpdate?.(next, live, cluster, options.dryRun);
  if (options.subresource === '' || options.subresource === 'scale') countGeneration(resource, next, live);
}

/** The status endpoint changes status alone; on built-in kinds also annotations and finalizers, as their strategies leave them. */
function keepAllButStatus(resource: Resource, next: KubeObject, live: KubeObject): void {
  const { status, metadata } = next;
  for (const key of Object.keys(next)) delete next[key];
  Object.assign(next, structuredClone(live));
  if (status === undefined) delete next.status;
  else next.status = status;
  if (resource.definition) {
    const { managedFields } = metadata;
    const { managedFields: _, ...kept } = next.metadata;
    next.metadata = managedFields ? { ...kept, managedFields } : kept;
  } else {
    const { labels } = live.metadata;
    const { labels: _, ...kept } = metadata;
    next.metadata = labels ? { ...kept, labels } : kept;
  }
}

function countGeneration(resource: Resource, next: KubeObject, live: KubeObject): void {
  if (!resource.rules.generation && !resource.definition) return;
  const ignored = resource.subresources.has('status') ? ['metadata', 'status'] : ['metadata'];
  const before = without(live, ignored);
  const after = without(next, ignored);
  // Deployment: pkg/registry/apps/deployment/strategy.go counts annotations too.
  const annotations = resource.storage === 'apps/deployments';
  const changed =
    !equalJson(before, after) ||
    (annotations && !equalJson(live.metadata.annotations ?? {}, next.metadata.annotations ?? {}));
  if (changed) next.metadata.generation = (live.metadata.generation ?? 0) + 1;
}

function without(object: KubeObject, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

function validateKind(cluster: Cluster, resource: Resource, next: KubeObject, live: KubeObject, options: WriteOptions) {
  if (options.subresource === 'status') return [];
  return [
    ...(resource.rules.validate?.(next, cluster, live) ?? []),
    ...(resource.rules.validateUpdate?.(next, live) ?? []),
  ];
}

function commit(
  cluster: Cluster,
  resource: Resource,
  next: KubeObject,
  live: KubeObject,
  options: WriteOptions,
): KubeObject {
  const stored = toStored(cluster, resource, next);
  // A write that changes nothing but the times of ownership is none.
  if (equalButTimes(next, live)) return live;
  if (options.dryRun) return next;
  if (isFinalized(next)) {
    const namespace = next.metadata.namespace ?? '';
    cluster.store.remove(resource.storage, namespace, next.metadata.name ?? '');
    return next;
  }
  return presentAs(resource, cluster.store.put(resource.storage, stored));
}

/** An object marked for deletion goes with its last finalizer. */
function isFinalized(object: KubeObject): boolean {
  const { deletionTimestamp, finalizers } = object.metadata;
  if (!deletionTimestamp || (finalizers?.length ?? 0) > 0) return false;
  const grace = isObject(object.metadata) ? object.metadata.deletionGracePeriodSeconds : undefined;
  const specFinalizers = object.kind === 'Namespace' && isObject(object.spec) ? object.spec.finalizers : undefined;
  if (Array.isArray(specFinalizers) && specFinalizers.length > 0) return false;
  return grace === undefined || grace === 0;
}
