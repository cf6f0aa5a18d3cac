// Go's reflect.DeepEqual over interface values.

import { typeName } from '../go/type-name.ts';
import { GoMap, GoNumber, GoOpaque, GoSlice, GoStruct, type GoValue } from '../go/value.ts';
import type { Work } from '../go/work.ts';
import { elementsOf } from './elements.ts';

/** True when both have the same Go type and equal content; NaN is unequal to itself, and a nil slice to an empty one. */
export function deepEqual(work: Work, a: GoValue, b: GoValue): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  work.spend(1);
  if (typeName(a) !== typeName(b) || isNilSlice(a) !== isNilSlice(b)) return false;
  if (a instanceof GoNumber) return b instanceof GoNumber && a.value === b.value;
  if (a instanceof GoOpaque) return b instanceof GoOpaque && (a === b || a.text === b.text);
  if (a === b) return !(a instanceof GoStruct) || a.pointer || equalEntries(work, a.fields, a.fields);
  if (a instanceof Map) return b instanceof Map && equalEntries(work, a, b);
  if (a instanceof GoMap) return b instanceof GoMap && equalEntries(work, a.entries, b.entries);
  if (a instanceof GoStruct) return b instanceof GoStruct && equalEntries(work, a.fields, b.fields);
  const left = elementsOf(a);
  const right = elementsOf(b);
  if (!left || !right || left.length !== right.length) return false;
  return left.every((element, index) => deepEqual(work, element, right[index] ?? null));
}

function isNilSlice(value: GoValue): boolean {
  return value instanceof GoSlice && value.isNil;
}

function equalEntries(work: Work, a: ReadonlyMap<string, GoValue>, b: ReadonlyMap<string, GoValue>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other === undefined || !deepEqual(work, value, other)) return false;
  }
  return true;
}
