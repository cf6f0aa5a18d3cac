// GET of one object and of collections.

import type { KubeObject } from '../../kube/object.ts';
import type { Cluster } from '../cluster.ts';
import type { Resource } from '../resource/resource.ts';
import { parseFieldSelector, parseLabelSelector, type Selector } from '../storage/selector.ts';
import { presentAs } from '../storage/versions.ts';
import { badRequest, notFound, refuse } from './status.ts';

export function getObject(cluster: Cluster, resource: Resource, namespace: string, name: string): KubeObject {
  const found = cluster.store.get(resource.storage, resource.namespaced ? namespace : '', name);
  if (!found) throw notFound(resource, name);
  return presentAs(resource, found);
}

/** The selectors of a request, together. Throws 400. */
export function selectorOf(resource: Resource, query: URLSearchParams): Selector {
  const labels = parseLabelSelector(query.get('labelSelector'));
  const fields = parseFieldSelector(query.get('fieldSelector'), resource.storage);
  return (object) => labels(object) && fields(object);
}

export interface Listed {
  readonly items: readonly KubeObject[];
  readonly metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
}

/** A page of a collection. Continue tokens name the last key and the revision of the first page. */
export function listObjects(cluster: Cluster, resource: Resource, namespace: string, query: URLSearchParams): Listed {
  const select = selectorOf(resource, query);
  const limit = Number(query.get('limit') ?? 0);
  const token = query.get('continue');
  const from = token ? readToken(token) : undefined;
  const place = resource.namespaced ? namespace : '';
  const exact = from?.revision ?? exactVersion(query);
  const objects =
    exact === undefined
      ? cluster.store.list(resource.storage, place)
      : cluster.store.listAt(exact, resource.storage, place);
  const selected = objects
    .map((object) => presentAs(resource, object))
    .filter(select)
    .filter((object) => from === undefined || keyOf(object) > from.key);
  const revision = exact ?? cluster.store.revision;
  if (limit <= 0 || selected.length <= limit)
    return { items: selected, metadata: { resourceVersion: String(revision) } };
  const items = selected.slice(0, limit);
  const last = items.at(-1);
  const isSelecting = query.get('labelSelector') || query.get('fieldSelector');
  return {
    items,
    metadata: {
      resourceVersion: String(revision),
      continue: btoa(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: last ? keyOf(last) : '' })),
      ...(isSelecting ? {} : { remainingItemCount: selected.length - limit }),
    },
  };
}

function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

function readToken(token: string): { key: string; revision: number } {
  try {
    const { rv, start } = JSON.parse(atob(token));
    return { key: String(start), revision: Number(rv) };
  } catch {
    throw badRequest(`invalid continue token: continue key is not valid: invalid character`);
  }
}

/** Refuses a resourceVersion from the future, in a wrong form, or, where it is to be exactly that, of a past that is forgotten. */
export function checkListVersion(cluster: Cluster, query: URLSearchParams): void {
  const version = query.get('resourceVersion');
  if (!version) return;
  if (!/^\d+$/.test(version))
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: "${version}": strconv.ParseUint: parsing "${version}": invalid syntax`,
    );
  if (Number(version) > cluster.store.revision)
    throw refuse(504, 'Timeout', `Too large resource version: ${version}, current: ${cluster.store.revision}`, {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    });
  if ((exactVersion(query) ?? cluster.store.oldestRevision) < cluster.store.oldestRevision)
    throw refuse(410, 'Expired', `The resourceVersion for the provided list is too old.`);
}

function exactVersion(query: URLSearchParams): number | undefined {
  return query.get('resourceVersionMatch') === 'Exact' ? Number(query.get('resourceVersion')) : undefined;
}
