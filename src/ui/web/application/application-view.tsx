// One Application: its state, what can be done, what it is made of, and its objects. Parts of it open as sheets over the page.

import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import { Loading } from '../parts/loading.tsx';
import { Page } from '../parts/page.tsx';
import { useCrumbs } from '../shell/crumbs.ts';
import { applicationNamed } from '../state/applications.ts';
import { useLive } from '../state/live.ts';
import { useWords } from '../words/words.ts';
import { pagePath } from './addresses.ts';
import { ApplicationPage } from './application-page.tsx';
import { applicationWords } from './application-words.ts';
import { MissingApplication } from './missing-application.tsx';
import { ApplicationSheet } from './sheets.tsx';

export default function ApplicationView() {
  const t = useWords(applicationWords);
  const { params } = useRoute();
  const { namespace = '', name = '', part } = params;
  const live = applicationNamed(namespace, name);
  const { value: app, state } = useLive(live);
  const metadata = { namespace, name };
  const onClose = useClosing({ metadata }, part);
  useKeptScroll(part);
  useCrumbs([{ label: t.applications, href: '/applications' }, { label: name }]);
  if (!app) {
    return (
      <Page title={name}>
        {state.kind === 'failed' ? (
          <MissingApplication namespace={namespace} name={name} error={state.error} onRetry={live.retry} />
        ) : (
          <Loading lines={6} />
        )}
      </Page>
    );
  }
  const isGone = state.kind === 'failed' && state.error.status === 404;
  return (
    <>
      <ApplicationPage app={app} isGone={isGone} />
      <ApplicationSheet part={part} app={app} onClose={onClose} />
    </>
  );
}

/** Closing goes back where one came from the page by one step; otherwise the page takes the sheet's place. */
function useClosing(app: Parameters<typeof pagePath>[0], part: string | undefined): () => void {
  const { route } = useLocation();
  const before = useRef<string | undefined>(undefined);
  const opened = useRef<number | undefined>(undefined);
  const here = part ?? '';
  useEffect(() => {
    if (here === '') opened.current = undefined;
    else if (before.current === '') opened.current = history.length;
    before.current = here;
  }, [here]);
  return () => {
    if (opened.current === history.length) history.back();
    else route(pagePath(app, location.search), true);
  };
}

/** The router goes to the top of what it takes for another page; a sheet leaves the page behind it where it is. */
function useKeptScroll(part: string | undefined): void {
  const place = scrollY;
  const before = useRef(part);
  // The browser, too, would move the page when one goes back from a sheet.
  useLayoutEffect(() => {
    history.scrollRestoration = 'manual';
    scrollTo(0, 0);
    return () => {
      history.scrollRestoration = 'auto';
    };
  }, []);
  useLayoutEffect(() => {
    if (before.current === part) return;
    before.current = part;
    queueMicrotask(() => scrollTo(0, place));
  }, [part]);
}
