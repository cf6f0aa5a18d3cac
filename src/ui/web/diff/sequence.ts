// Which of two sequences' elements are the same ones: lines of texts, items of lists, words of lines. By patience (what is unique in both
// leads), and by Myers' algorithm between that, bounded so that nothing freezes: beyond the bound nothing counts as the same.

/** Indices in the first and in the second, both rising. */
export type Match = readonly [first: number, second: number];

/** More edits than this between two anchors are a rewrite. */
const EDIT_LIMIT = 300;

export function matchSequences(first: readonly string[], second: readonly string[]): readonly Match[] {
  const numbers = new Map<string, number>();
  const intern = (text: string) => {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, numbers.size);
    return numbers.size - 1;
  };
  const matches: Match[] = [];
  const a = Int32Array.from(first, intern);
  const b = Int32Array.from(second, intern);
  // A stack in place of a recursion: ranges in the order in which they stand.
  const open: Range[] = [{ a0: 0, a1: a.length, b0: 0, b1: b.length }];
  for (let range = open.pop(); range; range = open.pop()) matchRange(a, b, range, matches, open);
  return matches.sort(([x], [y]) => x - y);
}

interface Range {
  readonly a0: number;
  readonly a1: number;
  readonly b0: number;
  readonly b1: number;
}

function matchRange(a: Int32Array, b: Int32Array, range: Range, matches: Match[], open: Range[]): void {
  let { a0, a1, b0, b1 } = range;
  while (a0 < a1 && b0 < b1 && a[a0] === b[b0]) matches.push([a0++, b0++]);
  while (a0 < a1 && b0 < b1 && a[a1 - 1] === b[b1 - 1]) matches.push([--a1, --b1]);
  if (a0 === a1 || b0 === b1) return;
  const anchors = risingAnchors(uniqueAnchors(a, b, { a0, a1, b0, b1 }));
  if (anchors.length === 0) {
    matches.push(...shortestScript(a, b, { a0, a1, b0, b1 }));
    return;
  }
  for (const [x, y] of anchors) {
    matches.push([x, y]);
    open.push({ a0, a1: x, b0, b1: y });
    a0 = x + 1;
    b0 = y + 1;
  }
  open.push({ a0, a1, b0, b1 });
}

/** What is in each of them once, in the order of the first. */
function uniqueAnchors(a: Int32Array, b: Int32Array, { a0, a1, b0, b1 }: Range): Match[] {
  const placeOf = (list: Int32Array, from: number, to: number) => {
    const places = new Map<number, number>();
    for (let index = from; index < to; index++) {
      const value = list[index] ?? 0;
      places.set(value, places.has(value) ? -1 : index);
    }
    return places;
  };
  const inSecond = placeOf(b, b0, b1);
  const anchors: Match[] = [];
  for (const [value, place] of placeOf(a, a0, a1)) {
    const other = inSecond.get(value) ?? -1;
    if (place >= 0 && other >= 0) anchors.push([place, other]);
  }
  return anchors.sort(([x], [y]) => x - y);
}

/** The longest of them that rise in both. */
export function risingAnchors(anchors: readonly Match[]): readonly Match[] {
  const tails: number[] = [];
  const before = new Int32Array(anchors.length).fill(-1);
  for (const [index, [, value]] of anchors.entries()) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((anchors[tails[middle] ?? 0]?.[1] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    before[index] = low > 0 ? (tails[low - 1] ?? -1) : -1;
    tails[low] = index;
  }
  const rising: Match[] = [];
  for (let index = tails.at(-1) ?? -1; index >= 0; index = before[index] ?? -1) {
    const anchor = anchors[index];
    if (anchor) rising.push(anchor);
  }
  return rising.reverse();
}

/** Myers: the furthest reaching path of each number of edits, then back along the kept traces. Nothing beyond the limit. */
function shortestScript(a: Int32Array, b: Int32Array, { a0, a1, b0, b1 }: Range): Match[] {
  const width = a1 - a0;
  const height = b1 - b0;
  const limit = Math.min(width + height, EDIT_LIMIT);
  const middle = limit + 1;
  const reach = new Int32Array(2 * limit + 3);
  const traces: Int32Array[] = [];
  for (let edits = 0; edits <= limit; edits++) {
    traces.push(reach.slice(middle - edits - 1, middle + edits + 2));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const right = reach[middle + diagonal - 1] ?? 0;
      const down = reach[middle + diagonal + 1] ?? 0;
      let x = diagonal === -edits || (diagonal !== edits && right < down) ? down : right + 1;
      let y = x - diagonal;
      while (x < width && y < height && a[a0 + x] === b[b0 + y]) {
        x++;
        y++;
      }
      reach[middle + diagonal] = x;
      if (x >= width && y >= height) return walkBack(traces, a0, b0, width, height);
    }
  }
  return [];
}

function walkBack(traces: readonly Int32Array[], a0: number, b0: number, width: number, height: number): Match[] {
  const matches: Match[] = [];
  let x = width;
  let y = height;
  for (let edits = traces.length - 1; edits >= 0; edits--) {
    // A trace holds the diagonals from -edits - 1 to edits + 1.
    const at = (diagonal: number) => traces[edits]?.[diagonal + edits + 1] ?? 0;
    const diagonal = x - y;
    const isDown = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1));
    const fromX = edits === 0 ? 0 : isDown ? at(diagonal + 1) : at(diagonal - 1);
    const fromY = edits === 0 ? 0 : fromX - (isDown ? diagonal + 1 : diagonal - 1);
    const startX = edits === 0 ? 0 : isDown ? fromX : fromX + 1;
    const startY = edits === 0 ? 0 : isDown ? fromY + 1 : fromY;
    while (x > startX && y > startY) matches.push([a0 + --x, b0 + --y]);
    x = fromX;
    y = fromY;
  }
  return matches;
}
