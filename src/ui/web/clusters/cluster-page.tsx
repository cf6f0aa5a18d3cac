// One cluster: whether it is reached, what it serves, its settings, and the Applications that go there.

import { Pencil, RefreshCw, RotateCw, Trash2 } from 'lucide';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { at, stringAt } from '../../../base/json.ts';
import { call } from '../api/call.ts';
import { ApiError } from '../api/error.ts';
import { ApplicationsCard } from '../parts/applications-card.tsx';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import { ConfirmName } from '../parts/confirm-name.tsx';
import { ConnectionStory } from '../parts/connection-sign.tsx';
import { AsCommand } from '../parts/copy.tsx';
import { Loading } from '../parts/loading.tsx';
import { Name } from '../parts/name.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { shellCommand } from '../parts/shell-word.ts';
import { tell } from '../parts/toast.tsx';
import { useCrumbs } from '../shell/crumbs.ts';
import { applications } from '../state/applications.ts';
import { useLive } from '../state/live.ts';
import { useLoad } from '../state/load.ts';
import { useQuery } from '../state/query.ts';
import { may } from '../state/rights.ts';
import { useWords } from '../words/words.ts';
import { AddClusterSheet } from './add-cluster-sheet.tsx';
import { clusterObject, HOME_SERVER, isDestination } from './cluster-name.ts';
import s from './clusters.module.css';
import { clustersWords } from './clusters-words.ts';
import type { Cluster } from './use-clusters.ts';

export function ClusterPage({ server }: { readonly server: string }) {
  const t = useWords(clustersWords);
  const query = useQuery();
  const { route } = useLocation();
  const { value, error, isLoading, reload } = useLoad(
    (signal) => call('GET /api/v1/clusters/{id}', { params: { id: server }, signal }),
    [server],
  );
  const [isForgetting, setForgetting] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const name = value?.name || server;
  useCrumbs([{ label: t.title, href: '/clusters' }, { label: name }]);
  const object = clusterObject({ server, project: value?.project });
  const mayUpdate = may('clusters', 'update', object) !== false;
  const mayDelete = may('clusters', 'delete', object) !== false;
  const isHome = server === HOME_SERVER;
  const part = query.get('part');
  const closePart = () => query.set({ part: undefined });

  const forget = async () => {
    setForgetting(true);
    setProblem(undefined);
    try {
      const found = await call('POST /api/v1/clusters/{id}/invalidate-cache', { params: { id: server } });
      tell(t.forgotten(found.info?.cacheInfo.apisCount));
      reload();
    } catch (failure) {
      setProblem(failure);
    }
    setForgetting(false);
  };

  if (error !== undefined && value === undefined) {
    const isGone = error instanceof ApiError && (error.status === 403 || error.status === 404);
    return (
      <Page title={server}>
        <Problem error={error} {...(isGone && { title: t.notFound })} onRetry={reload} />
      </Page>
    );
  }
  return (
    <Page
      title={name}
      heading={<Name>{name}</Name>}
      actions={
        value && (
          <>
            <Button
              icon={mayUpdate ? RotateCw : RefreshCw}
              isBusy={isForgetting || isLoading}
              onClick={mayUpdate ? forget : reload}
            >
              {mayUpdate ? t.forget : t.tryAgain}
            </Button>
            <Button
              icon={Pencil}
              reason={mayUpdate ? undefined : t.mayNotUpdate}
              onClick={() => query.set({ part: 'edit' }, true)}
            >
              {t.edit}
            </Button>
            <Button
              icon={Trash2}
              reason={isHome ? t.homeStays : mayDelete ? undefined : t.mayNotDelete}
              onClick={() => query.set({ part: 'delete' }, true)}
            >
              {t.remove}
            </Button>
          </>
        )
      }
    >
      <ConnectionStory connection={value?.connectionState} isTrying={isLoading || isForgetting} />
      {problem !== undefined && <Problem error={problem} />}
      {value === undefined ? (
        <Loading />
      ) : (
        <div class={s.columns}>
          <Settings cluster={value} />
          <UsedBy cluster={value} />
        </div>
      )}
      {part === 'edit' && value && (
        <AddClusterSheet
          known={value}
          onClose={closePart}
          onDone={() => {
            closePart();
            reload();
          }}
        />
      )}
      {part === 'delete' && value && (
        <ConfirmName
          title={t.removeTitle(name)}
          name={name}
          action={t.remove}
          onClose={closePart}
          onConfirm={async () => {
            await call('DELETE /api/v1/clusters/{id}', { params: { id: server } });
            tell(t.removed(name));
            route('/clusters', true);
          }}
        >
          <p>{t.removeText}</p>
          {(value.info?.applicationsCount ?? 0) > 0 && <p>{t.removeUsed(value.info?.applicationsCount ?? 0)}</p>}
          <AsCommand command={shellCommand('hawser', 'cluster', 'rm', server)} />
        </ConfirmName>
      )}
    </Page>
  );
}

function Settings({ cluster }: { readonly cluster: Cluster }) {
  const t = useWords(clustersWords);
  const { server, info, namespaces, clusterResources, project, labels, config } = cluster;
  const serverName = stringAt(config, 'tlsClientConfig', 'serverName');
  const proxy = stringAt(config, 'proxyUrl');
  const pairs = Object.entries(labels ?? {});
  return (
    <section class={card.card}>
      <header class={card.head}>
        <h2>{t.settings}</h2>
      </header>
      <div class={`${card.pad} ${card.stack}`}>
        <dl class={card.pairs}>
          <dt>{t.address}</dt>
          <dd>
            <Name isMono>{server}</Name>
          </dd>
          <dt>{t.columns.version}</dt>
          <dd>{info?.serverVersion ?? '–'}</dd>
          <dt>{t.columns.kinds}</dt>
          <dd>{info?.cacheInfo.apisCount ?? '–'}</dd>
          <dt>{t.columns.namespaces}</dt>
          <dd>{namespaces && namespaces.length > 0 ? namespaces.join(', ') : t.everyNamespace}</dd>
          {namespaces && namespaces.length > 0 && (
            <>
              <dt>{t.clusterResources}</dt>
              <dd>{clusterResources === true ? t.managed : t.notManaged}</dd>
            </>
          )}
          <dt>{t.columns.project}</dt>
          <dd>
            {typeof project === 'string' && project !== '' ? (
              <a href={`/projects/${encodeURIComponent(project)}`}>{project}</a>
            ) : (
              t.everyProject
            )}
          </dd>
          <dt>{t.tls}</dt>
          <dd>{at(config, 'tlsClientConfig', 'insecure') === true ? t.tlsOff : t.tlsOn}</dd>
          {serverName && (
            <>
              <dt>{t.serverName}</dt>
              <dd>{serverName}</dd>
            </>
          )}
          {proxy && (
            <>
              <dt>{t.proxy}</dt>
              <dd>
                <Name isMono>{proxy}</Name>
              </dd>
            </>
          )}
          <dt>{t.labels}</dt>
          <dd>
            {pairs.length === 0 ? (
              t.none
            ) : (
              <span class={s.labels}>
                {pairs.map(([key, value]) => (
                  <span key={key} class={s.label}>
                    {key}={value}
                  </span>
                ))}
              </span>
            )}
          </dd>
        </dl>
        <AsCommand command={shellCommand('hawser', 'cluster', 'get', server)} />
      </div>
    </section>
  );
}

const MOST_SHOWN = 16;

function UsedBy({ cluster }: { readonly cluster: Cluster }) {
  const t = useWords(clustersWords);
  const { value } = useLive(applications);
  return (
    <ApplicationsCard
      title={t.usedBy}
      none={t.usedByNone}
      apps={[...(value?.values() ?? [])].filter(({ spec }) => isDestination(cluster, spec.destination))}
      href={`/applications?clusters=${encodeURIComponent(cluster.name || cluster.server)}`}
      most={MOST_SHOWN}
    />
  );
}
