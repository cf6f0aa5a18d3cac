// The objects of a tree as a whole, where more than their metadata is shown of them.

import { createLimiter } from '../../base/limiter.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { KubeObject } from '../../kube/object.ts';
import { refOf } from '../../kube/resource.ts';
import { placeOf } from './listed.ts';

/** Their metadata say all: they have neither health nor traffic, and some hold secrets. */
const METADATA_SUFFICES: ReadonlySet<string> = new Set([
  'v1 ConfigMap',
  'v1 Endpoints',
  'v1 Secret',
  'v1 ServiceAccount',
  'discovery.k8s.io/v1 EndpointSlice',
  'rbac.authorization.k8s.io/v1 Role',
  'rbac.authorization.k8s.io/v1 RoleBinding',
]);

const READS_AT_ONCE = 32;
const PAGE = 500;
/** From here on a list may cost less than single reads … */
const LIST_FROM = 25;
/** … if not more than so many of the objects in it are others'. */
const MOST_FOREIGN = 4;

/** By uid. An object that is gone meanwhile, and one that may not be read, is left out. */
export async function readWhole(
  objects: readonly KubeObject[],
  counts: ReadonlyMap<string, number>,
  client: KubeClient,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, KubeObject>> {
  const limiter = createLimiter(READS_AT_ONCE);
  const [thin, whole] = [objects.filter(isThin), objects.filter((object) => !isThin(object))];
  const reads = [...Map.groupBy(whole, placeOf)].map(async ([place, group]) => {
    const [first] = group;
    if (first && group.length >= LIST_FROM && (counts.get(place) ?? 0) <= group.length * MOST_FOREIGN) {
      const { namespace } = first.metadata;
      const type = { apiVersion: first.apiVersion, kind: first.kind };
      return (await limiter(() => client.list(type, { ...(namespace && { namespace }), limit: PAGE, signal }))).items;
    }
    const found = await Promise.all(group.map((object) => limiter(() => client.get(refOf(object), { signal }))));
    return found.flatMap((object) => object ?? []);
  });
  const wanted = new Set(objects.map(({ metadata }) => metadata.uid ?? ''));
  const read = (await Promise.all(reads)).flat().filter(({ metadata }) => wanted.has(metadata.uid ?? ''));
  return new Map([...thin, ...read].map((object) => [object.metadata.uid ?? '', object]));
}

function isThin({ apiVersion, kind }: KubeObject): boolean {
  return METADATA_SUFFICES.has(`${apiVersion} ${kind}`);
}
