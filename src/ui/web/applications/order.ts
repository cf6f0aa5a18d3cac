// In which order Applications stand: what needs somebody first, unless another order is chosen.

import type { Row } from './row.ts';

export const ORDERS = ['trouble', 'name', 'changed', 'health', 'sync'] as const;
export type Order = (typeof ORDERS)[number];

export interface Sort {
  readonly by: Order;
  readonly isReversed: boolean;
}

/** The worst first (Argo CD: health.IsWorse). */
const HEALTH = ['Degraded', 'Missing', 'Unknown', 'Progressing', 'Suspended', 'Healthy'];
const SYNC = ['OutOfSync', 'Unknown', 'Synced'];

/** `-name` is the other way round. */
export function parseSort(text: string | undefined): Sort {
  const name = text?.replace(/^-/, '');
  const by = ORDERS.find((order) => order === name) ?? 'trouble';
  return { by, isReversed: by === name && text?.startsWith('-') === true };
}

export function formatSort({ by, isReversed }: Sort): string {
  if (by === 'trouble' && !isReversed) return '';
  return isReversed ? `-${by}` : by;
}

export function sortRows(rows: readonly Row[], { by, isReversed }: Sort): readonly Row[] {
  const weigh = WEIGHTS[by];
  const weighed = rows.map((row) => ({ row, weight: weigh(row) }));
  const direction = isReversed ? -1 : 1;
  weighed.sort((a, b) => (a.weight - b.weight || byName(a.row, b.row)) * direction);
  return weighed.map(({ row }) => row);
}

const WEIGHTS: Readonly<Record<Order, (row: Row) => number>> = {
  trouble: troubleOf,
  name: () => 0,
  changed: ({ changedAtMs }) => -changedAtMs,
  health: ({ health }) => HEALTH.indexOf(health),
  sync: ({ sync, total, differing }) => SYNC.indexOf(sync) + (total === 0 ? 0 : 1 - differing / total) / 2,
};

/** Who is broken, who differs from Git, who waits for somebody, who is at work, who is as it should be. */
function troubleOf({ health, sync, held, running, trouble, isDeleting }: Row): number {
  if (health === 'Degraded') return 0;
  if (trouble !== undefined) return 1;
  if (held) return 2;
  if (health === 'Missing') return 3;
  if (sync === 'OutOfSync') return 4;
  if (sync === 'Unknown' || health === 'Unknown') return 5;
  if (running || isDeleting || health === 'Progressing') return 6;
  return health === 'Suspended' ? 7 : 8;
}

const collator = new Intl.Collator('en', { numeric: true });

function byName(a: Row, b: Row): number {
  return collator.compare(a.name, b.name) || (a.key < b.key ? -1 : 1);
}
