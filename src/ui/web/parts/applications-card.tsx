// The Applications of a thing, each with its state; a link leads to all of them in the list.

import type { Application } from '../../../application/types.ts';
import { keyOf, pathOf } from '../state/applications.ts';
import s from './applications-card.module.css';
import card from './card.module.css';
import { Mark } from './mark.tsx';
import { Name } from './name.tsx';

interface Props {
  readonly title: string;
  /** Said where there is none. */
  readonly none: string;
  readonly apps: readonly Application[];
  /** The list of all of them. */
  readonly href: string;
  /** So many are shown. */
  readonly most: number;
}

export function ApplicationsCard({ title, none, apps, href, most }: Props) {
  return (
    <section class={card.card}>
      <header class={card.head}>
        <h2>{title}</h2>
        {apps.length > 0 && (
          <a class={`${card.quiet} ${card.small}`} href={href}>
            {apps.length}
          </a>
        )}
      </header>
      <div class={card.pad}>
        {apps.length === 0 ? (
          <p class={s.none}>{none}</p>
        ) : (
          <ul role="list" class={s.list}>
            {[...apps]
              .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
              .slice(0, most)
              .map((app) => (
                <li key={keyOf(app)}>
                  <a class={s.name} href={pathOf(app)}>
                    <Name>{app.metadata.name}</Name>
                  </a>
                  <Mark of="sync" state={app.status.sync?.status} />
                  <Mark of="health" state={app.status.health?.status} />
                </li>
              ))}
          </ul>
        )}
      </div>
    </section>
  );
}
