// Reading what is live: object by object, or kind by kind when there are many.

import { isHawserError } from '../base/errors.ts';
import type { Limiter } from '../base/limiter.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import type { ApiResource, ObjectRef } from '../kube/resource.ts';

/** From here on one list costs less than the single reads, as long as the namespace is not full of others' objects. */
const LIST_FROM = 25;
const PAGE = 500;
/** Secrets of Helm releases are up to a megabyte each: their lists are dear. */
const LIST_SECRETS_FROM = 200;

interface Listing {
  readonly objects: ReadonlyMap<string, KubeObject>;
  readonly complete: boolean;
}

export interface LiveReader {
  /** The object as the server has it, undefined when it has none. `fresh` never answers from a list. */
  read(ref: ObjectRef, fresh?: boolean): Promise<KubeObject | undefined>;
}

/**
 * A reader for the given objects of one comparison. Kinds of which a namespace holds many of them are listed once, when the
 * first of them is asked for; a list that is longer than those objects justify is cut and the rest is read singly.
 */
export function createLiveReader(
  client: KubeClient,
  refs: readonly { readonly ref: ObjectRef; readonly resource: ApiResource | undefined }[],
  limiter: Limiter,
  signal: AbortSignal | undefined,
): LiveReader {
  const counts = new Map<string, number>();
  for (const { ref, resource } of refs) {
    if (resource?.verbs.includes('list')) counts.set(placeOf(ref), (counts.get(placeOf(ref)) ?? 0) + 1);
  }
  const lists = new Map<string, Promise<Listing>>();

  const list = (ref: ObjectRef, count: number) => {
    const place = placeOf(ref);
    let pending = lists.get(place);
    if (!pending) {
      pending = limiter(async () => {
        const found = await client
          .list(ref, {
            ...(ref.namespace ? { namespace: ref.namespace } : {}),
            limit: PAGE,
            pages: Math.ceil(count / PAGE) + 1,
            signal,
          })
          .catch((error: unknown) => {
            // Who may get but not list reads singly.
            if (isHawserError(error, 'ClusterRefused')) return { items: [], complete: false };
            throw error;
          });
        return {
          objects: new Map(found.items.map((item) => [item.metadata.name ?? '', item])),
          complete: found.complete,
        };
      });
      lists.set(place, pending);
    }
    return pending;
  };

  return {
    async read(ref, fresh = false) {
      const count = counts.get(placeOf(ref)) ?? 0;
      if (!fresh && count >= (ref.kind === 'Secret' ? LIST_SECRETS_FROM : LIST_FROM)) {
        const listing = await list(ref, count);
        const found = listing.objects.get(ref.name);
        if (found || listing.complete) return found;
      }
      return limiter(() => client.get(ref, { signal }));
    },
  };
}

function placeOf(ref: ObjectRef): string {
  return `${ref.apiVersion} ${ref.kind} ${ref.namespace ?? ''}`;
}
