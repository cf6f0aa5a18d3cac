// A sync window as a form, with the week as it will be.

import { useState } from 'preact/hooks';
import { parseSyncWindows, type SyncWindow } from '../../../application/sync-window.ts';
import type { Application } from '../../../application/types.ts';
import { isZone, readersZone } from '../parts/clock-in.ts';
import { CheckField, Segments, TextArea, TextField } from '../parts/field.tsx';
import { Problem } from '../parts/problem.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { tell } from '../parts/toast.tsx';
import { now } from '../state/clock.ts';
import { language } from '../state/preferences.ts';
import { useWords } from '../words/words.ts';
import { dayOf } from './calendar.ts';
import { cronWords, scheduleProblem } from './cron-words.ts';
import { Foot, useSaving } from './edit-sheet.tsx';
import { linesOf, type Project } from './project-form.ts';
import { projectWords } from './project-words.ts';
import s from './projects.module.css';
import { saveSpec } from './save-project.ts';
import { SureButton } from './sure-button.tsx';
import { WeekCalendar } from './week-calendar.tsx';
import { StateNow } from './window-state.tsx';
import { concernedBy, isDuration, windowNow, zoneOf } from './window-words.ts';
import { knownZones } from './zoned-time.ts';

interface Props {
  readonly project: Project;
  readonly apps: readonly Application[];
  /** In the project's list; without it, a new one. */
  readonly index?: number;
  readonly mayEdit?: boolean;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function WindowSheet({ project, apps, index, mayEdit = true, onDone, onClose }: Props) {
  const t = useWords(projectWords);
  const all = parseSyncWindows(project.spec.syncWindows);
  const known = index === undefined ? undefined : all[index];
  const [window, setWindow] = useState<SyncWindow>(
    () =>
      known ?? { kind: 'allow', schedule: '0 6 * * 1-5', duration: '2h', timeZone: readersZone(), applications: ['*'] },
  );
  const change = (changes: Partial<SyncWindow>) => setWindow({ ...window, ...changes });
  const problems = problemsOf(window, t);
  const at = index ?? all.length;
  const next = [...all.slice(0, at), window, ...all.slice(at + 1)];
  const write = (syncWindows: readonly SyncWindow[]) =>
    saveSpec(project, { ...project.spec, syncWindows: syncWindows.map((one) => ({ ...withoutEmpty(one) })) });
  const { save, isBusy, error } = useSaving(async () => {
    await write(next);
    tell(t.windowSaved);
    onDone();
  });
  const removing = useSaving(async () => {
    await write(all.filter((_, other) => other !== index));
    tell(t.windowDeleted);
    onDone();
  });
  const zone = zoneOf(window);
  const reader = readersZone();
  const concerned = concernedBy(window, apps);
  return (
    <Sheet
      title={index === undefined ? t.newWindow : t.editWindow}
      size="wide"
      onClose={onClose}
      footer={
        <>
          {index !== undefined && mayEdit && (
            <div class={s.aside}>
              <SureButton question={t.sure} isBusy={removing.isBusy} onSure={removing.save}>
                {t.deleteWindow}
              </SureButton>
            </div>
          )}
          <Foot
            {...{ onClose, isBusy, save }}
            action={index === undefined ? t.addWindow : t.saveWindow}
            reason={mayEdit ? Object.values(problems).find((text) => text !== undefined) : t.mayNotEdit}
          />
        </>
      }
    >
      <div class={s.windowForm}>
        <div class={s.form}>
          {(error ?? removing.error) !== undefined && <Problem error={error ?? removing.error} />}
          <Segments
            label={t.kind}
            value={window.kind === 'deny' ? 'deny' : 'allow'}
            choices={[
              { value: 'allow', label: t.allow },
              { value: 'deny', label: t.deny },
            ]}
            onChange={(kind) => change({ kind })}
          />
          <p class={s.quiet}>{t.kindHint}</p>
          <TextField
            label={t.description}
            isOptional
            value={window.description ?? ''}
            onInput={(description) => change({ description })}
          />
          <TextField
            label={t.schedule}
            isMono
            value={window.schedule ?? ''}
            onInput={(schedule) => change({ schedule })}
            hint={cronWords(window.schedule ?? '', language.value) ?? t.scheduleHint}
            error={problems.schedule}
          />
          <div class={s.pair}>
            <TextField
              label={t.duration}
              isMono
              value={window.duration ?? ''}
              onInput={(duration) => change({ duration })}
              hint={t.durationHint}
              error={problems.duration}
            />
            <TextField
              label={t.timeZone}
              value={window.timeZone ?? ''}
              onInput={(timeZone) => change({ timeZone })}
              suggestions={knownZones()}
              hint={t.timeZoneHint}
              error={problems.timeZone}
            />
          </div>
          <fieldset class={s.group}>
            <legend>{t.concerns}</legend>
            {(
              [
                ['applications', t.applications],
                ['namespaces', t.namespaces],
                ['clusters', t.clustersOf],
              ] as const
            ).map(([key, label]) => (
              <TextArea
                key={key}
                label={label}
                rows={2}
                isOptional
                value={(window[key] ?? []).join('\n')}
                onInput={(text) => change({ [key]: text.split('\n') })}
              />
            ))}
            <p class={s.quiet}>{t.concernsHint}</p>
            <p>{concerned.length === 0 ? t.whoNobody : t.who(concerned.length)}</p>
            <CheckField
              label={t.andOperator}
              isChecked={window.andOperator === true}
              onChange={(andOperator) => change({ andOperator })}
            />
          </fieldset>
          <CheckField
            label={t.manualSync}
            isChecked={window.manualSync === true}
            onChange={(manualSync) => change({ manualSync })}
          />
          <CheckField
            label={t.syncOverrun}
            isChecked={window.syncOverrun === true}
            onChange={(syncOverrun) => change({ syncOverrun })}
          />
        </div>
        <section class={s.preview} aria-label={t.preview}>
          <h3>{t.preview}</h3>
          <div class={s.small}>
            <StateNow window={window} state={windowNow(window, now.value)} />
          </div>
          <WeekCalendar
            windows={next}
            marked={at}
            day={dayOf(now.value, zone)}
            zone={zone}
            otherZone={zone === reader ? undefined : reader}
            now={now.value}
            isSmall
          />
        </section>
      </div>
    </Sheet>
  );
}

function problemsOf(window: SyncWindow, t: (typeof projectWords)['en']) {
  const { schedule = '', duration = '', timeZone = '' } = window;
  const lists = [window.applications, window.namespaces, window.clusters];
  const isForSomebody = lists.some((list) => linesOf((list ?? []).join('\n')).length > 0);
  return {
    schedule: scheduleProblem(schedule),
    duration: isDuration(duration) ? undefined : t.durationWrong,
    timeZone: timeZone === '' || isZone(timeZone) ? undefined : t.zoneUnknown,
    concerns: isForSomebody ? undefined : t.concernsNothing,
  };
}

/** Without lines that are empty, and fields that say nothing. */
function withoutEmpty(window: SyncWindow): SyncWindow {
  const entries = Object.entries(window).map(([key, value]) =>
    Array.isArray(value) ? [key, linesOf(value.join('\n'))] : [key, value],
  );
  return Object.fromEntries(
    entries.filter(([, value]) => value !== '' && value !== false && !(Array.isArray(value) && value.length === 0)),
  );
}
