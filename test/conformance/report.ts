// What a run says: a table of results with their bars, the ids that fail, and whether all bars hold.

import type { LayerResult } from './layer.ts';
import { barOf } from './layers.ts';

export interface Judged extends LayerResult {
  readonly percent: number;
  readonly bar: number | undefined;
  readonly holds: boolean;
}

/** For results with at least one case: without any there is nothing to judge. */
export function judge(result: LayerResult): Judged {
  const bar = barOf(result.layer);
  const percent = (100 * result.passed) / result.cases;
  return { ...result, percent, bar, holds: bar === undefined || percent >= bar };
}

export function formatTable(results: readonly Judged[]): string {
  const rows = results.map(({ layer, cases, passed, percent, bar, holds }) => [
    layer,
    String(cases),
    String(passed),
    formatPercent(percent),
    bar === undefined ? 'no bar yet' : `${bar} %`,
    holds ? '' : 'BELOW',
  ]);
  const header = ['corpus', 'cases', 'passed', 'percent', 'bar', ''];
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)));
  const isNumber = (column: number) => column >= 1 && column <= 3;
  const pad = (cell: string, column: number) => {
    const width = widths[column] ?? 0;
    return isNumber(column) ? cell.padStart(width) : cell.padEnd(width);
  };
  const line = (row: readonly string[]) => row.map(pad).join('  ').trimEnd();
  return [header, ...rows].map(line).join('\n');
}

/** Rounded down: 100 % is said of nothing less. */
function formatPercent(percent: number): string {
  return `${(Math.floor(percent * 100) / 100).toFixed(2)} %`;
}

const MESSAGE_LENGTH = 300;

/** One line a failure. */
export function formatFailures(results: readonly Judged[]): string {
  return results
    .flatMap(({ layer, failures }) =>
      failures.map(
        ({ id, message }) => `${layer} ${id}: ${message.replaceAll('\n', '\\n').slice(0, MESSAGE_LENGTH)}\n`,
      ),
    )
    .join('');
}
