// Which fields and items of two objects belong together, in the order of the second; what only the first has stands where it stood.

import { isMap, type KeyOf, ownValue } from './list-key.ts';
import { type Match, matchSequences, risingAnchors } from './sequence.ts';

export interface ItemPair {
  readonly from: unknown;
  readonly to: unknown;
  readonly isMoved?: boolean;
}

/** What stands first, wherever it is: people look for it there. */
const FIRST: ReadonlyMap<string, readonly string[]> = new Map([
  ['', ['apiVersion', 'kind', 'metadata']],
  ['metadata', ['name', 'namespace', 'labels', 'annotations']],
]);
const FIRST_OF_ITEMS = ['name', 'containerPort', 'port', 'mountPath', 'type', 'key', 'ip'];

/** Keys of both. */
export function alignKeys(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  path: string,
): readonly string[] {
  const [old, next] = [before, after].map((map) => Object.keys(map).filter((key) => map[key] !== undefined));
  const keys = mergeOrders(old ?? [], next ?? []);
  const first = FIRST.get(path) ?? (path.endsWith(']') ? FIRST_OF_ITEMS : []);
  const leading = first.filter((key) => keys.includes(key));
  return leading.length === 0 ? keys : [...leading, ...keys.filter((key) => !leading.includes(key))];
}

export function alignKeyed(before: readonly unknown[], after: readonly unknown[], keyOf: KeyOf): readonly ItemPair[] {
  const placeBefore = new Map(before.map((item, index) => [keyOf(item), index]));
  const placeAfter = new Map(after.map((item, index) => [keyOf(item), index]));
  const common = after.flatMap((item, index): Match[] => {
    const place = placeBefore.get(keyOf(item));
    return place === undefined ? [] : [[index, place]];
  });
  const staying = new Set(risingAnchors(common).map(([, place]) => place));
  return mergeOrders([...placeBefore.keys()], [...placeAfter.keys()]).map((key) => {
    const [from, to] = [placeBefore.get(key), placeAfter.get(key)];
    return {
      from: from === undefined ? undefined : before[from],
      to: to === undefined ? undefined : after[to],
      ...(from !== undefined && to !== undefined && !staying.has(from) && { isMoved: true }),
    };
  });
}

/** Without keys: what is equal belongs together, and between that, what is alike. */
export function alignItems(before: readonly unknown[], after: readonly unknown[]): readonly ItemPair[] {
  const pairs: ItemPair[] = [];
  const [old, next] = [before, after].map((list) => list.map((item) => JSON.stringify(sorted(item))));
  let [x, y] = [0, 0];
  for (const [nextX, nextY] of [...matchSequences(old ?? [], next ?? []), [before.length, after.length] as const]) {
    pairs.push(...alignAlike(before.slice(x, nextX), after.slice(y, nextY)));
    if (nextX < before.length) pairs.push({ from: before[nextX], to: after[nextY] });
    [x, y] = [nextX + 1, nextY + 1];
  }
  return pairs;
}

/** More than these are taken as they stand. */
const MOST_TO_WEIGH = 40;

/** The pairs, in order, that have most in common together. */
function alignAlike(before: readonly unknown[], after: readonly unknown[]): readonly ItemPair[] {
  const [rows, columns] = [before.length, after.length];
  if (rows > MOST_TO_WEIGH || columns > MOST_TO_WEIGH || rows === 0 || columns === 0) {
    return Array.from({ length: Math.max(rows, columns) }, (_, index) => ({ from: before[index], to: after[index] }));
  }
  const likeness = before.map((from) => after.map((to) => likenessOf(from, to)));
  // best[i][j]: of the items from i and from j on.
  const best = Array.from({ length: rows + 1 }, () => new Float64Array(columns + 1));
  const at = (i: number, j: number) => best[i]?.[j] ?? 0;
  const alike = (i: number, j: number) => likeness[i]?.[j] ?? 0;
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      const row = best[i];
      if (row) row[j] = Math.max(at(i + 1, j), at(i, j + 1), at(i + 1, j + 1) + alike(i, j));
    }
  }
  const pairs: ItemPair[] = [];
  let [i, j] = [0, 0];
  while (i < rows || j < columns) {
    const isPair = i < rows && j < columns && alike(i, j) > 0 && at(i, j) === at(i + 1, j + 1) + alike(i, j);
    if (isPair) pairs.push({ from: before[i++], to: after[j++] });
    else if (i < rows && (j >= columns || at(i + 1, j) >= at(i, j + 1)))
      pairs.push({ from: before[i++], to: undefined });
    else pairs.push({ from: undefined, to: after[j++] });
  }
  return pairs;
}

/** From 0 to 1: how much of two items is the same. Two texts or numbers may always take each other's place. */
function likenessOf(before: unknown, after: unknown): number {
  if (isMap(before) && isMap(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    let [same, there] = [0, 0];
    for (const key of keys) {
      if (Object.hasOwn(before, key) && Object.hasOwn(after, key)) there += 1;
      if (JSON.stringify(ownValue(before, key)) === JSON.stringify(ownValue(after, key))) same += 1;
    }
    return keys.size === 0 ? 1 : (same * 0.8 + there * 0.2) / keys.size;
  }
  if (Array.isArray(before) && Array.isArray(after)) return 0.5;
  return typeof before !== 'object' && typeof after !== 'object' ? 0.1 : 0;
}

/** The second's order, with what only the first has after what it followed there. */
function mergeOrders(before: readonly string[], after: readonly string[]): readonly string[] {
  const inAfter = new Set(after);
  const following = new Map<string | undefined, string[]>();
  let anchor: string | undefined;
  for (const key of before) {
    if (inAfter.has(key)) anchor = key;
    else following.set(anchor, [...(following.get(anchor) ?? []), key]);
  }
  if (following.size === 0) return after;
  return [...(following.get(undefined) ?? []), ...after.flatMap((key) => [key, ...(following.get(key) ?? [])])];
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
