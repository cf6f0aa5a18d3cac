// Strategic merge patch: a merge patch that knows which lists are merged by a key, with its directives.
//
// Source: k8s.io/apimachinery, pkg/util/strategicpatch/patch.go, the half that applies patches.

import { isObject } from '../base/json.ts';
import { equalJson } from './equal.ts';
import { formatGo, goTypeOf } from './fields/go-format.ts';
import type { TypeNode } from './types.ts';

type Obj = Record<string, unknown>;

/** A patch that cannot be: `malformed` in itself (400 of an API server), or one that does not fit what it is applied to (500). */
export class PatchError extends Error {
  override readonly name = 'PatchError';
  readonly malformed: boolean;

  constructor(message: string, malformed: boolean) {
    super(message);
    this.malformed = malformed;
  }
}

const DIRECTIVE = '$patch';
const DELETE_FROM = '$deleteFromPrimitiveList/';
const SET_ORDER = '$setElementOrder/';
const RETAIN = '$retainKeys';

/** What a field's tags say about patching it. */
export interface PatchMeta {
  readonly type: TypeNode | undefined;
  readonly merges: boolean;
  readonly replaces: boolean;
  readonly retainsKeys: boolean;
  readonly mergeKey: string;
}

/** What a patch is laid over: an object, or another patch, which keeps its directives and nulls. */
type Under = 'object' | 'patch';

/**
 * Applies a strategic merge patch to a copy of an object. Directives are taken out of `patch`, as Go does to its map, and
 * messages then show it without them. Throws PatchError.
 */
export function applyStrategicMerge(type: TypeNode, document: Obj, patch: Obj): Obj {
  return mergeMap(structuredClone(document), patch, type, 'object');
}

/** One patch that does what the two do: `changes` is laid over a copy of `deletions`. Throws PatchError. */
export function mergeStrategicPatches(type: TypeNode, deletions: Obj, changes: Obj): Obj {
  return mergeMap(structuredClone(deletions), structuredClone(changes), type, 'patch');
}

/** The patch tags of a field that holds an object or a list. Throws PatchError for one that the struct does not have. */
export function patchMetaOf(type: TypeNode | undefined, key: string): PatchMeta {
  const plain = { merges: false, replaces: false, retainsKeys: false, mergeKey: '' };
  if (type?.kind === 'map') throw failed('merging an object in json but data type is not struct, instead is: map');
  if (type?.kind !== 'struct') return { ...plain, type: undefined };
  const field = type.fields?.().get(key);
  if (!field) {
    const struct = type.goName.slice(type.goName.lastIndexOf('.') + 1);
    throw failed(`unable to find api field in struct ${struct} for the json field ${JSON.stringify(key)}`);
  }
  const strategy = field.patchStrategy ?? [];
  return {
    type: field.type,
    merges: strategy.includes('merge'),
    replaces: strategy.includes('replace'),
    retainsKeys: strategy.includes('retainKeys'),
    mergeKey: field.mergeKey ?? '',
  };
}

function mergeMap(original: Obj, patch: Obj, type: TypeNode | undefined, under: Under): Obj {
  const directive = patch[DIRECTIVE];
  if (directive !== undefined) {
    if (directive === 'replace') {
      const { [DIRECTIVE]: _, ...rest } = patch;
      return rest;
    }
    if (directive === 'delete') return {};
    throw failed(`unknown patch type: ${formatGo(directive)} in map: ${formatGo(patch)}`);
  }
  retainKeys(original, patch, under);
  setElementOrders(original, patch, type, under);
  for (const [written, value] of Object.entries(patch)) {
    const isDeleteList = written.startsWith(DELETE_FROM);
    const key = isDeleteList ? written.slice(DELETE_FROM.length) : written;
    if (under === 'patch' && (isDeleteList || value === null)) original[written] = value;
    else if (value === null) delete original[key];
    else mergeMember(original, key, value, isDeleteList, type, under);
  }
  return original;
}

function mergeMember(
  original: Obj,
  key: string,
  value: unknown,
  isDeleteList: boolean,
  type: TypeNode | undefined,
  under: Under,
): void {
  const own = original[key];
  if (isObject(own) && isObject(value)) {
    const meta = patchMetaOf(type, key);
    original[key] = meta.replaces ? value : mergeMap(own, value, meta.type, under);
  } else if (Array.isArray(own) && Array.isArray(value)) {
    original[key] = mergeLists(own, value, patchMetaOf(type, key), isDeleteList, under);
  } else if (!isDeleteList) {
    const kept = withoutDirectives(under === 'patch' ? value : withoutNulls(value));
    if (kept === undefined) delete original[key];
    else original[key] = kept;
  }
}

function failed(message: string): PatchError {
  return new PatchError(message, false);
}

function retainKeys(original: Obj, patch: Obj, under: Under): void {
  const retained = patch[RETAIN];
  if (retained === undefined) return;
  delete patch[RETAIN];
  if (under === 'patch') {
    original[RETAIN] = retained;
    return;
  }
  if (!Array.isArray(retained)) throw new PatchError('invalid patch format of retainKeys', true);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || key.startsWith(DELETE_FROM) || key.startsWith(SET_ORDER)) continue;
    if (!retained.includes(key)) throw new PatchError('invalid patch format of retainKeys', true);
  }
  for (const key of Object.keys(original)) if (!retained.includes(key)) delete original[key];
}

function setElementOrders(original: Obj, patch: Obj, type: TypeNode | undefined, under: Under): void {
  for (const key of Object.keys(patch)) {
    if (!key.startsWith(SET_ORDER)) continue;
    const order = patch[key];
    delete patch[key];
    if (!Array.isArray(order)) throw failed('expected a []interface {}, but received something else');
    if (under === 'patch') original[key] = order;
    setElementOrder(
      original,
      patch,
      key.slice(SET_ORDER.length),
      order,
      patchMetaOf(type, key.slice(SET_ORDER.length)),
      under,
    );
  }
}

function setElementOrder(
  original: Obj,
  patch: Obj,
  key: string,
  order: unknown[],
  meta: PatchMeta,
  under: Under,
): void {
  const own = original[key];
  const given = patch[key];
  for (const [value, holder] of [
    [own, original],
    [given, patch],
  ] as const)
    if (key in holder && !Array.isArray(value)) throw wrongType('[]interface {}', value);
  let merged: unknown[];
  let liveOrder = Array.isArray(own) ? own : [];
  if (Array.isArray(own) && Array.isArray(given)) {
    checkOrder(given, order, meta.mergeKey);
    if (meta.mergeKey !== '') liveOrder = overwritten(own, given, meta.mergeKey);
    merged = mergeLists([...own], given, meta, false, under);
  } else if (Array.isArray(own)) merged = own;
  else if (Array.isArray(given)) {
    const kept = withoutDirectives(given);
    merged = Array.isArray(kept) ? kept : [];
  } else return;
  original[key] = orderItems(merged, order, liveOrder, meta.mergeKey);
  delete patch[key];
}

/**
 * The live list as Go sees it after merging: items are deleted and appended in its own memory, so that within its old length new items
 * stand where old ones did. They then have a place in the live order.
 */
function overwritten(own: readonly unknown[], given: readonly unknown[], mergeKey: string): unknown[] {
  const memory = [...own];
  let length = own.length;
  const find = (item: unknown) => memory.findIndex((other, index) => index < length && sameKey(other, item, mergeKey));
  for (const item of given) {
    if (!isObject(item) || item[DIRECTIVE] !== 'delete') continue;
    for (let index = find(item); index >= 0; index = find(item)) {
      memory.copyWithin(index, index + 1, length);
      length--;
    }
  }
  for (const item of given) {
    if ((isObject(item) && item[DIRECTIVE] !== undefined) || find(item) >= 0) continue;
    if (length >= own.length) break;
    memory[length++] = item;
  }
  return memory;
}

/** The items of a patch must come in the order that the patch itself sets. */
function checkOrder(given: unknown[], order: unknown[], mergeKey: string): void {
  const items = given.filter((item) => !isObject(item) || item[DIRECTIVE] === undefined);
  if (items.length === 0 || order.length === 0) return;
  let index = 0;
  for (const wanted of order) if (index < items.length && sameKey(items[index], wanted, mergeKey)) index++;
  if (index < items.length)
    throw failed(
      `The order in patch list:\n${formatGo(given)}\n doesn't match $setElementOrder list:\n${formatGo(order)}\n`,
    );
}

function mergeLists(
  original: unknown[],
  patch: unknown[],
  meta: PatchMeta,
  isDeleteList: boolean,
  under: Under,
): unknown[] {
  if (!meta.merges && !isDeleteList) return patch;
  if (original.length === 0 && patch.length === 0) return original;
  const isMaps = isObject(original[0] ?? patch[0]);
  if (!isMaps) {
    if (isDeleteList) return original.filter((item) => !patch.includes(item));
    return orderItems([...new Set([...original, ...patch])], patch, original, '');
  }
  if (meta.mergeKey === '') throw failed('cannot merge lists without merge key');
  return mergeMaps(original, patch, meta, under);
}

function mergeMaps(original: unknown[], patch: unknown[], meta: PatchMeta, under: Under): unknown[] {
  const { mergeKey } = meta;
  let live = [...original];
  let items: Obj[] = [];
  let isReplace = false;
  for (const item of patch) {
    if (!isObject(item)) throw failed(`value for key ${formatGo(item)} is not a map`);
    const directive = item[DIRECTIVE];
    if (directive === undefined) items.push(item);
    else if (directive === 'replace') isReplace = true;
    else if (directive === 'delete') {
      if (!(mergeKey in item)) throw noMergeKey(item, mergeKey);
      live = live.filter((own) => !sameKey(own, item, mergeKey));
    } else if (directive === 'merge') throw failed('merging lists cannot yet be specified in the patch');
    else throw failed(`unknown patch type: ${formatGo(directive)} in map: ${formatGo(item)}`);
  }
  if (isReplace) {
    live = items;
    items = [];
  }
  const merged = [...live];
  for (const item of items) {
    if (!(mergeKey in item)) throw noMergeKey(item, mergeKey);
    const index = merged.findIndex((own) => sameKey(own, item, mergeKey));
    const own = merged[index];
    if (isObject(own)) merged[index] = mergeMap(own, item, meta.type?.element?.(), under);
    else merged.push(item);
  }
  return orderItems(merged, items, live, mergeKey);
}

function requireKey(item: unknown, mergeKey: string): void {
  if (!isObject(item)) throw wrongType('map[string]interface {}', item);
  if (!(mergeKey in item)) throw noMergeKey(item, mergeKey);
}

function wrongType(expected: string, value: unknown): PatchError {
  return failed(`expected a ${expected}, but received a ${goTypeOf(value)}`);
}

function noMergeKey(item: Obj, mergeKey: string): Error {
  return failed(`map: ${formatGo(item)} does not contain declared merge key: ${mergeKey}`);
}

function sameKey(a: unknown, b: unknown, mergeKey: string): boolean {
  if (mergeKey === '') return a === b;
  return isObject(a) && isObject(b) && mergeKey in a && equalJson(a[mergeKey], b[mergeKey]);
}

/** Items that the patch names in the patch's order, the others in the live one, put between each other as they were. */
function orderItems(merged: unknown[], patchOrder: unknown[], liveOrder: unknown[], mergeKey: string): unknown[] {
  if (mergeKey !== '') for (const item of [...merged, ...patchOrder]) requireKey(item, mergeKey);
  const place = (order: unknown[], item: unknown) => order.findIndex((other) => sameKey(other, item, mergeKey));
  const sortBy = (order: unknown[], items: unknown[]) => items.sort((a, b) => place(order, a) - place(order, b));
  const named = sortBy(
    patchOrder,
    merged.filter((item) => place(patchOrder, item) >= 0),
  );
  const others = sortBy(
    liveOrder,
    merged.filter((item) => place(patchOrder, item) < 0),
  );
  const out: unknown[] = [];
  while (named.length > 0 && others.length > 0) {
    const left = place(liveOrder, others[0]);
    const right = place(liveOrder, named[0]);
    out.push(left >= 0 && right >= 0 && left < right ? others.shift() : named.shift());
  }
  return [...out, ...named, ...others];
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const out: Obj = {};
  for (const [key, member] of Object.entries(value)) if (member !== null) out[key] = withoutNulls(member);
  return out;
}

/** undefined for an object that is itself a directive. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives).filter((item) => item !== undefined);
  if (!isObject(value)) return value;
  if (value[DIRECTIVE] !== undefined) return undefined;
  const out: Obj = {};
  for (const [key, member] of Object.entries(value)) {
    const kept = withoutDirectives(member);
    if (kept !== undefined) out[key] = kept;
  }
  return out;
}
