// What is done with the list: search, filter, order, the way of looking, and a new Application.

import { ArrowDownUp, LayoutGrid, ListFilter, Plus, Rows3, X } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Button } from '../parts/button.tsx';
import { Segments } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import { later } from '../parts/later.tsx';
import { Menu } from '../parts/menu.tsx';
import { mayAnywhere, reach } from '../state/reach.ts';
import { useWords } from '../words/words.ts';
import { listWords } from './applications-words.ts';
import { useChoiceWord } from './choice-word.ts';
import { type Counts, FACETS, type Facet, hasFilter } from './find.ts';
import { keepView, type ListQuery, type View, withoutFilters } from './list-query.ts';
import { formatSort, ORDERS } from './order.ts';
import s from './tools.module.css';

const FilterPanel = later(() => import('./filter-panel.tsx'));

interface Props {
  readonly list: ListQuery;
  readonly counts: Readonly<Record<Facet, Counts>>;
}

export function Tools({ list, counts }: Props) {
  const t = useWords(listWords);
  const { route } = useLocation();
  const { query, sort, view } = list;
  return (
    <div class={s.tools}>
      <Search list={list} />
      <Filters list={list} counts={counts} />
      <Menu
        label={t.sort}
        icon={ArrowDownUp}
        items={ORDERS.map((by) => ({
          label: t.orders[by],
          isChecked: sort.by === by,
          onSelect: () => route(query.with({ sort: formatSort({ by, isReversed: false }) })),
        }))}
      >
        <span class={s.wide}>{t.orders[sort.by]}</span>
      </Menu>
      <Segments
        isBare
        label={t.view}
        value={view}
        choices={[
          { value: 'tiles', label: t.tiles, icon: <Icon icon={LayoutGrid} /> },
          { value: 'table', label: t.table, icon: <Icon icon={Rows3} /> },
        ]}
        onChange={(next) => {
          keepView(next as View);
          query.set({ view: next });
        }}
      />
    </div>
  );
}

export function NewButton({ query }: Pick<ListQuery, 'query'>) {
  const t = useWords(listWords);
  const mayNot = reach() !== undefined && !mayAnywhere('applications', 'create');
  return (
    <div class={s.new}>
      <Button kind="primary" icon={Plus} href={query.with({ new: '1' })} reason={mayNot ? t.notYet : undefined}>
        {t.newApp}
      </Button>
    </div>
  );
}

const TYPING_MS = 120;

function Search({ list: { query, filter } }: Pick<Props, 'list'>) {
  const t = useWords(listWords);
  const [text, setText] = useState(filter.search);
  const latest = useRef(query);
  latest.current = query;
  // Somebody went back, or took it off.
  useEffect(() => setText(filter.search), [filter.search]);
  useEffect(() => {
    if (text === filter.search) return;
    const timer = setTimeout(() => latest.current.set({ search: text }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <input
      type="search"
      class={s.search}
      aria-label={t.search}
      aria-keyshortcuts="/"
      placeholder={t.searchHint}
      value={text}
      autocomplete="off"
      autocapitalize="none"
      spellcheck={false}
      onInput={(event) => setText(event.currentTarget.value)}
    />
  );
}

function Filters({ list, counts }: Props) {
  const t = useWords(listWords);
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    const leave = (event: Event) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', leave);
    return () => document.removeEventListener('pointerdown', leave);
  }, [isOpen]);
  const chosen = FACETS.reduce((sum, facet) => sum + (list.filter.chosen[facet]?.length ?? 0), 0);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes what is inside.
    <div
      ref={root}
      class={s.filters}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return;
        event.preventDefault();
        setOpen(false);
        root.current?.querySelector('button')?.focus();
      }}
    >
      <Button icon={ListFilter} aria-expanded={isOpen} aria-haspopup="dialog" onClick={() => setOpen(!isOpen)}>
        {chosen === 0 ? t.filter : `${t.filter} · ${chosen}`}
      </Button>
      {isOpen && (
        <div class={s.panel} role="dialog" aria-label={t.filters}>
          <FilterPanel list={list} counts={counts} />
        </div>
      )}
    </div>
  );
}

/** What is chosen: each is taken off by a press. */
export function Chips({ list }: Pick<Props, 'list'>) {
  const t = useWords(listWords);
  const choiceWord = useChoiceWord();
  const { filter, query, toggled } = list;
  if (!hasFilter(filter)) return null;
  const chips = FACETS.flatMap((facet) =>
    (filter.chosen[facet] ?? []).map((value) => ({
      ...{ key: `${facet} ${value}`, href: toggled(facet, value) },
      text: `${t.facets[facet]}: ${choiceWord(facet, value)}`,
    })),
  );
  return (
    <div class={s.chips}>
      {chips.map(({ key, href, text }) => (
        <a key={key} class={s.chip} href={href} aria-label={t.takeOff(text)}>
          {text}
          <Icon icon={X} size={14} />
        </a>
      ))}
      <a class={s.clear} href={withoutFilters(query)}>
        {t.takeOffAll}
      </a>
    </div>
  );
}
