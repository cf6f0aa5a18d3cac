// Text in aligned columns, as Argo CD's CLI and kubectl print it.

import { widthOf } from './progress/clip.ts';

const GAP = 2;

export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows].map((row) => row.map((cell) => cell.replace(/\s*\n\s*/g, ' ')));
  const widths = header.map((_, column) => Math.max(...all.map((row) => widthOf(row[column] ?? ''))));
  const lines = all.map((row) =>
    row
      .map((cell, column) => {
        const isLast = column === row.length - 1;
        return isLast ? cell : cell + ' '.repeat((widths[column] ?? 0) + GAP - widthOf(cell));
      })
      .join('')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}
