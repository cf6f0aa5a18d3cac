// What is looked for among the objects: all of it lies in the address.

import { ChevronDown, Search } from 'lucide';
import { Button } from '../parts/button.tsx';
import field from '../parts/field.module.css';
import { Icon } from '../parts/icon.tsx';
import { stateWords } from '../parts/state-words.ts';
import { useQuery } from '../state/query.ts';
import { useWords } from '../words/words.ts';
import s from './filter-bar.module.css';
import { type Choices, type Counted, isFiltering, type TreeFilter } from './tree-filter.ts';
import { treeWords } from './tree-words.ts';

interface Props {
  readonly filter: TreeFilter;
  readonly choices: Choices;
  readonly all: number;
  readonly matching: number;
  readonly hasFolds: boolean;
}

export function FilterBar({ filter, choices, all, matching, hasFolds }: Props) {
  const t = useWords(treeWords);
  const states = useWords(stateWords);
  const query = useQuery();
  const wordOf = (state: string) => t.states[state] ?? states.sync[state] ?? states.health[state] ?? state;
  const toggle = (state: string) =>
    query.set({
      states: filter.states.includes(state) ? filter.states.filter((one) => one !== state) : [...filter.states, state],
    });
  // Chosen ones stay, so that they can be taken back.
  const shown = [
    ...choices.states,
    ...filter.states
      .filter((state) => !choices.states.some(({ value }) => value === state))
      .map((value) => ({ value, count: 0 })),
  ];
  const fold = query.get('fold') ?? '';
  return (
    <search class={s.bar} aria-label={t.filter}>
      <label class={s.search}>
        <Icon icon={Search} />
        <span class="visually-hidden">{t.search}</span>
        <input
          type="search"
          placeholder={t.search}
          value={filter.text}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => query.set({ q: event.currentTarget.value })}
        />
      </label>
      <Choose label={t.kinds} items={choices.kinds} chosen={filter.kinds} onChange={(kinds) => query.set({ kinds })} />
      {(choices.namespaces.length > 1 || filter.namespaces.length > 0) && (
        <Choose
          label={t.namespaces}
          items={choices.namespaces}
          chosen={filter.namespaces}
          onChange={(ns) => query.set({ ns })}
        />
      )}
      <div class={s.states}>
        {shown.map(({ value, count }) => (
          <button
            key={value}
            type="button"
            class={s.state}
            aria-pressed={filter.states.includes(value)}
            onClick={() => toggle(value)}
          >
            {wordOf(value)} <span class={s.count}>{count}</span>
          </button>
        ))}
      </div>
      <p class={s.matching} role="status">
        {isFiltering(filter) && t.matching(matching, all)}
      </p>
      {isFiltering(filter) && (
        <Button kind="quiet" onClick={() => query.set({ q: '', kinds: [], states: [], ns: [] })}>
          {t.clear}
        </Button>
      )}
      {hasFolds && (
        <label class={s.choose}>
          <span class="visually-hidden">{t.folds}</span>
          <span class={field.select}>
            <select value={fold} onChange={(event) => query.set({ fold: event.currentTarget.value })}>
              <option value="">{t.foldAuto}</option>
              <option value="all">{t.unfoldAll}</option>
              <option value="none">{t.foldAll}</option>
            </select>
            <Icon icon={ChevronDown} />
          </span>
        </label>
      )}
    </search>
  );
}

interface ChooseProps {
  readonly label: string;
  readonly items: readonly Counted[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: string) => void;
}

/** One of them, or all. */
function Choose({ label, items, chosen, onChange }: ChooseProps) {
  const value = chosen.join(',');
  const isKnown = value === '' || items.some((item) => item.value === value);
  return (
    <label class={s.choose}>
      <span class="visually-hidden">{label}</span>
      <span class={field.select}>
        <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          <option value="">{label}</option>
          {!isKnown && <option value={value}>{value}</option>}
          {items.map((item) => (
            <option key={item.value} value={item.value}>
              {item.value} ({item.count})
            </option>
          ))}
        </select>
        <Icon icon={ChevronDown} />
      </span>
    </label>
  );
}
