// The objects of an Application: found and filtered by the address, as a tree, a list, or Pods by their node.

import { Boxes, SearchX } from 'lucide';
import { useEffect, useMemo } from 'preact/hooks';
import type { Application } from '../../../application/types.ts';
import { Button } from '../parts/button.tsx';
import { Empty } from '../parts/empty.tsx';
import { Problem } from '../parts/problem.tsx';
import { useLive } from '../state/live.ts';
import { useQuery } from '../state/query.ts';
import { useWords } from '../words/words.ts';
import { FilterBar } from './filter-bar.tsx';
import { ListView } from './list-view.tsx';
import { treeOf } from './live-tree.ts';
import s from './objects-view.module.css';
import { PodsView } from './pods-view.tsx';
import { choicesOf, filterForest, isFiltering, matches, type TreeFilter } from './tree-filter.ts';
import { buildForest, type TreeNode, walk } from './tree-model.ts';
import { TreeView } from './tree-view.tsx';
import { treeWords } from './tree-words.ts';

interface Props {
  readonly app: Application;
  readonly view: 'tree' | 'list' | 'pods';
  /** Tells how many Pods there are. */
  readonly onPods: (count: number | undefined) => void;
}

export function ObjectsView({ app, view, onPods }: Props) {
  const t = useWords(treeWords);
  const query = useQuery();
  const { name, namespace } = app.metadata;
  const live = treeOf(namespace, name);
  const { value: tree, state } = useLive(live);
  const forest = useMemo(() => buildForest(app, tree), [app.status, tree]);
  // The list is what the status says: it needs no cluster.
  const listed = useMemo(() => buildForest(app, undefined), [app.status]);
  const shown = view === 'list' ? listed : forest;
  const filter: TreeFilter = {
    text: query.get('q') ?? '',
    kinds: query.list('kinds'),
    states: query.list('states'),
    namespaces: query.list('ns'),
  };
  const filterKey = JSON.stringify(filter);
  const filtered = useMemo(() => (isFiltering(filter) ? filterForest(shown, filter) : shown), [shown, filterKey]);
  const choices = useMemo(() => choicesOf(shown), [shown]);
  const [all, matching] = useMemo(() => [count(shown), count(filtered, filter)], [shown, filtered, filterKey]);
  const pods = useMemo(() => (tree ? [...walk(forest)].filter(isPod).length : undefined), [forest, tree]);
  useEffect(() => onPods(pods), [pods]);

  return (
    <div class={s.objects}>
      <FilterBar filter={filter} choices={choices} all={all} matching={matching} hasFolds={view === 'tree'} />
      {view !== 'list' && state.kind === 'failed' && (
        <Problem error={state.error} title={t.failed} onRetry={live.retry} />
      )}
      {all === 0 ? (
        <Empty icon={Boxes} title={t.empty}>
          <p>{t.emptyText}</p>
        </Empty>
      ) : filtered.length === 0 ? (
        <Empty icon={SearchX} title={t.nothing}>
          <Button onClick={() => query.set({ q: '', kinds: [], states: [], ns: [] })}>{t.clear}</Button>
        </Empty>
      ) : view === 'tree' ? (
        <TreeView
          app={app}
          forest={filtered}
          isFiltered={isFiltering(filter)}
          isLoading={!tree && state.kind === 'loading'}
        />
      ) : view === 'list' ? (
        <ListView app={app} nodes={filtered} />
      ) : (
        <PodsView app={app} forest={filtered} hosts={tree?.hosts ?? []} isLoading={!tree && state.kind === 'loading'} />
      )}
    </div>
  );
}

function count(forest: readonly TreeNode[], filter?: TreeFilter): number {
  const nodes = [...walk(forest)];
  return filter ? nodes.filter((node) => matches(node, filter)).length : nodes.length;
}

function isPod({ kind, group }: TreeNode): boolean {
  return kind === 'Pod' && group === '';
}
