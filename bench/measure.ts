// Times as they are quoted: median and p95 of several runs, ratios of medians.

export interface Summary {
  readonly n: number;
  readonly min: number;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

export function summarise(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { n: sorted.length, min: at(0.0001), median: at(0.5), p95: at(0.95), max: at(1) };
}

export function formatMs({ n, min, median, p95 }: Summary): string {
  return `median ${median.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, min ${min.toFixed(0)} ms (n = ${n})`;
}

export interface Row {
  readonly what: string;
  readonly figure: string;
  /** What the issue or the README promises. */
  readonly goal?: string;
  readonly holds?: boolean;
}

export function formatRows(rows: readonly Row[]): string {
  const header = ['what', 'figure', 'goal', ''];
  const cells = rows.map(({ what, figure, goal = '', holds }) => [
    what,
    figure,
    goal,
    holds === undefined ? '' : holds ? 'holds' : 'FAILS',
  ]);
  const widths = header.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}
