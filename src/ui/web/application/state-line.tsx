// The state of an Application in one sentence, the same words as in the CLI and the API, and its three marks.

import type { IconNode } from 'lucide';
import { CircleCheck, CircleHelp, CircleX, Clock, LoaderCircle, Trash, TriangleAlert } from 'lucide';
import { SENTENCE_WORDS } from '../../../application/sentence-words.ts';
import { stateSentence } from '../../../application/state-sentence.ts';
import type { Application } from '../../../application/types.ts';
import { Icon } from '../parts/icon.tsx';
import mark from '../parts/mark.module.css';
import { Mark, type Meaning } from '../parts/mark.tsx';
import { Time } from '../parts/time.tsx';
import { now } from '../state/clock.ts';
import { language } from '../state/preferences.ts';
import { useWords } from '../words/words.ts';
import { sheetPath } from './addresses.ts';
import { applicationWords } from './application-words.ts';
import { useRevision } from './revision-details.ts';
import s from './state-line.module.css';

export function StateLine({ app }: { readonly app: Application }) {
  const t = useWords(applicationWords);
  const { status } = app;
  const commit = useRevision(app, status.sync?.revision ?? status.sync?.revisions?.[0]);
  const { icon, meaning } = lookOf(app);
  const { operationState: operation } = status;
  return (
    <div class={s.line}>
      <p class={`${s.sentence} ${mark[meaning]}`} aria-live="polite">
        <Icon icon={icon} size={20} class={icon === LoaderCircle ? mark.turning : undefined} />
        <span>
          {stateSentence(app, {
            words: SENTENCE_WORDS[language.value],
            nowMs: now.value,
            ...(commit && { commit }),
          })}
        </span>
      </p>
      <p class={s.marks}>
        <Mark of="sync" state={status.sync?.status} />
        <Mark of="health" state={status.health?.status} title={status.health?.message} />
        {operation && (
          <a class={s.operation} href={sheetPath(app, 'operation')}>
            <span class={s.quiet}>{t.operation}</span>
            <Mark of="phase" state={operation.phase} title={operation.message} />
            <span class={s.quiet}>
              <Time at={operation.finishedAt ?? operation.startedAt} />
            </span>
          </a>
        )}
      </p>
    </div>
  );
}

/** What the whole of it means: the worst that is true. */
function lookOf({ metadata, status }: Application): { readonly icon: IconNode; readonly meaning: Meaning } {
  const { sync, health, conditions = [], operationState } = status;
  if (metadata.deletionTimestamp) return { icon: Trash, meaning: 'warn' };
  if (operationState?.phase === 'Running' || operationState?.phase === 'Terminating') {
    const isWaiting = /blocked by sync window|pruning confirmation of/.test(operationState.message ?? '');
    return isWaiting ? { icon: Clock, meaning: 'warn' } : { icon: LoaderCircle, meaning: 'work' };
  }
  if (conditions.some(({ type }) => type.endsWith('Error')) || health?.status === 'Degraded') {
    return { icon: CircleX, meaning: 'bad' };
  }
  if (sync?.status === 'OutOfSync') return { icon: TriangleAlert, meaning: 'warn' };
  if (sync?.status !== 'Synced') return { icon: CircleHelp, meaning: 'neutral' };
  return { icon: CircleCheck, meaning: 'good' };
}
