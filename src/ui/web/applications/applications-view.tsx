// All Applications: tiles or a table, found, filtered and ordered by the address.

import { useEffect, useMemo, useRef } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import { later } from '../parts/later.tsx';
import { Loading } from '../parts/loading.tsx';
import { Problem } from '../parts/problem.tsx';
import { useCrumbs } from '../shell/crumbs.ts';
import { applications } from '../state/applications.ts';
import { useLive } from '../state/live.ts';
import { useWords } from '../words/words.ts';
import { AppTable } from './app-table.tsx';
import { AppTiles } from './app-tiles.tsx';
import s from './applications-view.module.css';
import { listWords } from './applications-words.ts';
import { toApprove } from './approving.ts';
import { useChangedKeys } from './changed-keys.ts';
import { countChoices, findRows, hasFilter } from './find.ts';
import { useListKeys } from './list-keys.ts';
import { useListQuery } from './list-query.ts';
import { sortRows } from './order.ts';
import { rowOf } from './row.ts';
import { selected, showKeys } from './selection.ts';
import { StatusLine } from './status-line.tsx';
import { Chips, NewButton, Tools } from './tools.tsx';

const NewApplication = later(() => import('./new/new-application.tsx'));
const BulkBar = later(() => import('./bulk-bar.tsx'));
const BulkSync = later(() => import('../sync/bulk-sync.tsx'));
const FirstSteps = later(() => import('./first-steps.tsx'));
const NoMatch = later(() => import('./no-match.tsx'));
const ApproveDialog = later(() => import('./approve-dialog.tsx'));
const FindOne = later(() => import('./find-one.tsx'));

export function ApplicationsView() {
  const { name } = useRoute().params;
  return name === undefined ? <List /> : <FindOne name={name} />;
}

function List() {
  const t = useWords(listWords);
  const { route } = useLocation();
  const list = useListQuery();
  const { query, filter, sort, view } = list;
  const { value: apps, state } = useLive(applications);
  useCrumbs([{ label: t.title }]);
  useEffect(() => {
    document.title = `${t.title} · hawser`;
  }, [t]);

  const all = useMemo(() => apps && [...apps.values()].map(rowOf), [apps]);
  const counts = useMemo(() => countChoices(all ?? [], filter), [all, filter]);
  const rows = useMemo(() => sortRows(findRows(all ?? [], filter), sort), [all, filter, sort]);
  const keys = useMemo(() => rows.map(({ key }) => key), [rows]);
  showKeys(keys);
  const changed = useChangedKeys(all);
  const root = useRef<HTMLDivElement>(null);
  const onKeyDown = useListKeys(root, rows, list);

  const isNew = query.get('new') !== undefined;
  const isEmpty = all?.length === 0;
  return (
    <div class={`${s.page} ${selected.value.size > 0 ? s.withBar : ''}`}>
      <header class={s.top}>
        <div class={s.head}>
          <h1>{t.title}</h1>
          {all && !isEmpty && <StatusLine {...{ list, counts }} total={all.length} found={rows.length} />}
          <NewButton query={query} />
        </div>
        {!isEmpty && <Tools {...{ list, counts }} />}
      </header>
      {hasFilter(filter) && <Chips list={list} />}
      {state.kind === 'failed' && <Problem error={state.error} title={t.cannotBeShown} onRetry={applications.retry} />}
      {!all && state.kind !== 'failed' && <Loading lines={8} />}
      {isEmpty && <FirstSteps />}
      {all && !isEmpty && rows.length === 0 && <NoMatch rows={all} list={list} />}
      {rows.length > 0 && (
        // biome-ignore lint/a11y/noStaticElementInteractions: keys of the links inside come here.
        <div ref={root} onKeyDown={onKeyDown}>
          {view === 'table' ? <AppTable {...{ rows, keys, changed, list }} /> : <AppTiles {...{ rows, changed }} />}
        </div>
      )}
      {apps && selected.value.size > 0 && <BulkBar apps={apps} list={list} />}
      {isNew && <NewApplication />}
      {query.get('bulk') === 'sync' && (
        <BulkSync keys={query.list('selected')} onClose={() => route(query.with({ bulk: '', selected: '' }), true)} />
      )}
      {toApprove.value && <ApproveDialog app={toApprove.value} />}
    </div>
  );
}
