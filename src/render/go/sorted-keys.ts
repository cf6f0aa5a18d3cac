// The keys of a map in the order in which fmt prints and range visits them: Go's order of strings, which is that of their bytes.

import { compareBytes } from './strings.ts';

const SURROGATE = /[\ud800-\udfff]/;

export function sortedKeys(entries: ReadonlyMap<string, unknown>): string[] {
  const keys = [...entries.keys()];
  let ordered = true;
  for (let i = 1; i < keys.length && ordered; i++) ordered = (keys[i - 1] ?? '') < (keys[i] ?? '');
  const plain = keys.every((key) => !SURROGATE.test(key));
  if (plain) return ordered ? keys : keys.sort();
  return keys.sort(compareBytes);
}
