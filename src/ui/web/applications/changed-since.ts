// Which Applications are not as they were.

import type { Row } from './row.ts';

/** Their keys; `before`: the prints by key. */
export function changedSince(before: ReadonlyMap<string, string>, rows: readonly Row[]): string[] {
  return rows.filter(({ key, print }) => before.get(key) !== print).map(({ key }) => key);
}
