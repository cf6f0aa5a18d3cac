// A unified diff of two texts, by Myers' greedy algorithm over lines.

const CONTEXT = 3;
/** Beyond this many edits the shortest script is not worth its time: everything in between counts as replaced. */
const EDIT_LIMIT = 4_000;

interface Edit {
  readonly sign: ' ' | '-' | '+';
  readonly line: string;
}

/** Empty for equal texts. Headers are `--- before` and `+++ after`. */
export function unifiedDiff(before: string, after: string, beforeName: string, afterName: string): string {
  if (before === after) return '';
  const edits = diffLines(splitLines(before), splitLines(after));
  return [`--- ${beforeName}`, `+++ ${afterName}`, ...formatHunks(edits)].join('\n').concat('\n');
}

function splitLines(text: string): string[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

function diffLines(before: readonly string[], after: readonly string[]): Edit[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end++;
  }
  const kept = (lines: readonly string[]) => lines.map((line): Edit => ({ sign: ' ', line }));
  return [
    ...kept(before.slice(0, start)),
    ...shortestScript(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...kept(before.slice(before.length - end)),
  ];
}

/** Walks the furthest reaching path of each number of edits, and back along the kept traces. */
function shortestScript(before: readonly string[], after: readonly string[]): Edit[] {
  const traces: Map<number, number>[] = [];
  let reach = new Map<number, number>([[1, 0]]);
  const limit = Math.min(before.length + after.length, EDIT_LIMIT);
  for (let edits = 0; edits <= limit; edits++) {
    traces.push(new Map(reach));
    const next = new Map(reach);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const down = next.get(diagonal + 1) ?? -1;
      const right = next.get(diagonal - 1) ?? -1;
      let x = diagonal === -edits || (diagonal !== edits && right < down) ? down : right + 1;
      let y = x - diagonal;
      while (x < before.length && y < after.length && before[x] === after[y]) {
        x++;
        y++;
      }
      next.set(diagonal, x);
      if (x >= before.length && y >= after.length) return walkBack(before, after, traces, edits);
    }
    reach = next;
  }
  return [...before.map((line): Edit => ({ sign: '-', line })), ...after.map((line): Edit => ({ sign: '+', line }))];
}

function walkBack(
  before: readonly string[],
  after: readonly string[],
  traces: readonly Map<number, number>[],
  edits: number,
): Edit[] {
  const script: Edit[] = [];
  let x = before.length;
  let y = after.length;
  for (let step = edits; step >= 0; step--) {
    const reach = traces[step] ?? new Map<number, number>();
    const diagonal = x - y;
    const down = reach.get(diagonal + 1) ?? -1;
    const right = reach.get(diagonal - 1) ?? -1;
    const isDown = diagonal === -step || (diagonal !== step && right < down);
    const previousX = isDown ? down : right;
    const previousY = previousX - (isDown ? diagonal + 1 : diagonal - 1);
    while (x > Math.max(previousX, 0) && y > Math.max(previousY, 0) && x > previousX && y > previousY) {
      script.push({ sign: ' ', line: before[--x] ?? '' });
      y--;
    }
    if (step === 0) break;
    if (isDown) script.push({ sign: '+', line: after[--y] ?? '' });
    else script.push({ sign: '-', line: before[--x] ?? '' });
  }
  return script.reverse();
}

function formatHunks(edits: readonly Edit[]): string[] {
  const lines: string[] = [];
  let oldLine = 1;
  let newLine = 1;
  let index = 0;
  while (index < edits.length) {
    const next = edits.findIndex(({ sign }, position) => position >= index && sign !== ' ');
    if (next < 0) break;
    const from = Math.max(index, next - CONTEXT);
    oldLine += from - index;
    newLine += from - index;
    let to = next;
    let quiet = 0;
    while (to < edits.length && quiet <= CONTEXT * 2) quiet = edits[to++]?.sign === ' ' ? quiet + 1 : 0;
    to = Math.max(next + 1, to - Math.max(0, quiet - CONTEXT));
    const hunk = edits.slice(from, to);
    const removed = hunk.filter(({ sign }) => sign !== '+').length;
    const added = hunk.filter(({ sign }) => sign !== '-').length;
    lines.push(`@@ -${range(oldLine, removed)} +${range(newLine, added)} @@`);
    lines.push(...hunk.map(({ sign, line }) => `${sign}${line}`));
    oldLine += removed;
    newLine += added;
    index = to;
  }
  return lines;
}

/** A range of no lines names the line before it. */
function range(line: number, count: number): string {
  if (count === 0) return `${line - 1},0`;
  return count === 1 ? String(line) : `${line},${count}`;
}
