// Several Applications synced at once: what each would do, and one button for all of it.

import { ChevronDown, ChevronRight, CircleAlert, Equal, Trash } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import type { Application } from '../../../application/types.ts';
import { call } from '../api/call.ts';
import { runLimited } from '../applications/run-limited.ts';
import { DiffTools } from '../diff/diff-tools.tsx';
import { Button } from '../parts/button.tsx';
import { CheckField, SelectField } from '../parts/field.tsx';
import { Loading } from '../parts/loading.tsx';
import { Mark, Sign } from '../parts/mark.tsx';
import { Name } from '../parts/name.tsx';
import { Problem } from '../parts/problem.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { tell } from '../parts/toast.tsx';
import { applications, pathOf } from '../state/applications.ts';
import { useLive } from '../state/live.ts';
import { useQuery } from '../state/query.ts';
import { useWords } from '../words/words.ts';
import { type BulkChoices, bulkBody, readBulkChoices, verdictOf, writeBulkChoices } from './bulk-choices.ts';
import { HowChecks } from './how-checks.tsx';
import { PlanCounts } from './plan-counts.tsx';
import { addCounts, applyLabel } from './plan-label.ts';
import { PlanList } from './plan-list.tsx';
import { syncRows } from './plan-rows.ts';
import type { Plan } from './plan-types.ts';
import { ProblemList } from './problem-list.tsx';
import { keepPlan, startedPlan } from './started-plans.ts';
import s from './sync-sheet.module.css';
import { syncWords } from './sync-words.ts';

interface Props {
  /** `argocd/guestbook`. */
  readonly keys: readonly string[];
  readonly onClose: () => void;
}

/** What is known of one of them. */
interface Entry {
  readonly plan?: Plan;
  readonly error?: unknown;
  /** It was asked for. */
  readonly isStarted?: boolean;
}

type Entries = ReadonlyMap<string, Entry>;

/** A plan is a comparison with the cluster. */
const AT_ONCE = 4;

export default function BulkSync({ keys, onClose }: Props) {
  const t = useWords(syncWords);
  const query = useQuery();
  const { value: all } = useLive(applications);
  const choices = readBulkChoices(query.get);
  const [entries, setEntries] = useState<Entries>(new Map());
  const [isBusy, setBusy] = useState(false);
  const [hasStarted, setStarted] = useState(false);
  const apps = keys.flatMap((key) => all?.get(key) ?? []);
  const note = (key: string, entry: Entry) => setEntries((old) => new Map(old).set(key, entry));

  const asked = apps.map((app) => JSON.stringify(bulkBody(app, { ...choices, dryRun: false }))).join('\n');
  useEffect(() => {
    if (hasStarted || apps.length === 0) return;
    const ended = new AbortController();
    const { signal } = ended;
    setEntries(new Map());
    runLimited(apps, AT_ONCE, signal, async (app) => {
      const { namespace, name } = app.metadata;
      const key = `${namespace}/${name}`;
      try {
        const { retryStrategy: _, ...body } = bulkBody(app, { ...choices, dryRun: false });
        note(key, { plan: await call('POST /api/v1/applications/{name}/plan', { params: { name }, body, signal }) });
      } catch (error) {
        if (!signal.aborted) note(key, { error });
      }
    });
    return () => ended.abort();
  }, [asked, hasStarted]);

  const ready = apps.flatMap((app) => {
    const { plan } = entries.get(keyOfApp(app)) ?? {};
    return plan && verdictOf(plan, choices) === 'sync' ? [{ app, plan }] : [];
  });
  const isPlanning = apps.length === 0 || apps.some((app) => !entries.has(keyOfApp(app)));

  const start = async () => {
    setBusy(true);
    setStarted(true);
    let count = 0;
    // Whoever closes the sheet has asked for all of them.
    await runLimited(ready, AT_ONCE, new AbortController().signal, async ({ app, plan }) => {
      const { name } = app.metadata;
      const key = keyOfApp(app);
      try {
        const body = bulkBody(app, choices);
        const begun = await call('POST /api/v1/applications/{name}/sync', { params: { name }, body });
        keepPlan(key, plan, begun, app.status.operationState);
        note(key, { plan, isStarted: true });
        count += 1;
      } catch (error) {
        note(key, { plan, error });
      }
    });
    tell(t.bulkDone(count));
    setBusy(false);
  };

  const sum = applyLabel(addCounts(ready.map(({ plan }) => plan.counts)), t);
  const label = sum ? t.bulkApply(ready.length, sum) : t.bulkApplyNothing(ready.length);
  const reason = isPlanning ? t.waitForPlan : ready.length === 0 ? t.bulkNothing : undefined;
  return (
    <Sheet
      title={t.bulkTitle(keys.length)}
      size="wide"
      onClose={onClose}
      footer={
        <>
          <span class={s.foot}>{hasStarted ? '' : reason}</span>
          <Button kind={hasStarted ? 'primary' : 'plain'} onClick={onClose}>
            {hasStarted ? t.close : t.cancel}
          </Button>
          {!hasStarted && (
            <Button kind="primary" isBusy={isBusy || isPlanning} reason={reason} onClick={start}>
              {choices.dryRun ? t.tryIt(label) : label}
            </Button>
          )}
        </>
      }
    >
      <div class={s.plan}>
        {!hasStarted && <Options choices={choices} onChange={(next) => query.set(writeBulkChoices(next))} />}
        {ready.length > 0 && <DiffTools />}
        <ul class={s.apps}>
          {keys.map((key) => {
            const app = all?.get(key);
            return <Row key={key} {...{ appKey: key, app, choices }} entry={entries.get(key)} />;
          })}
        </ul>
      </div>
    </Sheet>
  );
}

function keyOfApp({ metadata }: Application): string {
  return `${metadata.namespace}/${metadata.name}`;
}

interface OptionsProps {
  readonly choices: BulkChoices;
  readonly onChange: (choices: BulkChoices) => void;
}

function Options({ choices, onChange }: OptionsProps) {
  const t = useWords(syncWords);
  const set = (changes: Partial<BulkChoices>) => onChange({ ...choices, ...changes });
  return (
    <fieldset class={s.checks}>
      <legend class="visually-hidden">{t.options}</legend>
      <SelectField
        label={t.prune}
        value={choices.prune}
        choices={[
          { value: 'own', label: t.pruneOwn },
          { value: 'yes', label: t.pruneYes },
          { value: 'no', label: t.pruneNo },
        ]}
        onChange={(value) => set({ prune: value === 'yes' || value === 'no' ? value : 'own' })}
      />
      <CheckField
        label={t.bulkAll}
        hint={t.bulkAllHint}
        isChecked={choices.outOfSyncOnly}
        onChange={(outOfSyncOnly) => set({ outOfSyncOnly })}
      />
      <HowChecks choices={choices} set={set} />
    </fieldset>
  );
}

interface RowProps {
  readonly appKey: string;
  readonly app: Application | undefined;
  readonly entry: Entry | undefined;
  readonly choices: BulkChoices;
}

function Row({ appKey, app, entry = {}, choices }: RowProps) {
  const t = useWords(syncWords);
  const [isOpen, setOpen] = useState(false);
  const [, name = appKey] = appKey.split('/');
  const { plan, error, isStarted = false } = entry;
  const started = isStarted && app ? startedPlan(appKey, app) : undefined;
  const verdict = plan && verdictOf(plan, choices);
  const rows = plan && (isOpen ? syncRows(plan.steps, started?.operation) : []);
  return (
    <li class={s.app}>
      <div class={s.appHead}>
        <span class={s.appName}>
          {app ? (
            <a href={pathOf(app, isStarted ? 'operation' : undefined)}>
              <Name>{name}</Name>
            </a>
          ) : (
            <Name>{name}</Name>
          )}
        </span>
        {plan && <PlanCounts counts={plan.counts} />}
        {!app && <Sign icon={Trash} meaning="neutral" word={t.gone} />}
        {started && (
          <Mark of="phase" state={started.operation?.phase ?? 'Planned'} title={started.operation?.message} />
        )}
        {!isStarted && verdict === 'idle' && <Sign icon={Equal} meaning="neutral" word={t.leftOut} />}
        {!isStarted && verdict === 'refused' && <Sign icon={CircleAlert} meaning="bad" word={t.blocked} />}
        {plan && plan.steps.length > 0 && (
          <Button
            kind="quiet"
            icon={isOpen ? ChevronDown : ChevronRight}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {t.details}
          </Button>
        )}
      </div>
      {app && !plan && error === undefined && <Loading lines={1} />}
      {error !== undefined && <Problem error={error} />}
      {plan && !isStarted && <ProblemList problems={plan.problems} />}
      {isOpen && rows && <PlanList rows={rows} />}
    </li>
  );
}
