// What an Application is made of: where it comes from, where it goes, and by which rules.

import { ExternalLink } from 'lucide';
import type { ComponentChildren } from 'preact';
import { isAutomated, sourcesOf } from '../../../application/parse.ts';
import type { Application, Source } from '../../../application/types.ts';
import { call } from '../api/call.ts';
import card from '../parts/card.module.css';
import { Icon } from '../parts/icon.tsx';
import { Name, Revision } from '../parts/name.tsx';
import { Time } from '../parts/time.tsx';
import { useLoad } from '../state/load.ts';
import { useWords } from '../words/words.ts';
import { applicationWords } from './application-words.ts';
import { type GitPages, gitPagesOf } from './git-pages.ts';
import { useNarrow } from './narrow.ts';
import { authorName, subjectOf, useRevision } from './revision-details.ts';
import s from './summary.module.css';
import { WindowState } from './window-state.tsx';

const FEW = 4;

export function Summary({ app }: { readonly app: Application }) {
  const t = useWords(applicationWords);
  const sources = sourcesOf(app.spec);
  const parts = (
    <div class={s.summary}>
      <div class={s.part}>
        {sources.map((source, index) => (
          <SourceFacts
            key={`${source.repoURL} ${index}`}
            app={app}
            source={source}
            index={index}
            title={sources.length > 1 ? t.sourceNumber(index + 1) : t.source}
          />
        ))}
      </div>
      <div class={s.part}>
        <DestinationFacts app={app} />
      </div>
      <div class={s.part}>
        <ResultFacts app={app} />
      </div>
    </div>
  );
  // On a phone, the objects come first.
  if (useNarrow()) {
    return (
      <details class={`${card.card} ${s.folded}`}>
        <summary>{t.showDetails}</summary>
        {parts}
      </details>
    );
  }
  return (
    <section class={card.card} aria-label={t.showDetails}>
      {parts}
    </section>
  );
}

interface SourceProps {
  readonly app: Application;
  readonly source: Source;
  readonly index: number;
  readonly title: string;
}

function SourceFacts({ app, source, index, title }: SourceProps) {
  const t = useWords(applicationWords);
  const { repoURL, path, chart, targetRevision, ref, helm } = source;
  const { sync, history = [] } = app.status;
  const compared = sync?.revisions?.[index] ?? (index === 0 ? sync?.revision : undefined);
  const last = history.at(-1);
  const deployed = last?.revisions?.[index] ?? (index === 0 ? last?.revision : undefined);
  const pages = chart ? undefined : gitPagesOf(repoURL);
  return (
    <Facts title={title}>
      <Fact name={t.repository}>
        {pages ? <External href={pages.repository} label={repoURL} /> : <Name isMono>{repoURL}</Name>}
      </Fact>
      {chart && (
        <Fact name={t.chart}>
          <Name isMono>{chart}</Name>
        </Fact>
      )}
      {path !== undefined && !chart && (
        <Fact name={t.path}>
          {pages && compared ? (
            <External href={pages.folder(compared, path)} label={path} />
          ) : (
            <Name isMono>{path}</Name>
          )}
        </Fact>
      )}
      {ref && <Fact name={t.ref}>{`$${ref}`}</Fact>}
      {helm?.valueFiles && helm.valueFiles.length > 0 && (
        <Fact name={t.valueFiles}>
          <Several items={helm.valueFiles}>{(file) => <Name isMono>{file}</Name>}</Several>
        </Fact>
      )}
      <Fact name={t.target}>
        <span class="mono">{targetRevision || 'HEAD'}</span>
      </Fact>
      {compared !== undefined && compared !== deployed && (
        <Fact name={t.compared}>
          <Commit app={app} revision={compared} index={index} pages={pages} />
        </Fact>
      )}
      <Fact name={t.deployed}>
        {deployed ? (
          <Commit app={app} revision={deployed} index={index} pages={pages} deployedAt={last?.deployedAt} />
        ) : (
          <span class={card.quiet}>{t.notDeployed}</span>
        )}
      </Fact>
    </Facts>
  );
}

interface CommitProps {
  readonly app: Application;
  readonly revision: string;
  readonly index: number;
  readonly pages: GitPages | undefined;
  readonly deployedAt?: string | undefined;
}

function Commit({ app, revision, index, pages, deployedAt }: CommitProps) {
  const details = useRevision(app, revision, index);
  return (
    <span class={s.commit}>
      <span>
        {pages ? (
          <a href={pages.commit(revision)} target="_blank" rel="noreferrer">
            <Revision>{revision}</Revision>
          </a>
        ) : (
          <Revision>{revision}</Revision>
        )}
        {deployedAt && (
          <span class={card.quiet}>
            {' '}
            · <Time at={deployedAt} />
          </span>
        )}
      </span>
      {details && (
        <span class={card.quiet} title={details.message.trim()}>
          {subjectOf(details.message)} · {authorName(details.author)} · <Time at={details.date} />
        </span>
      )}
    </span>
  );
}

function DestinationFacts({ app }: { readonly app: Application }) {
  const t = useWords(applicationWords);
  const { destination, project, syncPolicy } = app.spec;
  const cluster = destination.name ?? destination.server ?? '';
  const automated = isAutomated(app) ? syncPolicy?.automated : undefined;
  const options = syncPolicy?.syncOptions ?? [];
  return (
    <Facts title={t.destination}>
      <Fact name={t.cluster}>
        <a href={destination.server ? `/clusters/${encodeURIComponent(destination.server)}` : '/clusters'}>
          <Name isMono>{cluster}</Name>
        </a>
      </Fact>
      {destination.namespace && (
        <Fact name={t.namespace}>
          <Name isMono>{destination.namespace}</Name>
        </Fact>
      )}
      <Fact name={t.project}>
        <a href={`/projects/${encodeURIComponent(project)}`}>
          <Name>{project}</Name>
        </a>
      </Fact>
      <Fact name={t.policy}>
        {automated ? (
          <>
            {t.automated}, {automated.prune ? t.withPrune : t.withoutPrune}
            {automated.selfHeal && `, ${t.withHeal}`}
          </>
        ) : (
          t.manual
        )}
      </Fact>
      {options.length > 0 && (
        <Fact name={t.options}>
          <Several items={options}>{(option) => <code>{option}</code>}</Several>
        </Fact>
      )}
      <Fact name={t.windows}>
        <WindowState app={app} />
      </Fact>
    </Facts>
  );
}

function ResultFacts({ app }: { readonly app: Application }) {
  const t = useWords(applicationWords);
  const { metadata, status } = app;
  const { images = [], externalURLs = [] } = status.summary ?? {};
  const labels = Object.entries(metadata.labels ?? {});
  const { name, namespace } = metadata;
  const { value: links } = useLoad(
    (signal) =>
      call('GET /api/v1/applications/{name}/links', { params: { name }, query: { appNamespace: namespace }, signal }),
    [name, namespace],
  );
  return (
    <Facts title={t.images}>
      <Fact name={t.images}>
        {images.length === 0 ? (
          <span class={card.quiet}>{t.noImages}</span>
        ) : (
          <Several items={images}>{(image) => <Name isMono>{image}</Name>}</Several>
        )}
      </Fact>
      {externalURLs.length > 0 && (
        <Fact name={t.urls}>
          <Several items={externalURLs.filter((url) => /^https?:/i.test(url))}>
            {(url) => <External href={url} label={url} />}
          </Several>
        </Fact>
      )}
      {links && links.items.length > 0 && (
        <Fact name={t.links}>
          <Several items={links.items}>
            {({ title, url, description }) => <External href={url} label={title} title={description} />}
          </Several>
        </Fact>
      )}
      {labels.length > 0 && (
        <Fact name={t.labels}>
          <Several items={labels}>
            {([key, value]) => (
              <a href={`/applications?labels=${encodeURIComponent(`${key}=${value}`)}`}>
                <Name isMono>{`${key}=${value}`}</Name>
              </a>
            )}
          </Several>
        </Fact>
      )}
      <Fact name={t.created}>
        <Time at={metadata.creationTimestamp} />
      </Fact>
    </Facts>
  );
}

function Facts({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <dl class={`${card.pairs} ${s.facts}`} aria-label={title}>
      {children}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** The first few, and the others behind a fold. */
function Several<T>({
  items,
  children,
}: {
  readonly items: readonly T[];
  readonly children: (item: T) => ComponentChildren;
}) {
  const t = useWords(applicationWords);
  const list = (some: readonly T[]) => some.map((item, index) => <li key={index}>{children(item)}</li>);
  const rest = items.slice(FEW);
  return (
    <>
      <ul role="list" class={s.several}>
        {list(items.slice(0, FEW))}
      </ul>
      {rest.length > 0 && (
        <details class={s.rest}>
          <summary>{t.moreOf(rest.length)}</summary>
          <ul role="list" class={s.several}>
            {list(rest)}
          </ul>
        </details>
      )}
    </>
  );
}

export function External({
  href,
  label,
  title,
}: {
  readonly href: string;
  readonly label: string;
  readonly title?: string | undefined;
}) {
  return (
    <a href={href} target="_blank" rel="noreferrer" class={s.external} title={title}>
      <Name isMono={/[/:]/.test(label)}>{label}</Name> <Icon icon={ExternalLink} size={14} />
    </a>
  );
}
