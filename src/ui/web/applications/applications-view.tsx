// All Applications: tiles or a table, found and filtered by the address.

import { Boxes } from 'lucide';
import { Empty } from '../parts/empty.tsx';
import { Loading } from '../parts/loading.tsx';
import { Mark } from '../parts/mark.tsx';
import { Name } from '../parts/name.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { useCrumbs } from '../shell/crumbs.ts';
import { shellWords } from '../shell/shell-words.ts';
import { applications, keyOf, pathOf } from '../state/applications.ts';
import { useLive } from '../state/live.ts';
import { useWords } from '../words/words.ts';

export function ApplicationsView() {
  const t = useWords(shellWords);
  useCrumbs([{ label: t.applications }]);
  const { value: apps, state } = useLive(applications);
  return (
    <Page title={t.applications} isWide>
      {state.kind === 'failed' && <Problem error={state.error} onRetry={applications.retry} />}
      {!apps && state.kind === 'loading' && <Loading />}
      {apps?.size === 0 && <Empty icon={Boxes} title="…" />}
      {apps && (
        <ul role="list">
          {[...apps.values()].map((app) => (
            <li key={keyOf(app)}>
              <a href={pathOf(app)}>
                <Name>{app.metadata.name}</Name>
              </a>{' '}
              <Mark of="sync" state={app.status.sync?.status} /> <Mark of="health" state={app.status.health?.status} />
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}
