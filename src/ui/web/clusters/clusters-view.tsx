// Clusters and how they are reached: the list, or one of them.

import { Plus, RefreshCw, Server } from 'lucide';
import { useLocation, useRoute } from 'preact-iso';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import { ConnectionSign } from '../parts/connection-sign.tsx';
import { AsCommand } from '../parts/copy.tsx';
import { Empty } from '../parts/empty.tsx';
import { Loading } from '../parts/loading.tsx';
import { Name } from '../parts/name.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { useActions } from '../shell/actions.ts';
import { useCrumbs } from '../shell/crumbs.ts';
import { useQuery } from '../state/query.ts';
import { mayAnywhere } from '../state/reach.ts';
import { useWords } from '../words/words.ts';
import { AddClusterSheet } from './add-cluster-sheet.tsx';
import { clusterPath, HOME_SERVER } from './cluster-name.ts';
import { ClusterPage } from './cluster-page.tsx';
import s from './clusters.module.css';
import { clustersWords } from './clusters-words.ts';
import { type Cluster, useClusters } from './use-clusters.ts';

export default function ClustersView() {
  const { id } = useRoute().params;
  return id === undefined || id === '' ? <ClusterList /> : <ClusterPage key={id} server={id} />;
}

function ClusterList() {
  const t = useWords(clustersWords);
  const query = useQuery();
  const { route } = useLocation();
  const { value, error, isLoading, reload, trying, retry } = useClusters();
  useCrumbs([{ label: t.title }]);
  const mayCreate = mayAnywhere('clusters', 'create');
  useActions(
    mayCreate
      ? [
          {
            id: 'add-cluster',
            label: t.add,
            group: t.title,
            icon: Plus,
            keys: 'n',
            run: () => query.set({ sheet: 'add' }, true),
          },
        ]
      : [],
    [t, mayCreate],
  );
  return (
    <Page
      title={t.title}
      actions={
        <>
          <Button icon={RefreshCw} isBusy={trying.size > 0} onClick={retry}>
            {t.tryAll}
          </Button>
          <Button
            kind="primary"
            icon={Plus}
            reason={mayCreate ? undefined : t.mayNotCreate}
            onClick={() => query.set({ sheet: 'add' }, true)}
          >
            {t.add}
          </Button>
        </>
      }
    >
      <div class={card.stack}>
        {error !== undefined && <Problem error={error} onRetry={reload} />}
        {value === undefined && isLoading && <Loading />}
        {value?.length === 0 && <Empty icon={Server} title={t.empty} />}
        {value !== undefined && value.length > 0 && <Table clusters={value} trying={trying} />}
        {value !== undefined && <AsCommand command="hawser cluster list" />}
      </div>
      {query.get('sheet') === 'add' && (
        <AddClusterSheet
          onClose={() => query.set({ sheet: undefined })}
          onDone={(server) => {
            reload();
            route(clusterPath(server), true);
          }}
        />
      )}
    </Page>
  );
}

function Table({ clusters, trying }: { readonly clusters: readonly Cluster[]; readonly trying: ReadonlySet<string> }) {
  const t = useWords(clustersWords);
  const { route } = useLocation();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
    <section class={`${card.card} ${card.scroll}`} tabIndex={0} aria-label={t.title}>
      <table>
        <thead>
          <tr>
            <th>{t.columns.cluster}</th>
            <th>{t.columns.connection}</th>
            <th class={s.wide}>{t.columns.version}</th>
            <th class={`${s.wide} ${card.number}`}>{t.columns.kinds}</th>
            <th class={s.wide}>{t.columns.namespaces}</th>
            <th class={s.wide}>{t.columns.project}</th>
            <th class={`${s.wide} ${card.number}`}>{t.columns.applications}</th>
          </tr>
        </thead>
        <tbody>
          {clusters.map((one) => {
            const { server, name, info, namespaces, project, connectionState } = one;
            const href = clusterPath(server);
            const used = info?.applicationsCount ?? 0;
            return (
              <tr
                key={server}
                class={s.row}
                onClick={(event) => {
                  if (event.target instanceof Element && event.target.closest('a, button')) return;
                  route(href);
                }}
              >
                <td>
                  <a href={href} class={s.name}>
                    <Name>{name || server}</Name>
                  </a>
                  <span class={s.address}>
                    <Name isMono>{server}</Name>
                    {server === HOME_SERVER && <> · {t.home}</>}
                  </span>
                </td>
                <td>
                  <ConnectionSign connection={connectionState} isTrying={trying.has(server)} />
                </td>
                <td class={s.wide}>{info?.serverVersion ?? '–'}</td>
                <td class={`${s.wide} ${card.number}`}>{info?.cacheInfo.apisCount ?? '–'}</td>
                <td class={s.wide}>
                  {namespaces && namespaces.length > 0 ? namespaces.join(', ') : <Quiet>{t.everyNamespace}</Quiet>}
                </td>
                <td class={s.wide}>
                  {typeof project === 'string' && project !== '' ? (
                    <a href={`/projects/${encodeURIComponent(project)}`}>{project}</a>
                  ) : (
                    <Quiet>{t.everyProject}</Quiet>
                  )}
                </td>
                <td class={`${s.wide} ${card.number}`}>
                  {used > 0 ? (
                    <a href={`/applications?clusters=${encodeURIComponent(name || server)}`}>{used}</a>
                  ) : (
                    <Quiet>0</Quiet>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Quiet({ children }: { readonly children: preact.ComponentChildren }) {
  return <span class={card.quiet}>{children}</span>;
}
