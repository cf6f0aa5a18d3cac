// The order of the output (kustomize: SortOrderTransformer).

import { compareBytes } from '../../go/strings.ts';
import type { SortOptions } from '../config/kustomization.ts';
import { failure } from '../node/fail.ts';
import {
  formatGvk,
  type Gvk,
  gvkSortText,
  kindRanks,
  LEGACY_ORDER_FIRST,
  LEGACY_ORDER_LAST,
  sameGvk,
} from '../resource/gvk.ts';
import type { ResId } from '../resource/res-id.ts';
import type { ResMap } from '../resource/res-map.ts';
import { currentId } from '../resource/resource.ts';

/** `legacy` sorts by kind, then by what there is; `fifo` leaves the order of the files. */
export function sortResources(map: ResMap, options: SortOptions): void {
  const { order } = options;
  if (order !== 'fifo' && order !== 'legacy') throw failure("sortOptions.order must be 'fifo' or 'legacy'");
  if (order === 'fifo') {
    if (options.legacySortOptions !== undefined)
      throw failure("sortOptions.legacySortOptions goes only with the order 'legacy'");
    return;
  }
  sortLegacy(
    map,
    options.legacySortOptions?.orderFirst ?? LEGACY_ORDER_FIRST,
    options.legacySortOptions?.orderLast ?? LEGACY_ORDER_LAST,
  );
}

export function sortLegacy(
  map: ResMap,
  first: readonly string[] = LEGACY_ORDER_FIRST,
  last: readonly string[] = LEGACY_ORDER_LAST,
): void {
  const ranks = kindRanks(first, last);
  map.resources = map.resources
    .map((resource) => ({ resource, id: currentId(resource) }))
    .sort((a, b) => compareIds(a.id, b.id, ranks))
    .map(({ resource }) => resource);
}

function compareIds(a: ResId, b: ResId, ranks: ReadonlyMap<string, number>): number {
  return sameGvk(a, b) ? compareBytes(idSortText(a), idSortText(b)) : compareKinds(a, b, ranks);
}

function compareKinds(a: Gvk, b: Gvk, ranks: ReadonlyMap<string, number>): number {
  const rank = (ranks.get(a.kind) ?? 0) - (ranks.get(b.kind) ?? 0);
  if (rank !== 0) return rank;
  const order = compareBytes(gvkSortText(a), gvkSortText(b));
  // The cluster's own Namespaces come before other kinds of that name.
  return a.kind === 'Namespace' && (a.group === '' || b.group === '') ? -order : order;
}

function idSortText(id: ResId): string {
  return `${formatGvk(id)}|${id.namespace || '~X'}|${id.name || '~N'}`;
}
