// Applications as tiles: only those near what is in view are in the page.

import { Box } from 'lucide';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../parts/icon.tsx';
import { Mark } from '../parts/mark.tsx';
import { Name } from '../parts/name.tsx';
import { useVirtual } from '../parts/virtual.ts';
import { pathOf } from '../state/applications.ts';
import { useWords } from '../words/words.ts';
import s from './app-tiles.module.css';
import { listWords } from './applications-words.ts';
import { useReuse } from './reuse.ts';
import type { Row } from './row.ts';
import {
  Deployed,
  Destination,
  HeldSign,
  Policy,
  RowMenu,
  SelectBox,
  SourceText,
  SyncState,
  TroubleLine,
} from './row-parts.tsx';
import { selected } from './selection.ts';

interface Props {
  readonly rows: readonly Row[];
  readonly changed: ReadonlySet<string>;
}

const LEAST_WIDTH = 336;
const GAP = 12;
/** As the style sheet has it. */
const HEIGHT = 192;

export function AppTiles({ rows, changed }: Props) {
  const t = useWords(listWords);
  const reuse = useReuse();
  const frame = useRef<HTMLDivElement>(null);
  const [columns, setColumns] = useState(() => columnsIn(innerWidth - 96));
  useLayoutEffect(() => {
    const { current } = frame;
    if (!current) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setColumns(columnsIn(entry.contentRect.width));
    });
    observer.observe(current);
    setColumns(columnsIn(current.clientWidth));
    return () => observer.disconnect();
  }, []);
  const count = Math.ceil(rows.length / columns);
  const virtual = useVirtual<HTMLUListElement>({ count, rowHeight: HEIGHT + GAP, margin: 3 });
  const { ref, first, end, before, after } = virtual;
  return (
    <div ref={frame} data-columns={columns}>
      <ul
        ref={ref}
        role="list"
        aria-label={t.title}
        class={s.tiles}
        style={{
          gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
          paddingBlock: `${before}px ${after}px`,
        }}
      >
        {rows.slice(first * columns, end * columns).map((row) => {
          const values = { row, isChanged: changed.has(row.key) };
          return reuse(row.key, Object.values(values), () => <Tile key={row.key} {...values} />);
        })}
      </ul>
    </div>
  );
}

interface TileProps {
  readonly row: Row;
  readonly isChanged: boolean;
}

function Tile({ row, isChanged }: TileProps) {
  const t = useWords(listWords);
  const { app, key, name, project, health } = row;
  const state = `${isChanged ? s.changed : ''} ${selected.value.has(key) ? s.selected : ''}`;
  return (
    <li data-key={key} class={`${s.tile} ${state}`}>
      <div class={s.head}>
        <SelectBox row={row} />
        <a class={s.name} href={pathOf(app)} title={name} data-open>
          <Name>{name}</Name>
        </a>
        <RowMenu row={row} />
      </div>
      <p class={s.about}>
        <span>{project}</span>
        <Policy row={row} />
      </p>
      <p class={s.states}>
        <SyncState row={row} />
        <Mark of="health" state={health} title={app.status.health?.message} />
      </p>
      <dl class={s.facts}>
        <dt>{t.source}</dt>
        <dd>
          <SourceText row={row} />
        </dd>
        <dt>{t.destination}</dt>
        <dd>
          <Destination row={row} />
        </dd>
        <dt>{t.revision}</dt>
        <dd>
          <Deployed row={row} hasFoot />
        </dd>
      </dl>
      <div class={s.foot}>
        {row.held ? (
          <HeldSign row={row} />
        ) : row.trouble !== undefined ? (
          <TroubleLine row={row} />
        ) : (
          <Images row={row} />
        )}
      </div>
    </li>
  );
}

function Images({ row: { images } }: { readonly row: Row }) {
  const t = useWords(listWords);
  const [first, ...others] = images;
  if (first === undefined) return null;
  return (
    <p class={s.images} title={images.join('\n')}>
      <Icon icon={Box} size={14} label={t.images} />
      <span class={s.image} translate={false}>
        {shortImage(first)}
      </span>
      {others.length > 0 && <span>{t.more(others.length)}</span>}
    </p>
  );
}

function columnsIn(width: number): number {
  return Math.max(1, Math.floor((width + GAP) / (LEAST_WIDTH + GAP)));
}

/** `registry.example.com/shop/web:1.2` → `web:1.2`; a digest by its beginning. */
function shortImage(image: string): string {
  return image.slice(image.lastIndexOf('/') + 1).replace(/@sha256:([0-9a-f]{7})[0-9a-f]+$/, '@$1');
}
