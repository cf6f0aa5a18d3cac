// Live objects by one list a kind and namespace, where that is cheaper than a request an object and as fresh.
//
// A list "as it is now" waits until the API server's cache of the kind has caught up with etcd, up to 100 ms; one at exactly a version comes
// from etcd at once. The version of a write that was made a moment ago is such a version: nothing older than that write is shown.

import { isHawserError } from '../base/errors.ts';
import type { Limiter } from '../base/limiter.ts';
import type { KubeClient } from '../kube/client.ts';
import { formatKey, type KubeObject, keyOf } from '../kube/object.ts';

/** Fewer are read one by one. */
const FEWEST = 10;

export interface ListedLive {
  /** `not listed`: it has to be asked for by itself. */
  find(target: KubeObject): Promise<KubeObject | 'not listed'>;
}

export interface ListedOptions {
  readonly client: KubeClient;
  readonly limiter: Limiter;
  /** The version of a write of this moment, in the same cluster. */
  readonly version: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Lists, when the first of them is asked for, the kinds and namespaces of which there are many targets. A page bounds what a namespace full of
 * others' objects costs: what it does not show is asked for one by one.
 */
export function createListedLive(targets: readonly KubeObject[], options: ListedOptions): ListedLive {
  const { client, limiter, version, signal } = options;
  const counts = new Map<string, number>();
  for (const target of targets) counts.set(groupOf(target), (counts.get(groupOf(target)) ?? 0) + 1);
  const groups = new Map<string, Promise<ReadonlyMap<string, KubeObject> | undefined>>();

  async function list({ apiVersion, kind, metadata: { namespace } }: KubeObject, count: number) {
    const place = namespace ? { namespace } : {};
    const limits = { limit: 2 * count, pages: 1 };
    try {
      const { items } = await limiter(() =>
        client.list({ apiVersion, kind }, { ...place, ...limits, resourceVersion: version, isExactly: true, signal }),
      );
      return new Map(items.map((item) => [formatKey(keyOf(item)), item]));
    } catch (error) {
      // No right to list, a version that is forgotten, a server that cannot: then each is asked for.
      if (!isHawserError(error, 'ClusterRefused')) throw error;
      return undefined;
    }
  }

  return {
    async find(target) {
      const count = counts.get(groupOf(target)) ?? 0;
      if (count < FEWEST) return 'not listed';
      const group = groups.get(groupOf(target)) ?? list(target, count);
      groups.set(groupOf(target), group);
      return (await group)?.get(formatKey(keyOf(target))) ?? 'not listed';
    },
  };
}

function groupOf({ apiVersion, kind, metadata }: KubeObject): string {
  return `${apiVersion}/${kind}/${metadata.namespace ?? ''}`;
}
