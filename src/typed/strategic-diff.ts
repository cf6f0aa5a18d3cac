// Making strategic merge patches: what a list that is merged by a key needs said about its items, their order, and what went.
//
// Source: k8s.io/apimachinery, pkg/util/strategicpatch/patch.go, the half that creates patches.

import { isObject } from '../base/json.ts';
import { equalJson } from './equal.ts';
import { formatGo } from './fields/go-format.ts';
import { mergeStrategicPatches, PatchError, type PatchMeta, patchMetaOf } from './strategic-merge.ts';
import type { TypeNode } from './types.ts';

type Obj = Record<string, unknown>;

interface DiffOptions {
  readonly changes: boolean;
  readonly deletions: boolean;
  /** The patch has to name every key that stays (`retainKeys`: a union such as a volume's source). */
  readonly retainsKeys: boolean;
}

/** The patch that makes `after` of `before`. Throws PatchError. */
export function createTwoWayPatch(type: TypeNode, before: Obj, after: Obj): Obj {
  return diffMaps(before, after, type, { changes: true, deletions: true, retainsKeys: false });
}

/**
 * The patch by which `current` gets what `modified` says and loses what only `original` said: kubectl's apply, where `original` is
 * the last-applied annotation. Throws PatchError.
 */
export function createThreeWayPatch(type: TypeNode, original: Obj, modified: Obj, current: Obj): Obj {
  const changes = diffMaps(current, modified, type, { changes: true, deletions: false, retainsKeys: false });
  const deletions = diffMaps(original, modified, type, { changes: false, deletions: true, retainsKeys: false });
  return mergeStrategicPatches(type, deletions, changes);
}

function diffMaps(original: Obj, modified: Obj, type: TypeNode | undefined, options: DiffOptions): Obj {
  const patch: Obj = {};
  for (const [key, wanted] of Object.entries(modified)) {
    const own = original[key];
    if (!Object.hasOwn(original, key) || kindOf(own) !== kindOf(wanted)) {
      if (options.changes) patch[key] = wanted;
    } else if (isObject(own) && isObject(wanted)) diffMap(key, own, wanted, patch, type, options);
    else if (Array.isArray(own) && Array.isArray(wanted)) diffList(key, own, wanted, patch, type, options);
    else if (options.changes && !equalJson(own, wanted)) patch[key] = wanted;
  }
  const gone = Object.keys(original).filter((key) => !Object.hasOwn(modified, key));
  if (options.deletions) for (const key of gone) patch[key] = null;
  const retained = options.retainsKeys ? Object.keys(modified).filter((key) => modified[key] !== null) : [];
  const clears = gone.some((key) => original[key] !== null);
  if (retained.length > 0 && (Object.keys(patch).length > 0 || clears)) patch.$retainKeys = retained.sort();
  return patch;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}

function diffMap(
  key: string,
  own: Obj,
  wanted: Obj,
  patch: Obj,
  type: TypeNode | undefined,
  options: DiffOptions,
): void {
  const meta = metaUnlessEqual(type, key, own, wanted);
  if (!meta) return;
  if (meta.replaces) {
    if (options.changes) patch[key] = wanted;
    return;
  }
  const inner = diffMaps(own, wanted, meta.type, { ...options, retainsKeys: meta.retainsKeys });
  if (Object.keys(inner).length > 0) patch[key] = inner;
}

function diffList(
  key: string,
  own: readonly unknown[],
  wanted: readonly unknown[],
  patch: Obj,
  type: TypeNode | undefined,
  options: DiffOptions,
): void {
  const meta = metaUnlessEqual(type, key, own, wanted);
  if (!meta) return;
  if (!meta.merges) {
    if (options.changes && !equalJson(own, wanted)) patch[key] = wanted;
    return;
  }
  if (own.length === 0) {
    if (options.changes && wanted.length > 0) patch[key] = wanted;
    return;
  }
  checkElements([...own, ...wanted]);
  const inner = { ...options, retainsKeys: meta.retainsKeys };
  if (isObject(own[0])) {
    const { items, deletions } = diffItems(own, wanted, meta.type?.element?.(), meta.mergeKey, inner);
    const isOrderSame = own.length === wanted.length && own.every((item, i) => sameKey(item, wanted[i], meta.mergeKey));
    const all = [...items, ...deletions];
    if (all.length > 0) patch[key] = all;
    if ((options.changes && (all.length > 0 || !isOrderSame)) || (options.deletions && all.length > 0))
      setOrder(
        patch,
        key,
        wanted.map((item) => ({ [meta.mergeKey]: keyOf(item, meta.mergeKey) })),
      );
    return;
  }
  if (equalJson(own, wanted)) return;
  const added = options.changes ? wanted.filter((item) => !own.includes(item)) : [];
  const removed = options.deletions ? [...new Set(own.filter((item) => !wanted.includes(item)))] : [];
  if (added.length > 0) patch[key] = added;
  if (removed.length > 0) patch[`$deleteFromPrimitiveList/${key}`] = removed;
  if (options.changes || removed.length > 0) setOrder(patch, key, wanted);
}

/** undefined where a field that the struct does not have has not changed: then nothing has to be known of it. */
function metaUnlessEqual(
  type: TypeNode | undefined,
  key: string,
  own: unknown,
  wanted: unknown,
): PatchMeta | undefined {
  try {
    return patchMetaOf(type, key);
  } catch (error) {
    if (error instanceof PatchError && equalJson(own, wanted)) return undefined;
    throw error;
  }
}

/** The elements of a list that is merged are all of one type, and no lists (sliceElementType). */
function checkElements(elements: readonly unknown[]): void {
  const kinds = new Set(elements.map(kindOf));
  if (kinds.has('list')) throw new PatchError('lists of lists are not supported', false);
  if (kinds.size > 1) throw new PatchError(`list element types are not identical: ${formatGo([elements])}`, false);
}

function setOrder(patch: Obj, key: string, order: readonly unknown[]): void {
  if (order.length > 0) patch[`$setElementOrder/${key}`] = [...order];
}

/** Walks both lists in the order of their keys. Items come in the order of `wanted`. */
function diffItems(
  own: readonly unknown[],
  wanted: readonly unknown[],
  element: TypeNode | undefined,
  mergeKey: string,
  options: DiffOptions,
): { items: Obj[]; deletions: Obj[] } {
  const left = sortByKey(own, mergeKey);
  const right = sortByKey(wanted, mergeKey);
  const changed: Obj[] = [];
  const deletions: Obj[] = [];
  let l = 0;
  let r = 0;
  while (l < left.length || r < right.length) {
    const before = left[l];
    const after = right[r];
    if (before && after && before.text === after.text) {
      const item = diffMaps(before.item, after.item, element, options);
      if (Object.keys(item).length > 0) changed.push({ ...item, [mergeKey]: after.item[mergeKey] });
      l++;
      r++;
    } else if (after && (!before || before.text > after.text)) {
      if (options.changes) changed.push(after.item);
      r++;
    } else if (before) {
      if (options.deletions) deletions.push({ [mergeKey]: before.item[mergeKey], $patch: 'delete' });
      l++;
    }
  }
  const place = (item: Obj) => wanted.findIndex((other) => sameKey(other, item, mergeKey));
  return { items: changed.sort((a, b) => place(a) - place(b)), deletions };
}

/** Go sorts with an order in which equals are less: of two items with one key the later comes first. */
function sortByKey(items: readonly unknown[], mergeKey: string): readonly { text: string; item: Obj }[] {
  return [...items]
    .reverse()
    .map((item) => ({ text: formatGo(keyOf(item, mergeKey)), item: isObject(item) ? item : {} }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
}

function keyOf(item: unknown, mergeKey: string): unknown {
  if (!isObject(item)) throw new PatchError(`expected a map[string]interface {}, but received a ${typeof item}`, false);
  if (!Object.hasOwn(item, mergeKey))
    throw new PatchError(`map: ${formatGo(item)} does not contain declared merge key: ${mergeKey}`, false);
  return item[mergeKey];
}

function sameKey(a: unknown, b: unknown, mergeKey: string): boolean {
  return equalJson(keyOf(a, mergeKey), keyOf(b, mergeKey));
}
