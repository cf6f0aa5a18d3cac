// Which Applications are shown: what is typed, and what is chosen of each kind of fact. The names are Argo CD's own, so that its links lead
// to the same lists here.

import type { Row } from './row.ts';

export const FACETS = [
  'sync',
  'health',
  'operation',
  'autoSync',
  'proj',
  'clusters',
  'namespaces',
  'repos',
  'labels',
] as const;

export type Facet = (typeof FACETS)[number];

export interface Filter {
  readonly search: string;
  readonly chosen: Readonly<Partial<Record<Facet, readonly string[]>>>;
}

export type Operation = 'Running' | 'Held' | 'Failed' | 'Deleting';

/** What can be chosen of a kind, with how many there would be. */
export type Counts = ReadonlyMap<string, number>;

const VALUES: Readonly<Record<Facet, (row: Row) => readonly string[]>> = {
  sync: ({ sync }) => [sync],
  health: ({ health }) => [health],
  operation: ({ running, held, trouble, isDeleting }): Operation[] => [
    ...(held ? (['Held'] as const) : running ? (['Running'] as const) : []),
    ...(trouble === undefined ? [] : (['Failed'] as const)),
    ...(isDeleting ? (['Deleting'] as const) : []),
  ],
  autoSync: ({ isAutomated }) => [isAutomated ? 'Enabled' : 'Disabled'],
  proj: ({ project }) => [project],
  clusters: ({ cluster }) => [cluster],
  namespaces: ({ namespace }) => (namespace === '' ? [] : [namespace]),
  repos: ({ sources }) => [...new Set(sources.map(({ repoURL }) => repoURL))],
  labels: ({ labels }) => labels,
};

export function filterOf(get: (key: string) => readonly string[], search: string): Filter {
  const chosen = FACETS.flatMap((facet) => {
    const values = get(facet);
    return values.length === 0 ? [] : [[facet, values] as const];
  });
  return { search, chosen: Object.fromEntries(chosen) };
}

export function hasFilter({ search, chosen }: Filter): boolean {
  return search.trim() !== '' || Object.keys(chosen).length > 0;
}

export function findRows(rows: readonly Row[], filter: Filter): readonly Row[] {
  const words = wordsOf(filter.search);
  return rows.filter((row) => hasWords(row, words) && FACETS.every((facet) => isChosen(row, facet, filter)));
}

/** How many each choice of a kind would leave, with all that is chosen of the other kinds. */
export function countChoices(rows: readonly Row[], filter: Filter): Readonly<Record<Facet, Counts>> {
  const counts = Object.fromEntries(FACETS.map((facet) => [facet, new Map()])) as Record<Facet, Map<string, number>>;
  const words = wordsOf(filter.search);
  for (const row of rows) {
    if (!hasWords(row, words)) continue;
    const missed = FACETS.filter((facet) => !isChosen(row, facet, filter));
    // One that two kinds leave out, no choice of one kind brings back.
    if (missed.length > 1) continue;
    for (const facet of missed.length === 0 ? FACETS : missed) {
      const count = counts[facet];
      for (const value of VALUES[facet](row)) count.set(value, (count.get(value) ?? 0) + 1);
    }
  }
  // What is chosen can be taken off, even where nothing has it.
  for (const facet of FACETS) {
    for (const value of filter.chosen[facet] ?? []) {
      if (!counts[facet].has(value)) counts[facet].set(value, 0);
    }
  }
  return counts;
}

/** With each one of the filters taken off: how many there would be. The most helpful first. */
export function countWithout(
  rows: readonly Row[],
  filter: Filter,
): readonly { readonly facet: Facet | 'search'; readonly count: number }[] {
  const { search, chosen } = filter;
  const facets = FACETS.filter((facet) => chosen[facet] !== undefined).map((facet) => {
    const { [facet]: _, ...others } = chosen;
    return { facet, count: findRows(rows, { search, chosen: others }).length };
  });
  const all = search.trim() === '' ? facets : [...facets, { facet: 'search' as const, count: searched() }];
  return all.toSorted((a, b) => b.count - a.count);

  function searched(): number {
    return findRows(rows, { search: '', chosen }).length;
  }
}

/** Any of what is chosen of one kind; of labels, any of each key. */
function isChosen(row: Row, facet: Facet, { chosen }: Filter): boolean {
  const wanted = chosen[facet];
  if (!wanted || wanted.length === 0) return true;
  const values = VALUES[facet](row);
  if (facet !== 'labels') return wanted.some((value) => values.includes(value));
  const byKey = Map.groupBy(wanted, labelKey);
  return [...byKey.values()].every((sameKey) => sameKey.some((text) => hasLabel(values, text)));
}

function labelKey(text: string): string {
  return text.replace(/^!/, '').replace(/!?=.*$/, '');
}

/** `team=shop`, `team!=shop`, `team`, `!team`. */
function hasLabel(labels: readonly string[], text: string): boolean {
  if (text.startsWith('!')) return !hasLabel(labels, text.slice(1));
  if (text.includes('!=')) return !labels.includes(text.replace('!=', '='));
  if (text.includes('=')) return labels.includes(text.replace('==', '='));
  return labels.some((label) => label.startsWith(`${text}=`));
}

function wordsOf(search: string): readonly string[] {
  return search.toLowerCase().split(/\s+/).filter(Boolean);
}

function hasWords({ text }: Row, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word));
}
