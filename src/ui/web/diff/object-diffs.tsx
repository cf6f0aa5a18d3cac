// Many objects of which some differ, each to be opened, with what can be done with all of them.

import {
  ChevronDown,
  ChevronRight,
  ChevronsDownUp,
  ChevronsUpDown,
  CircleCheck,
  CircleMinus,
  CirclePlus,
  CircleX,
  Copy,
  Download,
  FilePen,
  StepBack,
  StepForward,
} from 'lucide';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { CheckField, TextField } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import { type Meaning, Sign } from '../parts/mark.tsx';
import { Menu } from '../parts/menu.tsx';
import { Name } from '../parts/name.tsx';
import { tell } from '../parts/toast.tsx';
import { useQuery } from '../state/query.ts';
import { useWords } from '../words/words.ts';
import { DiffLines } from './diff-lines.tsx';
import { useDiffOptions } from './diff-options.ts';
import { DiffTools } from './diff-tools.tsx';
import { diffWords } from './diff-words.ts';
import s from './object-diffs.module.css';
import {
  type Change,
  type ComparedObject,
  compareAll,
  countChanges,
  findObjects,
  type ObjectDiff,
} from './object-diffs.ts';
import { patchOf } from './patch-text.ts';

export type { ObjectDiff } from './object-diffs.ts';

interface Props {
  readonly items: readonly ObjectDiff[];
  /** Names the file of a patch that is kept. */
  readonly name: string;
  /** Which are chosen, by `group/kind/namespace/name`; without it none can be. */
  readonly chosen?: ReadonlySet<string>;
  readonly onChoose?: (chosen: ReadonlySet<string>) => void;
  /** Beside the name of each. */
  readonly actionsOf?: (object: ComparedObject) => ComponentChildren;
}

const LOOKS = {
  failed: { icon: CircleX, meaning: 'bad' },
  deleted: { icon: CircleMinus, meaning: 'bad' },
  changed: { icon: FilePen, meaning: 'warn' },
  created: { icon: CirclePlus, meaning: 'good' },
  equal: { icon: CircleCheck, meaning: 'neutral' },
} as const satisfies Record<Change, { icon: unknown; meaning: Meaning }>;

const CHANGES = ['failed', 'created', 'changed', 'deleted', 'equal'] as const;
/** As many are open from the beginning. */
const MOST_OPEN = 8;

export function ObjectDiffs({ items, name, chosen, onChoose, actionsOf }: Props) {
  const t = useWords(diffWords);
  const query = useQuery();
  const { layout } = useDiffOptions();
  const root = useRef<HTMLDivElement>(null);
  const last = useRef<readonly ComparedObject[]>([]);
  const objects = useMemo(() => {
    last.current = compareAll(items, last.current);
    return last.current;
  }, [items]);
  const counts = useMemo(() => countChanges(objects), [objects]);
  const text = query.get('find') ?? '';
  const withEqual = query.get('equal') === '1';
  const shown = useMemo(() => findObjects(objects, { text, withEqual }), [objects, text, withEqual]);
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const isOpen = (object: ComparedObject, index: number) =>
    toggled.get(object.key) ?? (index < MOST_OPEN && object.change !== 'equal');
  const openAll = (isAll: boolean) => setToggled(new Map(shown.map(({ key }) => [key, isAll])));
  const step = useSteps(root);
  const patch = () => patchOf(shown.filter(({ change }) => change !== 'equal'));
  const copy = async () => {
    await navigator.clipboard.writeText(patch());
    tell(t.copied);
  };
  const choosable = shown.filter(({ change }) => change !== 'equal').map(({ key }) => key);
  const choose = (keys: readonly string[], isChosen: boolean) => {
    const next = new Set(chosen);
    for (const key of keys)
      if (isChosen) next.add(key);
      else next.delete(key);
    onChoose?.(next);
  };

  return (
    <div class={s.all} ref={root}>
      <div class={s.head}>
        <p class={s.counts} role="status">
          {CHANGES.flatMap((change) =>
            counts[change] > 0
              ? [<Sign key={change} {...LOOKS[change]} word={t.counted[change](counts[change])} />]
              : [],
          )}
        </p>
        <div class={s.moves}>
          <Button kind="quiet" icon={StepBack} label={t.previous} aria-keyshortcuts="p" onClick={() => step(-1)} />
          <Button kind="quiet" icon={StepForward} label={t.next} aria-keyshortcuts="n" onClick={() => step(1)} />
          <Button kind="quiet" icon={ChevronsUpDown} label={t.openAll} onClick={() => openAll(true)} />
          <Button kind="quiet" icon={ChevronsDownUp} label={t.closeAll} onClick={() => openAll(false)} />
          <Menu
            label={t.asText}
            kind="quiet"
            items={[
              { label: t.copyPatch, icon: Copy, onSelect: copy },
              { label: t.keepPatch, icon: Download, onSelect: () => keep(`${name}.patch`, patch()) },
            ]}
          />
        </div>
      </div>
      <div class={s.filters}>
        <div class={s.find}>
          <TextField
            label={t.find}
            type="search"
            value={text}
            placeholder={t.findHint}
            onInput={(value) => query.set({ find: value })}
          />
        </div>
        <DiffTools isText />
        {counts.equal > 0 && (
          <CheckField
            label={t.withEqual(counts.equal)}
            isChecked={withEqual}
            onChange={(isWanted) => query.set({ equal: isWanted ? '1' : undefined })}
          />
        )}
        {chosen && choosable.length > 1 && (
          <CheckField
            label={t.chooseAll}
            isChecked={choosable.every((key) => chosen.has(key))}
            onChange={(isChosen) => choose(choosable, isChosen)}
          />
        )}
      </div>
      {shown.length === 0 && <p class={s.none}>{objects.length === counts.equal ? t.allEqual : t.noneFound}</p>}
      {shown.map((object, index) => (
        <OneObject
          key={object.key}
          {...{ object, layout }}
          isOpen={isOpen(object, index)}
          onToggle={() => setToggled(new Map([...toggled, [object.key, !isOpen(object, index)]]))}
          isChosen={chosen?.has(object.key)}
          onChoose={(isChosen) => choose([object.key], isChosen)}
          actions={actionsOf?.(object)}
        />
      ))}
    </div>
  );
}

interface OneProps {
  readonly object: ComparedObject;
  readonly layout: 'unified' | 'split';
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly isChosen: boolean | undefined;
  readonly onChoose: (isChosen: boolean) => void;
  readonly actions: ComponentChildren;
}

function OneObject({ object, layout, isOpen, onToggle, isChosen, onChoose, actions }: OneProps) {
  const t = useWords(diffWords);
  const { key, kind, namespace, name, change, counts, rows, message } = object;
  const title = namespace === '' ? name : `${namespace}/${name}`;
  return (
    <section class={s.object} aria-label={`${kind} ${title}`}>
      <header class={s.title}>
        {isChosen !== undefined && change !== 'equal' && (
          <input
            type="checkbox"
            class={s.box}
            aria-label={t.choose(`${kind} ${title}`)}
            checked={isChosen}
            onChange={(event) => onChoose(event.currentTarget.checked)}
          />
        )}
        <h3 class={s.name}>
          <button type="button" class={s.toggle} aria-expanded={isOpen} onClick={onToggle}>
            <Icon icon={isOpen ? ChevronDown : ChevronRight} />
            <span class={s.kind}>{kind}</span> <Name>{title}</Name>
          </button>
        </h3>
        <span class={s.change}>
          <Sign {...LOOKS[change]} word={t[change]} />
          {change === 'changed' && (
            <span class={s.lines} title={t.counts(counts.added, counts.removed)}>
              +{counts.added} −{counts.removed}
            </span>
          )}
        </span>
        {actions}
      </header>
      {isOpen && (
        <div class={s.body} id={`diff ${key}`}>
          {message && (
            <p class={s.message} role="alert">
              {message}
            </p>
          )}
          {rows.length === 0 ? <p class={s.none}>{t.equal}</p> : <DiffLines rows={rows} layout={layout} />}
        </div>
      )}
    </section>
  );
}

/** n and p go from change to change, in what is open. */
function useSteps(root: { readonly current: HTMLElement | null }): (by: 1 | -1) => void {
  const step = (by: 1 | -1) => {
    const marks = [...(root.current?.querySelectorAll<HTMLElement>('[data-change]') ?? [])];
    if (marks.length === 0) return;
    const at = marks.findIndex((mark) => document.activeElement?.isSameNode(mark));
    const next = marks[at < 0 ? (by > 0 ? 0 : marks.length - 1) : (at + by + marks.length) % marks.length];
    next?.scrollIntoView({ block: 'center' });
    next?.focus({ preventScroll: true });
  };
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const { target } = event;
      if (target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]')) return;
      if (event.key !== 'n' && event.key !== 'p') return;
      event.preventDefault();
      step(event.key === 'n' ? 1 : -1);
    };
    // Before the page's own shortcuts, which wait while a sheet is open anyway.
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  return step;
}

/** As a file. */
function keep(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/x-patch' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
