// One object of an Application: whether it belongs to it is found by walking up its owners, which costs a few reads where the whole tree
// would take a list of every kind.

import { HawserError } from '../../base/errors.ts';
import type { KubeClient } from '../../kube/client.ts';
import { groupOf, type KubeObject } from '../../kube/object.ts';
import type { ObjectRef } from '../../kube/resource.ts';
import { isOwned } from '../owned-objects.ts';
import type { Road } from '../road.ts';
import { isClaimOf, isOwner, ownersOf } from './owners.ts';
import { readResourceTree } from './read-tree.ts';
import type { Standing } from './standing.ts';

/** As queries of Argo CD's API name an object. */
export interface ResourceQuery {
  readonly group: string;
  /** '' for whichever is served. */
  readonly version: string;
  readonly kind: string;
  /** '' for what is cluster-scoped. */
  readonly namespace: string;
  readonly name: string;
}

/** More owners above one another than anybody has. */
const MOST_STEPS = 32;

/** The object as it is now. Throws `InvalidInput`, as Argo CD does, for what is not there or is not the Application's. */
export async function findLive(
  road: Road,
  standing: Standing,
  query: ResourceQuery,
  signal: AbortSignal,
): Promise<KubeObject> {
  const { app, client, refuse } = standing;
  const ref = await servedRef(client, query, signal);
  const object = ref && (await client.get(ref, { signal }));
  if (object && refuse(object) === undefined) {
    if (await belongs(road, standing, object, signal)) return object;
    if (await isShownAsOrphan(road, standing, object, signal)) return object;
  }
  const { group, kind, name } = query;
  throw new HawserError(
    'InvalidInput',
    `${kind} ${group} ${name} not found as part of application ${app.metadata.name}`,
  );
}

/** undefined for a kind that is not served, and for a name without the namespace that its kind needs. */
async function servedRef(
  client: KubeClient,
  { group, version, kind, namespace, name }: ResourceQuery,
  signal: AbortSignal,
): Promise<ObjectRef | undefined> {
  const served = (await client.resources({ signal })).filter((type) => type.group === group && type.kind === kind);
  const chosen = served.find((type) => type.version === version) ?? served[0];
  if (!chosen || name === '' || chosen.namespaced !== (namespace !== '')) return undefined;
  const apiVersion = group === '' ? chosen.version : `${group}/${chosen.version}`;
  return { apiVersion, kind, name, ...(chosen.namespaced && { namespace }) };
}

async function belongs(road: Road, standing: Standing, object: KubeObject, signal: AbortSignal): Promise<boolean> {
  const { app, client, refuse } = standing;
  const waiting = [object];
  const seen = new Set<string>();
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { uid = '' } = next.metadata;
    // What the project forbids hides what it owns.
    if (seen.has(uid) || seen.size > MOST_STEPS || refuse(next) !== undefined) continue;
    seen.add(uid);
    if (isOwned(road, app, next)) return true;
    waiting.push(...(await readOwners(next, client, signal)));
  }
  return false;
}

async function readOwners(object: KubeObject, client: KubeClient, signal: AbortSignal): Promise<readonly KubeObject[]> {
  const { namespace } = object.metadata;
  const owners = await Promise.all(
    ownersOf(object).map(async (owner) => {
      const type = await client.resourceFor(owner.apiVersion, owner.kind, { signal });
      if (!type || (type.namespaced && !namespace)) return undefined;
      const place = type.namespaced && namespace ? { namespace } : {};
      const found = await client.get(
        { apiVersion: owner.apiVersion, kind: owner.kind, name: owner.name, ...place },
        { signal },
      );
      return found && isOwner(owner, found) ? found : undefined;
    }),
  );
  return [...owners.flatMap((owner) => owner ?? []), ...(await readMakers(object, client, signal))];
}

/** A claim says nowhere which StatefulSet made it. */
async function readMakers(object: KubeObject, client: KubeClient, signal: AbortSignal): Promise<readonly KubeObject[]> {
  const { namespace } = object.metadata;
  if (object.apiVersion !== 'v1' || object.kind !== 'PersistentVolumeClaim' || !namespace) return [];
  const { items } = await client.list({ apiVersion: 'apps/v1', kind: 'StatefulSet' }, { namespace, signal });
  return items.filter((set) => isClaimOf(set, object));
}

/** Only a project that wants to know of orphans shows them, and only those of the destination namespace. */
async function isShownAsOrphan(
  road: Road,
  standing: Standing,
  { apiVersion, kind, metadata }: KubeObject,
  signal: AbortSignal,
): Promise<boolean> {
  const { app, project } = standing;
  if (!project.orphanedResources || metadata.namespace !== app.spec.destination.namespace) return false;
  const { orphanedNodes } = await readResourceTree(road, standing, signal);
  return orphanedNodes.some(
    (node) => node.uid === metadata.uid && node.kind === kind && (node.group ?? '') === groupOf(apiVersion),
  );
}
