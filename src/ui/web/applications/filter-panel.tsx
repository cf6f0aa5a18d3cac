// What can be chosen of each kind of fact, with how many there would be; and filters that one keeps.

import { Trash2 } from 'lucide';
import { useId, useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { useWords } from '../words/words.ts';
import { listWords } from './applications-words.ts';
import { useChoiceWord } from './choice-word.ts';
import s from './filter-panel.module.css';
import { filterWords } from './filter-words.ts';
import { type Counts, FACETS, type Facet, hasFilter } from './find.ts';
import type { ListQuery } from './list-query.ts';
import { forgetFilter, keepFilter, savedFilters } from './saved-filters.ts';

/** More choices than this can be searched, and are not all shown. */
const MANY = 8;
const MOST = 50;
/** In the order of their meaning; all else by how many there are. */
const ORDER = ['Synced', 'OutOfSync', 'Healthy', 'Progressing', 'Degraded', 'Missing', 'Suspended', 'Unknown'];

interface Props {
  readonly list: ListQuery;
  readonly counts: Readonly<Record<Facet, Counts>>;
}

export default function FilterPanel({ list, counts }: Props) {
  return (
    <div class={s.panel}>
      <div class={s.facets}>
        {FACETS.map((facet) => (
          <Choices key={facet} {...{ facet, list }} counts={counts[facet]} />
        ))}
      </div>
      <Saved list={list} />
    </div>
  );
}

interface ChoicesProps {
  readonly facet: Facet;
  readonly list: ListQuery;
  readonly counts: Counts;
}

function Choices({ facet, list, counts }: ChoicesProps) {
  const t = useWords(listWords);
  const choiceWord = useChoiceWord();
  const [text, setText] = useState('');
  const { filter, query } = list;
  const chosen = filter.chosen[facet] ?? [];
  // Of many, what is chosen stands first.
  const isMany = counts.size > MANY;
  const all = [...counts]
    .map(([value, count]) => ({ value, count, word: choiceWord(facet, value), isChosen: chosen.includes(value) }))
    .sort(
      (a, b) =>
        Number(isMany && b.isChosen) - Number(isMany && a.isChosen) ||
        ORDER.indexOf(a.value) - ORDER.indexOf(b.value) ||
        b.count - a.count ||
        (a.word < b.word ? -1 : 1),
    );
  const found = all.filter(({ word, value }) => `${word} ${value}`.toLowerCase().includes(text.trim().toLowerCase()));
  const toggle = (value: string) => {
    const next = chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value];
    query.set({ [facet]: next });
  };
  return (
    <fieldset class={s.facet}>
      <legend>{t.facets[facet]}</legend>
      {isMany && (
        <input
          type="search"
          class={s.find}
          aria-label={t.findChoice(t.facets[facet])}
          placeholder={t.search}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      )}
      <div class={s.choices}>
        {all.length === 0 && <p class={s.none}>{t.noChoice}</p>}
        {found.slice(0, MOST).map(({ value, count, word, isChosen }) => (
          <label key={value} class={s.choice} title={value}>
            <input type="checkbox" checked={isChosen} onChange={() => toggle(value)} />
            <span class={s.word}>{word}</span>
            <span class={s.count}>{count.toLocaleString()}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Saved({ list: { filter, query } }: Pick<Props, 'list'>) {
  const t = useWords(filterWords);
  const id = useId();
  const [name, setName] = useState('');
  const here = new URL(query.with({ new: '', bulk: '', selected: '' }), location.origin).search;
  const saved = savedFilters.value;
  return (
    <section class={s.saved}>
      <h2>{t.saved}</h2>
      {saved.length > 0 && (
        <ul role="list" class={s.links}>
          {saved.map((one) => (
            <li key={one.name}>
              <a href={`/applications${one.search}`} aria-current={one.search === here ? 'true' : undefined}>
                {one.name}
              </a>
              <Button kind="quiet" icon={Trash2} label={t.forget(one.name)} onClick={() => forgetFilter(one.name)} />
            </li>
          ))}
        </ul>
      )}
      <form
        class={s.keep}
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() === '') return;
          keepFilter({ name: name.trim(), search: here });
          setName('');
        }}
      >
        <label for={id} class="visually-hidden">
          {t.name}
        </label>
        <input
          id={id}
          class={s.find}
          value={name}
          placeholder={t.name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" reason={hasFilter(filter) || here !== '' ? undefined : t.nothing}>
          {t.keep}
        </Button>
      </form>
    </section>
  );
}
