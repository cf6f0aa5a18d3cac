// Delete: at once, after finalizers, or gracefully.
//
// Source: k8s.io/apiserver, pkg/registry/generic/registry/store.go (Delete) and pkg/registry/rest/delete.go.

import { isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { admitDelete } from '../admission/admit.ts';
import { type Admission, type Attributes, namespaceOf } from '../admission/attributes.ts';
import { type Cluster, timestamp } from '../cluster.ts';
import { conflict, invalid, notFound } from '../http/status.ts';
import type { Resource } from '../resource/resource.ts';
import { presentAs } from '../storage/versions.ts';

export interface DeleteOptions {
  readonly dryRun: boolean;
  readonly propagation?: 'Foreground' | 'Background' | 'Orphan';
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly gracePeriodSeconds?: number;
  /** Of a whole collection, one after the other. */
  readonly isCollection?: boolean;
  /** Webhooks, where there are any. */
  readonly admission?: Admission | undefined;
}

export interface Removed {
  readonly object: KubeObject;
  /** False while finalizers or a grace period hold it. */
  readonly gone: boolean;
}

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';
/** Kinds that leave their dependents behind unless told otherwise (DefaultGarbageCollectionPolicy). */
const ORPHANS = ['batch/jobs', '/replicationcontrollers'];
const UNCOLLECTED = ['/events'];

/** Reads DeleteOptions from a body or from query parameters. Throws 422 for unknown values. */
export function readDeleteOptions(body: unknown, query: URLSearchParams): DeleteOptions {
  const from = isObject(body) ? body : {};
  const preconditions = isObject(from.preconditions) ? from.preconditions : {};
  const policy = from.propagationPolicy ?? query.get('propagationPolicy') ?? undefined;
  const orphan = from.orphanDependents ?? query.get('orphanDependents') ?? undefined;
  const dryRun = from.dryRun ?? query.getAll('dryRun');
  const grace = from.gracePeriodSeconds ?? query.get('gracePeriodSeconds') ?? undefined;
  const propagation =
    policy ?? (orphan === undefined ? undefined : String(orphan) === 'true' ? 'Orphan' : 'Background');
  if (
    propagation !== undefined &&
    propagation !== 'Foreground' &&
    propagation !== 'Background' &&
    propagation !== 'Orphan'
  )
    throw invalid('meta.k8s.io', 'DeleteOptions', '', [
      {
        reason: 'FieldValueNotSupported',
        field: 'propagationPolicy',
        message: `Unsupported value: ${JSON.stringify(propagation)}: supported values: "Foreground", "Background", "Orphan", "nil"`,
      },
    ]);
  return {
    dryRun: Array.isArray(dryRun) && dryRun.includes('All'),
    ...(propagation === undefined ? {} : { propagation }),
    ...(typeof preconditions.uid === 'string' ? { uid: preconditions.uid } : {}),
    ...(typeof preconditions.resourceVersion === 'string' ? { resourceVersion: preconditions.resourceVersion } : {}),
    ...(grace === undefined ? {} : { gracePeriodSeconds: Math.max(Number(grace), Number(grace) < 0 ? 1 : 0) }),
  };
}

/** Deletes one object or marks it. Throws Refusal. */
export function deleteObject(
  cluster: Cluster,
  resource: Resource,
  namespace: string,
  name: string,
  options: DeleteOptions,
): Removed {
  const scope = resource.namespaced ? namespace : '';
  const stored = cluster.store.get(resource.storage, scope, name);
  if (!stored) throw notFound(resource, name);
  admitDelete(resource, name);
  checkPreconditions(resource, name, stored, options);
  const attributes: Attributes = {
    operation: 'DELETE',
    resource,
    subresource: '',
    namespace: namespaceOf(resource, namespace, name),
    name: options.isCollection ? '' : name,
    object: undefined,
    oldObject: presentAs(resource, stored),
    dryRun: options.dryRun,
    options: options.propagation ? { propagationPolicy: options.propagation } : {},
  };
  options.admission?.mutate(attributes);
  options.admission?.validate(attributes);
  const finalizers = finalizersFor(resource, stored, options);
  const grace = resource.storage === '/pods' ? podGrace(stored, options) : 0;
  const held = finalizers.length > 0 || holdsNamespace(stored);
  if (!held && grace === 0) {
    // Pods are marked before they go, even at once (CheckGracefulDelete).
    const last = resource.storage === '/pods' ? mark(cluster, stored, finalizers, 0) : stored;
    if (options.dryRun) return { object: presentAs(resource, last), gone: true };
    const removed = cluster.store.remove(resource.storage, scope, name);
    return { object: presentAs(resource, last === stored ? (removed ?? stored) : last), gone: true };
  }
  const marked = mark(cluster, stored, finalizers, grace);
  if (marked === stored || options.dryRun) return { object: presentAs(resource, marked), gone: false };
  return { object: presentAs(resource, cluster.store.put(resource.storage, marked)), gone: false };
}

function checkPreconditions(resource: Resource, name: string, stored: KubeObject, options: DeleteOptions): void {
  const target = { group: resource.group, plural: resource.kind };
  const { uid, resourceVersion } = stored.metadata;
  if (options.uid !== undefined && options.uid !== uid)
    throw conflict(
      target,
      name,
      `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    );
  if (options.resourceVersion !== undefined && options.resourceVersion !== resourceVersion)
    throw conflict(
      target,
      name,
      `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    );
}

/** The object's finalizers with the one that tells the garbage collector how to go on. */
function finalizersFor(resource: Resource, stored: KubeObject, options: DeleteOptions): string[] {
  const own = stored.metadata.finalizers ?? [];
  const kept = own.filter((finalizer) => finalizer !== FOREGROUND && finalizer !== ORPHAN);
  const wanted = options.propagation;
  if (UNCOLLECTED.includes(resource.storage)) return kept;
  const byDefault = own.includes(ORPHAN) || (ORPHANS.includes(resource.storage) && !own.includes(FOREGROUND));
  const isOrphan = wanted === undefined ? byDefault : wanted === 'Orphan';
  const isForeground = wanted === undefined ? own.includes(FOREGROUND) && !isOrphan : wanted === 'Foreground';
  return [...kept, ...(isOrphan ? [ORPHAN] : []), ...(isForeground ? [FOREGROUND] : [])];
}

function holdsNamespace(stored: KubeObject): boolean {
  if (stored.kind !== 'Namespace' || !isObject(stored.spec)) return false;
  return Array.isArray(stored.spec.finalizers) && stored.spec.finalizers.length > 0;
}

/** Pods that run on a node get time to end; others go at once (pkg/registry/core/pod/strategy.go). */
function podGrace(stored: KubeObject, options: DeleteOptions): number {
  const spec = isObject(stored.spec) ? stored.spec : {};
  const status = isObject(stored.status) ? stored.status : {};
  if (!spec.nodeName || status.phase === 'Failed' || status.phase === 'Succeeded') return 0;
  if (options.gracePeriodSeconds !== undefined) return options.gracePeriodSeconds;
  return typeof spec.terminationGracePeriodSeconds === 'number' ? spec.terminationGracePeriodSeconds : 30;
}

function mark(cluster: Cluster, stored: KubeObject, finalizers: string[], grace: number): KubeObject {
  const { metadata } = stored;
  const isMarked = metadata.deletionTimestamp !== undefined;
  const same = finalizers.join() === (metadata.finalizers ?? []).join();
  if (isMarked && same) return stored;
  const at = new Date(cluster.clock.now() + grace * 1000).toISOString();
  const generation = metadata.generation === undefined || isMarked ? metadata.generation : metadata.generation + 1;
  const { finalizers: _, ...kept } = metadata;
  return {
    ...stored,
    metadata: {
      ...kept,
      ...(generation === undefined ? {} : { generation }),
      ...(finalizers.length > 0 ? { finalizers } : {}),
      deletionTimestamp: metadata.deletionTimestamp ?? (grace > 0 ? `${at.slice(0, 19)}Z` : timestamp(cluster)),
      ...{ deletionGracePeriodSeconds: grace },
    },
    ...(stored.kind === 'Namespace'
      ? { status: { ...(isObject(stored.status) ? stored.status : {}), phase: 'Terminating' } }
      : {}),
  };
}
