// A project's sync windows: the week's calendar, the same as a table, and what waits for them.

import { Ban, CalendarClock, CalendarPlus, Check, ChevronLeft, ChevronRight } from 'lucide';
import type { ComponentChildren } from 'preact';
import { heldSync } from '../../../application/held-sync.ts';
import { parseSyncWindows, type SyncWindow } from '../../../application/sync-window.ts';
import type { Application } from '../../../application/types.ts';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import { clockIn, isZone, readersZone } from '../parts/clock-in.ts';
import { Empty } from '../parts/empty.tsx';
import { SelectField } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import { Name } from '../parts/name.tsx';
import { partWords } from '../parts/part-words.ts';
import { spanOf } from '../parts/time.tsx';
import { useActions } from '../shell/actions.ts';
import { pathOf } from '../state/applications.ts';
import { now } from '../state/clock.ts';
import { language } from '../state/preferences.ts';
import { useQuery } from '../state/query.ts';
import { useWords } from '../words/words.ts';
import { addDays, dayOf, mondayBefore } from './calendar.ts';
import { cronWords } from './cron-words.ts';
import type { Project } from './project-form.ts';
import { projectWords } from './project-words.ts';
import s from './projects.module.css';
import { WeekCalendar } from './week-calendar.tsx';
import { WindowSheet } from './window-sheet.tsx';
import { StateNow } from './window-state.tsx';
import { concernedBy, kindOf, windowNow, zoneOf } from './window-words.ts';

interface Props {
  readonly project: Project;
  /** Those of the project. */
  readonly apps: readonly Application[];
  readonly mayEdit: boolean;
  readonly reload: () => void;
}

export function WindowsPart({ project, apps, mayEdit, reload }: Props) {
  const t = useWords(projectWords);
  const query = useQuery();
  const windows = parseSyncWindows(project.spec.syncWindows);
  const asked = query.get('window');
  const close = () => query.set({ window: undefined });
  const onDone = () => {
    close();
    reload();
  };
  const chosen = asked === undefined || asked === 'new' ? undefined : Number(asked);
  useActions(
    mayEdit
      ? [
          {
            ...{ id: 'new-window', label: t.newWindow, group: t.windows, icon: CalendarPlus, keys: 'n' },
            run: () => query.set({ window: 'new' }, true),
          },
        ]
      : [],
    [t, mayEdit, project.metadata.name],
  );
  const add = (
    <Button
      icon={CalendarPlus}
      reason={mayEdit ? undefined : t.mayNotEdit}
      href={query.with({ window: 'new' })}
      kind={windows.length === 0 ? 'primary' : 'plain'}
    >
      {t.newWindow}
    </Button>
  );
  return (
    <div class={card.stack}>
      {windows.length === 0 ? (
        <Empty icon={CalendarClock} title={t.noWindows}>
          <p>{t.noWindowsText}</p>
          {add}
        </Empty>
      ) : (
        <>
          <Waiting apps={apps} />
          <Controls windows={windows}>{add}</Controls>
          <Calendar windows={windows} />
          <WindowTable windows={windows} apps={apps} />
        </>
      )}
      {asked === 'new' && mayEdit && <WindowSheet {...{ project, apps, onDone }} onClose={close} />}
      {chosen !== undefined && windows[chosen] !== undefined && (
        <WindowSheet {...{ project, apps, onDone, mayEdit }} index={chosen} onClose={close} />
      )}
    </div>
  );
}

/** The zones of the windows, and the reader's. */
function zonesOf(windows: readonly SyncWindow[]): readonly string[] {
  return [...new Set([...windows.map(zoneOf), readersZone()])];
}

function useCalendarPlace(windows: readonly SyncWindow[]) {
  const query = useQuery();
  const zones = zonesOf(windows);
  const asked = query.get('zone');
  const zone = asked !== undefined && isZone(asked) ? asked : (zones[0] ?? 'UTC');
  const today = dayOf(now.value, zone);
  const week = query.get('week');
  const day = week !== undefined && /^\d{4}-\d\d-\d\d$/.test(week) ? week : today;
  // Beside the windows' own time the reader's, and the other way round.
  const otherZone = zone === readersZone() ? zones.find((one) => one !== zone) : readersZone();
  return { query, zones, zone, otherZone, day, today };
}

function Controls({
  windows,
  children,
}: {
  readonly windows: readonly SyncWindow[];
  readonly children: ComponentChildren;
}) {
  const t = useWords(projectWords);
  const { query, zones, zone, day, today } = useCalendarPlace(windows);
  const monday = mondayBefore(day);
  const format = new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeZone: 'UTC' });
  const go = (to: string) => query.with({ week: mondayBefore(to) === mondayBefore(today) ? undefined : to });
  return (
    <div class={s.controls}>
      <div class={card.row}>
        <Button kind="quiet" icon={ChevronLeft} label={t.previousWeek} href={go(addDays(monday, -7))} />
        <h2 class={s.weekTitle} aria-live="polite">
          {format.formatRange(Date.parse(monday), Date.parse(addDays(monday, 6)))}
        </h2>
        <Button kind="quiet" icon={ChevronRight} label={t.nextWeek} href={go(addDays(monday, 7))} />
        {monday !== mondayBefore(today) && <Button href={go(today)}>{t.thisWeek}</Button>}
      </div>
      <div class={s.zone}>
        <SelectField
          label={t.zone}
          value={zone}
          choices={[...new Set([...zones, zone])].map((value) => ({
            value,
            label: value === readersZone() ? t.yourZone(value) : value,
          }))}
          onChange={(value) => query.set({ zone: value })}
        />
        {children}
      </div>
    </div>
  );
}

function Calendar({ windows }: { readonly windows: readonly SyncWindow[] }) {
  const { query, zone, otherZone, day } = useCalendarPlace(windows);
  return (
    <WeekCalendar
      {...{ windows, day, zone, otherZone }}
      now={now.value}
      hrefOf={(index) => query.with({ window: String(index) })}
    />
  );
}

function Waiting({ apps }: { readonly apps: readonly Application[] }) {
  const t = useWords(projectWords);
  const parts = useWords(partWords);
  const held = apps.flatMap((app) => {
    const waits = heldSync(app);
    return waits ? [{ app, waits }] : [];
  });
  if (held.length === 0) return null;
  return (
    <section class={`${card.card} ${card.pad} ${s.waiting}`} aria-label={t.heldTitle}>
      <Icon icon={CalendarClock} />
      <ul role="list">
        {held.map(({ app, waits: { opensAt, timeZone } }) => (
          <li key={pathOf(app)}>
            <a href={pathOf(app)}>
              <Name>{app.metadata.name}</Name>
            </a>{' '}
            {opensAt !== undefined &&
              t.opensIn(
                spanOf((Date.parse(opensAt) - now.value) / 1_000, parts),
                clockIn(Date.parse(opensAt), {
                  timeZone: timeZone !== undefined && isZone(timeZone) ? timeZone : 'UTC',
                  language: language.value,
                  now: now.value,
                }),
              )}
          </li>
        ))}
      </ul>
      <Button href="/deliveries">{t.heldTitle}</Button>
    </section>
  );
}

function WindowTable({
  windows,
  apps,
}: {
  readonly windows: readonly SyncWindow[];
  readonly apps: readonly Application[];
}) {
  const t = useWords(projectWords);
  const query = useQuery();
  return (
    <ul role="list" class={card.card} aria-label={t.windowList}>
      {windows.map((window, index) => {
        const of = concernedBy(window, apps);
        const held = of.filter((app) => heldSync(app) !== undefined).length;
        const words = cronWords(window.schedule ?? '', language.value);
        return (
          <li key={index} class={s.window}>
            <div class={s.windowMain}>
              <Icon icon={kindOf(window) === 'deny' ? Ban : Check} class={s[kindOf(window)]} />
              <div>
                <a class={s.link} href={query.with({ window: String(index) })}>
                  {kindOf(window) === 'deny' ? t.deny : t.allow}
                  {window.description ? `: ${window.description}` : ''}
                </a>
                <p>
                  {words ?? window.schedule}, {window.duration} · {window.timeZone || 'UTC'}
                </p>
                <p class={s.quiet}>
                  <span class="mono">{window.schedule}</span> · {t.manual}: {window.manualSync ? t.pass : t.wait}
                </p>
              </div>
            </div>
            <div>
              <p>
                {of.length === 0 ? t.whoNobody : t.who(of.length)}
                {held > 0 && <span class={s.warn}> · {t.heldBy(held)}</span>}
              </p>
              <p class={s.quiet}>
                <Concerns window={window} />
              </p>
            </div>
            <div>
              <StateNow window={window} state={windowNow(window, now.value)} />
            </div>
          </li>
        );
      })}
    </ul>
  );
}

/** `applications web-*, or namespaces prd` */
export function Concerns({ window }: { readonly window: SyncWindow }) {
  const t = useWords(projectWords);
  const parts = [
    [t.applications, window.applications],
    [t.namespaces, window.namespaces],
    [t.clustersOf, window.clusters],
  ] as const;
  const set = parts.flatMap(([label, list]) => (list && list.length > 0 ? [`${label} ${list.join(', ')}`] : []));
  return <>{set.length === 0 ? t.concernsNothing : set.join(` ${window.andOperator ? t.and : t.or} `)}</>;
}
