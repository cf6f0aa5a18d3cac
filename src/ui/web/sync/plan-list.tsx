// The plan as a list, by phase and wave: the same rows before a sync, while it goes on, and from its record afterwards.

import type { IconNode } from 'lucide';
import {
  ChevronRight,
  CircleCheck,
  CircleDashed,
  CircleSlash,
  CircleX,
  Equal,
  LoaderCircle,
  Pencil,
  Pin,
  Plus,
  Recycle,
  Trash2,
  Zap,
} from 'lucide';
import { useId, useState } from 'preact/hooks';
import { Diff } from '../diff/diff.tsx';
import { Icon } from '../parts/icon.tsx';
import mark from '../parts/mark.module.css';
import { type Meaning, Sign } from '../parts/mark.tsx';
import { Name } from '../parts/name.tsx';
import { useWords } from '../words/words.ts';
import { summarizeFields } from './field-summary.ts';
import s from './plan-list.module.css';
import { groupRows, isPlainMessage, type RowAction, type RowState, type SyncRow } from './plan-rows.ts';
import { syncWords } from './sync-words.ts';

const ACTIONS: Readonly<Record<RowAction, { readonly icon: IconNode; readonly look: string }>> = {
  create: { icon: Plus, look: 'good' },
  update: { icon: Pencil, look: 'warn' },
  delete: { icon: Trash2, look: 'bad' },
  recreate: { icon: Recycle, look: 'bad' },
  hook: { icon: Zap, look: 'neutral' },
  unchanged: { icon: Equal, look: 'neutral' },
  left: { icon: Pin, look: 'neutral' },
};

const STATES: Readonly<Record<RowState, { readonly icon: IconNode; readonly meaning: Meaning }>> = {
  planned: { icon: CircleDashed, meaning: 'neutral' },
  running: { icon: LoaderCircle, meaning: 'work' },
  done: { icon: CircleCheck, meaning: 'good' },
  failed: { icon: CircleX, meaning: 'bad' },
  notRun: { icon: CircleSlash, meaning: 'neutral' },
};

/** Fields that a row names. */
const SHOWN_FIELDS = 2;

export function PlanList({ rows }: { readonly rows: readonly SyncRow[] }) {
  const t = useWords(syncWords);
  const { groups, still } = groupRows(rows);
  return (
    <div class={s.list}>
      {groups.map(({ key, phase, wave, rows: members }) => (
        <section key={key}>
          <h3 class={s.head}>
            {t.phases[phase] ?? phase}
            {wave !== undefined && <span class={s.wave}>{t.wave(wave)}</span>}
          </h3>
          <ol class={s.rows}>
            {members.map((row) => (
              <PlanRow key={row.key} row={row} />
            ))}
          </ol>
        </section>
      ))}
      {still.length > 0 && <Still rows={still} />}
    </div>
  );
}

function Still({ rows }: { readonly rows: readonly SyncRow[] }) {
  const t = useWords(syncWords);
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <div>
      <button type="button" class={s.still} aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
        <Icon icon={ChevronRight} class={isOpen ? s.open : s.closed} />
        {t.still(rows.length)}
      </button>
      <ol class={s.rows} id={id} hidden={!isOpen}>
        {isOpen && rows.map((row) => <PlanRow key={row.key} row={row} />)}
      </ol>
    </div>
  );
}

function PlanRow({ row }: { readonly row: SyncRow }) {
  const t = useWords(syncWords);
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const { action, kind, namespace, name, step, state, message } = row;
  const { icon, look } = ACTIONS[action];
  const isShown = step?.predictedLiveState !== undefined;
  const title = namespace ? `${namespace}/${name}` : name;
  const word = state === 'done' ? t.done[action] : t.actions[action];
  const what = (
    <>
      <span class={`${s.action} ${mark[look]}`}>
        <Icon icon={icon} />
        {word}
      </span>
      <span class={s.object}>
        <span class={s.kind}>{kind}</span>
        <span class={s.name} title={title}>
          <Name isMono>{step?.isGenerated && state === undefined ? `${name}…` : name}</Name>
        </span>
      </span>
    </>
  );
  const isProblem = state === 'failed' || (state === undefined && message !== undefined && action !== 'left');
  const isNews = state !== undefined && action !== 'left' && !isPlainMessage(message ?? '');
  return (
    <li class={`${s.row} ${isProblem ? s.problem : ''}`}>
      <div class={s.line}>
        {isShown ? (
          <button
            type="button"
            class={s.opener}
            aria-expanded={isOpen}
            aria-controls={id}
            title={t.showChange(title)}
            onClick={() => setOpen(!isOpen)}
          >
            <Icon icon={ChevronRight} class={isOpen ? s.open : s.closed} />
            {what}
          </button>
        ) : (
          <span class={s.plainOpener}>{what}</span>
        )}
        {state && (
          <span class={s.state}>
            <Sign {...STATES[state]} word={t.states[state] ?? state} />
          </span>
        )}
      </div>
      {state === undefined && action === 'update' && step && <Fields step={step} />}
      {state === undefined && step?.needsConfirmation && <p class={s.note}>{t.confirms}</p>}
      {action === 'left' && !isProblem && (
        <p class={s.note}>{message?.includes('no prune') ? t.keptByPolicy : t.keptByChoice}</p>
      )}
      {message !== undefined && (isProblem || isNews) && <p class={isProblem ? s.failure : s.message}>{message}</p>}
      {isShown && (
        <div id={id} class={s.diff} hidden={!isOpen}>
          {isOpen && (
            <Diff
              label={`${kind} ${title}`}
              before={step?.normalizedLiveState}
              after={step?.predictedLiveState}
              hasTools={false}
              isTall
            />
          )}
        </div>
      )}
    </li>
  );
}

function Fields({ step }: { readonly step: NonNullable<SyncRow['step']> }) {
  const t = useWords(syncWords);
  const { changes } = step;
  if (changes.length === 0) return <p class={s.note}>{t.noFields}</p>;
  const fields = summarizeFields(changes, SHOWN_FIELDS);
  const rest = changes.length - fields.length;
  return (
    <p class={s.fields}>
      {fields.map(({ path, before, after }) => (
        <span key={path} class={s.field}>
          <Name isMono>{path}</Name>
          {before === undefined && after === undefined && <span>{t.fieldChanged}</span>}
          {before !== undefined && <del class={s.before}>{before}</del>}
          {after !== undefined && (
            <>
              {before !== undefined && <span aria-hidden="true">→</span>}
              <ins class={s.after}>{after}</ins>
            </>
          )}
        </span>
      ))}
      {rest > 0 && <span class={s.rest}>{t.moreFields(rest)}</span>}
    </p>
  );
}
