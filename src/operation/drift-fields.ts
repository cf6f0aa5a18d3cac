// Which fields that are Git's a write changes, by what the object says about who owns what. Pure.

import { isEqualJson } from '../base/equal.ts';
import { at, isObject } from '../base/json.ts';
import { territoryOf } from '../compare/drift.ts';
import { type FieldChange, fieldChanges } from '../compare/field-changes.ts';
import { LAST_APPLIED } from '../kube/last-applied.ts';
import { type FieldSet, fieldAt, isEmptySet, ownedFields } from '../kube/managed-fields.ts';
import type { KubeObject } from '../kube/object.ts';
import { FIELD_MANAGER } from './road.ts';

/**
 * Of an object that was as Git says: the fields that hawser applied, and what is added where nobody else has a say (design 5.2). Of any
 * other one: all of its content, since that may put it right, too.
 */
export function touchedFields(before: KubeObject, object: KubeObject, wasSynced: boolean): readonly FieldChange[] {
  const owned = ownedFields(before, ({ manager, subresource }) => manager === FIELD_MANAGER && subresource === '');
  if (!wasSynced || isEmptySet(owned)) return fieldChanges(content(before), content(object));
  const changes = changedOwned(owned, before, object, '');
  const added = territoryOf(before).flatMap((path) =>
    changesAt(path, at(before, ...path), at(object, ...path)).filter(
      ({ path: place }) => !changes.some((change) => isWithin(place, change.path) || isWithin(change.path, place)),
    ),
  );
  return [...changes, ...added];
}

function changesAt(path: readonly string[], before: unknown, after: unknown): readonly FieldChange[] {
  const prefix = path.map((step) => `/${escapeStep(step)}`).join('');
  return fieldChanges(before, after).map((change) => ({ ...change, path: prefix + change.path }));
}

function isWithin(path: string, other: string): boolean {
  return path === other || path.startsWith(`${other}/`);
}

function changedOwned(owned: FieldSet, before: unknown, after: unknown, path: string): readonly FieldChange[] {
  if (isEqualJson(before ?? null, after ?? null)) return [];
  if (owned.children.size === 0 || after === undefined || after === null) {
    return fieldChanges(before, after).map((change) => ({ ...change, path: path + change.path }));
  }
  return [...owned.children].flatMap(([step, child]) => {
    const there = fieldAt(before, step);
    return changedOwned(child, there, fieldAt(after, step), `${path}/${nameOf(step, before, there)}`);
  });
}

/** The step of a JSON pointer: items of lists by their place before the write. */
function nameOf(step: string, list: unknown, item: unknown): string {
  if (step.startsWith('f:')) return escapeStep(step.slice(2));
  return Array.isArray(list) ? String(list.indexOf(item)) : escapeStep(step);
}

function escapeStep(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** An object without what the API server and controllers keep in it. */
function content({ status: _, metadata, ...rest }: KubeObject): Readonly<Record<string, unknown>> {
  const { labels, annotations } = metadata;
  const named = isObject(annotations) ? Object.entries(annotations).filter(([name]) => !OF_TOOLS.includes(name)) : [];
  return { ...rest, metadata: { labels: labels ?? {}, annotations: Object.fromEntries(named) } };
}

const OF_TOOLS: readonly string[] = [LAST_APPLIED, 'deployment.kubernetes.io/revision'];
