// DIFF: what a sync would change of an Application's objects, all of them or one, at its own revision or at another one.

import { GitCompare, RefreshCw } from 'lucide';
import { useMemo, useState } from 'preact/hooks';
import type { Application } from '../../../application/types.ts';
import { type Answer, call } from '../api/call.ts';
import { sheetPath } from '../application/addresses.ts';
import { objectOf } from '../application/application-object.ts';
import { gitPagesOf } from '../application/git-pages.ts';
import { Button } from '../parts/button.tsx';
import { Segments, TextField } from '../parts/field.tsx';
import { Loading } from '../parts/loading.tsx';
import { Problem } from '../parts/problem.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { useLoad } from '../state/load.ts';
import { useQuery } from '../state/query.ts';
import { may } from '../state/rights.ts';
import { useWords } from '../words/words.ts';
import s from './diff-sheet.module.css';
import { diffWords } from './diff-words.ts';
import { keyOfObject } from './object-diffs.ts';
import { type ObjectDiff, ObjectDiffs } from './object-diffs.tsx';

interface Props {
  readonly app: Application;
  readonly onClose: () => void;
}

type Compared = Answer<'GET /api/v1/applications/{name}/managed-resources'>['items'][number];

export default function DiffSheet({ app, onClose }: Props) {
  const t = useWords(diffWords);
  const query = useQuery();
  const { name, namespace } = app.metadata;
  const revision = query.get('revision');
  const resource = query.get('resource');
  const isOfGit = query.get('against') === 'git';
  const [isFresh, setFresh] = useState(false);
  const { value, error, isLoading, reload } = useLoad(
    (signal) =>
      call('GET /api/v1/applications/{name}/managed-resources', {
        params: { name },
        query: {
          appNamespace: namespace,
          ...(revision !== undefined && { revision }),
          ...(isFresh && { refresh: 'hard' }),
        },
        signal,
      }),
    // What was compared anew, and what a finished sync has changed, is compared here again.
    [name, namespace, revision, isFresh, app.status.reconciledAt, app.status.operationState?.finishedAt],
  );
  const items = useMemo(
    () =>
      value?.items
        .filter((item) => resource === undefined || keyOfObject(item) === resource)
        .map((item) => (isOfGit ? againstGit(item) : againstSync(item))),
    [value, resource, isOfGit],
  );
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const resources = resource ?? [...chosen].join(',');
  const canSync = may('applications', 'sync', objectOf(app));

  return (
    <Sheet
      title={t.title(name)}
      size="wide"
      onClose={onClose}
      footer={
        revision === undefined && (
          <>
            <p class={s.foot}>{resource === undefined && (chosen.size > 0 ? t.chosen(chosen.size) : t.chooseHint)}</p>
            <Button
              kind="primary"
              icon={GitCompare}
              href={sheetPath(app, 'sync', { resources: resources === '' ? undefined : resources })}
              reason={canSync === false ? t.mayNotSync : undefined}
            >
              {resource !== undefined ? t.syncThis : chosen.size > 0 ? t.syncChosen(chosen.size) : t.syncAll}
            </Button>
          </>
        )
      }
    >
      <div class={s.sheet}>
        <div class={s.tools}>
          <Segments
            label={t.compared}
            value={isOfGit ? 'git' : 'sync'}
            choices={[
              { value: 'sync', label: t.againstSync },
              { value: 'git', label: t.againstGit },
            ]}
            onChange={(against) => query.set({ against: against === 'git' ? 'git' : undefined })}
          />
          <OtherRevision app={app} revision={revision} />
          <Button
            icon={RefreshCw}
            isBusy={isLoading && value !== undefined}
            onClick={() => {
              setFresh(true);
              reload();
            }}
          >
            {t.again}
          </Button>
        </div>
        <p class={s.said}>
          {isOfGit ? t.gitMeans : t.syncMeans} <GitLink app={app} revision={revision} />
        </p>
        {resource !== undefined && (
          <p class={s.one}>
            {t.onlyOne} <a href={query.with({ resource: undefined })}>{t.showAll}</a>
          </p>
        )}
        {error !== undefined && <Problem title={t.failedToCompare} error={error} onRetry={reload} />}
        {items ? (
          items.length === 0 ? (
            <p class={s.said}>{resource === undefined ? t.nothingThere : t.notAmong}</p>
          ) : (
            <ObjectDiffs
              items={items}
              name={name}
              {...(resource === undefined && revision === undefined && { chosen, onChoose: setChosen })}
              actionsOf={({ key }) => (
                <a class={s.link} href={sheetPath(app, 'resource', { resource: key })}>
                  {t.details}
                </a>
              )}
            />
          )
        ) : (
          error === undefined && <Loading lines={10} />
        )}
      </div>
    </Sheet>
  );
}

/** What a sync would make of what is there. */
function againstSync(item: Compared): ObjectDiff {
  const { group, kind, namespace, name, normalizedLiveState, predictedLiveState, message } = item;
  return {
    ...{ group, kind, namespace, name, before: normalizedLiveState, after: predictedLiveState },
    message: typeof message === 'string' ? message : undefined,
  };
}

/** What is there against what is written in Git: without what the cluster adds by itself. */
function againstGit(item: Compared): ObjectDiff {
  const { group, kind, namespace, name, liveState, targetState, message } = item;
  return {
    ...{ group, kind, namespace, name, before: liveState, after: targetState },
    message: typeof message === 'string' ? message : undefined,
  };
}

/** What it was compared with, where the Git server shows it: the folder at the revision. */
function GitLink({ app, revision }: { readonly app: Application; readonly revision: string | undefined }) {
  const t = useWords(diffWords);
  const { source } = app.spec;
  const at = revision ?? app.status.sync?.revision;
  const pages = source && !source.chart ? gitPagesOf(source.repoURL) : undefined;
  if (!pages || !at) return null;
  return (
    <a class={s.link} href={pages.folder(at, source?.path ?? '')} target="_blank" rel="noreferrer">
      {t.inGit}
    </a>
  );
}

function OtherRevision({ app, revision }: { readonly app: Application; readonly revision: string | undefined }) {
  const t = useWords(diffWords);
  const query = useQuery();
  const [typed, setTyped] = useState(revision ?? '');
  const known = (app.status.history ?? []).flatMap((entry) => entry.revisions?.join(',') ?? entry.revision ?? []);
  return (
    <form
      class={s.revision}
      onSubmit={(event) => {
        event.preventDefault();
        query.set({ revision: typed.trim() || undefined }, true);
      }}
    >
      <TextField
        label={t.revision}
        value={typed}
        placeholder={app.spec.source?.targetRevision ?? 'HEAD'}
        suggestions={[...new Set(known)].reverse()}
        isMono
        onInput={setTyped}
      />
      <Button type="submit">{t.compare}</Button>
      {revision !== undefined && (
        <Button
          kind="quiet"
          onClick={() => {
            setTyped('');
            query.set({ revision: undefined }, true);
          }}
        >
          {t.ownRevision}
        </Button>
      )}
    </form>
  );
}
