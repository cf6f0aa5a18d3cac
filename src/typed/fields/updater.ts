// Who owns which field after a write: the two operations of server-side apply on sets of fields.
//
// Source: structured-merge-diff, merge/update.go.

import type { Atom } from './atom.ts';
import type { ManagedEntry, ManagerInfo } from './managed.ts';
import { managerId } from './managed.ts';
import type { Step } from './path.ts';
import {
  difference,
  EMPTY,
  ensureNamedFields,
  type FieldSet,
  intersection,
  isEmptySet,
  pathsOf,
  recursiveDifference,
  union,
} from './set.ts';
import {
  type Comparison,
  compareTyped,
  fieldSetOfValue,
  mergeTyped,
  reconcileWithSchema,
  removeFields,
} from './typed.ts';

/** A value in one apiVersion, with that version's schema. */
export interface Versioned {
  readonly atom: Atom;
  readonly value: unknown;
}

/** Brings a value from one apiVersion to another; undefined when the target version is not served any more. */
export type Convert = (value: unknown, from: string, to: string) => Versioned | undefined;

export interface WriteContext {
  readonly convert: Convert;
  /** The apiVersion of the request. */
  readonly version: string;
  /** Fields that this endpoint does not let anyone set (`status` on the main one), whole. */
  readonly reset: FieldSet;
}

export interface Conflict {
  readonly manager: ManagedEntry;
  readonly path: readonly Step[];
}

type Entries = Map<string, ManagedEntry>;

/** Ownership after create, update or patch. `self` has taken what changed; nobody else owns it any more. */
export function updateOwners(
  context: WriteContext,
  live: unknown,
  next: unknown,
  managed: ReadonlyMap<string, ManagedEntry>,
  self: ManagerInfo,
): Entries {
  const entries = reconcileAll(context, live, managed);
  const id = managerId(self);
  const { compare } = withdraw(context, live, next, entries, id);
  const own = entries.get(id)?.set ?? EMPTY;
  const set = recursiveDifference(
    union(union(difference(own, compare.removed), compare.modified), compare.added),
    context.reset,
  );
  if (isEmptySet(set)) entries.delete(id);
  else entries.set(id, { ...self, set, time: entries.get(id)?.time });
  return entries;
}

export interface Applied {
  readonly value: unknown;
  readonly managed: Entries;
  readonly conflicts: readonly Conflict[];
}

/** The object and ownership after an apply. With conflicts and without `force`, only `conflicts` counts. */
export function applyOwners(
  context: WriteContext,
  live: unknown,
  config: unknown,
  managed: ReadonlyMap<string, ManagedEntry>,
  self: ManagerInfo,
  force: boolean,
): Applied {
  const entries = reconcileAll(context, live, managed);
  const id = managerId(self);
  const { atom } = convertOrThrow(context, live, context.version);
  const last = entries.get(id);
  const set = recursiveDifference(fieldSetOfValue(atom, config), context.reset);
  entries.set(id, { ...self, set, time: last?.time });
  const merged = mergeTyped(atom, live, config);
  const value = prune(context, merged, entries, last);
  const { conflicts } = withdraw(context, live, value, entries, id, !force);
  return { value, managed: entries, conflicts };
}

function convertOrThrow(context: WriteContext, value: unknown, to: string): Versioned {
  const found = context.convert(value, context.version, to);
  if (!found) throw new Error(`no conversion to ${to}`);
  return found;
}

function reconcileAll(context: WriteContext, live: unknown, managed: ReadonlyMap<string, ManagedEntry>): Entries {
  const out: Entries = new Map();
  for (const [id, entry] of managed) {
    const versioned = context.convert(live, context.version, entry.apiVersion);
    if (versioned) out.set(id, { ...entry, set: reconcileWithSchema(versioned.atom, entry.set) });
  }
  return out;
}

/** Takes from everyone but `self` what changed or went; returns whose fields those were. */
function withdraw(
  context: WriteContext,
  live: unknown,
  next: unknown,
  entries: Entries,
  self: string,
  keepOnConflict = false,
): { compare: Comparison; conflicts: readonly Conflict[] } {
  const comparisons = new Map<string, Comparison>();
  const compareAt = (version: string): Comparison | undefined => {
    const known = comparisons.get(version);
    if (known) return known;
    const before = context.convert(live, context.version, version);
    const after = context.convert(next, context.version, version);
    if (!before || !after) return undefined;
    const made = withoutReset(compareTyped(after.atom, before.value, after.value), context.reset);
    comparisons.set(version, made);
    return made;
  };
  const compare = compareAt(context.version);
  if (!compare) throw new Error(`no schema for ${context.version}`);

  const conflicts: Conflict[] = [];
  const taken: [string, FieldSet][] = [];
  for (const [id, entry] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (id === self) continue;
    const changed = compareAt(entry.apiVersion);
    if (!changed) {
      entries.delete(id);
      continue;
    }
    const conflict = intersection(entry.set, union(changed.modified, changed.added));
    for (const path of pathsOf(conflict)) conflicts.push({ manager: entry, path });
    taken.push([id, conflict], [id, changed.removed]);
  }
  if (keepOnConflict && conflicts.length > 0) return { compare, conflicts };
  for (const [id, set] of taken) {
    const entry = entries.get(id);
    if (entry && !isEmptySet(set)) entries.set(id, { ...entry, set: difference(entry.set, set) });
  }
  for (const [id, entry] of [...entries]) if (isEmptySet(entry.set)) entries.delete(id);
  return { compare, conflicts };
}

function withoutReset(comparison: Comparison, reset: FieldSet): Comparison {
  if (isEmptySet(reset)) return comparison;
  return {
    removed: recursiveDifference(comparison.removed, reset),
    modified: recursiveDifference(comparison.modified, reset),
    added: recursiveDifference(comparison.added, reset),
  };
}

/** Removes what the applier set last time, does not set now, and nobody else owns. */
function prune(context: WriteContext, merged: unknown, entries: Entries, last: ManagedEntry | undefined): unknown {
  if (!last || isEmptySet(last.set)) return merged;
  const version = last.apiVersion;
  const converted = context.convert(merged, context.version, version);
  if (!converted) return merged;
  const { atom } = converted;
  let pruned = removeFields(atom, converted.value, ensureNamedFields(last.set, atom));
  pruned = addBackOwned(context, converted.value, pruned, version, entries);
  // What the applier did not own before stays: items without an owner, or of updaters.
  const prunedSet = ensureNamedFields(fieldSetOfValue(atom, pruned ?? null), atom);
  const mergedSet = ensureNamedFields(fieldSetOfValue(atom, converted.value), atom);
  const lastSet = ensureNamedFields(last.set, atom);
  pruned = removeFields(atom, converted.value, intersection(difference(mergedSet, prunedSet), lastSet));
  return context.convert(pruned, version, context.version)?.value;
}

function addBackOwned(
  context: WriteContext,
  mergedAtVersion: unknown,
  prunedAtVersion: unknown,
  version: string,
  entries: Entries,
): unknown {
  const managedAt = new Map<string, FieldSet>();
  for (const entry of entries.values())
    managedAt.set(entry.apiVersion, union(managedAt.get(entry.apiVersion) ?? EMPTY, entry.set));
  let merged = mergedAtVersion;
  let pruned = prunedAtVersion;
  let here = version;
  const order = [version, ...[...managedAt.keys()].filter((other) => other !== version)];
  for (const next of order) {
    const managed = managedAt.get(next);
    if (!managed) continue;
    const mergedThere = context.convert(merged, here, next);
    const prunedThere = context.convert(pruned, here, next);
    if (!mergedThere || !prunedThere) continue;
    const { atom } = mergedThere;
    const mergedSet = ensureNamedFields(fieldSetOfValue(atom, mergedThere.value), atom);
    const prunedSet = ensureNamedFields(fieldSetOfValue(atom, prunedThere.value ?? null), atom);
    const keep = union(prunedSet, ensureNamedFields(managed, atom));
    merged = mergedThere.value;
    pruned = removeFields(atom, merged, difference(mergedSet, keep));
    here = next;
  }
  return context.convert(pruned, here, version)?.value;
}
