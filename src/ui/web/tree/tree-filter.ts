// Which objects of a forest are wanted: by name, kind, state and namespace. Pure.

import { isFine, type TreeNode, walk } from './tree-model.ts';

export interface TreeFilter {
  /** Part of `kind/name`, in any case. */
  readonly text: string;
  readonly kinds: readonly string[];
  /** Of sync and health, in one list: `OutOfSync`, `Degraded`, `Orphaned`, `Prune`, `Hook`. Any of them suffices. */
  readonly states: readonly string[];
  readonly namespaces: readonly string[];
}

export const NO_FILTER: TreeFilter = { text: '', kinds: [], states: [], namespaces: [] };

export function isFiltering({ text, kinds, states, namespaces }: TreeFilter): boolean {
  return text !== '' || kinds.length > 0 || states.length > 0 || namespaces.length > 0;
}

export function matches(node: TreeNode, { text, kinds, states, namespaces }: TreeFilter): boolean {
  if (kinds.length > 0 && !kinds.includes(node.kind)) return false;
  if (namespaces.length > 0 && !namespaces.includes(node.namespace)) return false;
  if (states.length > 0 && !statesOf(node).some((state) => states.includes(state))) return false;
  return text === '' || `${node.kind}/${node.name}`.toLowerCase().includes(text.toLowerCase());
}

/** What a filter can ask of a node. */
export function statesOf({ sync, health, isOrphaned, requiresPruning, hook }: TreeNode): readonly string[] {
  return [
    ...(sync && sync !== 'Unknown' ? [sync] : []),
    ...(health && health !== 'Unknown' ? [health] : []),
    ...(sync === 'Unknown' || health === 'Unknown' ? ['Unknown'] : []),
    ...(isOrphaned ? ['Orphaned'] : []),
    ...(requiresPruning ? ['Prune'] : []),
    ...(hook ? ['Hook'] : []),
  ];
}

/** What matches, and below what it lies. */
export function filterForest(forest: readonly TreeNode[], filter: TreeFilter): readonly TreeNode[] {
  return forest.flatMap((node) => {
    const children = filterForest(node.children, filter);
    return children.length > 0 || matches(node, filter) ? [{ ...node, children }] : [];
  });
}

export interface Choices {
  readonly kinds: readonly Counted[];
  readonly states: readonly Counted[];
  readonly namespaces: readonly Counted[];
}

export interface Counted {
  readonly value: string;
  readonly count: number;
}

/** What can be asked for, and how often it is there: the most urgent states and the most frequent kinds first. */
export function choicesOf(forest: readonly TreeNode[]): Choices {
  const [kinds, states, namespaces] = [new Map(), new Map(), new Map()] as Map<string, number>[];
  for (const node of walk(forest)) {
    add(kinds, node.kind);
    if (node.namespace !== '') add(namespaces, node.namespace);
    for (const state of statesOf(node)) add(states, state);
  }
  const byCount = (a: Counted, b: Counted) => b.count - a.count || (a.value < b.value ? -1 : 1);
  const byUrgency = (a: Counted, b: Counted) => URGENCY.indexOf(a.value) - URGENCY.indexOf(b.value);
  return {
    kinds: listed(kinds).sort(byCount),
    states: listed(states).sort(byUrgency),
    namespaces: listed(namespaces).sort(byCount),
  };
}

const URGENCY = [
  ...['OutOfSync', 'Degraded', 'Missing', 'Progressing', 'Prune', 'Unknown', 'Suspended', 'Orphaned', 'Hook'],
  ...['Synced', 'Healthy'],
];

/** How many of them are not as they should be. */
export function countNotFine(nodes: Iterable<TreeNode>): number {
  let count = 0;
  for (const node of nodes) if (!isFine(node)) count += 1;
  return count;
}

function add(counts: Map<string, number> | undefined, value: string): void {
  counts?.set(value, (counts.get(value) ?? 0) + 1);
}

function listed(counts: ReadonlyMap<string, number> | undefined): Counted[] {
  return [...(counts ?? [])].map(([value, count]) => ({ value, count }));
}
