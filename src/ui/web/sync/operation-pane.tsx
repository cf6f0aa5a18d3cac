// While an operation goes on, and afterwards: the rows of its plan, each with what became of it; of one that this page did not begin, the rows
// of its record.

import { History } from 'lucide';
import type { Application, OperationState } from '../../../application/types.ts';
import { DiffTools } from '../diff/diff-tools.tsx';
import { Empty } from '../parts/empty.tsx';
import { Mark } from '../parts/mark.tsx';
import { Revision } from '../parts/name.tsx';
import { partWords } from '../parts/part-words.ts';
import { Problem } from '../parts/problem.tsx';
import { spanOf, Time } from '../parts/time.tsx';
import { keyOf } from '../state/applications.ts';
import { now } from '../state/clock.ts';
import { useWords } from '../words/words.ts';
import { PlanList } from './plan-list.tsx';
import { progressOf, syncRows } from './plan-rows.ts';
import { startedPlan } from './started-plans.ts';
import s from './sync-sheet.module.css';
import { syncWords } from './sync-words.ts';

/** What moves is blue; what has ended is as it ended. */
function barOf(operation: OperationState | undefined): string | undefined {
  if (operation?.phase === 'Succeeded') return s.barGood;
  return operation?.phase === 'Failed' || operation?.phase === 'Error' ? s.barBad : '';
}

interface Props {
  readonly app: Application;
  readonly error: unknown;
}

/** As an operation is before the first word of it. */
const AWAITED: OperationState = { operation: {}, phase: 'Running', startedAt: '' };

export function OperationPane({ app, error }: Props) {
  const t = useWords(syncWords);
  const started = startedPlan(keyOf(app), app);
  const operation = started ? started.operation : app.operation ? undefined : app.status.operationState;
  const isAwaited = operation === undefined && (started !== undefined || app.operation !== undefined);
  const rows = syncRows(started?.plan.steps, isAwaited ? AWAITED : operation);
  const progress = progressOf(rows);
  if (!operation && !isAwaited) return <Empty icon={History} title={t.noOperation} />;
  const hasDiffs = rows.some(({ step, action }) => step?.predictedLiveState !== undefined && action !== 'unchanged');
  return (
    <section class={s.plan} aria-label={t.operationTitle(app.metadata.name)}>
      {error !== undefined && <Problem error={error} />}
      <div class={s.summary}>
        <div class={s.to} role="status">
          <Mark of="phase" state={isAwaited ? 'Planned' : operation?.phase} />
          {rows.length > 0 && <span>{t.progress(progress.done, progress.all)}</span>}
          {progress.failed > 0 && <span class={s.failed}>{t.failedCount(progress.failed)}</span>}
        </div>
        {hasDiffs && <DiffTools />}
      </div>
      {rows.length > 0 && (
        <progress
          class={`${s.bar} ${barOf(operation)}`}
          max={progress.all}
          value={progress.done + progress.failed}
          aria-label={t.plan}
        />
      )}
      {isAwaited ? <p class={s.quiet}>{t.isAwaited}</p> : operation && <Facts operation={operation} />}
      {operation?.operation.sync?.dryRun && <p class={s.quiet}>{t.isDryRun}</p>}
      {rows.length > 0 ? (
        <PlanList rows={rows} />
      ) : (
        operation && operation.phase !== 'Running' && <p class={s.quiet}>{t.noRecord}</p>
      )}
    </section>
  );
}

function Facts({ operation }: { readonly operation: OperationState }) {
  const t = useWords(syncWords);
  const p = useWords(partWords);
  const { startedAt, finishedAt, message, phase, syncResult, retryCount } = operation;
  const { username, automated } = operation.operation.initiatedBy ?? {};
  const endMs = finishedAt === undefined ? now.value : Date.parse(finishedAt);
  const seconds = Math.max(0, Math.round((endMs - Date.parse(startedAt)) / 1000));
  const isBad = phase === 'Failed' || phase === 'Error';
  return (
    <>
      {message && message !== 'syncing' && phase !== 'Succeeded' && <p class={isBad ? s.failed : s.said}>{message}</p>}
      <p class={s.facts}>
        <Revision>{syncResult?.revision ?? syncResult?.revisions?.[0]}</Revision>
        <span>{username ? t.by(username) : automated ? t.automatic : ''}</span>
        <span>
          {t.begun} <Time at={startedAt} />
        </span>
        <span>{t.took(spanOf(seconds, p))}</span>
        {retryCount !== undefined && retryCount > 0 && <span>{t.attempt(retryCount + 1)}</span>}
      </p>
    </>
  );
}
