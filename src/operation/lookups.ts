// What charts look up in their destination cluster, within what the project permits, and whether it is still the same.

import type { Project } from '../application/project.ts';
import type { Application } from '../application/types.ts';
import { isHawserError } from '../base/errors.ts';
import { toHex } from '../base/hex.ts';
import type { Json, JsonObject } from '../base/json.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import type { AnsweredLookup, AskCluster, LookupQuery } from '../source/lookups.ts';
import { refuseBy } from './project-rules.ts';
import { clientFor, type Road } from './road.ts';
import { readProject } from './world.ts';

/** A lookup of the render last compared, with a digest of its answer: answers may be Secrets, and are not kept themselves. */
export interface KeptLookup {
  readonly query: LookupQuery;
  readonly digest: string;
}

/**
 * Asks the API server as Helm's `lookup` does (Helm: pkg/engine/lookup_func.go). What the project does not permit, and a kind that is not
 * served, is not there: Helm fails at the latter, and a chart could then never bring its own CRDs.
 */
export function createAskCluster(road: Road, app: Application, client: KubeClient): AskCluster {
  let reading: Promise<Project | undefined> | undefined;
  return async (query, signal) => {
    reading ??= readProject(road, app.spec.project);
    const refuse = refuseBy(await reading, app, road.clusters);
    const { apiVersion, kind, namespace, name } = query;
    const resource = await client.resourceFor(apiVersion, kind, { signal });
    if (!resource) return {};
    const place = resource.namespaced && namespace !== '' ? { namespace } : {};
    if (name !== '') {
      const isNowhere = resource.namespaced && namespace === '';
      const isPermitted = refuse({ apiVersion, kind, metadata: { name, ...place } }) === undefined;
      const found =
        isNowhere || !isPermitted ? undefined : await client.get({ apiVersion, kind, name, ...place }, { signal });
      return found ? asJson(found) : {};
    }
    // Nothing is asked for that would be thrown away altogether.
    if (resource.namespaced && namespace !== '' && refuse({ apiVersion, kind, metadata: { name: '', namespace } })) {
      return { apiVersion, kind: `${kind}List`, metadata: {}, items: [] };
    }
    const list = await client.list({ apiVersion, kind }, { ...place, signal });
    const items = list.items.filter((item) => refuse(item) === undefined).map(asJson);
    return { apiVersion, kind: `${kind}List`, metadata: { resourceVersion: list.resourceVersion }, items };
  };
}

export async function keepLookups(lookups: readonly AnsweredLookup[]): Promise<readonly KeptLookup[]> {
  return Promise.all(lookups.map(async ({ query, answer }) => ({ query, digest: await digestOf(answer) })));
}

/** The lookups whose answers are others now, as people read them. What cannot be asked now may have changed, too. */
export async function changedLookups(
  road: Road,
  app: Application,
  kept: readonly KeptLookup[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  if (kept.length === 0) return [];
  const changed = await Promise.all(
    kept.map(async ({ query, digest }) => {
      try {
        const ask = createAskCluster(road, app, clientFor(road, app.spec.destination));
        return (await digestOf(await ask(query, signal))) === digest ? [] : [describe(query)];
      } catch (error) {
        if (!isHawserError(error)) throw error;
        return [describe(query)];
      }
    }),
  );
  return changed.flat();
}

function describe({ apiVersion, kind, namespace, name }: LookupQuery): string {
  return `lookup ${[apiVersion, kind, namespace, name].filter((part) => part !== '').join(' ')}`;
}

/** Without what every write of anybody changes. */
async function digestOf(answer: JsonObject): Promise<string> {
  const text = JSON.stringify(answer, (key, value: unknown) =>
    key === 'resourceVersion' || key === 'managedFields' ? undefined : value,
  );
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
}

function asJson(object: KubeObject): JsonObject {
  return object as unknown as { [key: string]: Json };
}
