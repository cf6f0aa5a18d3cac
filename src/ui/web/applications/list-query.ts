// What the address says of the list, and how links change it.

import { useMemo } from 'preact/hooks';
import { type Query, useQuery } from '../state/query.ts';
import { type Facet, type Filter, filterOf } from './find.ts';
import { parseSort, type Sort } from './order.ts';

export type View = 'tiles' | 'table';

export interface ListQuery {
  readonly query: Query;
  readonly filter: Filter;
  readonly sort: Sort;
  readonly view: View;
  /** This list with one choice put on, or taken off. */
  readonly toggled: (facet: Facet, value: string) => string;
}

const VIEW = 'hawser.applications.view';

export function useListQuery(): ListQuery {
  const query = useQuery();
  const address = query.with({});
  return useMemo(() => {
    const filter = filterOf(query.list, query.get('search') ?? '');
    return {
      ...{ query, filter, sort: parseSort(query.get('sort')), view: viewOf(query.get('view')) },
      toggled: (facet, value) => {
        const values = filter.chosen[facet] ?? [];
        const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
        return query.with({ [facet]: next });
      },
    };
  }, [address]);
}

/** Nothing of the address, and no Application of it, is in the way: every filter off. */
export function withoutFilters(query: Query): string {
  return query.with({
    ...{ search: '', sync: '', health: '', operation: '', autoSync: '', proj: '', clusters: '' },
    ...{ namespaces: '', repos: '', labels: '' },
  });
}

/** As the address says; otherwise as it was chosen last. Argo CD calls its table a list. */
function viewOf(said: string | undefined): View {
  const text = said ?? localStorage.getItem(VIEW);
  return text === 'table' || text === 'list' ? 'table' : 'tiles';
}

export function keepView(view: View): void {
  localStorage.setItem(VIEW, view);
}
