// All projects: what each permits in a line, and how many Applications it has.

import { CalendarClock, FolderKanban, Plus } from 'lucide';
import { useLocation } from 'preact-iso';
import { call } from '../api/call.ts';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import { Empty } from '../parts/empty.tsx';
import { TextField } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import { Loading } from '../parts/loading.tsx';
import { Name } from '../parts/name.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { useActions } from '../shell/actions.ts';
import { useCrumbs } from '../shell/crumbs.ts';
import { applications } from '../state/applications.ts';
import { useLive } from '../state/live.ts';
import { useLoad } from '../state/load.ts';
import { useQuery } from '../state/query.ts';
import { mayAnywhere, reach } from '../state/reach.ts';
import { useWords } from '../words/words.ts';
import { NewProjectSheet } from './edit-sheet.tsx';
import type { Project } from './project-form.ts';
import { projectWords } from './project-words.ts';
import s from './projects.module.css';

export function ProjectsPage() {
  const t = useWords(projectWords);
  const query = useQuery();
  const { value, error, reload } = useLoad((signal) => call('GET /api/v1/projects', { signal }), []);
  const { value: apps } = useLive(applications);
  useCrumbs([{ label: t.title }]);
  const counts = new Map<string, number>();
  for (const { spec } of apps?.values() ?? []) counts.set(spec.project, (counts.get(spec.project) ?? 0) + 1);
  const wanted = (query.get('name') ?? '').toLowerCase();
  const all = [...(value?.items ?? [])].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const shown = all.filter(({ metadata }) => metadata.name.toLowerCase().includes(wanted));
  const reason = reach() === undefined || mayAnywhere('projects', 'create') ? undefined : t.mayNotCreate;
  const { route } = useLocation();
  useActions(
    reason === undefined
      ? [
          {
            id: 'new-project',
            label: t.newProject,
            group: t.title,
            icon: Plus,
            keys: 'n',
            run: () => route('/projects?new=project'),
          },
        ]
      : [],
    [t, reason],
  );
  return (
    <Page
      title={t.title}
      actions={
        <Button kind="primary" icon={Plus} reason={reason} href={query.with({ new: 'project' })}>
          {t.newProject}
        </Button>
      }
    >
      {error !== undefined && value === undefined && <Problem error={error} onRetry={reload} />}
      {error === undefined && value === undefined && <Loading lines={4} />}
      {all.length > 8 && (
        <search class={s.search}>
          <TextField
            label={t.search}
            type="search"
            value={query.get('name') ?? ''}
            onInput={(text) => query.set({ name: text })}
          />
        </search>
      )}
      {value !== undefined && all.length === 0 && (
        <Empty icon={FolderKanban} title={t.empty}>
          <p>{t.emptyText}</p>
        </Empty>
      )}
      {all.length > 0 && shown.length === 0 && <Empty icon={FolderKanban} title={t.nothingFound} />}
      {shown.length > 0 && (
        <ul role="list" class={card.card} aria-label={t.title}>
          {shown.map((project) => (
            <Row key={project.metadata.name} project={project} count={counts.get(project.metadata.name) ?? 0} />
          ))}
        </ul>
      )}
      {query.get('new') !== undefined && (
        <NewProjectSheet
          onClose={() => query.set({ new: undefined })}
          names={all.map(({ metadata }) => metadata.name)}
        />
      )}
    </Page>
  );
}

function Row({ project, count }: { readonly project: Project; readonly count: number }) {
  const t = useWords(projectWords);
  const { name } = project.metadata;
  const { description, sourceRepos, destinations, roles, syncWindows } = project.spec;
  const windows = syncWindows?.length ?? 0;
  return (
    <li class={s.row}>
      <div class={s.rowMain}>
        <a class={s.link} href={`/projects/${encodeURIComponent(name)}`}>
          <Name>{name}</Name>
        </a>
        {description && <p class={s.quiet}>{description}</p>}
      </div>
      <p>
        <span class={s.label}>{t.applications}</span> {count}
      </p>
      <p class={s.clip}>
        <span class={s.label}>{t.repositories}</span> {brief(sourceRepos, t.any, t.none)}
      </p>
      <p class={s.clip}>
        <span class={s.label}>{t.destinations}</span>{' '}
        {brief(
          destinations?.map(({ name: cluster, server, namespace }) => `${cluster || server}/${namespace}`),
          t.any,
          t.none,
        )}
      </p>
      <p class={s.marks}>
        {(roles?.length ?? 0) > 0 && <span class={s.quiet}>{t.rolesCount(roles?.length ?? 0)}</span>}
        {windows > 0 && (
          <span class={card.row}>
            <Icon icon={CalendarClock} label={t.windows} /> {windows}
          </span>
        )}
      </p>
    </li>
  );
}

function brief(list: readonly string[] | null | undefined, any: string, none: string): string {
  const [first, ...others] = list ?? [];
  if (first === undefined) return none;
  if (list?.some((one) => one === '*' || one === '*/*')) return any;
  return others.length === 0 ? first : `${first} +${others.length}`;
}
