// Many objects of which some differ: which change each is, what it counts, and which are shown. Pure.

import { withoutBookkeeping } from './clean.ts';
import { countRows, diffObjects, type Row, type RowCounts } from './diff-rows.ts';
import { readState } from './read-state.ts';

export interface ObjectDiff {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Objects, or their JSON; undefined, null and `null` where there is none. */
  readonly before: unknown;
  readonly after: unknown;
  /** Why it cannot be told what would become of it. */
  readonly message?: string | undefined;
}

export type Change = 'failed' | 'created' | 'changed' | 'deleted' | 'equal';

export interface ComparedObject extends ObjectDiff {
  /** `group/kind/namespace/name`. */
  readonly key: string;
  readonly change: Change;
  readonly rows: readonly Row[];
  readonly counts: RowCounts;
}

/** What failed first: it has to be looked at. */
const ORDER: readonly Change[] = ['failed', 'deleted', 'changed', 'created', 'equal'];

export function keyOfObject({ group, kind, namespace, name }: Omit<ObjectDiff, 'before' | 'after'>): string {
  return [group, kind, namespace, name].join('/');
}

/**
 * In the order of what matters, then by kind and name. `known`: of the time before; what is as it was then is the same object, and what is
 * open of it stays so.
 */
export function compareAll(
  items: readonly ObjectDiff[],
  known: readonly ComparedObject[] = [],
): readonly ComparedObject[] {
  const before = new Map(known.map((object) => [object.key, object]));
  return items
    .map((item): ComparedObject => {
      const old = before.get(keyOfObject(item));
      return old && isAsBefore(old, item) ? old : compareOne(item);
    })
    .sort(
      (a, b) =>
        ORDER.indexOf(a.change) - ORDER.indexOf(b.change) ||
        a.kind.localeCompare(b.kind) ||
        a.namespace.localeCompare(b.namespace) ||
        a.name.localeCompare(b.name),
    );
}

function isAsBefore(old: ComparedObject, { before, after, message }: ObjectDiff): boolean {
  return old.before === before && old.after === after && old.message === message;
}

function compareOne(item: ObjectDiff): ComparedObject {
  const [before, after] = [item.before, item.after].map((state) => withoutBookkeeping(readNow(state)));
  const rows = diffObjects(before, after);
  const counts = countRows(rows);
  return { ...item, key: keyOfObject(item), rows, counts, change: changeOf(item, before, after, counts) };
}

function changeOf(item: ObjectDiff, before: unknown, after: unknown, counts: RowCounts): Change {
  if (item.message) return 'failed';
  if (before === undefined) return after === undefined ? 'equal' : 'created';
  if (after === undefined) return 'deleted';
  return counts.added + counts.removed + counts.masked > 0 ? 'changed' : 'equal';
}

function readNow(state: unknown): unknown {
  const read = readState(state);
  // YAML takes its reader to be loaded; whoever has YAML brings objects.
  return read instanceof Promise ? { text: state } : read;
}

export type ChangeCounts = Readonly<Record<Change, number>>;

export function countChanges(objects: readonly ComparedObject[]): ChangeCounts {
  const counts = { failed: 0, created: 0, changed: 0, deleted: 0, equal: 0 };
  for (const { change } of objects) counts[change] += 1;
  return counts;
}

/** By words of kind, name and namespace, and of the fields that differ. */
export function findObjects(
  objects: readonly ComparedObject[],
  { text, withEqual }: { readonly text: string; readonly withEqual: boolean },
): readonly ComparedObject[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return objects.filter((object) => {
    if (object.change === 'equal' && !withEqual) return false;
    const name = object.key.toLowerCase();
    return words.every(
      (word) =>
        name.includes(word) ||
        object.rows.some(({ kind, path, text: line }) => {
          return kind !== 'same' && (path.toLowerCase().includes(word) || line.toLowerCase().includes(word));
        }),
    );
  });
}
