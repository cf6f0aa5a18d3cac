// Try a change: edit files, see at once what would differ, and what of it would touch the cluster; then a commit, or a patch.

import { useRoute } from 'preact-iso';
import type { ChangeInput } from '../../../operation/application-changes.ts';
import { call } from '../api/call.ts';
import { ApiError } from '../api/error.ts';
import card from '../parts/card.module.css';
import { Loading } from '../parts/loading.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { useCrumbs } from '../shell/crumbs.ts';
import { shellWords } from '../shell/shell-words.ts';
import { useLoad } from '../state/load.ts';
import { useWords } from '../words/words.ts';
import { TryPage } from './try-page.tsx';
import { tryWords } from './try-words.ts';

export default function TryView() {
  const t = useWords(tryWords);
  const shell = useWords(shellWords);
  const { params } = useRoute();
  const { namespace = '', name = '' } = params;
  const href = `/applications/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
  useCrumbs([{ label: shell.applications, href: '/applications' }, { label: name, href }, { label: t.title }]);
  const loaded = useLoad(
    async (signal) => {
      const query = { appNamespace: namespace };
      const input = await call('GET /api/v1/applications/{name}/render-input', { params: { name }, query, signal });
      return input as ChangeInput; // The schema of the route says the same, in looser words.
    },
    [namespace, name],
  );
  const { value, error, reload } = loaded;
  // Until that of another one has come, what is there is of the one before.
  if (value?.context.appName === name && value.context.appNamespace === namespace) {
    return <TryPage key={href} {...{ namespace, name, href, reload, error }} input={value} />;
  }
  const isForbidden = error instanceof ApiError && error.status === 403;
  return (
    <Page title={t.titleOf(name)} heading={t.title}>
      {error === undefined && (
        <>
          <p class={card.quiet}>{t.reading}</p>
          <Loading lines={8} />
        </>
      )}
      {isForbidden && (
        <Problem error={error} title={t.notAllowed}>
          <p>{t.notAllowedHint}</p>
        </Problem>
      )}
      {error !== undefined && !isForbidden && <Problem error={error} onRetry={reload} />}
    </Page>
  );
}
