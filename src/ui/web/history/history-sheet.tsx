// HISTORY: what was deployed when, by whom and from what; rolling back to it, and what differs between two of it.

import { CircleCheck, GitCompare, History, RotateCcw } from 'lucide';
import { useMemo, useState } from 'preact/hooks';
import type { Application, RevisionHistory } from '../../../application/types.ts';
import { sheetPath } from '../application/addresses.ts';
import { objectOf } from '../application/application-object.ts';
import { authorName, subjectOf, useRevision } from '../application/revision-details.ts';
import { Diff } from '../diff/diff.tsx';
import { ObjectDiffs } from '../diff/object-diffs.tsx';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import { Empty } from '../parts/empty.tsx';
import { SelectField } from '../parts/field.tsx';
import { Loading } from '../parts/loading.tsx';
import { Pill } from '../parts/mark.tsx';
import { Name, Revision } from '../parts/name.tsx';
import { partWords } from '../parts/part-words.ts';
import { Problem } from '../parts/problem.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { spanOf, Time } from '../parts/time.tsx';
import { useLoad } from '../state/load.ts';
import { useQuery } from '../state/query.ts';
import { may } from '../state/rights.ts';
import { useWords } from '../words/words.ts';
import { compareEntries } from './compare-entries.ts';
import { type Entry, entriesOf, isOfSameSources, revisionsOf, sourcesOfEntry } from './entries.ts';
import s from './history-sheet.module.css';
import { historyWords } from './history-words.ts';

interface Props {
  readonly app: Application;
  readonly onClose: () => void;
}

export default function HistorySheet({ app, onClose }: Props) {
  const t = useWords(historyWords);
  const query = useQuery();
  const entries = useMemo(() => entriesOf(app), [app.status.history]);
  const pair = useMemo(() => pairOf(app, query.list('compare')), [app.status.history, query.get('compare')]);
  const isAutomated = app.spec.syncPolicy?.automated !== undefined && app.spec.syncPolicy.automated.enabled !== false;
  return (
    <Sheet title={t.title(app.metadata.name)} size="wide" onClose={onClose}>
      {entries.length === 0 ? (
        <Empty icon={History} title={t.none}>
          <p>{t.noneHint}</p>
        </Empty>
      ) : pair ? (
        <Comparison key={`${pair[0].id} ${pair[1].id}`} app={app} pair={pair} />
      ) : (
        <div class={s.sheet}>
          {isAutomated && <p class={s.note}>{t.automated}</p>}
          {entries.length > 1 && <ChoosePair entries={entries} />}
          <ol class={s.list}>
            {entries.map((entry) => (
              <OneEntry key={entry.entry.id} app={app} {...entry} />
            ))}
          </ol>
          <p class={s.note}>{t.kept(app.spec.revisionHistoryLimit ?? 10)}</p>
        </div>
      )}
    </Sheet>
  );
}

function OneEntry({ app, entry, isCurrent, before, tookS }: Entry & { readonly app: Application }) {
  const t = useWords(historyWords);
  const p = useWords(partWords);
  const query = useQuery();
  const { id, deployedAt, initiatedBy } = entry;
  const revisions = revisionsOf(entry);
  const who = initiatedBy?.automated ? t.automatic : initiatedBy?.username ? t.by(initiatedBy.username) : undefined;
  const isSame = isOfSameSources(app, entry);
  const sources = sourcesOfEntry(entry);
  const now = app.spec.sources ?? (app.spec.source ? [app.spec.source] : []);
  const reason = useRollbackReason(app);
  return (
    <li class={`${card.card} ${s.entry}`} aria-label={t.number(id)}>
      <div class={s.head}>
        <h3 class={s.id}>#{id}</h3>
        {isCurrent && <Pill icon={CircleCheck} meaning="good" word={t.current} />}
        <span class={s.when}>
          <Time at={deployedAt} />
          {tookS !== undefined && tookS >= 1 && <> · {t.took(spanOf(tookS, p))}</>}
          {who !== undefined && <> · {who}</>}
        </span>
        <span class={s.actions}>
          {before && (
            <Button
              icon={GitCompare}
              label={`${t.withBefore} (#${id})`}
              href={query.with({ compare: [String(before.id), String(id)] })}
            >
              {t.withBefore}
            </Button>
          )}
          {!isCurrent && (
            <Button
              icon={RotateCcw}
              label={`${t.rollback} (#${id})`}
              reason={reason}
              href={sheetPath(app, 'sync', { rollback: String(id) })}
            >
              {t.rollback}
            </Button>
          )}
        </span>
      </div>
      {revisions.map((revision, index) => (
        <Commit
          key={`${index} ${revision}`}
          app={app}
          revision={revision}
          source={index}
          hasSeveral={revisions.length > 1}
          url={sources[index]?.repoURL ?? ''}
        />
      ))}
      <details class={s.source}>
        <summary>{t.source}</summary>
        <p class={s.note}>{isSame ? t.sameSource : t.otherSource}</p>
        <Diff
          label={`${t.source} #${id}`}
          before={sources.length === 1 ? sources[0] : sources}
          after={isSame ? (sources.length === 1 ? sources[0] : sources) : now.length === 1 ? now[0] : now}
          hasTools={false}
        />
      </details>
    </li>
  );
}

interface CommitProps {
  readonly app: Application;
  readonly revision: string;
  readonly source: number;
  readonly hasSeveral: boolean;
  readonly url: string;
}

function Commit({ app, revision, source, hasSeveral, url }: CommitProps) {
  const details = useRevision(app, revision, source);
  return (
    <p class={s.commit}>
      <Revision>{revision}</Revision>
      {details && (
        <>
          <span class={s.message}>{subjectOf(details.message)}</span>
          <span class={s.author}>
            {authorName(details.author)}, <Time at={details.date} />
          </span>
        </>
      )}
      {hasSeveral && (
        <span class={s.author}>
          <Name>{url}</Name>
        </span>
      )}
    </p>
  );
}

function useRollbackReason(app: Application): string | undefined {
  const t = useWords(historyWords);
  if (may('applications', 'sync', objectOf(app)) === false) return t.mayNot;
  const phase = app.status.operationState?.phase;
  return phase === 'Running' || phase === 'Terminating' ? t.running : undefined;
}

function ChoosePair({ entries }: { readonly entries: readonly Entry[] }) {
  const t = useWords(historyWords);
  const query = useQuery();
  const [from, setFrom] = useState(String(entries[1]?.entry.id ?? ''));
  const [to, setTo] = useState(String(entries[0]?.entry.id ?? ''));
  const choices = entries.map(({ entry }) => ({
    value: String(entry.id),
    label: `#${entry.id} · ${revisionsOf(entry)
      .map((revision) => (/^[0-9a-f]{40}/.test(revision) ? revision.slice(0, 7) : revision))
      .join(', ')}`,
  }));
  return (
    <form
      class={s.pair}
      onSubmit={(event) => {
        event.preventDefault();
        query.set({ compare: [from, to] }, true);
      }}
    >
      <SelectField label={t.from} value={from} choices={choices} onChange={setFrom} />
      <SelectField label={t.to} value={to} choices={choices} onChange={setTo} />
      <Button type="submit" icon={GitCompare}>
        {t.compare}
      </Button>
    </form>
  );
}

type Pair = readonly [RevisionHistory, RevisionHistory];

function pairOf({ status }: Application, ids: readonly string[]): Pair | undefined {
  const find = (id: string | undefined) => (status.history ?? []).find((entry) => String(entry.id) === id);
  const [from, to] = [find(ids[0]), find(ids[1])];
  return from && to ? [from, to] : undefined;
}

function Comparison({ app, pair: [from, to] }: { readonly app: Application; readonly pair: Pair }) {
  const t = useWords(historyWords);
  const query = useQuery();
  const { value, error, reload } = useLoad((signal) => compareEntries(app, from, to, signal), [from.id, to.id]);
  const isSourceEqual = JSON.stringify(sourcesOfEntry(from)) === JSON.stringify(sourcesOfEntry(to));
  return (
    <div class={s.sheet}>
      <div class={s.head}>
        <h3 class={s.id}>{t.comparing(from.id, to.id)}</h3>
        <span class={s.when}>
          {revisionsOf(from).map((revision) => (
            <Revision key={revision}>{revision}</Revision>
          ))}
          {' → '}
          {revisionsOf(to).map((revision) => (
            <Revision key={revision}>{revision}</Revision>
          ))}
        </span>
        <span class={s.actions}>
          <Button href={query.with({ compare: undefined })}>{t.stop}</Button>
        </span>
      </div>
      {!isSourceEqual && (
        <Diff label={t.sources} before={sourcesOfEntry(from)} after={sourcesOfEntry(to)} hasTools={false} />
      )}
      <p class={s.note}>{t.renderings}</p>
      {error !== undefined && <Problem title={t.failedToCompare} error={error} onRetry={reload} />}
      {value ? (
        <ObjectDiffs items={value} name={`${app.metadata.name}-${from.id}-${to.id}`} />
      ) : (
        error === undefined && <Loading lines={8} />
      )}
    </div>
  );
}
