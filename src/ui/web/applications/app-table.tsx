// Applications as rows: only those near what is in view are in the page.

import { ArrowDown, ArrowUp } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Icon } from '../parts/icon.tsx';
import { Mark } from '../parts/mark.tsx';
import { useVirtual } from '../parts/virtual.ts';
import { pathOf } from '../state/applications.ts';
import { density } from '../state/preferences.ts';
import { useWords } from '../words/words.ts';
import s from './app-table.module.css';
import { listWords } from './applications-words.ts';
import type { ListQuery } from './list-query.ts';
import { formatSort, type Order } from './order.ts';
import { useReuse } from './reuse.ts';
import type { Row } from './row.ts';
import { Deployed, Destination, RowMenu, SelectBox, SourceText, SyncState } from './row-parts.tsx';
import { selectAll, selected } from './selection.ts';

interface Props {
  readonly rows: readonly Row[];
  readonly keys: readonly string[];
  readonly changed: ReadonlySet<string>;
  readonly list: ListQuery;
}

export function AppTable({ rows, keys, changed, list }: Props) {
  const t = useWords(listWords);
  const [rowHeight, setRowHeight] = useState(density.value === 'compact' ? 24 : 40);
  const { ref, first, end, before, after } = useVirtual<HTMLTableSectionElement>({ count: rows.length, rowHeight });
  useLayoutEffect(() => {
    const measure = () => {
      const height = ref.current?.querySelector<HTMLElement>('[data-key]')?.offsetHeight;
      if (height) setRowHeight(height);
    };
    measure();
    addEventListener('resize', measure);
    return () => removeEventListener('resize', measure);
  }, [density.value, rows.length > 0]);

  const reuse = useReuse();
  const isAll = keys.length > 0 && keys.every((key) => selected.value.has(key));
  return (
    <table class={s.table} aria-rowcount={rows.length + 1}>
      <thead>
        <tr>
          <th class={s.check}>
            <label class={s.all}>
              <input
                type="checkbox"
                aria-label={t.selectAll}
                checked={isAll}
                indeterminate={!isAll && selected.value.size > 0}
                onChange={() => selectAll(keys, !isAll)}
              />
            </label>
          </th>
          <Head list={list} by="name">
            {t.application}
          </Head>
          <th class={s.project}>{t.project}</th>
          <Head list={list} by="sync" class={s.sync}>
            {t.facets.sync}
          </Head>
          <Head list={list} by="health" class={s.health}>
            {t.facets.health}
          </Head>
          <Head list={list} by="changed" class={s.deployed}>
            {t.revision}
          </Head>
          <th class={s.source}>{t.source}</th>
          <th class={s.destination}>{t.destination}</th>
          <th class={s.menu}>
            <span class="visually-hidden">{t.actions}</span>
          </th>
        </tr>
      </thead>
      <tbody ref={ref}>
        {before > 0 && <Space height={before} />}
        {rows.slice(first, end).map((row, index) => {
          const values = { row, index: first + index, isChanged: changed.has(row.key) };
          return reuse(row.key, Object.values(values), () => <TableRow key={row.key} {...values} />);
        })}
        {after > 0 && <Space height={after} />}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly row: Row;
  readonly index: number;
  readonly isChanged: boolean;
}

function TableRow({ row, index, isChanged }: RowProps) {
  const { route } = useLocation();
  const { app, key, name, project, health } = row;
  const href = pathOf(app);
  return (
    <tr
      data-key={key}
      aria-rowindex={index + 2}
      class={`${s.row} ${row.held ? s.waits : ''} ${isChanged ? s.changed : ''} ${selected.value.has(key) ? s.selected : ''}`}
      onClick={(event) => {
        if (isPlain(event)) route(href);
      }}
    >
      <td class={s.check}>
        <SelectBox row={row} />
      </td>
      <td class={s.cell}>
        <a class={s.name} href={href} title={name} data-open translate={false}>
          {name}
        </a>
      </td>
      <td class={`${s.cell} ${s.project}`} title={project}>
        {project}
      </td>
      <td class={s.sync}>
        <SyncState row={row} />
      </td>
      <td class={s.health}>
        <Mark of="health" state={health} title={app.status.health?.message} />
      </td>
      <td class={`${s.cell} ${s.deployed}`}>
        <Deployed row={row} />
      </td>
      <td class={`${s.cell} ${s.source}`}>
        <SourceText row={row} />
      </td>
      <td class={`${s.cell} ${s.destination}`}>
        <Destination row={row} />
      </td>
      <td class={s.menu}>
        <RowMenu row={row} />
      </td>
    </tr>
  );
}

interface HeadProps {
  readonly list: ListQuery;
  readonly by: Order;
  readonly class?: string | undefined;
  readonly children: ComponentChildren;
}

function Head({ list: { query, sort }, by, class: className, children }: HeadProps) {
  const isBy = sort.by === by;
  const next = formatSort({ by, isReversed: isBy && !sort.isReversed });
  return (
    <th class={className} aria-sort={isBy ? (sort.isReversed ? 'descending' : 'ascending') : undefined}>
      <a class={s.head} href={query.with({ sort: next })}>
        {children}
        {isBy && <Icon icon={sort.isReversed ? ArrowUp : ArrowDown} size={14} />}
      </a>
    </th>
  );
}

function Space({ height }: { readonly height: number }) {
  return (
    <tr class={s.space}>
      <td style={{ height: `${height}px` }} />
    </tr>
  );
}

/** The link in it is for keys. A press on the row itself, and not on what has a use of its own in it, or to select text. */
function isPlain(event: MouseEvent): boolean {
  const { target } = event;
  if (event.ctrlKey || event.metaKey || event.shiftKey || !(target instanceof Element)) return false;
  return !target.closest('a, button, label, [role="menu"]') && String(getSelection() ?? '') === '';
}
