// What somebody has to know or decide before all else: a held sync, pruning that waits for a person, conditions, the end of an Application.

import type { IconNode } from 'lucide';
import { CircleX, Clock, Info, ShieldAlert, Trash, TriangleAlert } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { heldSync } from '../../../application/held-sync.ts';
import { timeIn } from '../../../application/state-sentence.ts';
import type { Application, Condition } from '../../../application/types.ts';
import { call } from '../api/call.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import type { Meaning } from '../parts/mark.tsx';
import { partWords } from '../parts/part-words.ts';
import { Problem } from '../parts/problem.tsx';
import { Dialog } from '../parts/sheet.tsx';
import { exactTime, Time } from '../parts/time.tsx';
import { tell } from '../parts/toast.tsx';
import { now } from '../state/clock.ts';
import { may } from '../state/rights.ts';
import { useWords } from '../words/words.ts';
import { sheetPath } from './addresses.ts';
import { objectOf } from './application-object.ts';
import { applicationWords } from './application-words.ts';
import s from './notices.module.css';

/** By a notice of its own, and by the card of drift. */
const TOLD_APART: ReadonlySet<string> = new Set(['SyncHeld', 'DriftDetected']);

export function Notices({ app, isGone }: { readonly app: Application; readonly isGone: boolean }) {
  const t = useWords(applicationWords);
  if (isGone) {
    return (
      <Notice icon={Trash} meaning="bad" title={t.gone} actions={<Button href="/applications">{t.backToAll}</Button>}>
        <p>{t.goneText}</p>
      </Notice>
    );
  }
  const { metadata, status } = app;
  const conditions = (status.conditions ?? []).filter(({ type }) => !TOLD_APART.has(type));
  const unknown = conditions.find(({ type }) => type === 'ComparisonError' || type === 'InvalidSpecError');
  const { operationState: operation } = status;
  const waitsForPerson =
    operation?.phase === 'Running' && (operation.message?.includes('pruning confirmation of') ?? false);
  return (
    <>
      {metadata.deletionTimestamp && (
        <Notice icon={Trash} meaning="warn" title={t.beingDeleted}>
          <p>
            {t.beingDeletedText} <Time at={metadata.deletionTimestamp} />
          </p>
        </Notice>
      )}
      <HeldNotice app={app} />
      {waitsForPerson && <PruneNotice app={app} message={operation?.message ?? ''} />}
      {conditions.map((condition) => (
        <ConditionNotice
          key={`${condition.type} ${condition.message}`}
          condition={condition}
          isSaid={status.sync?.status === 'Unknown' && condition === unknown}
        />
      ))}
    </>
  );
}

interface ConditionProps {
  readonly condition: Condition;
  /** The sentence of the state has its message. */
  readonly isSaid?: boolean;
}

/** Also a row of the sheet of conditions. */
export function ConditionNotice({ condition, isSaid = false }: ConditionProps) {
  const t = useWords(applicationWords);
  const { type, message, lastTransitionTime } = condition;
  const isError = type.endsWith('Error');
  const isInfo = type === 'HawserAlongside';
  const advice = t.advice[type];
  return (
    <Notice
      icon={isError ? CircleX : isInfo ? Info : TriangleAlert}
      meaning={isError ? 'bad' : isInfo ? 'neutral' : 'warn'}
      title={type}
      aside={<Time at={lastTransitionTime} />}
    >
      {!isSaid && <p class={s.message}>{message}</p>}
      {advice && <p class={s.advice}>{advice}</p>}
    </Notice>
  );
}

function HeldNotice({ app }: { readonly app: Application }) {
  const t = useWords(applicationWords);
  const [isAsking, setAsking] = useState(false);
  const held = heldSync(app);
  const condition = app.status.conditions?.find(({ type }) => type === 'SyncHeld');
  if (!held || !condition) return null;
  const isAllowed = may('applications', 'sync', objectOf(app)) !== false;
  const { opensAt, timeZone = 'UTC', window } = held;
  const { revision, revisions = [] } = app.status.sync ?? {};
  const shown = (revision ?? revisions[0] ?? '').slice(0, 7);
  const { name, namespace } = app.metadata;
  return (
    <Notice
      icon={Clock}
      meaning="warn"
      title={t.held}
      actions={
        <>
          <Button href={sheetPath(app, 'sync')}>{t.seePlan}</Button>
          <Button reason={isAllowed ? undefined : t.mayNot(t.maySync)} onClick={() => setAsking(true)}>
            {t.approve}
          </Button>
        </>
      }
    >
      {opensAt !== undefined ? (
        <p>
          {t.opens} <strong>{timeIn(timeZone, Date.parse(opensAt), now.value)}</strong> {window && <q>{window}</q>}{' '}
          <span class={s.advice}>
            {t.opensHere(exactTime(opensAt))} · <Time at={opensAt} />
          </span>
        </p>
      ) : (
        <p class={s.message}>{condition.message}</p>
      )}
      {isAsking && (
        <Ask
          title={t.approveTitle}
          text={t.approveText(shown)}
          action={t.approve}
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            await call('POST /api/v1/applications/{name}/approve-sync', {
              params: { name },
              query: { appNamespace: namespace },
            });
            tell(t.approved);
          }}
        />
      )}
    </Notice>
  );
}

function PruneNotice({ app, message }: { readonly app: Application; readonly message: string }) {
  const t = useWords(applicationWords);
  const [isAsking, setAsking] = useState(false);
  const isAllowed = may('applications', 'sync', objectOf(app)) !== false;
  const { name, namespace } = app.metadata;
  return (
    <Notice
      icon={ShieldAlert}
      meaning="warn"
      title={t.confirmPrune}
      actions={
        <Button kind="danger" reason={isAllowed ? undefined : t.mayNot(t.maySync)} onClick={() => setAsking(true)}>
          {t.confirmPruneAction}
        </Button>
      }
    >
      <p class={s.message}>{message}</p>
      {isAsking && (
        <Ask
          title={t.confirmPruneTitle}
          text={message}
          action={t.confirmPruneAction}
          isDanger
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            await call('POST /api/v1/applications/{name}/confirm-deletion', {
              params: { name },
              query: { appNamespace: namespace },
            });
            tell(t.confirmed);
          }}
        />
      )}
    </Notice>
  );
}

interface AskProps {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly isDanger?: boolean;
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
}

function Ask({ title, text, action, isDanger = false, onConfirm, onClose }: AskProps) {
  const t = useWords(partWords);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const confirm = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await onConfirm();
      onClose();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button kind={isDanger ? 'danger' : 'primary'} isBusy={isBusy} onClick={confirm}>
            {action}
          </Button>
        </>
      }
    >
      <p>{text}</p>
      {error !== undefined && <Problem error={error} />}
    </Dialog>
  );
}

interface NoticeProps {
  readonly icon: IconNode;
  readonly meaning: Meaning;
  readonly title: string;
  readonly aside?: ComponentChildren;
  readonly actions?: ComponentChildren;
  readonly children?: ComponentChildren;
}

function Notice({ icon, meaning, title, aside, actions, children }: NoticeProps) {
  return (
    <section class={`${s.notice} ${s[meaning]}`} aria-label={title}>
      <Icon icon={icon} size={20} class={s.icon} />
      <div class={s.text}>
        <p class={s.title}>
          <strong>{title}</strong> {aside && <span class={s.advice}>{aside}</span>}
        </p>
        {children}
      </div>
      {actions && <div class={s.actions}>{actions}</div>}
    </section>
  );
}
