// One repository: whether it is reached, its webhook, its settings, and the Applications that come from it.

import { Pencil, RefreshCw, Trash2 } from 'lucide';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { sourcesOf } from '../../../application/parse.ts';
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
import { ConnectSheet } from './connect-sheet.tsx';
import { HookCard } from './hook-card.tsx';
import s from './repositories.module.css';
import { repositoriesWords } from './repositories-words.ts';
import { Credentials, typeWord } from './repository-list.tsx';
import { isSameAddress, type RepositoryKey, repositoryObject, shortName } from './repository-name.ts';
import { type Repository, readRepository } from './use-repositories.ts';

const REMOVE = {
  read: 'DELETE /api/v1/repositories/{repo}',
  write: 'DELETE /api/v1/write-repositories/{repo}',
} as const;

export function RepositoryPage({ repo, project = '', purpose }: RepositoryKey) {
  const t = useWords(repositoriesWords);
  const query = useQuery();
  const { route } = useLocation();
  const [fresh, setFresh] = useState(0);
  const { value, error, isLoading, reload } = useLoad(
    (signal) => readRepository(purpose, { repo, project }, fresh > 0, signal),
    [repo, project, purpose, fresh],
  );
  const name = shortName({ repo, name: value?.name });
  const list = purpose === 'write' ? '/repositories?tab=write' : '/repositories';
  useCrumbs([{ label: t.title, href: '/repositories' }, { label: name }]);
  const resource = purpose === 'write' ? 'write-repositories' : 'repositories';
  const object = repositoryObject({ repo, project: value?.project });
  const mayUpdate = may(resource, 'update', object) !== false;
  const mayDelete = may(resource, 'delete', object) !== false;
  const part = query.get('part');
  const closePart = () => query.set({ part: undefined });

  if (error !== undefined && value === undefined) {
    const isGone = error instanceof ApiError && (error.status === 403 || error.status === 404);
    return (
      <Page title={name}>
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
            <Button icon={RefreshCw} isBusy={isLoading} onClick={() => setFresh((old) => old + 1)}>
              {t.tryAgain}
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
              reason={mayDelete ? undefined : t.mayNotDelete}
              onClick={() => query.set({ part: 'delete' }, true)}
            >
              {t.remove}
            </Button>
          </>
        )
      }
    >
      <ConnectionStory connection={value?.connectionState} isTrying={isLoading} />
      {value === undefined ? (
        <Loading />
      ) : (
        <div class={s.columns}>
          <div class={s.main}>
            {purpose === 'read' && value.type !== 'helm' && value.type !== 'oci' && (
              <HookCard repo={value.repo} project={value.project ?? ''} mayUpdate={mayUpdate} />
            )}
            {purpose === 'read' && <UsedBy repo={value.repo} />}
          </div>
          <div class={s.side}>
            <Settings repository={value} />
          </div>
        </div>
      )}
      {part === 'edit' && value && (
        <ConnectSheet
          purpose={purpose}
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
            await call(REMOVE[purpose], {
              params: { repo: value.repo },
              query: value.project ? { appProject: value.project } : {},
            });
            tell(t.removed(name));
            route(list, true);
          }}
        >
          <p>{t.removeText}</p>
          <UsedWarning repo={value.repo} />
          <AsCommand
            command={shellCommand(
              ...['hawser', 'repo', 'rm', value.repo],
              ['--project', value.project],
              purpose === 'write' && '--write',
            )}
          />
        </ConfirmName>
      )}
    </Page>
  );
}

function Settings({ repository }: { readonly repository: Repository }) {
  const t = useWords(repositoriesWords);
  const { repo, project, proxy, noProxy, insecure, enableLfs } = repository;
  const isWeb = /^https?:/i.test(repo);
  return (
    <section class={card.card}>
      <header class={card.head}>
        <h2>{t.settings}</h2>
      </header>
      <div class={`${card.pad} ${card.stack}`}>
        <dl class={card.pairs}>
          <dt>{t.form.url}</dt>
          <dd>
            {isWeb ? (
              <a href={repo} target="_blank" rel="noreferrer">
                <Name isMono>{repo}</Name>
              </a>
            ) : (
              <Name isMono>{repo}</Name>
            )}
          </dd>
          <dt>{t.columns.type}</dt>
          <dd>{typeWord(repository, t.types)}</dd>
          <dt>{t.columns.project}</dt>
          <dd>{project ? <a href={`/projects/${encodeURIComponent(project)}`}>{project}</a> : t.everyProject}</dd>
          <dt>{t.columns.credentials}</dt>
          <dd>
            <Credentials of={repository} />
          </dd>
          <dt>{t.tls}</dt>
          <dd>{insecure ? t.tlsOff : t.tlsOn}</dd>
          {proxy && (
            <>
              <dt>{t.proxy}</dt>
              <dd>
                <Name isMono>{proxy}</Name>
                {noProxy && (
                  <span class={card.quiet}>
                    {' '}
                    ({t.form.noProxy}: {noProxy})
                  </span>
                )}
              </dd>
            </>
          )}
          {enableLfs && (
            <>
              <dt>{t.lfs}</dt>
              <dd>{t.yes}</dd>
            </>
          )}
        </dl>
        <AsCommand command={shellCommand('hawser', 'repo', 'get', repo, ['--project', project])} />
      </div>
    </section>
  );
}

function useUsers(repo: string) {
  const { value } = useLive(applications);
  const all = [...(value?.values() ?? [])];
  return all.filter(({ spec }) => sourcesOf(spec).some(({ repoURL }) => isSameAddress(repoURL, repo)));
}

const MOST_SHOWN = 12;

function UsedBy({ repo }: { readonly repo: string }) {
  const t = useWords(repositoriesWords);
  return (
    <ApplicationsCard
      title={t.usedBy}
      none={t.usedByNone}
      apps={useUsers(repo)}
      href={`/applications?repos=${encodeURIComponent(repo)}`}
      most={MOST_SHOWN}
    />
  );
}

function UsedWarning({ repo }: { readonly repo: string }) {
  const t = useWords(repositoriesWords);
  const { length } = useUsers(repo);
  return length === 0 ? null : <p>{t.removeUsed(length)}</p>;
}
