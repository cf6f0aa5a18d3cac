// Progress in a terminal: the operation's phases and waves with their objects as a tree, drawn anew in its place whenever something changes.

import { stateSentence } from '../../application/state-sentence.ts';
import type { Application } from '../../application/types.ts';
import type { Terminal } from '../io.ts';
import { clip } from './clip.ts';
import type { Progress } from './progress.ts';
import { type ResourceRow, resourceRows } from './rows.ts';

/** No terminal, and no eye, needs more. */
const REDRAW_MS = 100;

const ESCAPE = '\u001b[';
const HIDE_CURSOR = `${ESCAPE}?25l`;
const SHOW_CURSOR = `${ESCAPE}?25h`;
const CLEAR_BELOW = `${ESCAPE}0J`;
const COLORS = { green: 32, yellow: 33, red: 31, dim: 2, bold: 1 } as const;

const PHASES = ['PreSync', 'Sync', 'PostSync', 'SyncFail', 'PreDelete', 'PostDelete'];

export interface TreeLine {
  readonly text: string;
  readonly color?: keyof typeof COLORS;
}

export function createTree(terminal: Terminal, write: (text: string) => void): Progress {
  let shown = 0;
  let app: Application | undefined;
  let timer: NodeJS.Timeout | undefined;
  const showCursor = () => write(SHOW_CURSOR);
  write(HIDE_CURSOR);
  // Whatever ends the process, the terminal has its cursor back.
  process.once('exit', showCursor);

  function draw(): void {
    timer = undefined;
    if (!app) return;
    const columns = terminal.columns();
    const lines = fitRows(treeLines(app), terminal.rows() - 1);
    const text = lines.map((line) => `${paint({ ...line, text: clip(line.text, columns - 1) })}\n`).join('');
    write(`${shown > 0 ? `${ESCAPE}${shown}A\r` : ''}${CLEAR_BELOW}${text}`);
    shown = lines.length;
  }

  function paint({ text, color }: TreeLine): string {
    return color === undefined || terminal.isColorless ? text : `${ESCAPE}${COLORS[color]}m${text}${ESCAPE}0m`;
  }

  return {
    show: (next) => {
      const isFirst = app === undefined;
      app = next;
      if (isFirst) draw();
      else timer ??= setTimeout(draw, REDRAW_MS);
    },
    end: () => {
      if (timer) {
        clearTimeout(timer);
        draw();
      }
      process.off('exit', showCursor);
      write(`${SHOW_CURSOR}\n`);
    },
  };
}

/** The tree as lines, without regard to the terminal. */
export function treeLines(app: Application): readonly TreeLine[] {
  const rows = resourceRows(app);
  const done = rows.filter((row) => markOf(row).isDone).length;
  const groups = groupRows(rows);
  const head = `${app.metadata.name}  ${done} of ${rows.length}  ${stateSentence(app)}`;
  return [
    { text: head, color: 'bold' },
    ...groups.flatMap(({ title, rows: members }, index) => {
      const isLast = index === groups.length - 1;
      const heading = { text: `${isLast ? '└─' : '├─'} ${title}`, color: 'dim' as const };
      const inner = members.map((row, place) => {
        const { mark, color, text } = markOf(row);
        const branch = `${isLast ? '  ' : '│ '} ${place === members.length - 1 ? '└─' : '├─'}`;
        return { text: `${branch} ${mark} ${row.kind} ${row.name}  ${text}`.trimEnd(), ...(color && { color }) };
      });
      return [heading, ...inner];
    }),
  ];
}

function groupRows(rows: readonly ResourceRow[]) {
  const groups = new Map<string, { readonly order: number; readonly title: string; readonly rows: ResourceRow[] }>();
  for (const row of rows) {
    const title = row.wave === 0 ? row.phase : `${row.phase}, wave ${row.wave}`;
    const order = PHASES.indexOf(row.phase) * 1e6 + row.wave;
    const group = groups.get(title) ?? { order, title, rows: [] };
    group.rows.push(row);
    groups.set(title, group);
  }
  return [...groups.values()].sort((a, b) => a.order - b.order);
}

interface Mark {
  readonly mark: string;
  readonly color?: keyof typeof COLORS;
  readonly text: string;
  readonly isDone: boolean;
}

function markOf({ outcome, status, health, message }: ResourceRow): Mark {
  const states = [outcome ?? status, health && health !== outcome && health !== 'Healthy' ? health : ''];
  const said = message.replace(/\s*\n\s*/g, ' ');
  const text = [states.filter(Boolean).join(', '), said].filter(Boolean).join('  ');
  if (outcome === 'SyncFailed' || outcome === 'Failed' || outcome === 'Error' || health === 'Degraded') {
    return { mark: '✗', color: 'red', text, isDone: false };
  }
  if (outcome === undefined) {
    const isSynced = status === 'Synced';
    return { mark: isSynced ? '✓' : '·', color: 'dim', text, isDone: isSynced };
  }
  if (outcome === 'Running' || outcome === 'Terminating' || health === 'Progressing') {
    return { mark: '…', color: 'yellow', text, isDone: false };
  }
  return { mark: '✓', color: 'green', text, isDone: true };
}

/** What does not fit is counted: a line that scrolled away could not be drawn over. */
function fitRows(lines: readonly TreeLine[], rows: number): readonly TreeLine[] {
  if (lines.length <= rows || rows < 2) return lines.slice(0, Math.max(rows, 1));
  return [...lines.slice(0, rows - 1), { text: `   and ${lines.length - rows + 1} more lines`, color: 'dim' }];
}
