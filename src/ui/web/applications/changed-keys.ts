// Which Applications have just changed, so that a row can show it for a moment.

import { useEffect, useRef, useState } from 'preact/hooks';
import { changedSince } from './changed-since.ts';
import type { Row } from './row.ts';

const SHOWN_MS = 2_500;
/** When so many change at once, the list has come anew. */
const MOST = 100;
const NONE: ReadonlySet<string> = new Set();

export function useChangedKeys(rows: readonly Row[] | undefined): ReadonlySet<string> {
  const before = useRef<ReadonlyMap<string, string>>(undefined);
  const [changed, setChanged] = useState(NONE);
  useEffect(() => {
    if (!rows) return;
    const found = before.current ? changedSince(before.current, rows) : [];
    before.current = new Map(rows.map(({ key, print }) => [key, print]));
    if (found.length === 0 || found.length > MOST) return;
    setChanged((old) => new Set([...old, ...found]));
    // Of this change alone: another one may have come meanwhile.
    setTimeout(() => setChanged((old) => new Set([...old].filter((key) => !found.includes(key)))), SHOWN_MS);
  }, [rows]);
  return changed;
}
