// Repositories and how they are reached: the lists, or one of them.

import { useRoute } from 'preact-iso';
import { Tabs } from '../parts/tabs.tsx';
import { useCrumbs } from '../shell/crumbs.ts';
import { useQuery } from '../state/query.ts';
import { mayAnywhere } from '../state/reach.ts';
import { useWords } from '../words/words.ts';
import { CertificateList } from './certificate-list.tsx';
import { CredentialLists } from './credential-lists.tsx';
import { repositoriesWords } from './repositories-words.ts';
import { RepositoryList } from './repository-list.tsx';
import { RepositoryPage } from './repository-page.tsx';

const TABS = ['read', 'write', 'credentials', 'certificates'] as const;
type TabName = (typeof TABS)[number];

export default function RepositoriesView() {
  const { id } = useRoute().params;
  const query = useQuery();
  if (id === undefined || id === '') return <Lists />;
  return (
    <RepositoryPage
      key={id}
      repo={id}
      project={query.get('project') ?? ''}
      purpose={query.get('for') === 'writing' ? 'write' : 'read'}
    />
  );
}

function Lists() {
  const t = useWords(repositoriesWords);
  const query = useQuery();
  const tab = TABS.find((name) => name === query.get('tab')) ?? 'read';
  useCrumbs([{ label: t.title }]);
  // What one may see nothing of has no tab.
  const isOffered: Readonly<Record<TabName, boolean>> = {
    read: true,
    write: mayAnywhere('write-repositories', 'get'),
    credentials: mayAnywhere('repositories', 'get') || mayAnywhere('write-repositories', 'get'),
    certificates: mayAnywhere('certificates', 'get'),
  };
  const hrefOf = (name: TabName) => (name === 'read' ? '/repositories' : `/repositories?tab=${name}`);
  const tabs = (
    <Tabs
      label={t.title}
      tabs={TABS.filter((name) => isOffered[name] || name === tab).map((name) => ({
        label: t.tabs[name],
        href: hrefOf(name),
        isCurrent: name === tab,
      }))}
    />
  );
  if (tab === 'credentials') return <CredentialLists tabs={tabs} />;
  if (tab === 'certificates') return <CertificateList tabs={tabs} />;
  return <RepositoryList key={tab} purpose={tab} tabs={tabs} />;
}
