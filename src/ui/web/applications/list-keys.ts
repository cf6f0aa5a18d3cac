// The list by keyboard: j and k, or arrows, walk it, x selects, s and r sync and refresh what is selected.

import type { RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useActions } from '../shell/actions.ts';
import { applications } from '../state/applications.ts';
import { useWords } from '../words/words.ts';
import { listWords } from './applications-words.ts';
import type { ListQuery } from './list-query.ts';
import { refreshAndTell } from './refresh.ts';
import type { Row } from './row.ts';
import { selected, toggle } from './selection.ts';

/** Frames until a row that was out of view is in the page. */
const MOST_FRAMES = 12;

/** For the arrow keys, on what holds the rows. */
export function useListKeys(
  root: RefObject<HTMLElement | null>,
  rows: readonly Row[],
  { query, view }: ListQuery,
): (event: KeyboardEvent) => void {
  const t = useWords(listWords);
  const { route } = useLocation();
  const latest = useRef({ rows, query, view });
  latest.current = { rows, query, view };
  const last = useRef<string>(undefined);

  const here = (): number => {
    const key = document.activeElement?.closest<HTMLElement>('[data-key]')?.dataset.key ?? last.current;
    return latest.current.rows.findIndex((row) => row.key === key);
  };
  const walk = (step: number): void => {
    const { rows: all } = latest.current;
    const from = here();
    const row = all[from < 0 ? 0 : Math.max(0, Math.min(all.length - 1, from + step))];
    if (!row) return;
    last.current = row.key;
    focusOn(root.current, row.key, all.indexOf(row), all.length);
  };
  /** What is selected; otherwise where one is. */
  const meant = (): readonly string[] => {
    if (selected.peek().size > 0) return [...selected.peek()];
    const key = latest.current.rows[here()]?.key;
    return key === undefined ? [] : [key];
  };
  const sync = (): void => {
    const keys = meant();
    if (keys.length > 0) route(latest.current.query.with({ bulk: 'sync', selected: keys }));
  };
  const refresh = async (): Promise<void> => {
    const known = applications.value.peek();
    const apps = meant().flatMap((key) => known?.get(key) ?? []);
    if (apps.length === 1 && apps[0]) return refreshAndTell(apps[0], 'normal', t);
    const { startRefresh } = await import('./refresh-many.ts');
    if (apps.length > 1) startRefresh(apps, 'normal');
  };
  const group = t.title;
  useActions(
    [
      { id: 'list down', label: t.down, group, keys: 'j', run: () => walk(1) },
      { id: 'list up', label: t.up, group, keys: 'k', run: () => walk(-1) },
      {
        ...{ id: 'list select', label: t.choose, group, keys: 'x' },
        run: () => {
          const { rows: all } = latest.current;
          const row = all[here()];
          if (row) toggle(row.key);
        },
      },
      { id: 'list sync', label: t.syncSelected, group, keys: 's', run: sync },
      { id: 'list refresh', label: t.refreshSelected, group, keys: 'r', run: refresh },
      { id: 'new app', label: t.newApp, group, keys: 'n', run: () => route('/applications?new=1') },
    ],
    [t],
  );

  return (event) => {
    const { target } = event;
    if (!(target instanceof HTMLElement) || !target.matches('[data-open]') || event.altKey || event.metaKey) return;
    const columns = Number(root.current?.querySelector<HTMLElement>('[data-columns]')?.dataset.columns ?? 1);
    const isTiles = view === 'tiles';
    const step = {
      ArrowDown: isTiles ? columns : 1,
      ArrowUp: isTiles ? -columns : -1,
      ...(isTiles && { ArrowRight: 1, ArrowLeft: -1 }),
      Home: -rows.length,
      End: rows.length,
    }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    walk(step);
  };
}

/** Scrolls to where it will be, and waits until it is there. */
function focusOn(root: HTMLElement | null, key: string, index: number, count: number): void {
  if (!root) return;
  let frames = 0;
  const attempt = () => {
    const link = root.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"] [data-open]`);
    if (link) {
      link.focus();
      return;
    }
    if (frames === 0) {
      const { top, height } = root.getBoundingClientRect();
      scrollTo({ top: scrollY + top + (height * index) / count - innerHeight / 2, behavior: 'instant' });
    }
    frames += 1;
    if (frames < MOST_FRAMES) requestAnimationFrame(attempt);
  };
  attempt();
}
