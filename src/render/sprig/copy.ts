// Copying a value with all that it holds (mitchellh/copystructure v1.2.0).

import { GoMap, GoSlice, GoStruct, type GoValue } from '../go/value.ts';
import { spendContent, type Work } from '../go/work.ts';
import { fail, failTooLarge } from './function.ts';
import { isVersionPointer, zeroVersion } from './semver.ts';

const MAX_DEPTH = 500;

/** `copystructure.Copy`: lists and dicts are new, everything else is immutable here and stays. Fails for nil, as the library does. */
export function deepCopy(work: Work, value: GoValue): GoValue {
  if (value === null) fail('reflect: call of reflect.Value.Type on zero Value');
  spendContent(work, value);
  return copy(value, 0);
}

function copy(value: GoValue, depth: number): GoValue {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) failTooLarge('the depth of copied values', MAX_DEPTH);
  if (Array.isArray(value)) return value.map((element) => copy(element, depth + 1));
  if (value instanceof Map) return copyEntries(value, depth);
  if (value instanceof Uint8Array) return value.slice();
  if (value instanceof GoMap) return new GoMap(value.type, copyEntries(value.entries, depth), value.methods);
  if (value instanceof GoSlice) {
    const items = value.items.map((element) => copy(element, depth + 1));
    return new GoSlice(value.type, items, value.methods, value.isNil);
  }
  if (value instanceof GoStruct) {
    return new GoStruct(value.type, copyEntries(value.fields, depth), value.methods, value.pointer, value.tags);
  }
  // The library copies no unexported fields, of which a version consists.
  return isVersionPointer(value) ? zeroVersion() : value;
}

function copyEntries(entries: ReadonlyMap<string, GoValue>, depth: number): Map<string, GoValue> {
  const copied = new Map<string, GoValue>();
  for (const [key, value] of entries) copied.set(key, copy(value, depth + 1));
  return copied;
}
