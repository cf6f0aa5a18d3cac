// Progress in a pipe: a line for each change of an object, in Argo CD's columns.

import type { Application } from '../../application/types.ts';
import type { Progress } from './progress.ts';
import { type ResourceRow, resourceRows, takeChanges } from './rows.ts';

const COLUMNS = ['TIMESTAMP', 'GROUP', 'KIND', 'NAMESPACE', 'NAME', 'STATUS', 'HEALTH', 'HOOK', 'MESSAGE'] as const;

/** As wide at least, to the right (Argo CD: waitFormatString). */
const WIDTHS = [25, 5, 10, 10, 20, 8, 7, 10, 0];

export function createLines(write: (text: string) => void, now: () => Date = () => new Date()): Progress {
  const before = new Map<string, ResourceRow>();
  write(formatLine(COLUMNS));
  return {
    show: (app: Application) => {
      for (const row of takeChanges(before, resourceRows(app))) {
        const { group, kind, namespace, name, status, health, hook, message } = row;
        write(
          formatLine([formatLocalTime(now()), group, kind, namespace, name, status, health, hook, oneLine(message)]),
        );
      }
    },
    end: () => write('\n'),
  };
}

/** `2026-11-23T17:30:00+09:00`, in the machine's zone. */
export function formatLocalTime(time: Date): string {
  const minutes = -time.getTimezoneOffset();
  const local = new Date(time.getTime() + minutes * 60_000).toISOString().slice(0, 19);
  const two = (number: number) => String(Math.floor(number)).padStart(2, '0');
  return `${local}${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}

function formatLine(cells: readonly string[]): string {
  return `${cells
    .map((cell, index) => cell.padStart(WIDTHS[index] ?? 0))
    .join('  ')
    .trimEnd()}\n`;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}
