// Which kinds of a target state the server has, and which live in namespaces.

import type { KubeClient } from '../kube/client.ts';
import { groupOf, type KubeObject } from '../kube/object.ts';
import { crdScopes, type Scope, typeOf } from './target.ts';

/** Asks once for every kind among the objects. A kind that nobody knows counts as namespaced (Argo CD: IsNamespacedOrUnknown). */
export async function readScopes(
  client: KubeClient,
  objects: readonly KubeObject[],
  signal: AbortSignal | undefined,
): Promise<(object: KubeObject) => Scope> {
  const coming = crdScopes(objects);
  const types = new Map(objects.map((object) => [typeOf(object), object]));
  const scopes = new Map<string, Scope>();
  await Promise.all(
    [...types].map(async ([type, { apiVersion, kind }]) => {
      const resource = await client.resourceFor(apiVersion, kind, { signal });
      const crd = coming.get(`${groupOf(apiVersion)}/${kind}`);
      scopes.set(type, {
        resource,
        namespaced: resource?.namespaced ?? crd ?? true,
        comesWithTargets: crd !== undefined,
      });
    }),
  );
  return (object) => scopes.get(typeOf(object)) ?? { resource: undefined, namespaced: true, comesWithTargets: false };
}
