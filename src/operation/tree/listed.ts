// What lies in the namespaces of an Application's objects: metadata alone, of every kind that can be listed. There is no cache of the
// cluster to look into; whoever asks for a tree asks the API server, a page at a time.

import { isHawserError } from '../../base/errors.ts';
import { createLimiter } from '../../base/limiter.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { ApiResource, TypeRef } from '../../kube/resource.ts';

export interface Search {
  readonly client: KubeClient;
  readonly namespaces: readonly string[];
  /** Objects of any namespace, and of none, may belong to the Application, too. */
  readonly isWide: boolean;
  /** By argocd-cm, and what the cluster itself makes by the thousand. */
  readonly isExcluded: (group: string, kind: string) => boolean;
  readonly signal: AbortSignal;
}

export interface Listed {
  readonly objects: readonly KubeObject[];
  /** How many there are of a kind in a namespace; the key is `placeOf`'s. */
  readonly counts: ReadonlyMap<string, number>;
}

const LISTS_AT_ONCE = 32;
const PAGE = 500;
/** Of a kind in the whole cluster: what lies beyond is not looked at. */
const WIDE_PAGES = 20;

/** Kinds that may not be listed are left out. */
export async function listMetadata(search: Search): Promise<Listed> {
  const { client, namespaces, isWide, signal } = search;
  const types = listedTypes(await client.resources({ signal }), search);
  const limiter = createLimiter(LISTS_AT_ONCE);
  const lists = types.flatMap(({ namespaced, ...type }) => {
    // Wide lists have the objects of all namespaces in them.
    const places = namespaced && !isWide ? namespaces.map((namespace) => ({ namespace })) : [{}];
    return places.map((place) => limiter(() => listOf(type, place, search)));
  });
  const objects = (await Promise.all(lists)).flat();
  const counts = new Map<string, number>();
  for (const object of objects) counts.set(placeOf(object), (counts.get(placeOf(object)) ?? 0) + 1);
  return { objects, counts };
}

export function placeOf({ apiVersion, kind, metadata }: KubeObject): string {
  return `${apiVersion} ${kind} ${metadata.namespace ?? ''}`;
}

/** Each kind once, in the version that the server names first. Cluster-scoped ones only where something cluster-scoped owns. */
function listedTypes(resources: readonly ApiResource[], { isWide, isExcluded }: Search) {
  const types = new Map<string, TypeRef & { readonly namespaced: boolean }>();
  for (const { group, version, kind, namespaced, verbs } of resources) {
    if (!verbs.includes('list') || (!namespaced && !isWide) || isExcluded(group, kind)) continue;
    const apiVersion = group === '' ? version : `${group}/${version}`;
    if (!types.has(`${group}/${kind}`)) types.set(`${group}/${kind}`, { apiVersion, kind, namespaced });
  }
  return [...types.values()];
}

async function listOf(type: TypeRef, place: { readonly namespace?: string }, search: Search) {
  const { client, namespaces, isWide, signal } = search;
  try {
    const bound = isWide ? { pages: WIDE_PAGES } : {};
    const { items } = await client.list(type, { ...place, ...bound, metadataOnly: true, limit: PAGE, signal });
    if (!isWide) return items;
    // Of namespaces in which the Application has nothing itself, only what somebody owns can be of use.
    return items.filter(
      (item) => namespaces.includes(item.metadata.namespace ?? '') || item.metadata.ownerReferences !== undefined,
    );
  } catch (error) {
    if (!isHawserError(error, 'ClusterRefused')) throw error;
    return []; // What may not be read is not shown.
  }
}
