// One project: its rules, its sync windows, its roles, and what happened to it.

import { Braces, Pencil, Trash2 } from 'lucide';
import { useLocation } from 'preact-iso';
import { call } from '../api/call.ts';
import { Button } from '../parts/button.tsx';
import { ConfirmName } from '../parts/confirm-name.tsx';
import { later } from '../parts/later.tsx';
import { Loading } from '../parts/loading.tsx';
import { Name } from '../parts/name.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { tell } from '../parts/toast.tsx';
import { useCrumbs } from '../shell/crumbs.ts';
import { applications } from '../state/applications.ts';
import { useLive } from '../state/live.ts';
import { type Loaded, useLoad } from '../state/load.ts';
import { useQuery } from '../state/query.ts';
import { may } from '../state/rights.ts';
import { useWords } from '../words/words.ts';
import { EditProjectSheet } from './edit-sheet.tsx';
import { EventsPart } from './events-part.tsx';
import { projectWords } from './project-words.ts';
import { RolesPart } from './roles-part.tsx';
import { RulesPart } from './rules-part.tsx';
import { WindowsPart } from './windows-part.tsx';

const YamlSheet = later(() => import('./yaml-sheet.tsx'));

const PARTS = ['', 'windows', 'roles', 'events'] as const;

/** Where a project's page is, and a part of it. */
export function projectPath(name: string, part = ''): string {
  return `/projects/${encodeURIComponent(name)}${part === '' ? '' : `/${part}`}`;
}

export function ProjectPage({ name, part }: { readonly name: string; readonly part: string }) {
  const t = useWords(projectWords);
  const query = useQuery();
  const loaded = useLoad(
    (signal) => call('GET /api/v1/projects/{name}/detailed', { params: { name }, signal }),
    [name],
  );
  const { value: apps } = useLive(applications);
  const own = [...(apps?.values() ?? [])].filter(({ spec }) => spec.project === name);
  useCrumbs([{ label: t.title, href: '/projects' }, { label: name }]);
  const { value, error, reload } = loaded;
  const mayEdit = may('projects', 'update', name) !== false;
  const mayDelete = may('projects', 'delete', name) !== false;
  const noDeletion = !mayDelete
    ? t.mayNotDelete
    : name === 'default'
      ? t.isDefault
      : own.length > 0
        ? t.hasApplications(own.length)
        : undefined;
  const here = PARTS.find((one) => one === part) ?? '';
  const labels = { '': t.summary, windows: t.windows, roles: t.roles, events: t.events };
  const counts = {
    windows: value?.project.spec.syncWindows?.length ?? 0,
    roles: value?.project.spec.roles?.length ?? 0,
  };
  const tabs = PARTS.map((one) => ({
    label: labels[one],
    href: projectPath(name, one),
    isCurrent: one === here,
    ...((one === 'windows' || one === 'roles') && counts[one] > 0 && { count: counts[one] }),
  }));
  return (
    <Page
      title={name}
      heading={<Name>{name}</Name>}
      actions={
        <>
          <Button icon={Pencil} reason={mayEdit ? undefined : t.mayNotEdit} href={query.with({ edit: 'form' })}>
            {t.edit}
          </Button>
          <Button icon={Braces} href={query.with({ edit: 'yaml' })}>
            {t.editYaml}
          </Button>
          <Button icon={Trash2} reason={noDeletion} href={query.with({ delete: name })}>
            {t.delete}
          </Button>
        </>
      }
    >
      {error !== undefined && value === undefined && <Problem error={error} onRetry={reload} />}
      {error === undefined && value === undefined && <Loading lines={6} />}
      {value && (
        <>
          <Tabs label={t.views} tabs={tabs} />
          {here === '' && <RulesPart detailed={value} apps={own} />}
          {here === 'windows' && <WindowsPart {...{ project: value.project, apps: own, mayEdit, reload }} />}
          {here === 'roles' && <RolesPart {...{ project: value.project, mayEdit, reload }} />}
          {here === 'events' && <EventsPart name={name} />}
          <Sheets {...{ name, loaded, mayEdit }} />
        </>
      )}
    </Page>
  );
}

type Detailed = Awaited<ReturnType<typeof loadDetailed>>;
const loadDetailed = (name: string) => call('GET /api/v1/projects/{name}/detailed', { params: { name } });

interface SheetsProps {
  readonly name: string;
  readonly loaded: Loaded<Detailed>;
  readonly mayEdit: boolean;
}

function Sheets({ name, loaded: { value, reload }, mayEdit }: SheetsProps) {
  const t = useWords(projectWords);
  const query = useQuery();
  const { route } = useLocation();
  if (!value) return null;
  const { project } = value;
  const edit = query.get('edit');
  const close = () => query.set({ edit: undefined, delete: undefined });
  const onSaved = () => {
    tell(t.saved);
    close();
    reload();
  };
  return (
    <>
      {edit === 'form' && mayEdit && <EditProjectSheet {...{ project, onSaved }} onClose={close} />}
      {edit === 'yaml' && <YamlSheet {...{ project, onSaved, isReadOnly: !mayEdit }} onClose={close} />}
      {query.get('delete') !== undefined && (
        <ConfirmName
          title={t.deleteTitle(name)}
          name={name}
          action={t.deleteAction}
          onClose={close}
          onConfirm={async () => {
            await call('DELETE /api/v1/projects/{name}', { params: { name } });
            tell(t.deleted(name));
            route('/projects', true);
          }}
        >
          <p>{t.deleteText}</p>
        </ConfirmName>
      )}
    </>
  );
}
