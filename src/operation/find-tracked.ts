// The repair of a lost inventory, for deletions: an Application whose status was never written, or was lost in a restore, is asked for
// by tracking ids, kind by kind, in its destination namespace and among what is cluster-scoped.

import { instanceName } from '../application/parse.ts';
import type { Application, ResourceStatus } from '../application/types.ts';
import { DEFAULT_CONCURRENCY, mapConcurrent } from '../base/concurrency.ts';
import { isHawserError } from '../base/errors.ts';
import { isTrackedBy } from '../compare/tracking.ts';
import type { KubeClient } from '../kube/client.ts';
import { groupOf, type KubeObject, versionOf } from '../kube/object.ts';
import type { ApiResource, TypeRef } from '../kube/resource.ts';
import type { Road } from './road.ts';

interface Listed extends TypeRef {
  readonly namespaced: boolean;
}

/** By annotation alone: a label may be anybody's. Kinds that may not be listed are left out. */
export async function findTracked(
  { argo, platform }: Road,
  client: KubeClient,
  app: Application,
  signal: AbortSignal,
): Promise<readonly ResourceStatus[]> {
  const { tracking } = argo.settings;
  const { namespace = '' } = app.spec.destination;
  if (tracking.method === 'label') return [];
  const instance = instanceName(app, platform.settings.namespace);
  const types = deletableTypes(await client.resources({ signal })).filter(
    ({ namespaced }) => !namespaced || namespace !== '',
  );
  const found = await mapConcurrent(types, DEFAULT_CONCURRENCY, async ({ namespaced, ...type }) => {
    const place = namespaced ? { namespace } : {};
    const options = { ...place, metadataOnly: true, resourceVersion: '0', signal };
    const items = await client.list(type, options).then(
      (list) => list.items,
      (error: unknown): readonly KubeObject[] => {
        if (isHawserError(error, 'ClusterRefused')) return [];
        throw error;
      },
    );
    return items.filter((item) => isTrackedBy(item, instance, tracking)).map(resourceOf);
  });
  return found.flat();
}

/** Each kind once, in the version that the server names first. */
function deletableTypes(resources: readonly ApiResource[]): readonly Listed[] {
  const types = new Map<string, Listed>();
  for (const { group, version, kind, namespaced, verbs } of resources) {
    if (!verbs.includes('list') || !verbs.includes('delete') || kind === 'Event') continue;
    const apiVersion = group === '' ? version : `${group}/${version}`;
    if (!types.has(`${group}/${kind}`)) types.set(`${group}/${kind}`, { apiVersion, kind, namespaced });
  }
  return [...types.values()];
}

function resourceOf({ apiVersion, kind, metadata }: KubeObject): ResourceStatus {
  const { namespace, name = '' } = metadata;
  const group = groupOf(apiVersion);
  return { ...(group && { group }), version: versionOf(apiVersion), kind, ...(namespace && { namespace }), name };
}
