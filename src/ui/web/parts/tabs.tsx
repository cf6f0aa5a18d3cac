// Ways to look at one thing: links, each with an address.

import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import s from './tabs.module.css';

export interface Tab {
  readonly label: string;
  readonly href: string;
  readonly isCurrent: boolean;
  readonly count?: number | undefined;
}

export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }) {
  const { route } = useLocation();
  const list = useRef<HTMLElement>(null);
  const current = tabs.find(({ isCurrent }) => isCurrent)?.href;
  // On a phone there may be more of them than are in view. Only the row is moved: the page stays where it is.
  useEffect(() => {
    const [row, tab] = [list.current, list.current?.querySelector<HTMLElement>('[aria-current]')];
    if (!row || !tab) return;
    const [outer, inner] = [row.getBoundingClientRect(), tab.getBoundingClientRect()];
    if (inner.right > outer.right) row.scrollLeft += inner.right - outer.right;
    else if (inner.left < outer.left) row.scrollLeft -= outer.left - inner.left;
  }, [current]);
  return (
    <nav ref={list} aria-label={label} class={s.tabs}>
      {tabs.map(({ label: text, href, isCurrent, count }) => (
        <a
          key={href}
          class={s.tab}
          href={href}
          aria-current={isCurrent ? 'page' : undefined}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            // One way of looking gives way to another: going back leaves the thing.
            route(href, true);
          }}
        >
          {text}
          {count !== undefined && <span class={s.count}>{count}</span>}
        </a>
      ))}
    </nav>
  );
}
