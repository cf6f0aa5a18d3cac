// RespectIgnoreDifferences: a target whose ignored fields are what they are in the cluster.

import { isEqualJson } from '../base/equal.ts';
import { isObject } from '../base/json.ts';
import type { KubeObject } from '../kube/object.ts';
import { isKubeObject } from '../kube/parse.ts';
import type { ObjectRules } from './ignore.ts';

/**
 * Live's values in place of Git's, wherever the rules take something away (Argo CD: controller/sync.go, normalizeTargetResources).
 * Fields of ignored managers are left out instead: who does not apply them does not take them away. Never status.
 */
export function respectIgnored(target: KubeObject, live: KubeObject, rules: ObjectRules): KubeObject {
  const { status: _, ...state } = live;
  const before: KubeObject = { ...state, apiVersion: live.apiVersion, kind: live.kind, metadata: live.metadata };
  const { status, ...wanted } = rules.strip(target, live);
  const result = restore(wanted, rules.strip(before, undefined), before);
  const kept = isObject(result) && target.status !== undefined ? { ...result, status: target.status } : result;
  return isKubeObject(kept) ? kept : target;
}

/** `value` with what is missing from `stripped`, as `live` has it. */
function restore(value: unknown, stripped: unknown, live: unknown): unknown {
  if (isEqualJson(stripped, live)) return value;
  if (isObject(live) && isObject(stripped)) {
    const result: Record<string, unknown> = isObject(value) ? { ...value } : {};
    for (const [key, there] of Object.entries(live)) {
      if (!Object.hasOwn(stripped, key)) result[key] = there;
      else if (!isEqualJson(stripped[key], there)) result[key] = restore(result[key], stripped[key], there);
    }
    return result;
  }
  if (Array.isArray(live) && Array.isArray(stripped)) return restoreItems(value, stripped, live);
  return live;
}

/** By the names of the items where all have one, by their places where the lists have one length; otherwise live's list. */
function restoreItems(value: unknown, stripped: readonly unknown[], live: readonly unknown[]): unknown {
  const wanted = Array.isArray(value) ? value : [];
  const [names, left, there] = [namesOf(wanted), namesOf(stripped), namesOf(live)];
  if (!names || !left || !there) {
    const isAligned = wanted.length === live.length && stripped.length === live.length;
    return isAligned ? wanted.map((item, index) => restore(item, stripped[index], live[index])) : live;
  }
  const result = wanted.map((item, index) => {
    const [kept, found] = [left.indexOf(names[index] ?? ''), there.indexOf(names[index] ?? '')];
    if (found < 0) return item;
    return kept < 0 ? live[found] : restore(item, stripped[kept], live[found]);
  });
  const isIgnored = (name: string) => !left.includes(name) && !names.includes(name);
  return [...result, ...live.filter((_, index) => isIgnored(there[index] ?? ''))];
}

function namesOf(items: readonly unknown[]): readonly string[] | undefined {
  const names = items.map((item) => (isObject(item) ? item.name : undefined));
  const texts = names.filter((name) => typeof name === 'string');
  return texts.length === items.length && new Set(texts).size === texts.length ? texts : undefined;
}
