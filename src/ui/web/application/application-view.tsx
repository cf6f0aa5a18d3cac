// One Application.

import { useRoute } from 'preact-iso';
import { Loading } from '../parts/loading.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { useCrumbs } from '../shell/crumbs.ts';
import { shellWords } from '../shell/shell-words.ts';
import { applicationNamed } from '../state/applications.ts';
import { useLive } from '../state/live.ts';
import { useWords } from '../words/words.ts';

export default function ApplicationView() {
  const t = useWords(shellWords);
  const { params } = useRoute();
  const { namespace = '', name = '' } = params;
  const { value: app, state } = useLive(applicationNamed(namespace, name));
  useCrumbs([{ label: t.applications, href: '/applications' }, { label: name }]);
  return (
    <Page title={name}>
      {state.kind === 'failed' && <Problem error={state.error} />}
      {app ? <p>{app.status.sync?.status}</p> : state.kind === 'loading' && <Loading />}
    </Page>
  );
}
