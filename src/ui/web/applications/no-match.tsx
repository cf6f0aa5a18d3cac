// Nothing is found: which filter has to go for something to show.

import { SearchX, X } from 'lucide';
import { Button } from '../parts/button.tsx';
import { Empty } from '../parts/empty.tsx';
import { useWords } from '../words/words.ts';
import { listWords } from './applications-words.ts';
import { useChoiceWord } from './choice-word.ts';
import { countWithout, type Facet } from './find.ts';
import { type ListQuery, withoutFilters } from './list-query.ts';
import s from './no-match.module.css';
import type { Row } from './row.ts';

export default function NoMatch({ rows, list }: { readonly rows: readonly Row[]; readonly list: ListQuery }) {
  const t = useWords(listWords);
  const choiceWord = useChoiceWord();
  const { filter, query } = list;
  const helpful = countWithout(rows, filter).filter(({ count }) => count > 0);
  const nameOf = (facet: Facet | 'search') => {
    if (facet === 'search') return `${t.search}: ${filter.search.trim()}`;
    return `${t.facets[facet]}: ${(filter.chosen[facet] ?? []).map((value) => choiceWord(facet, value)).join(', ')}`;
  };
  return (
    <Empty icon={SearchX} title={t.noMatch}>
      <p>{helpful.length > 0 ? t.noMatchHint : t.noMatchAll}</p>
      <ul role="list" class={s.list}>
        {helpful.map(({ facet, count }) => (
          <li key={facet}>
            <Button icon={X} href={query.with({ [facet]: '' })}>
              {nameOf(facet)} <span class={s.count}>{t.shows(count)}</span>
            </Button>
          </li>
        ))}
        <li>
          <Button kind="quiet" href={withoutFilters(query)}>
            {t.takeOffAll}
          </Button>
        </li>
      </ul>
    </Empty>
  );
}
