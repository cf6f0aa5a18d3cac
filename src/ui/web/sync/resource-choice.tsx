// Which objects a sync is for: all, those that differ, or those that one ticks.

import { useId, useState } from 'preact/hooks';
import type { Application, ResourceStatus } from '../../../application/types.ts';
import { Button } from '../parts/button.tsx';
import { Segments, TextField } from '../parts/field.tsx';
import { Mark } from '../parts/mark.tsx';
import { Name } from '../parts/name.tsx';
import { useWords } from '../words/words.ts';
import s from './resource-choice.module.css';
import { choosable, chosenKeys, resourceKey, type SyncChoices } from './sync-choices.ts';
import { syncWords } from './sync-words.ts';

interface Props {
  readonly app: Application;
  readonly chosen: SyncChoices['resources'];
  readonly onChange: (chosen: SyncChoices['resources']) => void;
}

/** More are found by the filter. */
const MOST_SHOWN = 200;

export function ResourceChoice({ app, chosen, onChange }: Props) {
  const t = useWords(syncWords);
  const all = choosable(app);
  const way = typeof chosen === 'string' ? chosen : 'choose';
  const keys = new Set(chosenKeys(app, chosen) ?? all.map(resourceKey));
  return (
    <div class={s.choice}>
      <Segments
        label={t.resources}
        value={way}
        choices={[
          { value: 'all', label: t.all },
          { value: 'outOfSync', label: t.outOfSync },
          { value: 'choose', label: t.choose },
        ]}
        onChange={(value) => onChange(value === 'choose' ? [...keys] : value === 'outOfSync' ? value : 'all')}
      />
      {way !== 'all' && <p class={s.note}>{`${t.chosen(keys.size, all.length)}. ${t.noHooks}`}</p>}
      {way === 'choose' && <Ticks all={all} keys={keys} onChange={onChange} />}
    </div>
  );
}

interface TicksProps {
  readonly all: readonly ResourceStatus[];
  readonly keys: ReadonlySet<string>;
  readonly onChange: (keys: readonly string[]) => void;
}

function Ticks({ all, keys, onChange }: TicksProps) {
  const t = useWords(syncWords);
  const [filter, setFilter] = useState('');
  const text = filter.trim().toLowerCase();
  const found = all.filter(({ kind, name, namespace = '' }) =>
    `${kind} ${namespace}/${name}`.toLowerCase().includes(text),
  );
  const shown = found.slice(0, MOST_SHOWN);
  const with_ = (changed: readonly string[], isChosen: boolean) => {
    const next = new Set(keys);
    for (const key of changed) isChosen ? next.add(key) : next.delete(key);
    onChange(all.map(resourceKey).filter((key) => next.has(key)));
  };
  return (
    <>
      <TextField label={t.filter} type="search" value={filter} onInput={setFilter} />
      <div class={s.buttons}>
        <Button kind="quiet" onClick={() => with_(found.map(resourceKey), true)}>
          {t.chooseShown}
        </Button>
        <Button kind="quiet" onClick={() => with_(found.map(resourceKey), false)}>
          {t.chooseNone}
        </Button>
      </div>
      {found.length === 0 && <p class={s.note}>{t.noMatch}</p>}
      {found.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
        <section class={s.scroll} aria-label={t.resources} tabIndex={0}>
          <ul class={s.list}>
            {shown.map((resource) => (
              <Tick
                key={resourceKey(resource)}
                resource={resource}
                isChosen={keys.has(resourceKey(resource))}
                onChange={(isChosen) => with_([resourceKey(resource)], isChosen)}
              />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

interface TickProps {
  readonly resource: ResourceStatus;
  readonly isChosen: boolean;
  readonly onChange: (isChosen: boolean) => void;
}

function Tick({ resource, isChosen, onChange }: TickProps) {
  const id = useId();
  const { kind, name, namespace, status } = resource;
  return (
    <li class={s.tick}>
      <input id={id} type="checkbox" checked={isChosen} onChange={(event) => onChange(event.currentTarget.checked)} />
      <label for={id} title={namespace ? `${namespace}/${name}` : name}>
        <span class={s.kind}>{kind}</span> <Name isMono>{name}</Name>
      </label>
      <Mark of="sync" state={status} isSmall />
    </li>
  );
}
