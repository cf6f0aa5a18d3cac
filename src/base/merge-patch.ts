// JSON merge patches (RFC 7386): made from two values, so that what vanished becomes null, and laid over a document.

import { isObject, type Json, type JsonObject } from './json.ts';

/** The merge patch that turns `before` into `after`; undefined when they are equal. Values that are undefined count as absent. */
export function mergePatchOf(before: unknown, after: unknown): JsonObject | undefined {
  const patch: JsonObject = {};
  const old = isObject(before) ? before : {};
  const fresh = isObject(after) ? after : {};
  for (const key of Object.keys(old)) {
    if (old[key] !== undefined && fresh[key] === undefined) patch[key] = null;
  }
  for (const [key, value] of Object.entries(fresh)) {
    if (value === undefined || isEqualJson(old[key], value)) continue;
    const inner = isObject(value) && isObject(old[key]) ? mergePatchOf(old[key], value) : plain(value);
    if (inner !== undefined) patch[key] = inner;
  }
  return Object.keys(patch).length > 0 ? patch : undefined;
}

/**
 * The document with the patch merged in; null removes. Neither input is changed. As API servers do it (evanphx/json-patch,
 * merge.go), which also take nulls out of the objects of lists.
 */
export function applyMergePatch(document: unknown, patch: Readonly<Record<string, unknown>>): Record<string, unknown>;
export function applyMergePatch(document: unknown, patch: unknown): unknown;
export function applyMergePatch(document: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const out: Record<string, unknown> = isObject(document) ? { ...document } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else if (Array.isArray(value) && !isObject(out[key])) out[key] = withoutNulls(value);
    else out[key] = applyMergePatch(out[key], value);
  }
  return out;
}

/** Without the keys whose value is null; a null in a list stays. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutNulls(member)]));
}

/** Whether two JSON values are equal; the order of keys and keys that are undefined do not matter. */
export function isEqualJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isEqualJson(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => isEqualJson(a[key], b[key]));
}

function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}
