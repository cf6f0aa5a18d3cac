// The page itself: state, notices, what it is made of, and its objects.

import { useState } from 'preact/hooks';
import type { Application } from '../../../application/types.ts';
import { Name } from '../parts/name.tsx';
import { Page } from '../parts/page.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { useQuery } from '../state/query.ts';
import { ObjectsView } from '../tree/objects-view.tsx';
import { useWords } from '../words/words.ts';
import s from './application-page.module.css';
import { applicationWords } from './application-words.ts';
import { DriftCard } from './drift-card.tsx';
import { HeadActions } from './head-actions.tsx';
import { Notices } from './notices.tsx';
import { StateLine } from './state-line.tsx';
import { Summary } from './summary.tsx';

const VIEWS = ['tree', 'list', 'pods'] as const;
export type View = (typeof VIEWS)[number];

export function ApplicationPage({ app, isGone }: { readonly app: Application; readonly isGone: boolean }) {
  const t = useWords(applicationWords);
  const query = useQuery();
  const wanted = query.get('view');
  const view = VIEWS.find((one) => one === wanted) ?? 'tree';
  const [pods, setPods] = useState<number>();
  const { name } = app.metadata;
  const counts = { tree: undefined, list: app.status.resources?.length, pods };
  return (
    <Page
      title={name}
      heading={<Name>{name}</Name>}
      lead={<StateLine app={app} />}
      actions={!isGone && <HeadActions app={app} />}
      isWide
    >
      <Notices app={app} isGone={isGone} />
      <Summary app={app} />
      <DriftCard app={app} />
      <div class={s.objects}>
        <Tabs
          label={t.views}
          tabs={VIEWS.map((one) => ({
            label: t[one],
            href: query.with({ view: one === 'tree' ? undefined : one }),
            isCurrent: one === view,
            count: counts[one],
          }))}
        />
        <ObjectsView app={app} view={view} onPods={setPods} />
      </div>
    </Page>
  );
}
