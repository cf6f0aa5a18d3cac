// What of many rows is shown: the changes and a few lines around them. The rest is folded until somebody opens it.

import type { Row } from './diff-rows.ts';

export interface Part {
  /** Indices of rows; the end is not included. */
  readonly from: number;
  readonly to: number;
  readonly isFolded: boolean;
}

const CONTEXT = 3;
/** A fold takes a line itself. */
const FEWEST = 3;

export function foldRows(rows: readonly Row[], context = CONTEXT): readonly Part[] {
  const isShown = new Uint8Array(rows.length);
  for (const [index, { kind, isMoved }] of rows.entries()) {
    if (kind === 'same' && !isMoved) continue;
    isShown.fill(1, Math.max(0, index - context), index + context + 1);
  }
  const parts: Part[] = [];
  for (let from = 0; from < rows.length; ) {
    let to = from;
    while (to < rows.length && isShown[to] === isShown[from]) to++;
    const isFolded = isShown[from] === 0 && to - from >= FEWEST;
    const last = parts.at(-1);
    if (last && !last.isFolded && !isFolded) parts[parts.length - 1] = { ...last, to };
    else parts.push({ from, to, isFolded });
    from = to;
  }
  return parts;
}

/** Two texts beside each other: what belongs together stands in one line. */
export interface SideBySide {
  readonly left: Row | undefined;
  readonly right: Row | undefined;
}

export function besideEachOther(rows: readonly Row[]): readonly SideBySide[] {
  const mates = new Map(
    rows.flatMap((row) => (row.kind === 'ins' && row.pair !== undefined ? [[row.pair, row] as const] : [])),
  );
  const placed = new Set<number>();
  const lines: SideBySide[] = [];
  for (const row of rows) {
    if (row.kind === 'same' || row.kind === 'masked') lines.push({ left: row, right: row });
    else if (row.kind === 'del') {
      const right = row.pair === undefined ? undefined : mates.get(row.pair);
      if (row.pair !== undefined && right) placed.add(row.pair);
      lines.push({ left: row, right });
    } else if (row.pair === undefined || !placed.has(row.pair)) lines.push({ left: undefined, right: row });
  }
  return lines;
}
