// What an Application has in the cluster by its inventory, read now: objects whose tracking id names it, each once.

import { isHook } from '../application/hook.ts';
import { instanceName } from '../application/parse.ts';
import type { Application, ResourceStatus } from '../application/types.ts';
import { DEFAULT_CONCURRENCY } from '../base/concurrency.ts';
import { createLimiter, type Limiter } from '../base/limiter.ts';
import { findServedRef, keyOfResource } from '../compare/orphans.ts';
import { isTrackedBy } from '../compare/tracking.ts';
import type { KubeClient } from '../kube/client.ts';
import { formatKey, type KubeObject } from '../kube/object.ts';
import type { ObjectRef } from '../kube/resource.ts';
import type { Road } from './road.ts';

/** From here on one list costs less than single reads. */
const LIST_FROM = 25;
const PAGE = 500;

/** Throws what the cluster refuses: an object that cannot be read may still be there. */
export async function readOwnedObjects(
  road: Road,
  client: KubeClient,
  app: Application,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const inventory = [...(app.status.resources ?? []), ...madeUpHooks(app)];
  const found = await Promise.all(inventory.map((resource) => findServedRef(resource, { client, signal })));
  const places = Map.groupBy(
    found.flatMap((ref) => ref ?? []),
    ({ apiVersion, kind, namespace = '' }) => `${apiVersion} ${kind} ${namespace}`,
  );
  const limiter = createLimiter(DEFAULT_CONCURRENCY);
  const lives = await Promise.all([
    ...[...places.values()].map((refs) => readPlace(refs, client, limiter, signal)),
    ...hookPlaces(madeUpHooks(app)).map((place) => readMadeUp(place, client, limiter, signal)),
  ]);
  const byUid = new Map<string, KubeObject>();
  for (const live of lives.flat()) if (isOwned(road, app, live)) byUid.set(live.metadata.uid ?? '', live);
  return [...byUid.values()];
}

/** Objects of one kind and namespace: many by a list, as long as it is not full of others' objects. */
async function readPlace(
  refs: readonly ObjectRef[],
  client: KubeClient,
  limiter: Limiter,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const names = new Set(refs.map(({ name }) => name));
  const [first] = refs;
  let listed: readonly KubeObject[] = [];
  if (first && names.size >= LIST_FROM) {
    const { namespace } = first;
    const options = { limit: PAGE, pages: Math.ceil(names.size / PAGE) + 1, ...(namespace && { namespace }), signal };
    const list = await limiter(() => client.list(first, options));
    listed = list.items.filter(({ metadata }) => names.has(metadata.name ?? ''));
    if (list.complete) return listed;
  }
  const known = new Set(listed.map(({ metadata }) => metadata.name ?? ''));
  const singly = refs.filter(({ name }) => !known.has(name)).map((ref) => limiter(() => client.get(ref, { signal })));
  return [...listed, ...(await Promise.all(singly)).flatMap((live) => live ?? [])];
}

/** What a controller made from an object of ours carries the same tracking id, and belongs to its owner. */
export function isOwned({ platform, argo }: Road, app: Application, live: KubeObject): boolean {
  const hasOwner = (live.metadata.ownerReferences?.length ?? 0) > 0;
  return !hasOwner && isTrackedBy(live, instanceName(app, platform.settings.namespace), argo.settings.tracking);
}

/** Hooks of the last operation whose names no comparison knows (`generateName`). */
function madeUpHooks({ status }: Application): readonly ResourceStatus[] {
  const known = new Set((status.resources ?? []).map((resource) => formatKey(keyOfResource(resource))));
  return (status.operationState?.syncResult?.resources ?? [])
    .filter(({ hookType }) => hookType !== undefined)
    .map(({ group, version, kind, namespace, name }) => ({ group, version, kind, namespace, name }))
    .filter((hook) => !known.has(formatKey(keyOfResource(hook))));
}

/** One of each kind and namespace. */
function hookPlaces(hooks: readonly ResourceStatus[]): readonly ResourceStatus[] {
  const placeOf = ({ group, version, kind, namespace }: ResourceStatus) => [group, version, kind, namespace].join(' ');
  return [...new Map(hooks.map((hook) => [placeOf(hook), hook])).values()];
}

/** Every operation makes another one of such a hook: those of earlier ones are nowhere recorded. */
async function readMadeUp(
  place: ResourceStatus,
  client: KubeClient,
  limiter: Limiter,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const ref = await findServedRef(place, { client, signal });
  if (!ref) return [];
  const { namespace } = ref;
  const { items } = await limiter(() => client.list(ref, { ...(namespace && { namespace }), signal }));
  return items.filter((item) => item.metadata.generateName !== undefined && isHook(item));
}
