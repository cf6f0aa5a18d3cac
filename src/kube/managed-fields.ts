// Who owns which field of an object: metadata.managedFields, as sets of paths (structured-merge-diff's FieldsV1).

import { isEqualJson } from '../base/equal.ts';
import { at, isObject, type Json, stringAt } from '../base/json.ts';
import type { KubeObject } from './object.ts';

/**
 * A set of paths as a tree. A step is FieldsV1's own text: `f:name` (a key), `k:{"name":"a"}` (the list item with these keys),
 * `v:"x"` (the item of this value), `i:0` (the item at this index).
 */
export interface FieldSet {
  /** The path to here is itself in the set. */
  readonly member: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;
}

export interface ManagedFieldsEntry {
  readonly manager: string;
  /** `Apply` or `Update`. */
  readonly operation: string;
  readonly apiVersion: string;
  readonly subresource: string;
  readonly fieldsV1: unknown;
}

export const EMPTY: FieldSet = { member: false, children: new Map() };

/** One for each entry of `metadata.managedFields`, in order. */
export function managedFieldsOf(object: KubeObject): readonly ManagedFieldsEntry[] {
  return (object.metadata.managedFields ?? []).map((entry) => ({
    manager: stringAt(entry, 'manager') ?? '',
    operation: stringAt(entry, 'operation') ?? '',
    apiVersion: stringAt(entry, 'apiVersion') ?? '',
    subresource: stringAt(entry, 'subresource') ?? '',
    fieldsV1: at(entry, 'fieldsV1'),
  }));
}

/** The fields of all entries that `counts` takes. */
export function ownedFields(object: KubeObject, counts: (entry: ManagedFieldsEntry) => boolean): FieldSet {
  return managedFieldsOf(object)
    .filter(counts)
    .reduce((set, entry) => unionFields(set, parseFields(entry.fieldsV1)), EMPTY);
}

export function parseFields(fieldsV1: unknown): FieldSet {
  return parseNode(fieldsV1, false);
}

/** A leaf is `{}`; an inner path that is in the set itself holds `.`. */
function parseNode(value: unknown, isChild: boolean): FieldSet {
  const children = new Map<string, FieldSet>();
  let member = false;
  for (const [step, child] of Object.entries(isObject(value) ? value : {})) {
    if (step === '.') member = true;
    else children.set(step, parseNode(child, true));
  }
  return { member: member || (isChild && children.size === 0), children };
}

export function formatFields(set: FieldSet): Json {
  const entries = [...set.children].map(([step, child]) => [step, formatChild(child)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function formatChild(set: FieldSet): Json {
  const inner = formatFields(set);
  return set.member && set.children.size > 0 && isObject(inner) ? { '.': {}, ...inner } : inner;
}

export function isEmptySet(set: FieldSet): boolean {
  return !set.member && [...set.children.values()].every(isEmptySet);
}

export function unionFields(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map(a.children);
  for (const [step, child] of b.children) {
    const other = children.get(step);
    children.set(step, other ? unionFields(other, child) : child);
  }
  return { member: a.member || b.member, children };
}

/**
 * The paths of `a` that go when those of `b` have to stay: not those in `b`, nor those above them, nor those below an atomic
 * one of `b`.
 */
export function releasedFields(a: FieldSet, b: FieldSet): FieldSet {
  if (b.member && b.children.size === 0) return EMPTY;
  const children = new Map<string, FieldSet>();
  for (const [step, child] of a.children) {
    const other = b.children.get(step);
    const left = other ? releasedFields(child, other) : child;
    if (!isEmptySet(left)) children.set(step, left);
  }
  return { member: a.member && isEmptySet(b), children };
}

/**
 * The set with every field above a member of it: server-side apply takes a struct away whole, defaults and all, once nothing in it
 * is applied any more (structured-merge-diff: EnsureNamedFieldsAreMembers).
 */
export function withParents(set: FieldSet): FieldSet {
  const children = [...set.children].map(([step, child]) => {
    const inner = withParents(child);
    const isParent = step.startsWith('f:') && !isEmptySet(child);
    return [step, isParent ? { ...inner, member: true } : inner] as const;
  });
  return { member: set.member, children: new Map(children) };
}

/** The paths of the set that `value` has. List items are found by those of their keys that the item has. */
export function presentFields(set: FieldSet, value: unknown): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [step, child] of set.children) {
    const found = fieldAt(value, step);
    if (found !== undefined) children.set(step, presentFields(child, found));
  }
  return { member: set.member, children };
}

/** What a step of a field set leads to: a field, or the item of a list that it names. */
export function fieldAt(value: unknown, step: string): unknown {
  if (step.startsWith('f:')) return at(value, step.slice(2));
  if (!Array.isArray(value)) return undefined;
  if (!step.startsWith('k:')) return value.find((item, index) => matchesStep(step, item, index));
  const keys: unknown = JSON.parse(step.slice(2));
  return value.find((item) => {
    if (!isObject(keys) || !isObject(item)) return false;
    const given = Object.entries(keys).filter(([key]) => Object.hasOwn(item, key));
    return given.length > 0 && given.every(([key, wanted]) => isEqualJson(item[key], wanted));
  });
}

/** A copy of `value` without the paths of the set and all below them (structured-merge-diff: RemoveItems). */
export function withoutFields(value: unknown, set: FieldSet): unknown {
  if (set.children.size === 0) return value;
  if (Array.isArray(value)) return withoutItems(value, set);
  if (!isObject(value)) return value;
  const result: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) {
    const child = set.children.get(`f:${key}`);
    if (!child) result[key] = field;
    else if (!child.member) result[key] = withoutFields(field, child);
  }
  return result;
}

function withoutItems(items: readonly unknown[], set: FieldSet): unknown[] {
  return items.flatMap((item, index) => {
    const found = [...set.children].find(([step]) => matchesStep(step, item, index));
    if (!found) return [item];
    const [, child] = found;
    return child.member ? [] : [withoutFields(item, child)];
  });
}

/** Whether a step of a field set names this item of a list. */
export function matchesStep(step: string, item: unknown, index: number): boolean {
  const text = step.slice(2);
  if (step.startsWith('i:')) return Number(text) === index;
  if (step.startsWith('v:')) return isEqualJson(JSON.parse(text), item);
  if (!step.startsWith('k:') || !isObject(item)) return false;
  const keys: unknown = JSON.parse(text);
  return isObject(keys) && Object.entries(keys).every(([key, value]) => isEqualJson(item[key], value));
}
