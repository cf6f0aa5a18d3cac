// The objects that Git says something about, as rows of a table: sorted and grouped. Pure, and without asking the cluster.

import type { TreeNode } from './tree-model.ts';

export const COLUMNS = ['kind', 'name', 'namespace', 'sync', 'health', 'wave'] as const;
export type Column = (typeof COLUMNS)[number];
export const GROUPINGS = ['', 'kind', 'wave', 'namespace'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface Sort {
  readonly column: Column;
  readonly isDescending: boolean;
}

export interface RowGroup {
  /** Empty where nothing is grouped. */
  readonly key: string;
  readonly rows: readonly TreeNode[];
}

/** `-health` is descending; undefined is the order of the status, which is that of a sync. */
export function parseSort(text: string | undefined): Sort | undefined {
  const isDescending = text?.startsWith('-') ?? false;
  const column = COLUMNS.find((one) => one === (isDescending ? text?.slice(1) : text));
  return column && { column, isDescending };
}

export function formatSort({ column, isDescending }: Sort): string {
  return `${isDescending ? '-' : ''}${column}`;
}

/** Pressing a column's head: ascending, descending, and as it was. */
export function nextSort(sort: Sort | undefined, column: Column): Sort | undefined {
  if (sort?.column !== column) return { column, isDescending: false };
  return sort.isDescending ? undefined : { column, isDescending: true };
}

export function groupRows(nodes: readonly TreeNode[], sort: Sort | undefined, by: Grouping): readonly RowGroup[] {
  const rows = sort ? [...nodes].sort((a, b) => compare(a, b, sort)) : nodes;
  if (by === '') return rows.length > 0 ? [{ key: '', rows }] : [];
  const groups = new Map<string, TreeNode[]>();
  for (const row of rows) groups.set(String(row[by]), [...(groups.get(String(row[by])) ?? []), row]);
  const order =
    by === 'wave' ? (a: string, b: string) => Number(a) - Number(b) : (a: string, b: string) => (a < b ? -1 : 1);
  return [...groups].sort(([a], [b]) => order(a, b)).map(([key, own]) => ({ key, rows: own }));
}

/** What needs to be looked at comes first. */
const SYNC_ORDER = ['OutOfSync', 'Unknown', '', 'Synced'];
const HEALTH_ORDER = ['Degraded', 'Missing', 'Progressing', 'Unknown', 'Suspended', '', 'Healthy'];

function compare(a: TreeNode, b: TreeNode, { column, isDescending }: Sort): number {
  const order = compareIn(a, b, column) * (isDescending ? -1 : 1);
  return order || compareText(a.kind, b.kind) || compareText(a.name, b.name) || compareText(a.key, b.key);
}

function compareIn(a: TreeNode, b: TreeNode, column: Column): number {
  switch (column) {
    case 'wave':
      return a.wave - b.wave;
    case 'sync':
      return SYNC_ORDER.indexOf(a.sync ?? '') - SYNC_ORDER.indexOf(b.sync ?? '');
    case 'health':
      return HEALTH_ORDER.indexOf(a.health ?? '') - HEALTH_ORDER.indexOf(b.health ?? '');
    default:
      return compareText(a[column], b[column]);
  }
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
