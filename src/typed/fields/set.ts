// A set of fields: a tree of steps, where each may be a member, have members below it, or both.
//
// Source of the semantics: structured-merge-diff, fieldpath/set.go. Sets are values: no function here changes its input.

import { isObject, type JsonObject } from '../../base/json.ts';
import type { Atom } from './atom.ts';
import { compareSteps, fieldName, parseStep, type Step } from './path.ts';

export interface FieldNode {
  readonly member: boolean;
  readonly below: FieldSet;
}
export type FieldSet = ReadonlyMap<Step, FieldNode>;

export const EMPTY: FieldSet = new Map();

/** Collects paths into a set. */
export class FieldSetBuilder {
  readonly #root = new Map<Step, { member: boolean; below: Map<Step, unknown> }>();

  /** The empty path, the whole object, is nobody's and is not recorded. */
  insert(path: readonly Step[]): void {
    let level = this.#root;
    for (const [index, step] of path.entries()) {
      let node = level.get(step);
      if (!node) {
        node = { member: false, below: new Map() };
        level.set(step, node);
      }
      if (index === path.length - 1) node.member = true;
      level = node.below as typeof level;
    }
  }

  build(): FieldSet {
    return this.#root as FieldSet;
  }
}

export function fieldSetOf(...paths: readonly (readonly Step[])[]): FieldSet {
  const builder = new FieldSetBuilder();
  for (const path of paths) builder.insert(path);
  return builder.build();
}

export function isEmptySet(set: FieldSet): boolean {
  for (const node of set.values()) if (node.member || !isEmptySet(node.below)) return false;
  return true;
}

export function hasPath(set: FieldSet, path: readonly Step[]): boolean {
  let level = set;
  for (const [index, step] of path.entries()) {
    const node = level.get(step);
    if (!node) return false;
    if (index === path.length - 1) return node.member;
    level = node.below;
  }
  return false;
}

export function isMember(set: FieldSet, step: Step): boolean {
  return set.get(step)?.member === true;
}

/** The paths that begin with a step, without it. */
export function below(set: FieldSet, step: Step): FieldSet {
  return set.get(step)?.below ?? EMPTY;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  const out = new Map(a);
  for (const [step, node] of b) {
    const own = out.get(step);
    out.set(step, own ? { member: own.member || node.member, below: union(own.below, node.below) } : node);
  }
  return out;
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const out = new Map<Step, FieldNode>();
  for (const [step, node] of a) {
    const other = b.get(step);
    if (other) keep(out, step, node.member && other.member, intersection(node.below, other.below));
  }
  return out;
}

/** Members of `a` that are not members of `b`; a parent in `b` takes no child from `a`. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  const out = new Map<Step, FieldNode>();
  for (const [step, node] of a) {
    const other = b.get(step);
    if (other) keep(out, step, node.member && !other.member, difference(node.below, other.below));
    else out.set(step, node);
  }
  return out;
}

/** The same, but a parent in `b` takes its children too. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  const out = new Map<Step, FieldNode>();
  for (const [step, node] of a) {
    const other = b.get(step);
    if (!other) out.set(step, node);
    else if (!other.member) keep(out, step, node.member, recursiveDifference(node.below, other.below));
  }
  return out;
}

function keep(out: Map<Step, FieldNode>, step: Step, member: boolean, children: FieldSet): void {
  if (member || !isEmptySet(children)) out.set(step, { member, below: children });
}

/** Adds the named fields on the way to members: they belong to whoever owns something below (EnsureNamedFieldsAreMembers). */
export function ensureNamedFields(set: FieldSet, atom: Atom | undefined): FieldSet {
  const out = new Map<Step, FieldNode>();
  for (const [step, node] of set) {
    const name = fieldName(step);
    const declared = name === undefined ? undefined : atom?.map?.fields.get(name);
    const child = declared?.type() ?? (name === undefined ? atom?.list?.element() : atom?.map?.element?.());
    out.set(step, {
      member: node.member || (declared !== undefined && node.below.size > 0),
      below: ensureNamedFields(node.below, child),
    });
  }
  return out;
}

/** Every member, parents before children, in FieldsV1's order. */
export function* pathsOf(set: FieldSet, prefix: readonly Step[] = []): Generator<readonly Step[]> {
  const steps = [...set.keys()].sort(compareSteps);
  for (const step of steps) if (set.get(step)?.member) yield [...prefix, step];
  for (const step of steps) yield* pathsOf(below(set, step), [...prefix, step]);
}

/** Equal when they have the same members. */
export function equalSets(a: FieldSet, b: FieldSet): boolean {
  return isEmptySet(difference(a, b)) && isEmptySet(difference(b, a));
}

/** FieldsV1: `{"f:spec":{"f:replicas":{}}}`; `"."` marks a member that has members below it. */
export function formatFieldsV1(set: FieldSet): JsonObject {
  const out: JsonObject = {};
  for (const step of [...set.keys()].sort(compareSteps)) {
    const node = set.get(step);
    if (!node) continue;
    const children = formatFieldsV1(node.below);
    if (Object.keys(children).length > 0) out[step] = node.member ? { '.': {}, ...children } : children;
    else if (node.member) out[step] = {};
  }
  return out;
}

/** Reads FieldsV1. Steps of an unknown kind are dropped, as the API server does. Throws on steps that are no JSON. */
export function parseFieldsV1(fields: unknown): FieldSet {
  const out = new Map<Step, FieldNode>();
  if (!isObject(fields)) return out;
  for (const [text, value] of Object.entries(fields)) {
    if (text === '.') continue;
    const step = parseStep(text);
    if (step === undefined) continue;
    const children = parseFieldsV1(value);
    const isLeaf = !isObject(value) || Object.keys(value).length === 0;
    out.set(step, { member: isLeaf || (isObject(value) && '.' in value), below: children });
  }
  return out;
}
