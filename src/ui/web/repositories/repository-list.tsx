// The list of repositories, those that are read or those that are written to: whether each is reached, and what it is reached with.

import { FolderGit2, Plus, RefreshCw } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useLocation } from 'preact-iso';
import { sourcesOf } from '../../../application/parse.ts';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import { ConnectionSign } from '../parts/connection-sign.tsx';
import { AsCommand, CopyLine } from '../parts/copy.tsx';
import { Empty } from '../parts/empty.tsx';
import { TextField } from '../parts/field.tsx';
import { Loading } from '../parts/loading.tsx';
import { Name } from '../parts/name.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { useActions } from '../shell/actions.ts';
import { applications } from '../state/applications.ts';
import { useLive } from '../state/live.ts';
import { useQuery } from '../state/query.ts';
import { mayAnywhere } from '../state/reach.ts';
import { useWords } from '../words/words.ts';
import { ConnectSheet } from './connect-sheet.tsx';
import s from './repositories.module.css';
import { repositoriesWords } from './repositories-words.ts';
import { isSameAddress, type Purpose, repositoryPath, shortName } from './repository-name.ts';
import { keyOf, type Repository, useRepositories } from './use-repositories.ts';

const RESOURCES = { read: 'repositories', write: 'write-repositories' } as const;
const FROM_HERE_A_FILTER = 8;

interface Props {
  readonly purpose: Purpose;
  /** To the other lists. */
  readonly tabs: ComponentChildren;
}

export function RepositoryList({ purpose, tabs }: Props) {
  const t = useWords(repositoriesWords);
  const { value, error, isLoading, reload, trying, retry } = useRepositories(purpose);
  const query = useQuery();
  const { route } = useLocation();
  const search = query.get('q') ?? '';
  const shown = (value ?? []).filter((one) => isFound(one, search));
  const mayCreate = mayAnywhere(RESOURCES[purpose], 'create');
  useActions(
    mayCreate
      ? [
          {
            ...{ id: 'connect-repo', label: t.connect, group: t.title, icon: Plus, keys: 'n' },
            run: () => query.set({ sheet: 'connect' }, true),
          },
        ]
      : [],
    [t, mayCreate, purpose],
  );
  const connect = (
    <Button
      kind="primary"
      icon={Plus}
      reason={mayCreate ? undefined : t.mayNotCreate}
      onClick={() => query.set({ sheet: 'connect' }, true)}
    >
      {t.connect}
    </Button>
  );
  const isAny = value !== undefined && value.length > 0;
  return (
    <Page
      title={t.title}
      actions={
        isAny && (
          <>
            <Button icon={RefreshCw} isBusy={trying.size > 0} onClick={retry}>
              {t.tryAll}
            </Button>
            {connect}
          </>
        )
      }
    >
      {tabs}
      <div class={card.stack}>
        {value !== undefined && value.length >= FROM_HERE_A_FILTER && (
          <div class={s.search}>
            <TextField label={t.search} type="search" value={search} onInput={(q) => query.set({ q })} />
          </div>
        )}
        {error !== undefined && <Problem error={error} onRetry={reload} />}
        {value === undefined && isLoading && <Loading />}
        {value?.length === 0 && (
          <Empty icon={FolderGit2} title={t.empty[purpose]}>
            <p>{t.empty[`${purpose}Text`]}</p>
            {connect}
            <CopyLine text={addCommand(purpose)} />
          </Empty>
        )}
        {shown.length > 0 && <Table {...{ purpose, trying }} repositories={shown} />}
        {value !== undefined && value.length > 0 && shown.length === 0 && <p class={card.quiet}>{t.noneFound}</p>}
        {shown.length > 0 && <AsCommand command={`hawser repo list${purpose === 'write' ? ' --write' : ''}`} />}
        {query.get('sheet') === 'connect' && (
          <ConnectSheet
            purpose={purpose}
            onClose={() => query.set({ sheet: undefined, url: undefined })}
            onDone={({ repo, project }) => {
              reload();
              route(repositoryPath({ repo, project, purpose }), true);
            }}
          />
        )}
      </div>
    </Page>
  );
}

function addCommand(purpose: Purpose): string {
  const flag = purpose === 'write' ? ' --write' : '';
  return `hawser repo add https://git.example.com/team/deploy.git${flag} --username devops --password-stdin`;
}

function Table({
  purpose,
  repositories,
  trying,
}: {
  readonly purpose: Purpose;
  readonly repositories: readonly Repository[];
  readonly trying: ReadonlySet<string>;
}) {
  const t = useWords(repositoriesWords);
  const { value: apps } = useLive(applications);
  const { route } = useLocation();
  const sources = [...(apps?.values() ?? [])].map(({ spec }) => sourcesOf(spec).map(({ repoURL }) => repoURL));
  const countOf = (repo: string) => sources.filter((urls) => urls.some((url) => isSameAddress(url, repo))).length;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
    <section class={`${card.card} ${card.scroll}`} tabIndex={0} aria-label={t.tabs[purpose]}>
      <table>
        <thead>
          <tr>
            <th>{t.columns.repository}</th>
            <th>{t.columns.connection}</th>
            <th class={s.wide}>{t.columns.type}</th>
            <th class={s.wide}>{t.columns.project}</th>
            <th class={s.wide}>{t.columns.credentials}</th>
            {purpose === 'read' && <th class={`${card.number} ${s.wide}`}>{t.columns.applications}</th>}
          </tr>
        </thead>
        <tbody>
          {repositories.map((one) => {
            const { repo, project, name, connectionState } = one;
            const href = repositoryPath({ repo, project, purpose });
            const used = countOf(repo);
            return (
              <tr
                key={keyOf(one)}
                class={s.row}
                onClick={(event) => {
                  if (event.target instanceof Element && event.target.closest('a, button')) return;
                  route(href);
                }}
              >
                <td>
                  <a href={href} class={s.name}>
                    <Name>{shortName({ repo, name })}</Name>
                  </a>
                  <span class={s.address}>
                    <Name isMono>{repo}</Name>
                  </span>
                </td>
                <td>
                  <ConnectionSign connection={connectionState} isTrying={trying.has(keyOf(one))} />
                </td>
                <td class={s.wide}>{typeWord(one, t.types)}</td>
                <td class={s.wide}>
                  {project ? (
                    <a href={`/projects/${encodeURIComponent(project)}`}>{project}</a>
                  ) : (
                    <Quiet>{t.everyProject}</Quiet>
                  )}
                </td>
                <td class={s.wide}>
                  <Credentials of={one} />
                </td>
                {purpose === 'read' && (
                  <td class={`${card.number} ${s.wide}`}>
                    {used > 0 ? (
                      <a href={`/applications?repos=${encodeURIComponent(repo)}`}>{used}</a>
                    ) : (
                      <Quiet>0</Quiet>
                    )}
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** What it is reached with, and where that comes from. */
export function Credentials({ of }: { readonly of: Pick<Repository, 'credentials' | 'inheritedCreds' | 'username'> }) {
  const t = useWords(repositoriesWords);
  const { credentials = [], inheritedCreds, username } = of;
  if (credentials.length === 0) return <Quiet>{t.noCredentials}</Quiet>;
  const kinds = credentials.map((kind) => t.kinds[kind]).join(', ');
  return (
    <span>
      {credentials.includes('basic') && username ? (
        <span title={kinds} translate={false}>
          {username}
        </span>
      ) : (
        kinds
      )}
      {inheritedCreds && <Quiet> · {t.fromTemplate}</Quiet>}
    </span>
  );
}

export function typeWord(
  { type, enableOCI }: Pick<Repository, 'type' | 'enableOCI'>,
  types: { git: string; helm: string; oci: string },
) {
  if (type === 'oci' || enableOCI) return types.oci;
  return type === 'helm' ? types.helm : types.git;
}

function Quiet({ children }: { readonly children: ComponentChildren }) {
  return <span class={card.quiet}>{children}</span>;
}

function isFound({ repo, name, project, username }: Repository, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  return [repo, name, project, username].some((text) => (text ?? '').toLowerCase().includes(wanted));
}
