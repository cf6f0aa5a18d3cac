// JSON merge patches (RFC 7386): made from two values, so that what vanished becomes null, and laid over a document.

import { isEqualJson } from './equal.ts';
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

export type JsonPatchStep =
  | { readonly op: 'add' | 'test'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string };

/**
 * The same change as a JSON patch (RFC 6902) of the value at `path`, which is there: it touches exactly what `mergePatchOf` would.
 * API servers take it in about half the time, since they merge a patch by decoding and encoding the whole object.
 */
export function jsonPatchOf(before: unknown, after: unknown, path: string): readonly JsonPatchStep[] {
  const old = isObject(before) ? before : {};
  const fresh = isObject(after) ? after : {};
  const at = (key: string) => `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const gone = Object.keys(old).filter((key) => old[key] !== undefined && fresh[key] === undefined);
  return [
    ...gone.map((key) => ({ op: 'remove', path: at(key) }) as const),
    ...Object.entries(fresh).flatMap(([key, value]): readonly JsonPatchStep[] => {
      if (value === undefined || isEqualJson(old[key], value)) return [];
      if (isObject(value) && isObject(old[key])) return jsonPatchOf(old[key], value, at(key));
      return [{ op: 'add', path: at(key), value: plain(value) }];
    }),
  ];
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

function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}
