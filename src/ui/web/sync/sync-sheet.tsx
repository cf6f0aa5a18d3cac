// SYNC: it never acts at once. First its plan, then its progress, in the same sheet; the parts `sync` and `operation` of the address.

import { useState } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import type { Application } from '../../../application/types.ts';
import { call } from '../api/call.ts';
import { sheetPath } from '../application/addresses.ts';
import { objectOf } from '../application/application-object.ts';
import { Button } from '../parts/button.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { tell } from '../parts/toast.tsx';
import { keyOf } from '../state/applications.ts';
import { useLoad } from '../state/load.ts';
import { useQuery } from '../state/query.ts';
import { may } from '../state/rights.ts';
import { start } from '../state/start.ts';
import { useWords } from '../words/words.ts';
import { OperationPane } from './operation-pane.tsx';
import { applyLabel, isRefused } from './plan-label.ts';
import { PlanPane } from './plan-pane.tsx';
import type { Plan } from './plan-types.ts';
import { keepPlan } from './started-plans.ts';
import { readChoices, rollbackPlanBody, type SyncChoices, syncBody, writeChoices } from './sync-choices.ts';
import s from './sync-sheet.module.css';
import { syncWords } from './sync-words.ts';

interface Props {
  readonly app: Application;
  readonly onClose: () => void;
}

export default function SyncSheet({ app, onClose }: Props) {
  const t = useWords(syncWords);
  const { params } = useRoute();
  const { route } = useLocation();
  const query = useQuery();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const isOver = params.part === 'operation';

  const choices = readChoices(app, query);
  const rollbackText = query.get('rollback');
  const rollbackId = rollbackText === undefined ? undefined : Number(rollbackText);
  const turnsAutomationOff = query.get('auto') === 'off';
  const plan = usePlan(app, choices, rollbackId, !isOver);

  const { name, namespace } = app.metadata;
  const path = { params: { name } };
  const isForbidden = may('applications', 'sync', objectOf(app)) === false;
  const mayNot = start.alongside ? t.alongside : isForbidden ? t.notAllowed : undefined;

  /** Does it, and shows what becomes of it. */
  const begin = async (ask: () => Promise<Application>) => {
    if (isBusy) return;
    setBusy(true);
    setError(undefined);
    try {
      const begun = await ask();
      if (plan.value) keepPlan(keyOf(app), plan.value, begun, app.status.operationState);
      route(sheetPath(app, 'operation'), true);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const confirm = () =>
    begin(() => {
      if (rollbackId === undefined) {
        return call('POST /api/v1/applications/{name}/sync', { ...path, body: syncBody(app, choices) });
      }
      const { prune, dryRun } = choices;
      const body = { appNamespace: namespace, id: rollbackId, prune, dryRun, disableAutoSync: turnsAutomationOff };
      return call('POST /api/v1/applications/{name}/rollback', { ...path, body });
    });
  const approve = () =>
    begin(() => call('POST /api/v1/applications/{name}/approve-sync', { ...path, query: { appNamespace: namespace } }));
  const choose = (next: SyncChoices) => {
    setError(undefined);
    query.set(writeChoices(app, next));
  };

  /** What one says to an operation that goes on. */
  const say = async (what: () => Promise<unknown>, done?: string) => {
    setBusy(true);
    setError(undefined);
    try {
      await what();
      if (done) tell(done);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };

  const title = isOver ? t.operationTitle(name) : rollbackId === undefined ? t.title(name) : t.rollbackTitle(name);
  return (
    <Sheet
      title={title}
      size="wide"
      onClose={onClose}
      footer={
        isOver ? (
          <OperationFooter {...{ app, onClose, isBusy, mayNot, say }} />
        ) : (
          <PlanFooter
            {...{ plan: plan.value, isLoading: plan.isLoading, hasFailed: plan.error !== undefined, choices, mayNot }}
            {...{ isBusy, onClose, isRollback: rollbackId !== undefined, turnsAutomationOff, onStart: confirm }}
          />
        )
      }
    >
      {isOver ? (
        <OperationPane app={app} error={error} />
      ) : (
        <PlanPane
          {...{ app, choices, rollbackId, plan, isBusy, mayNot, error, turnsAutomationOff }}
          onChoose={choose}
          onTurnAutomationOff={(isOff) => query.set({ auto: isOff ? 'off' : undefined })}
          onApprove={approve}
        />
      )}
    </Sheet>
  );
}

/** Asked for anew when something is chosen, and when the Application was compared again. */
function usePlan(app: Application, choices: SyncChoices, rollbackId: number | undefined, isWanted: boolean) {
  const { name } = app.metadata;
  const isNone = rollbackId === undefined && choices.resources.length === 0;
  const { dryRun: _, retryStrategy: __, ...planned } = syncBody(app, choices);
  const body = rollbackId === undefined ? planned : rollbackPlanBody(app, rollbackId, choices.prune);
  const { sync, reconciledAt, operationState } = app.status;
  // Whoever looks at a plan sees what others have done meanwhile.
  const asOf = isWanted && [sync?.revision, reconciledAt, operationState?.phase, app.operation !== undefined].join(' ');
  const load = async (signal: AbortSignal): Promise<Plan | undefined> => {
    if (!isWanted || isNone) return undefined;
    return call('POST /api/v1/applications/{name}/plan', { params: { name }, body, signal });
  };
  return useLoad(load, [JSON.stringify(body), isWanted, isNone, asOf]);
}

interface PlanFooterProps {
  readonly plan: Plan | undefined;
  readonly isLoading: boolean;
  readonly hasFailed: boolean;
  readonly choices: SyncChoices;
  readonly mayNot: string | undefined;
  readonly isBusy: boolean;
  readonly isRollback: boolean;
  readonly turnsAutomationOff: boolean;
  readonly onClose: () => void;
  readonly onStart: () => void;
}

function PlanFooter(props: PlanFooterProps) {
  const { plan, isLoading, hasFailed, choices, mayNot, isBusy, isRollback, onClose, onStart } = props;
  const t = useWords(syncWords);
  const label = plan ? applyLabel(plan.counts, t) || t.applyNothing : t.plan;
  const text = choices.dryRun ? t.tryIt(label) : isRollback ? t.rollBack(label) : label;
  const circumstances = { ...props, isDryRun: choices.dryRun };
  const reason =
    mayNot ??
    (choices.resources.length === 0
      ? t.noneChosen
      : isLoading || !plan || hasFailed
        ? t.waitForPlan
        : isRefused(plan.problems, circumstances)
          ? t.standsAgainst
          : undefined);
  return (
    <>
      <span class={s.foot}>{reason}</span>
      <Button onClick={onClose}>{t.cancel}</Button>
      <Button kind="primary" isBusy={isBusy || isLoading} reason={reason} onClick={onStart}>
        {text}
      </Button>
    </>
  );
}

interface OperationFooterProps {
  readonly app: Application;
  readonly onClose: () => void;
  readonly isBusy: boolean;
  readonly mayNot: string | undefined;
  readonly say: (what: () => Promise<unknown>, done?: string) => void;
}

function OperationFooter({ app, onClose, isBusy, mayNot, say }: OperationFooterProps) {
  const t = useWords(syncWords);
  const { name, namespace } = app.metadata;
  const { phase, message = '' } = app.status.operationState ?? {};
  const isRunning = app.operation !== undefined || phase === 'Running';
  const input = { params: { name }, query: { appNamespace: namespace } };
  return (
    <>
      <span class={s.foot}>{phase === 'Terminating' ? t.terminating : ''}</span>
      {isRunning && message.includes('blocked by sync window') && (
        <Button
          isBusy={isBusy}
          reason={mayNot}
          onClick={() => say(() => call('POST /api/v1/applications/{name}/approve-sync', input))}
        >
          {t.approveBlocked}
        </Button>
      )}
      {isRunning && message.includes('pruning confirmation of') && (
        <Button
          isBusy={isBusy}
          reason={mayNot}
          onClick={() => say(() => call('POST /api/v1/applications/{name}/confirm-deletion', input))}
        >
          {t.confirmPrune}
        </Button>
      )}
      {isRunning && (
        <Button
          kind="danger"
          isBusy={isBusy}
          reason={mayNot}
          onClick={() => say(() => call('DELETE /api/v1/applications/{name}/operation', input), t.terminating)}
        >
          {t.terminate}
        </Button>
      )}
      {!isRunning && <Button href={sheetPath(app, 'sync')}>{t.syncAgain}</Button>}
      <Button kind={isRunning ? 'plain' : 'primary'} onClick={onClose}>
        {t.close}
      </Button>
    </>
  );
}
