// A struct's fields as encoding/json sees them: renamed by their tags, empty ones left out, embedded structs' among them.

import { GoMap, GoNumber, GoSlice, GoStruct, type GoValue } from './value.ts';

export function jsonFields(struct: GoStruct): [string, GoValue][] {
  return [...struct.fields].flatMap(([name, value]): [string, GoValue][] => {
    const tag = struct.tags[name] ?? {};
    if (tag.embedded === true && tag.json === undefined && value instanceof GoStruct) return jsonFields(value);
    return tag.omitEmpty === true && isEmptyValue(value) ? [] : [[tag.json ?? name, value]];
  });
}

/** Go: isEmptyValue; a struct never is. */
function isEmptyValue(value: GoValue): boolean {
  if (value === null || value === false || value === '' || value === 0) return true;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length === 0;
  if (value instanceof GoSlice) return value.items.length === 0;
  if (value instanceof Map) return value.size === 0;
  if (value instanceof GoMap) return value.entries.size === 0;
  return value instanceof GoNumber && Number(value.value) === 0;
}
