// Values with a schema: checking them, listing their fields, merging, comparing, removing. The heart of server-side apply.
//
// Source: structured-merge-diff, typed/{validate,tofieldset,merge,compare,remove,reconcile_schema}.go. `undefined` is its nil
// (no value), `null` its explicit null. Long, because these walks only make sense beside each other.

import { isObject } from '../../base/json.ts';
import { equalJson } from '../equal.ts';
import { type Atom, type AtomList, type AtomMap, deduceAtom, memberAtom, type Scalar, stepOfElement } from './atom.ts';
import { formatGo, formatGoSharp, goTypeOf } from './go-format.ts';
import { fieldStep, formatStep, type Step } from './path.ts';
import {
  below,
  EMPTY,
  type FieldSet,
  FieldSetBuilder,
  fieldSetOf,
  isEmptySet,
  isMember,
  recursiveDifference,
  union,
} from './set.ts';

type Obj = Record<string, unknown>;

/** A problem and where it is; `formatTypeErrors` writes them as the API server does. */
export interface TypeProblem {
  readonly path: string;
  readonly message: string;
}

/** The text of one problem, or of several under `errors:`. */
export function formatTypeErrors(problems: readonly TypeProblem[]): string {
  const lines = problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  return lines.length === 1 ? (lines[0] ?? '') : ['errors:', ...lines.map((line) => `  ${line}`)].join('\n');
}

/** Whether a value fits its schema. `allowDuplicates` is for live objects, which validation may have let through. */
export function validateTyped(atom: Atom, value: unknown, allowDuplicates = false): TypeProblem[] {
  return validate(atom, value, '', allowDuplicates);
}

function validate(schema: Atom, value: unknown, path: string, allowDuplicates: boolean): TypeProblem[] {
  const atom = deduceAtom(schema, value);
  if (value === null || value === undefined) return [];
  if (atom.map) {
    if (!isObject(value)) return [{ path, message: `expected map, got &{${formatGo(value)}}` }];
    return validateMap(atom.map, value, path, allowDuplicates);
  }
  if (atom.scalar) {
    const message = scalarProblem(atom.scalar, value);
    return message === undefined ? [] : [{ path, message }];
  }
  if (!atom.list) return [];
  if (!Array.isArray(value)) return [{ path, message: `expected list, got &{${formatGo(value)}}` }];
  return validateList(atom.list, value, path, allowDuplicates);
}

function validateMap(map: AtomMap, value: Obj, path: string, allowDuplicates: boolean): TypeProblem[] {
  const problems: TypeProblem[] = [];
  for (const [key, member] of Object.entries(value)) {
    const here = `${path}.${key}`;
    const atom = memberAtom(map, key);
    if (!atom) {
      problems.push({ path: here, message: 'field not declared in schema' });
      return problems;
    }
    problems.push(...validate(atom, member, here, allowDuplicates));
  }
  return problems;
}

function validateList(
  list: AtomList,
  value: readonly unknown[],
  path: string,
  allowDuplicates: boolean,
): TypeProblem[] {
  const problems: TypeProblem[] = [];
  const seen = new Set<Step>();
  const element = list.element();
  for (const [index, item] of value.entries()) {
    let step = `i:${index}`;
    if (list.associative) {
      try {
        step = stepOfElement(list, item);
      } catch (error) {
        problems.push({ path, message: `element ${index}: ${error instanceof Error ? error.message : error}` });
        return problems;
      }
      if (seen.has(step) && !allowDuplicates)
        problems.push({ path, message: `duplicate entries for key ${formatStep(step)}` });
      seen.add(step);
    }
    problems.push(...validate(element, item, `${path}${formatStep(step)}`, allowDuplicates));
  }
  return problems;
}

function scalarProblem(scalar: Scalar, value: unknown): string | undefined {
  switch (scalar) {
    case 'numeric':
      return typeof value === 'number' ? undefined : `expected numeric (int or float), got ${goTypeOf(value)}`;
    case 'string':
      return typeof value === 'string'
        ? undefined
        : `expected string, got &value.valueUnstructured{Value:${formatGoSharp(value)}}`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, got &{${formatGo(value)}}`;
    default:
      return typeof value === 'object' ? `expected any scalar, got &{${formatGo(value)}}` : undefined;
  }
}

/** Every leaf and every item that a value mentions. */
export function fieldSetOfValue(atom: Atom, value: unknown): FieldSet {
  const builder = new FieldSetBuilder();
  collectFields(atom, value, [], builder);
  return builder.build();
}

function collectFields(schema: Atom, value: unknown, path: readonly Step[], into: FieldSetBuilder): void {
  const atom = deduceAtom(schema, value);
  if (atom.map) {
    if (atom.map.atomic) into.insert(path);
    else if (isObject(value)) collectMap(atom.map, value, path, into);
    return;
  }
  if (atom.scalar) {
    into.insert(path);
    return;
  }
  if (!atom.list) return;
  if (!atom.list.associative) into.insert(path);
  else if (Array.isArray(value)) collectList(atom.list, value, path, into);
}

function collectMap(map: AtomMap, value: Obj, path: readonly Step[], into: FieldSetBuilder): void {
  for (const [key, member] of Object.entries(value)) {
    const here = [...path, fieldStep(key)];
    const atom = memberAtom(map, key);
    if (atom) collectFields(atom, member, here, into);
    const isEmpty = member === null || (isObject(member) && Object.keys(member).length === 0);
    if (isEmpty || !map.fields.has(key)) into.insert(here);
  }
}

function collectList(list: AtomList, value: readonly unknown[], path: readonly Step[], into: FieldSetBuilder): void {
  const counts = new Map<Step, number>();
  const steps = value.map((item) => {
    const step = stepOfElement(list, item);
    counts.set(step, (counts.get(step) ?? 0) + 1);
    return step;
  });
  for (const [index, step] of steps.entries()) {
    const here = [...path, step];
    // A key that occurs twice is one item, owned whole.
    if (counts.get(step) === 1) collectFields(list.element(), value[index], here, into);
    into.insert(here);
  }
}

/** Lays `config` over `live`: nothing is removed, config's leaves win, lists keep a stable order. */
export function mergeTyped(schema: Atom, live: unknown, config: unknown): unknown {
  return merge(schema, live, config);
}

function merge(schema: Atom, lhs: unknown, rhs: unknown): unknown {
  const left = deduceAtom(schema, lhs);
  const right = deduceAtom(schema, rhs);
  const atom = rhs === undefined ? left : right;
  const keepRight = () => (rhs !== undefined ? rhs : lhs);
  if (atom.map) {
    const a = isObject(lhs) ? lhs : undefined;
    const b = isObject(rhs) ? rhs : undefined;
    if (atom.map.atomic || (isEmptyMap(a) && isEmptyMap(b))) return keepRight();
    return mergeMaps(atom.map, a ?? {}, b ?? {});
  }
  if (atom.scalar) return keepRight();
  if (!atom.list) return undefined;
  const a = Array.isArray(lhs) ? lhs : [];
  const b = Array.isArray(rhs) ? rhs : [];
  if (!atom.list.associative || (a.length === 0 && b.length === 0)) return keepRight();
  return mergeLists(atom.list, a, b);
}

function isEmptyMap(value: Obj | undefined): boolean {
  return value === undefined || Object.keys(value).length === 0;
}

function mergeMaps(map: AtomMap, lhs: Obj, rhs: Obj): unknown {
  const out: Obj = {};
  for (const key of new Set([...Object.keys(lhs), ...Object.keys(rhs)])) {
    const atom = memberAtom(map, key);
    if (!atom) continue;
    const merged = merge(
      atom,
      Object.hasOwn(lhs, key) ? lhs[key] : undefined,
      Object.hasOwn(rhs, key) ? rhs[key] : undefined,
    );
    if (merged !== undefined) out[key] = merged;
  }
  return Object.keys(out).length > 0 ? out : undefined;
}

/** visitListItems of typed/merge.go: items in the live order while that is possible, in the applied order where it must be. */
function mergeLists(list: AtomList, lhs: readonly unknown[], rhs: readonly unknown[]): unknown {
  const element = list.element();
  const left = lhs.map((item) => stepOfElement(list, item));
  const right = rhs.map((item) => stepOfElement(list, item));
  const leftItems = new Map<Step, unknown>();
  // Items that occur twice are not merged with a new value.
  for (const [index, step] of left.entries()) leftItems.set(step, leftItems.has(step) ? null : lhs[index]);
  const rightItems = new Map<Step, unknown>(right.map((step, index) => [step, rhs[index]]));
  const shared = right.filter((step) => leftItems.has(step));
  let nextShared = shared.shift();
  const done = new Set<Step>();
  const out: unknown[] = [];
  const take = (step: Step) => {
    done.add(step);
    push(out, merge(element, leftItems.get(step), rightItems.get(step)));
  };
  let l = 0;
  let r = 0;
  while (l < left.length || r < right.length) {
    const leftStep = left[l];
    const rightStep = right[r];
    if (leftStep !== undefined && rightStep !== undefined) {
      if (leftStep === rightStep) {
        take(leftStep);
        l++;
        r++;
        nextShared = shared.shift();
        continue;
      }
      if (rightItems.has(leftStep) && nextShared !== undefined && nextShared !== leftStep) {
        l++;
        continue;
      }
    }
    if (leftStep !== undefined) {
      if (!rightItems.has(leftStep)) {
        push(out, merge(element, lhs[l], undefined));
        l++;
        continue;
      }
      if (done.has(leftStep)) l++;
    }
    if (rightStep !== undefined) {
      take(rightStep);
      r++;
      if (nextShared === rightStep) nextShared = shared.shift();
    }
  }
  return out.length > 0 ? out : undefined;
}

function push(out: unknown[], value: unknown): void {
  if (value !== undefined) out.push(value);
}

export interface Comparison {
  readonly removed: FieldSet;
  readonly modified: FieldSet;
  readonly added: FieldSet;
}

interface Differences {
  readonly removed: FieldSetBuilder;
  readonly modified: FieldSetBuilder;
  readonly added: FieldSetBuilder;
}

/** What changed from `lhs` to `rhs`, as sets of fields. */
export function compareTyped(schema: Atom, lhs: unknown, rhs: unknown): Comparison {
  const into: Differences = {
    removed: new FieldSetBuilder(),
    modified: new FieldSetBuilder(),
    added: new FieldSetBuilder(),
  };
  compare(schema, lhs, rhs, [], into);
  return { removed: into.removed.build(), modified: into.modified.build(), added: into.added.build() };
}

function compare(schema: Atom, lhs: unknown, rhs: unknown, path: readonly Step[], into: Differences): void {
  const left = deduceAtom(schema, lhs);
  const right = deduceAtom(schema, rhs);
  const both = lhs !== undefined && rhs !== undefined;
  // A value that changes its kind (a string becomes an object): both shapes are walked.
  if (both && kindOf(left) !== kindOf(right)) walk(left, lhs, rhs, path, into);
  const inLeaf = walk(rhs === undefined ? left : right, lhs, rhs, path, into);
  if (inLeaf) return;
  if (lhs === undefined) into.added.insert(path);
  else if (rhs === undefined) into.removed.insert(path);
}

function kindOf(atom: Atom): string {
  return `${atom.scalar ?? ''}${atom.list ? 'l' : ''}${atom.map ? 'm' : ''}`;
}

/** Returns true when the value was one leaf. */
function walk(atom: Atom, lhs: unknown, rhs: unknown, path: readonly Step[], into: Differences): boolean {
  const leaf = () => {
    if (lhs === undefined) into.added.insert(path);
    else if (rhs === undefined) into.removed.insert(path);
    else if (!equalJson(lhs, rhs)) into.modified.insert(path);
    return true;
  };
  if (atom.map) {
    const a = isObject(lhs) ? lhs : undefined;
    const b = isObject(rhs) ? rhs : undefined;
    if (atom.map.atomic || (isEmptyMap(a) && isEmptyMap(b))) return leaf();
    compareMaps(atom.map, a ?? {}, b ?? {}, path, into);
    return false;
  }
  if (atom.scalar) return leaf();
  if (!atom.list) return false;
  const a = Array.isArray(lhs) ? lhs : [];
  const b = Array.isArray(rhs) ? rhs : [];
  if (!atom.list.associative || (a.length === 0 && b.length === 0)) return leaf();
  compareLists(atom.list, a, b, path, into);
  return false;
}

function compareMaps(map: AtomMap, lhs: Obj, rhs: Obj, path: readonly Step[], into: Differences): void {
  for (const key of new Set([...Object.keys(lhs), ...Object.keys(rhs)])) {
    const atom = memberAtom(map, key);
    if (!atom) continue;
    const a = Object.hasOwn(lhs, key) ? lhs[key] : undefined;
    const b = Object.hasOwn(rhs, key) ? rhs[key] : undefined;
    if (a !== undefined || b !== undefined) compare(atom, a, b, [...path, fieldStep(key)], into);
  }
}

function compareLists(
  list: AtomList,
  lhs: readonly unknown[],
  rhs: readonly unknown[],
  path: readonly Step[],
  into: Differences,
): void {
  const left = groupByStep(list, lhs);
  const right = groupByStep(list, rhs);
  const element = list.element();
  for (const step of new Set([...left.keys(), ...right.keys()])) {
    const a = left.get(step) ?? [];
    const b = right.get(step) ?? [];
    const here = [...path, step];
    if (a.length <= 1 && b.length <= 1) compare(element, a[0], b[0], here, into);
    else if (a.length >= 2 && b.length >= 2) {
      if (!equalJson(a, b)) into.modified.insert(here);
    } else if (a.length >= 2) {
      if (b.length > 0) compare(element, undefined, b[0], here, into);
      into.removed.insert(here);
    } else {
      if (a.length > 0) compare(element, a[0], undefined, here, into);
      into.added.insert(here);
    }
  }
}

function groupByStep(list: AtomList, items: readonly unknown[]): Map<Step, unknown[]> {
  const out = new Map<Step, unknown[]>();
  for (const item of items) {
    const step = stepOfElement(list, item);
    const known = out.get(step);
    if (known) known.push(item);
    else out.set(step, [item]);
  }
  return out;
}

/** The value without the fields and items of a set. Atomic values are not entered. */
export function removeFields(schema: Atom, value: unknown, remove: FieldSet): unknown {
  if (isEmptySet(remove)) return value;
  const atom = deduceAtom(schema, value);
  if (atom.map) {
    if (!isObject(value) || Object.keys(value).length === 0 || atom.map.atomic) return undefined;
    return removeFromMap(atom.map, value, remove);
  }
  if (atom.scalar) return value;
  if (!atom.list || !Array.isArray(value) || value.length === 0 || !atom.list.associative) return undefined;
  const list = atom.list;
  const kept: unknown[] = [];
  for (const item of value) {
    const step = stepOfElement(list, item);
    if (isMember(remove, step)) continue;
    const inner = below(remove, step);
    kept.push(isEmptySet(inner) ? item : removeFields(list.element(), item, inner));
  }
  return kept.length > 0 ? kept : undefined;
}

function removeFromMap(map: AtomMap, value: Obj, remove: FieldSet): unknown {
  const out: Obj = {};
  for (const [key, member] of Object.entries(value)) {
    const step = fieldStep(key);
    if (isMember(remove, step)) continue;
    const inner = below(remove, step);
    const atom = memberAtom(map, key);
    // Go keeps the key with a nil value when everything below it went; the decoder then reads that as absent.
    const kept = isEmptySet(inner) || !atom ? member : (removeFields(atom, member, inner) ?? null);
    out[key] = kept;
  }
  return Object.keys(out).length > 0 ? out : undefined;
}

/** Brings a recorded set in line with a schema that has become atomic since it was recorded. */
export function reconcileWithSchema(schema: Atom, set: FieldSet): FieldSet {
  const changes: { path: readonly Step[] }[] = [];
  reconcile(schema, set, [], false, changes);
  if (changes.length === 0) return set;
  const paths = fieldSetOf(...changes.map(({ path }) => path));
  return union(recursiveDifference(set, paths), paths);
}

function reconcile(
  atom: Atom,
  set: FieldSet,
  path: readonly Step[],
  isLeaf: boolean,
  changes: { path: readonly Step[] }[],
): void {
  if (atom.map) {
    const { map } = atom;
    if (map.fields.size === 0 && map.element?.().scalar === 'untyped') return;
    if (!isLeaf && map.atomic) {
      if (!isEmptySet(set)) changes.push({ path });
      return;
    }
    for (const [step, node] of set) {
      const inner = memberAtom(map, step.slice(2));
      if (inner) reconcile(inner, node.below, [...path, step], node.member && node.below.size === 0, changes);
    }
    return;
  }
  if (atom.scalar || !atom.list) return;
  if (!isLeaf && !atom.list.associative) {
    changes.push({ path });
    return;
  }
  for (const [step, node] of set)
    reconcile(atom.list.element(), node.below, [...path, step], node.member && node.below.size === 0, changes);
}

export { EMPTY };
