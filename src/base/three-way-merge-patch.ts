// The JSON merge patch between three states, for kinds without a struct (k8s.io/apimachinery: pkg/util/jsonmergepatch).

import { isObject, type Json, type JsonObject } from './json.ts';
import { mergePatchOf, withoutNulls } from './merge-patch.ts';

type Obj = Readonly<Record<string, unknown>>;

/** The patch by which `current` gets what `modified` says and loses what only `original` said. */
export function threeWayMergePatch(original: Obj, modified: Obj, current: Obj): JsonObject {
  const changes = filterNulls(mergePatchOf(current, modified) ?? {}, false);
  const deletions = filterNulls(mergePatchOf(original, modified) ?? {}, true);
  return join(deletions, changes);
}

/** Only the nulls of a patch, or all but them. A map that is left empty by it says nothing; one that was empty is a value. */
function filterNulls(patch: JsonObject, keeps: boolean): JsonObject {
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      if (keeps) result[key] = null;
    } else if (isPatch(value) && Object.keys(value).length > 0) {
      const inner = filterNulls(value, keeps);
      if (Object.keys(inner).length > 0) result[key] = inner;
    } else if (!keeps) result[key] = value;
  }
  return result;
}

function join(deletions: JsonObject, changes: JsonObject): JsonObject {
  const result = { ...deletions };
  for (const [key, value] of Object.entries(changes)) {
    const own = result[key];
    result[key] = isPatch(own) && isPatch(value) ? join(own, value) : pruned(value);
  }
  return result;
}

function pruned(value: Json): Json {
  return JSON.parse(JSON.stringify(withoutNulls(value)));
}

function isPatch(value: unknown): value is JsonObject {
  return isObject(value);
}
