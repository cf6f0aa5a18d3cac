// How many there are of each state that people look for: each count is a link to these.

import type { IconNode } from 'lucide';
import { CircleX, Clock, LoaderCircle, Trash2 } from 'lucide';
import { LOOKS, type Meaning, Sign } from '../parts/mark.tsx';
import { stateWords } from '../parts/state-words.ts';
import { useWords } from '../words/words.ts';
import { listWords } from './applications-words.ts';
import { type Counts, type Facet, hasFilter } from './find.ts';
import { type ListQuery, withoutFilters } from './list-query.ts';
import s from './status-line.module.css';

interface Props {
  readonly list: ListQuery;
  readonly counts: Readonly<Record<Facet, Counts>>;
  readonly total: number;
  readonly found: number;
}

interface Item {
  readonly facet: 'sync' | 'health' | 'operation';
  readonly value: string;
  readonly word: string;
  readonly icon: IconNode;
  readonly meaning: Meaning;
}

const SYNC = ['OutOfSync'];
const HEALTH = ['Degraded', 'Missing', 'Progressing', 'Suspended'];

export function StatusLine({ list, counts, total, found }: Props) {
  const t = useWords(listWords);
  const states = useWords(stateWords);
  const { filter, query, toggled } = list;
  const of = (facet: 'sync' | 'health', values: readonly string[]): Item[] =>
    values.flatMap((value) => {
      const look = LOOKS[facet][value];
      return look ? [{ facet, value, word: states[facet][value] ?? value, ...look }] : [];
    });
  const items: readonly Item[] = [
    ...of('sync', SYNC),
    ...of('health', HEALTH),
    { facet: 'operation', value: 'Failed', word: t.failed, icon: CircleX, meaning: 'bad' },
    { facet: 'operation', value: 'Held', word: t.held, icon: Clock, meaning: 'warn' },
    { facet: 'operation', value: 'Running', word: t.running, icon: LoaderCircle, meaning: 'work' },
    { facet: 'operation', value: 'Deleting', word: t.deleting, icon: Trash2, meaning: 'work' },
  ];
  const isFiltered = hasFilter(filter);
  return (
    <nav class={s.line} aria-label={t.counts}>
      <a class={s.item} href={withoutFilters(query)} aria-current={isFiltered ? undefined : 'true'}>
        {isFiltered ? t.found(found, total) : t.count(total)}
      </a>
      {items.map(({ facet, value, word, icon, meaning }) => {
        const count = counts[facet].get(value) ?? 0;
        const isChosen = filter.chosen[facet]?.includes(value) === true;
        if (count === 0 && !isChosen) return null;
        return (
          <a
            key={`${facet} ${value}`}
            class={s.item}
            href={toggled(facet, value)}
            aria-current={isChosen ? 'true' : undefined}
          >
            <Sign icon={icon} meaning={meaning} word={t.countOf(count, word)} />
          </a>
        );
      })}
      <span class="visually-hidden" role="status">
        {isFiltered ? t.found(found, total) : ''}
      </span>
    </nav>
  );
}
