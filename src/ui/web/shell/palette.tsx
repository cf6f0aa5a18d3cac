// The palette (⌘K): any Application, any page, and what can be done here.

import { Box } from 'lucide';
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Icon } from '../parts/icon.tsx';
import { applications, pathOf } from '../state/applications.ts';
import { useLive } from '../state/live.ts';
import { useWords } from '../words/words.ts';
import { type Action, actions } from './actions.ts';
import s from './palette.module.css';
import { isPaletteOpen } from './palette-state.ts';
import { shellWords } from './shell-words.ts';

const MOST_SHOWN = 12;

export function Palette() {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey)
        return;
      event.preventDefault();
      isPaletteOpen.value = !isPaletteOpen.peek();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  return isPaletteOpen.value ? <OpenPalette /> : null;
}

function OpenPalette() {
  const t = useWords(shellWords);
  const { route } = useLocation();
  const { value: apps } = useLive(applications);
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    ref.current?.showModal();
  }, []);

  const all = useMemo<readonly Action[]>(
    () => [
      // What it would open is open.
      ...actions.value.filter(({ id }) => id !== 'palette'),
      ...[...(apps?.values() ?? [])].map((app) => ({
        id: `application ${pathOf(app)}`,
        label: app.metadata.name,
        group: app.metadata.namespace ?? '',
        icon: Box,
        href: pathOf(app),
      })),
    ],
    [apps, actions.value],
  );
  const found = useMemo(() => rank(all, text).slice(0, MOST_SHOWN), [all, text]);
  const close = () => {
    isPaletteOpen.value = false;
  };
  const run = (action: Action | undefined) => {
    if (!action) return;
    close();
    if (action.href !== undefined) route(action.href);
    else action.run?.();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setChosen((chosen + step + found.length) % Math.max(1, found.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(found[chosen]);
    }
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does what a click beside it does.
    <dialog
      ref={ref}
      class={s.palette}
      aria-label={t.openPalette}
      onClose={close}
      onClick={(event) => {
        if (event.target === ref.current) close();
      }}
    >
      <input
        class={s.input}
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={found[chosen] ? `${id}-${chosen}` : undefined}
        aria-label={t.paletteHint}
        placeholder={t.paletteHint}
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={`${id}-list`} class={s.list} role="listbox" aria-label={t.openPalette}>
        {found.map((action, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the input.
          <li
            key={action.id}
            id={`${id}-${index}`}
            class={s.item}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            onClick={() => run(action)}
            onPointerMove={() => setChosen(index)}
          >
            {action.icon ? <Icon icon={action.icon} /> : <span class={s.gap} />}
            <span class={s.label}>{action.label}</span>
            <span class={s.group}>{action.group}</span>
            {action.keys !== undefined && <kbd class={s.kbd}>{action.keys}</kbd>}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class={s.none}>{t.nothingFound}</p>}
    </dialog>
  );
}

/** Those that have all letters of the text in order; first those that have it whole, and early. */
function rank(all: readonly Action[], text: string): readonly Action[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return all;
  return all
    .map((action) => ({ action, score: scoreOf(action.label.toLowerCase(), wanted) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ action }) => action);
}

function scoreOf(label: string, wanted: string): number {
  const at = label.indexOf(wanted);
  if (at >= 0) return 1_000 - at - label.length / 1_000;
  let from = 0;
  for (const letter of wanted) {
    from = label.indexOf(letter, from) + 1;
    if (from === 0) return 0;
  }
  return 100 - from;
}
