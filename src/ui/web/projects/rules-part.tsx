// What a project permits, in plain lists.

import type { ComponentChildren } from 'preact';
import type { Application } from '../../../application/types.ts';
import type { Answer } from '../api/call.ts';
import card from '../parts/card.module.css';
import { Name } from '../parts/name.tsx';
import { pathOf } from '../state/applications.ts';
import { useWords } from '../words/words.ts';
import { projectWords } from './project-words.ts';
import s from './projects.module.css';

type Detailed = Answer<'GET /api/v1/projects/{name}/detailed'>;
type Kinds = Detailed['project']['spec']['clusterResourceWhitelist'];

const FEW_APPLICATIONS = 24;

export function RulesPart({ detailed, apps }: { readonly detailed: Detailed; readonly apps: readonly Application[] }) {
  const t = useWords(projectWords);
  const { project, globalProjects, repositories, clusters } = detailed;
  const { spec } = project;
  const keys = spec.signatureKeys ?? [];
  const orphans = spec.orphanedResources;
  const destinations = (spec.destinations ?? []).map(({ name, server, namespace }) => {
    const cluster = name || server || '';
    return `${cluster === '*' ? t.anyCluster : cluster} · ${namespace === '*' ? t.anyNamespace : namespace}`;
  });
  return (
    <div class={s.rules}>
      <section class={`${card.card} ${card.pad}`}>
        <dl class={card.pairs}>
          {spec.description && <Pair label={t.description}>{spec.description}</Pair>}
          <Pair label={t.repositories}>
            <List of={spec.sourceRepos ?? []} none={t.noneAtAll} />
          </Pair>
          <Pair label={t.destinations}>
            <List of={destinations} none={t.noneAtAll} />
          </Pair>
          <Pair label={t.clusterAllow}>
            <List of={kindTexts(spec.clusterResourceWhitelist)} none={t.none} />
          </Pair>
          {(spec.clusterResourceBlacklist?.length ?? 0) > 0 && (
            <Pair label={t.clusterDeny}>
              <List of={kindTexts(spec.clusterResourceBlacklist)} none={t.none} />
            </Pair>
          )}
          <Pair label={t.namespaceAllow}>
            <List of={kindTexts(spec.namespaceResourceWhitelist)} none={t.all} />
          </Pair>
          {(spec.namespaceResourceBlacklist?.length ?? 0) > 0 && (
            <Pair label={t.namespaceDeny}>
              <List of={kindTexts(spec.namespaceResourceBlacklist)} none={t.none} />
            </Pair>
          )}
          {(spec.sourceNamespaces?.length ?? 0) > 0 && (
            <Pair label={t.sourceNamespaces}>
              <List of={spec.sourceNamespaces ?? []} none={t.none} />
            </Pair>
          )}
          <Pair label={t.orphaned}>
            {orphans ? t.orphanedOn : t.orphanedOff}
            {(orphans?.ignore?.length ?? 0) > 0 && (
              <>
                {' · '}
                {t.orphanedIgnore}{' '}
                {orphans?.ignore
                  ?.map(({ group, kind, name }) => [group ?? '', kind ?? '', ...(name ? [name] : [])].join('/'))
                  .join(', ')}
              </>
            )}
          </Pair>
          {keys.length > 0 && (
            <Pair label={t.signatureKeys}>
              <List of={keys.map(({ keyID }) => keyID)} none={t.none} />
            </Pair>
          )}
          {spec.permitOnlyProjectScopedClusters === true && <Pair label={t.clusters}>{t.scopedOnly}</Pair>}
        </dl>
      </section>
      <div class={card.stack}>
        <section class={card.card} aria-labelledby="apps">
          <header class={card.head}>
            <h2 id="apps">{t.applications}</h2>
            <a class={s.quiet} href={`/applications?project=${encodeURIComponent(project.metadata.name)}`}>
              {t.who(apps.length)}
            </a>
          </header>
          <div class={card.pad}>
            <ul role="list" class={s.names}>
              {apps.slice(0, FEW_APPLICATIONS).map((app) => (
                <li key={pathOf(app)}>
                  <a href={pathOf(app)}>
                    <Name>{app.metadata.name}</Name>
                  </a>
                </li>
              ))}
              {apps.length === 0 && <li class={s.quiet}>{t.none}</li>}
              {apps.length > FEW_APPLICATIONS && <li class={s.quiet}>+{apps.length - FEW_APPLICATIONS}</li>}
            </ul>
          </div>
        </section>
        {(repositories.length > 0 || clusters.length > 0) && (
          <section class={`${card.card} ${card.pad} ${card.stack}`}>
            <h2>{t.registered}</h2>
            <ul role="list" class={s.names}>
              {repositories.map(({ repo }) => (
                <li key={repo}>
                  <Name>{String(repo)}</Name>
                </li>
              ))}
              {clusters.map(({ server, name }) => (
                <li key={String(server)}>
                  <Name>{String(name || server)}</Name>
                </li>
              ))}
            </ul>
          </section>
        )}
        {globalProjects.length > 0 && (
          <section class={`${card.card} ${card.pad} ${card.stack}`}>
            <h2>{t.global}</h2>
            <ul role="list" class={s.names}>
              {globalProjects.map(({ metadata }) => (
                <li key={metadata.name}>
                  <a href={`/projects/${encodeURIComponent(metadata.name)}`}>
                    <Name>{metadata.name}</Name>
                  </a>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </div>
  );
}

function Pair({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}

function List({ of, none }: { readonly of: readonly string[]; readonly none: string }) {
  if (of.length === 0) return <span class={s.quiet}>{none}</span>;
  return (
    <ul role="list">
      {of.map((one) => (
        <li key={one}>
          <Name isMono>{one}</Name>
        </li>
      ))}
    </ul>
  );
}

function kindTexts(kinds: Kinds): readonly string[] {
  return (kinds ?? []).map(({ group, kind, name }) =>
    [group === '' ? 'core' : group, kind, ...(typeof name === 'string' && name !== '' ? [name] : [])].join('/'),
  );
}
