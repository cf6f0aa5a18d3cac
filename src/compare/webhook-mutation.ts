// What a dry run changes without Git asking for it: mutating webhooks, and defaults that came with a newer API server. It is no
// difference, unless `IncludeMutationWebhook=true` (Argo CD: gitops-engine pkg/diff/diff.go, removeWebhookMutation).

import { ANNOTATION, annotationList } from '../application/annotations.ts';
import { isEqualJson } from '../base/equal.ts';
import { at, isObject } from '../base/json.ts';
import { isPredecessor } from '../kube/adoption.ts';
import { type FieldSet, matchesStep, ownedFields, unionFields } from '../kube/managed-fields.ts';
import type { KubeObject } from '../kube/object.ts';
import { isKubeObject } from '../kube/parse.ts';

/** The Application's own `compare-options`, or those of the object in Git. */
export function includesMutations(target: KubeObject, compareOptions: readonly string[]): boolean {
  const option = 'IncludeMutationWebhook=true';
  return compareOptions.includes(option) || annotationList(target, ANNOTATION.compareOptions).includes(option);
}

/**
 * `predicted` with only those changes to `live` that are the apply's own: fields that `manager` (or who applied before it) owns in
 * either. Everything else is as it is live, what a webhook would put in now as well as what it has put in before. Of lists
 * without keys that nobody but Git fills, the whole counts.
 */
export function withoutMutations(
  target: KubeObject,
  live: KubeObject,
  predicted: KubeObject,
  manager: string,
): KubeObject {
  const ours = (object: KubeObject) =>
    ownedFields(object, (entry) => isPredecessor(entry) || (entry.manager === manager && entry.subresource === ''));
  const result = ownChanges(live, predicted, target, unionFields(ours(live), ours(predicted)));
  return isKubeObject(result) ? { ...result, apiVersion: predicted.apiVersion, kind: predicted.kind } : predicted;
}

/** undefined for what the apply takes away. */
function ownChanges(live: unknown, predicted: unknown, target: unknown, owned: FieldSet): unknown {
  if (predicted === undefined) return undefined;
  if (owned.children.size === 0) {
    // An empty map in Git (`securityContext: {}`, `annotations:` with nothing behind it) is often left for others to fill.
    const isOpen = isObject(predicted) && (target === null || (isObject(target) && Object.keys(target).length === 0));
    if (isOpen) return isObject(live) ? live : target === null ? undefined : {};
    return predicted;
  }
  if (Array.isArray(predicted)) return ownItems(listOf(live), predicted, listOf(target), owned);
  if (!isObject(predicted)) return predicted;
  const before = isObject(live) ? live : {};
  const result: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(predicted), ...Object.keys(before)])) {
    const child = owned.children.get(`f:${key}`);
    // What the answer has no more really goes, whoever had put it in.
    if (!Object.hasOwn(predicted, key)) continue;
    const value = child ? ownChanges(before[key], predicted[key], at(target, key), child) : before[key];
    if (value !== undefined) result[key] = value;
  }
  return result;
}

/** Ours in the order of `predicted`, at the places that ours have live; what others have there stays between them. */
function ownItems(
  live: readonly unknown[],
  predicted: readonly unknown[],
  target: readonly unknown[],
  owned: FieldSet,
): unknown[] {
  const steps = [...owned.children];
  if (steps.some(([step]) => !/^[kv]:/.test(step))) return [...predicted];
  const keys = keysOf(steps[0]?.[0] ?? '');
  const stepOf = (item: unknown, index: number) => steps.find(([step]) => matchesStep(step, item, index));
  const ours = predicted.flatMap((item, index) => {
    const [step, child] = stepOf(item, index) ?? [];
    if (step === undefined || child === undefined) return [];
    const before = live.find((other, place) => matchesStep(step, other, place));
    const wanted = target.find((other) => isSameItem(item, other, keys, true));
    const kept = ownChanges(before, item, wanted, child);
    // A key that has a default tells the item apart, whoever owns it.
    return [isObject(kept) ? { ...Object.fromEntries(keys.map((key) => [key, at(item, key)])), ...kept } : kept];
  });
  let taken = 0;
  const result = live.flatMap((item, index) => {
    if (stepOf(item, index)) return taken < ours.length ? [ours[taken++]] : [];
    return predicted.some((other) => isSameItem(item, other, keys, false)) ? [item] : [];
  });
  return [...result, ...ours.slice(taken)];
}

/** The names of the keys by which the list's items are told apart; none where they are so by value. */
function keysOf(step: string): readonly string[] {
  const value: unknown = step.startsWith('k:') ? JSON.parse(step.slice(2)) : undefined;
  return isObject(value) ? Object.keys(value) : [];
}

/** `sparse`: Git may leave out keys that have a default. */
function isSameItem(item: unknown, other: unknown, keys: readonly string[], sparse: boolean): boolean {
  if (keys.length === 0) return isEqualJson(item, other);
  const given = sparse ? keys.filter((key) => at(other, key) !== undefined) : keys;
  return given.length > 0 && given.every((key) => isEqualJson(at(item, key), at(other, key)));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
