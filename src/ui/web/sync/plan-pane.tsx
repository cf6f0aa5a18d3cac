// Before a sync: what can be chosen, and what it would do.

import { ChevronDown } from 'lucide';
import { useId, useState } from 'preact/hooks';
import { isAutomated } from '../../../application/parse.ts';
import type { Application } from '../../../application/types.ts';
import { sheetPath } from '../application/addresses.ts';
import { authorName, subjectOf, useRevision } from '../application/revision-details.ts';
import { DiffTools } from '../diff/diff-tools.tsx';
import { Button } from '../parts/button.tsx';
import { CheckField } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import { Loading } from '../parts/loading.tsx';
import { Revision } from '../parts/name.tsx';
import { Problem } from '../parts/problem.tsx';
import { Time } from '../parts/time.tsx';
import type { Loaded } from '../state/load.ts';
import { useWords } from '../words/words.ts';
import { OptionsForm } from './options-form.tsx';
import { PlanCounts } from './plan-counts.tsx';
import { PlanList } from './plan-list.tsx';
import { syncRows } from './plan-rows.ts';
import type { Plan, PlanProblem } from './plan-types.ts';
import { ProblemList } from './problem-list.tsx';
import type { SyncChoices } from './sync-choices.ts';
import s from './sync-sheet.module.css';
import { syncWords } from './sync-words.ts';

export interface PlanPaneProps {
  readonly app: Application;
  readonly choices: SyncChoices;
  readonly onChoose: (choices: SyncChoices) => void;
  /** Of the history, to be brought back. */
  readonly rollbackId: number | undefined;
  readonly turnsAutomationOff: boolean;
  readonly onTurnAutomationOff: (isOff: boolean) => void;
  readonly plan: Loaded<Plan | undefined>;
  readonly onApprove: () => void;
  readonly isBusy: boolean;
  /** Why one may not sync it. */
  readonly mayNot: string | undefined;
  /** What the last press of a button came to. */
  readonly error: unknown;
}

export function PlanPane(props: PlanPaneProps) {
  const { app, choices, onChoose, rollbackId } = props;
  const t = useWords(syncWords);
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <div class={s.panes}>
      <div class={s.options}>
        <button type="button" class={s.fold} aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
          {t.options}
          <Icon icon={ChevronDown} class={isOpen ? s.up : undefined} />
        </button>
        <div id={id} class={`${s.form} ${isOpen ? s.isOpen : ''}`}>
          {rollbackId === undefined ? (
            <OptionsForm app={app} choices={choices} onChange={onChoose} />
          ) : (
            <RollbackForm {...props} rollbackId={rollbackId} />
          )}
        </div>
      </div>
      <PlanView {...props} />
    </div>
  );
}

function RollbackForm(props: PlanPaneProps & { readonly rollbackId: number }) {
  const { app, choices, onChoose, rollbackId, turnsAutomationOff, onTurnAutomationOff } = props;
  const t = useWords(syncWords);
  const entry = app.status.history?.find(({ id }) => id === rollbackId);
  return (
    <div class={s.rollback}>
      <p>
        <span class={s.quiet}>{t.rollbackTo}</span>{' '}
        {entry ? (
          <>
            <Revision>{entry.revision ?? entry.revisions?.[0]}</Revision>
            <span class={s.quiet}>
              {' · '}
              {t.deployedAt} <Time at={entry.deployedAt} />
            </span>
          </>
        ) : (
          t.noEntry
        )}
      </p>
      <CheckField
        label={t.prune}
        hint={t.pruneHint}
        isChecked={choices.prune}
        onChange={(prune) => onChoose({ ...choices, prune })}
      />
      <CheckField
        label={t.dryRun}
        hint={t.dryRunHint}
        isChecked={choices.dryRun}
        onChange={(dryRun) => onChoose({ ...choices, dryRun })}
      />
      {isAutomated(app) && (
        <CheckField
          label={t.disableAuto}
          hint={t.disableAutoHint}
          isChecked={turnsAutomationOff}
          onChange={onTurnAutomationOff}
        />
      )}
    </div>
  );
}

/** The commit, as its author has described it. */
function Target({ app, revision }: { readonly app: Application; readonly revision: string | undefined }) {
  const commit = useRevision(app, revision);
  return (
    <span class={s.target}>
      <Revision>{revision}</Revision>
      {commit && <span class={s.quiet}>{`${subjectOf(commit.message)} · ${authorName(commit.author)}`}</span>}
    </span>
  );
}

function PlanView(props: PlanPaneProps) {
  const { app, choices, onChoose, plan, onApprove, isBusy, mayNot, error } = props;
  const t = useWords(syncWords);
  const { value, isLoading } = plan;
  const rows = syncRows(value?.steps ?? [], undefined);
  const hasDiffs = rows.some(({ step }) => step?.predictedLiveState !== undefined);
  const hasWork = rows.some(({ action }) => action !== 'unchanged');
  const problems = value?.problems.filter(({ code }) => code !== 'automated' || !props.turnsAutomationOff) ?? [];
  const actionOf = (problem: PlanProblem) => {
    if (problem.code === 'pruningOff' && !choices.prune) {
      return <Button onClick={() => onChoose({ ...choices, prune: true })}>{t.pruneThem(problem.count ?? 1)}</Button>;
    }
    if (problem.code === 'automated' && props.rollbackId !== undefined) {
      return <Button onClick={() => props.onTurnAutomationOff(true)}>{t.disableAuto}</Button>;
    }
    if (problem.code === 'operationRunning') {
      return <Button href={sheetPath(app, 'operation')}>{t.seeOperation}</Button>;
    }
    if (problem.code !== 'windowClosed' || !problem.canApprove) return null;
    return (
      <Button isBusy={isBusy} reason={mayNot} onClick={onApprove}>
        {t.approve}
      </Button>
    );
  };
  return (
    <section class={s.plan} aria-label={t.plan} aria-busy={isLoading}>
      {error !== undefined && <Problem title={t.notBegun} error={error} />}
      {plan.error !== undefined && <Problem title={t.planFailed} error={plan.error} onRetry={plan.reload} />}
      {choices.resources.length === 0 && <p class={s.quiet}>{t.noneChosen}</p>}
      {!value && isLoading && plan.error === undefined && <Loading lines={6} />}
      {value && plan.error === undefined && choices.resources.length > 0 && (
        <div class={`${s.planned} ${isLoading ? s.old : ''}`}>
          <div class={s.summary}>
            <p class={s.to}>
              <Target app={app} revision={value.revision ?? value.revisions?.[0]} />
              <PlanCounts counts={value.counts} />
            </p>
            {hasDiffs && hasWork && <DiffTools />}
          </div>
          <ProblemList problems={problems} actionOf={actionOf} />
          {!hasWork && <p class={s.quiet}>{t.nothing}</p>}
          <PlanList rows={rows} />
        </div>
      )}
      <p class="visually-hidden" role="status">
        {isLoading ? t.compares : ''}
      </p>
    </section>
  );
}
