// The page: rail, bar, and the view that the address names. A view is loaded when it is looked at first.

import { useEffect, useState } from 'preact/hooks';
import { ErrorBoundary, LocationProvider, lazy, Route, Router, useLocation } from 'preact-iso';
import s from './app.module.css';
import { ApplicationsView } from './applications/applications-view.tsx';
import { Problem } from './parts/problem.tsx';
import { Toasts } from './parts/toast.tsx';
import { type Action, listenForKeys, useActions } from './shell/actions.ts';
import { Connection } from './shell/connection.tsx';
import { NotFound } from './shell/not-found.tsx';
import { Palette } from './shell/palette.tsx';
import { isHelpOpen, isPaletteOpen } from './shell/palette-state.ts';
import { PLACES, Rail } from './shell/rail.tsx';
import { SessionOver } from './shell/session-over.tsx';
import { shellWords } from './shell/shell-words.ts';
import { Shortcuts } from './shell/shortcuts.tsx';
import { TopBar } from './shell/top-bar.tsx';
import { useWords } from './words/words.ts';

const ApplicationView = lazy(() => import('./application/application-view.tsx'));
const TryView = lazy(() => import('./try/try-view.tsx'));
const DeliveriesView = lazy(() => import('./deliveries/deliveries-view.tsx'));
const ProjectsView = lazy(() => import('./projects/projects-view.tsx'));
const RepositoriesView = lazy(() => import('./repositories/repositories-view.tsx'));
const ClustersView = lazy(() => import('./clusters/clusters-view.tsx'));
const AccountsView = lazy(() => import('./accounts/accounts-view.tsx'));
const SettingsView = lazy(() => import('./settings/settings-view.tsx'));

export function App() {
  return (
    <LocationProvider scope={/^\/(?!auth\/|login|api\/|openapi|swagger|metrics)/}>
      <Frame />
    </LocationProvider>
  );
}

function Frame() {
  const t = useWords(shellWords);
  const [broken, setBroken] = useState<unknown>();
  return (
    <>
      <a class={s.skip} href="#content">
        {t.skip}
      </a>
      <Rail />
      <div class={s.main}>
        <TopBar />
        <Connection />
        <main id="content" tabIndex={-1}>
          {broken !== undefined && (
            <div class={s.broken}>
              <Problem error={broken} />
            </div>
          )}
          <ErrorBoundary onError={setBroken}>
            <Router onRouteChange={() => setBroken(undefined)}>
              <Route path="/" component={ApplicationsView} />
              <Route path="/applications" component={ApplicationsView} />
              <Route path="/applications/:namespace/:name/try" component={TryView} />
              <Route path="/applications/:namespace/:name/:part?" component={ApplicationView} />
              <Route path="/applications/:name" component={ApplicationsView} />
              <Route path="/deliveries/:id?" component={DeliveriesView} />
              <Route path="/projects/:name?/:part?" component={ProjectsView} />
              <Route path="/repositories/:id?" component={RepositoriesView} />
              <Route path="/clusters/:id?" component={ClustersView} />
              <Route path="/accounts/:name?" component={AccountsView} />
              <Route path="/settings" component={SettingsView} />
              <Route default component={NotFound} />
            </Router>
          </ErrorBoundary>
        </main>
      </div>
      <GlobalActions />
      <Palette />
      <Shortcuts />
      <SessionOver />
      <Toasts />
    </>
  );
}

function GlobalActions() {
  const t = useWords(shellWords);
  const { route } = useLocation();
  useEffect(() => listenForKeys(route), [route]);
  const places: Action[] = PLACES.map(({ name, icon, keys }) => ({
    ...{ id: `go ${name}`, label: t[name], group: t.goTo, icon, keys: `g ${keys}`, href: `/${name}` },
  }));
  useActions(
    [
      ...places,
      { id: 'go settings', label: t.settings, group: t.goTo, href: '/settings', keys: 'g s' },
      {
        ...{ id: 'palette', label: t.openPalette, group: t.general, keys: 'k' },
        run: () => {
          isPaletteOpen.value = true;
        },
      },
      {
        ...{ id: 'help', label: t.shortcuts, group: t.general, keys: '?' },
        run: () => {
          isHelpOpen.value = true;
        },
      },
      {
        ...{ id: 'search', label: t.search, group: t.general, keys: '/' },
        run: () => document.querySelector<HTMLInputElement>('main input[type="search"]')?.focus(),
      },
    ],
    [t],
    true,
  );
  return null;
}
