// The tree: places come from tree-layout.ts; arrow keys walk it, Enter opens an object, Space folds.

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Application } from '../../../application/types.ts';
import { density } from '../state/preferences.ts';
import { useQuery } from '../state/query.ts';
import { useWords } from '../words/words.ts';
import { TreeBox } from './tree-box.tsx';
import { type Band, canFold, type Folds, layoutForest, rowsOf, type Step, stepFrom } from './tree-layout.ts';
import type { TreeNode } from './tree-model.ts';
import s from './tree-view.module.css';
import { treeWords } from './tree-words.ts';

interface Props {
  readonly app: Application;
  readonly forest: readonly TreeNode[];
  /** What was looked for is shown whole. */
  readonly isFiltered: boolean;
  readonly isLoading: boolean;
}

const STEPS: Readonly<Record<string, Step>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  Home: 'first',
  End: 'last',
};

/** Fewer are all in the page. */
const FEW_BOXES = 120;
const MARGIN = 600;
/** tree-view.module.css has the same. */
const PADDING = 4;

export function TreeView({ app, forest, isFiltered, isLoading }: Props) {
  const t = useWords(treeWords);
  const query = useQuery();
  const fold = query.get('fold');
  const mode: Folds['mode'] = isFiltered || fold === 'all' ? 'all' : fold === 'none' ? 'none' : 'auto';
  const [changed, setChanged] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [current, setCurrent] = useState<string>();
  const wantsFocus = useRef(false);
  const root = useRef<HTMLDivElement>(null);
  const width = useWidth(root);
  useEffect(() => setChanged(new Map()), [mode]);
  const isCompact = density.value === 'compact';
  const layout = useMemo(
    () => layoutForest(forest, { width, folds: { mode, changed }, isCompact }),
    [forest, width, mode, changed, isCompact],
  );
  const rows = rowsOf(layout);
  const active = rows.find(({ key }) => key === current) ?? rows[0];
  const [top, bottom] = useVisible(root, rows.length > FEW_BOXES);

  useLayoutEffect(() => {
    if (!wantsFocus.current || !active) return;
    wantsFocus.current = false;
    root.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(active.key)}"]`)?.focus();
  });

  const setOpen = (key: string, isOpen: boolean) => setChanged((old) => new Map(old).set(key, isOpen));
  const onKeyDown = (event: KeyboardEvent) => {
    if (!active || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    if (step) {
      event.preventDefault();
      const found = stepFrom(layout, active.key, step);
      if (!found) return;
      wantsFocus.current = true;
      if ('go' in found) setCurrent(found.go);
      else setOpen(active.key, found.open);
    } else if ((event.key === ' ' || (event.key === 'Enter' && active.group)) && active.isOpen !== undefined) {
      event.preventDefault();
      wantsFocus.current = true;
      if (active.isOpen === false || canFold(active)) setOpen(active.key, !active.isOpen);
    }
  };

  return (
    <div class={s.scroll} ref={root}>
      <p class="visually-hidden" id="tree-keys">
        {t.keys}
      </p>
      <div
        role="tree"
        aria-label={t.tree}
        aria-describedby="tree-keys"
        class={s.tree}
        style={{ width: `${layout.width}px`, height: `${layout.height}px` }}
        onKeyDown={onKeyDown}
      >
        {layout.bands.map((band) => (
          <div key={band.id} role="group" aria-label={titleOf(band, t)}>
            <BandHead band={band} />
            {band.boxes
              .filter((box) => (box.y + box.height > top && box.y < bottom) || box === active)
              .map((box) => (
                <TreeBox
                  key={box.key}
                  app={app}
                  box={box}
                  isActive={box === active}
                  onFocus={() => setCurrent(box.key)}
                  onFold={(isOpen) => {
                    setCurrent(box.key);
                    setOpen(box.key, isOpen);
                  }}
                />
              ))}
          </div>
        ))}
      </div>
      <svg class={s.lines} width={layout.width} height={layout.height} aria-hidden="true">
        {layout.bands.map(({ id, lines }) => (
          <path key={id} d={lines} />
        ))}
      </svg>
      {isLoading && (
        <p class={s.loading} role="status">
          {t.loading}
        </p>
      )}
    </div>
  );
}

function BandHead({ band }: { readonly band: Band }) {
  const t = useWords(treeWords);
  return (
    <div
      class={s.head}
      aria-hidden="true"
      style={{ left: `${band.x}px`, top: `${band.y}px`, width: `${band.width}px` }}
    >
      <span class={s.title}>{titleOf(band, t)}</span>
      <span>{t.counted(band.count)}</span>
      {band.notFine > 0 && <span class={s.notFine}>{t.notFine(band.notFine)}</span>}
    </div>
  );
}

function titleOf({ kind, wave, phase }: Band, t: (typeof treeWords)['en']): string {
  if (kind === 'orphaned') return t.orphaned;
  if (kind === 'phase' && phase) return t.phases[phase] ?? phase;
  return t.wave(wave);
}

function useWidth(root: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(() => Math.max(300, document.querySelector('main')?.clientWidth ?? 1200) - 48);
  useLayoutEffect(() => {
    const { current } = root;
    if (!current) return;
    const look = () => setWidth(current.clientWidth - 2 * PADDING);
    look();
    const observer = new ResizeObserver(look);
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return width;
}

/** The part of the tree that is near what is in view. */
function useVisible(root: { readonly current: HTMLElement | null }, isOn: boolean): readonly [number, number] {
  const [range, setRange] = useState<readonly [number, number]>([0, 2_000]);
  useLayoutEffect(() => {
    if (!isOn) return;
    const look = () => {
      const edge = root.current?.getBoundingClientRect().top ?? 0;
      const step = (value: number) => Math.round(value / 200) * 200;
      const [from, to] = [step(-edge - MARGIN), step(innerHeight - edge + MARGIN)];
      setRange((old) => (old[0] === from && old[1] === to ? old : [from, to]));
    };
    look();
    addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    return () => {
      removeEventListener('scroll', look);
      removeEventListener('resize', look);
    };
  }, [isOn]);
  return isOn ? range : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
}
