// Where two states of an object differ, field by field.

import { isEqualJson } from '../base/equal.ts';
import { isObject } from '../base/json.ts';

/** One field that is set, changed or taken away; a whole item or map where it is new or gone. */
export interface FieldChange {
  /** A JSON pointer, as ignoreDifferences takes it. Items are counted in the state after, and in the one before where they are gone. */
  readonly path: string;
  /** Left out where there was nothing. */
  readonly before?: unknown;
  /** Left out where there will be nothing. */
  readonly after?: unknown;
}

/** The fields that tell items of a list apart, of which the first that all have is taken (most are patchMergeKeys of built-in types). */
const ITEM_KEYS = [
  'name',
  'mountPath',
  'devicePath',
  'containerPort',
  'port',
  'ip',
  'topologyKey',
  'uid',
  'key',
  'type',
];

/** By name; of lists, what is new comes last. Items are found again by such a field, or else by place. */
export function fieldChanges(before: unknown, after: unknown): readonly FieldChange[] {
  return changesAt('', before, after);
}

function changesAt(path: string, before: unknown, after: unknown): readonly FieldChange[] {
  if (isEqualJson(before, after)) return [];
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => changesAt(`${path}/${escapeStep(key)}`, before[key], after[key]));
  }
  if (Array.isArray(before) && Array.isArray(after)) return itemChanges(path, before, after);
  return [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

function itemChanges(path: string, before: readonly unknown[], after: readonly unknown[]): readonly FieldChange[] {
  const key = ITEM_KEYS.find((name) => isKey(name, before) && isKey(name, after));
  const placeIn = (items: readonly unknown[], item: unknown, place: number) => {
    if (key === undefined) return place < items.length ? place : -1;
    return items.findIndex((other) => isEqualJson(fieldOf(other, key), fieldOf(item, key)));
  };
  const left = before.flatMap((item, place) => {
    const found = placeIn(after, item, place);
    return changesAt(`${path}/${found < 0 ? place : found}`, item, found < 0 ? undefined : after[found]);
  });
  const added = after.flatMap((item, place) => {
    return placeIn(before, item, place) < 0 ? changesAt(`${path}/${place}`, undefined, item) : [];
  });
  const changes = [...left, ...added];
  // Without one they are the same items in another order.
  return changes.length > 0 ? changes : [{ path, before, after }];
}

function isKey(name: string, items: readonly unknown[]): boolean {
  const values = items.map((item) => fieldOf(item, name));
  return values.every((value) => value !== undefined) && new Set(values).size === values.length;
}

function fieldOf(item: unknown, key: string): unknown {
  return isObject(item) ? item[key] : undefined;
}

function escapeStep(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
