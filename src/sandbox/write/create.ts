// Create: from a decoded object to a stored one, in the order of the API server.
//
// Source: k8s.io/apiserver, pkg/endpoints/handlers/create.go and pkg/registry/rest/create.go.

import type { KubeObject } from '../../kube/object.ts';
import type { FieldError } from '../../typed/field-error.ts';
import { admitCreate } from '../admission/admit.ts';
import { type Attributes, namespaceOf } from '../admission/attributes.ts';
import { type Cluster, newSuffix, newUid, timestamp } from '../cluster.ts';
import { trackUpdate } from '../fields/manager.ts';
import { alreadyExists, badRequest, invalid, refuse } from '../http/status.ts';
import type { Resource } from '../resource/resource.ts';
import { presentAs, storageVersion } from '../storage/versions.ts';
import { validateMetadata } from '../validation/metadata.ts';
import { fieldManagerOf, type WriteOptions } from './options.ts';

const MAX_GENERATED_BASE = 58;

/** Creates an object, decoded and with defaults, in a namespace ('' for cluster-scoped kinds). Throws Refusal. */
export function createObject(
  cluster: Cluster,
  resource: Resource,
  namespace: string,
  object: KubeObject,
  options: WriteOptions,
): KubeObject {
  const wiped = wipeSystemFields(object);
  const placed = ensureNamespace(resource, namespace, wiped);
  const tracked = trackUpdate(
    fieldManagerOf(cluster, resource, options.subresource),
    undefined,
    placed,
    options.manager,
  );
  return insertObject(cluster, resource, namespace, tracked, options);
}

/** The part of a create that comes after ownership is recorded; server-side apply enters here. */
export function insertObject(
  cluster: Cluster,
  resource: Resource,
  namespace: string,
  tracked: KubeObject,
  options: WriteOptions,
): KubeObject {
  const plain = structuredClone(tracked);
  admitCreate(cluster, resource, namespace, plain);
  const attributes = (object: KubeObject): Attributes => ({
    operation: 'CREATE',
    resource,
    subresource: options.subresource,
    namespace: namespaceOf(resource, namespace, object.metadata.name ?? ''),
    name: object.metadata.name ?? '',
    object,
    oldObject: undefined,
    dryRun: options.dryRun,
    options: { fieldManager: options.manager },
  });
  const copy = options.admission?.mutate(attributes(plain)) ?? plain;
  fillSystemFields(cluster, copy);
  resetStatus(resource, copy);
  if (resource.rules.generation === true || resource.definition) copy.metadata.generation = 1;
  resource.rules.prepareCreate?.(copy, cluster, options.dryRun);
  const prepared = copy;
  checkValid(resource, prepared, validateNew(cluster, resource, prepared));
  options.warnings.push(...(resource.rules.warnings?.(prepared) ?? []));
  options.admission?.validate(attributes(prepared));
  const { name = '', resourceVersion } = prepared.metadata;
  // It is the store that refuses it, which a dry run does not reach.
  if (resourceVersion && Number(resourceVersion) !== 0 && !options.dryRun)
    throw refuse(500, '', 'resourceVersion should not be set on objects to be created');
  if (cluster.store.get(resource.storage, prepared.metadata.namespace ?? '', name)) throw alreadyExists(resource, name);
  const stored = toStored(cluster, resource, prepared);
  if (options.dryRun) return presentAs(resource, stored);
  return presentAs(resource, cluster.store.put(resource.storage, stored));
}

function wipeSystemFields(object: KubeObject): KubeObject {
  const { uid: _, creationTimestamp: __, deletionTimestamp: ___, ...metadata } = object.metadata;
  const bare: Record<string, unknown> = metadata;
  delete bare.deletionGracePeriodSeconds;
  delete bare.selfLink;
  return { ...object, metadata };
}

/** The object says the request's namespace, or none; cluster-scoped objects have none. */
export function ensureNamespace(resource: Resource, namespace: string, object: KubeObject): KubeObject {
  const own = object.metadata.namespace ?? '';
  if (!resource.namespaced) {
    if (own === '') return object;
    const { namespace: _, ...metadata } = object.metadata;
    return { ...object, metadata };
  }
  if (own === namespace) return object;
  if (own !== '')
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  return { ...object, metadata: { ...object.metadata, namespace } };
}

function fillSystemFields(cluster: Cluster, object: KubeObject): void {
  const { metadata } = object;
  metadata.creationTimestamp = timestamp(cluster);
  metadata.uid = newUid(cluster);
  if (!metadata.name && metadata.generateName)
    metadata.name = metadata.generateName.slice(0, MAX_GENERATED_BASE) + newSuffix(cluster);
}

/** Status is set through its own endpoint. */
function resetStatus(resource: Resource, object: KubeObject): void {
  if (!resource.subresources.has('status') || resource.rules.keepsStatus) return;
  const { status } = resource.schema.empty;
  if (status === undefined) delete object.status;
  else object.status = structuredClone(status);
}

function validateNew(cluster: Cluster, resource: Resource, object: KubeObject): FieldError[] {
  const errors = validateMetadata(resource, object);
  errors.push(...resource.schema.validate(object));
  errors.push(...(resource.rules.validate?.(object, cluster) ?? []));
  return errors;
}

export function checkValid(resource: Resource, object: KubeObject, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(resource.group, resource.kind, object.metadata.name ?? '', errors);
}

/** The object in the version in which its kind is kept. */
export function toStored(cluster: Cluster, resource: Resource, object: KubeObject): KubeObject {
  const settled = resource.schema.settle(object);
  const version = storageVersion(resource);
  if (version === resource.apiVersion) return settled;
  const target = cluster.registry.findKind(version, resource.kind);
  return target ? presentAs(target, settled) : settled;
}
