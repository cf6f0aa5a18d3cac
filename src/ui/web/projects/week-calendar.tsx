// A week of sync windows: days across, hours down, in a zone of one's choice with another one's hours beside it.

import { Ban, Check, TriangleAlert } from 'lucide';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { SyncWindow } from '../../../application/sync-window.ts';
import { clockIn } from '../parts/clock-in.ts';
import { Icon } from '../parts/icon.tsx';
import { language } from '../state/preferences.ts';
import { useWords } from '../words/words.ts';
import {
  aheadByDay,
  type CalendarBlock,
  type CalendarDay,
  DAY_MINUTES,
  dayOf,
  layoutWeek,
  minuteOf,
  otherHours,
} from './calendar.ts';
import { projectWords } from './project-words.ts';
import s from './week-calendar.module.css';

interface Props {
  readonly windows: readonly SyncWindow[];
  /** A day of the week that is shown: `2026-11-23`. */
  readonly day: string;
  readonly zone: string;
  /** The hours beside; undefined where there is one zone alone. */
  readonly otherZone: string | undefined;
  readonly now: number;
  /** Where a window is looked at; without it, blocks lead nowhere. */
  readonly hrefOf?: (index: number) => string;
  /** The one that is about to be changed. */
  readonly marked?: number;
  readonly isSmall?: boolean;
}

export function WeekCalendar({ windows, day, zone, otherZone, now, hrefOf, marked, isSmall = false }: Props) {
  const t = useWords(projectWords);
  const scroller = useRef<HTMLDivElement>(null);
  // It is shown anew every few seconds, for the time that it is.
  const week = useMemo(() => layoutWeek(windows, day, zone), [JSON.stringify(windows), day, zone]);
  const today = dayOf(now, zone);
  const isNowShown = now >= week.from && now < week.to;
  const [first] = week.days;
  const others = first && otherZone !== undefined ? otherHours(first, zone, otherZone) : undefined;
  const ahead = otherZone === undefined ? [] : aheadByDay(week, otherZone);
  const isDifferenceChanging = new Set(ahead).size > 1;
  const nowMinute = minuteOf(now, zone);
  useLayoutEffect(() => {
    const { current } = scroller;
    if (!current || !isNowShown) return;
    // On a phone the days scroll: today is in view.
    const column = current.querySelector<HTMLElement>('[data-today="true"]');
    const hours = current.querySelector<HTMLElement>('[data-hours]');
    if (column) current.scrollLeft = Math.max(0, column.offsetLeft - (hours?.offsetWidth ?? 0));
  }, [isNowShown, today]);
  const dayFormat = new Intl.DateTimeFormat(language.value, { weekday: 'short', day: 'numeric', timeZone: 'UTC' });
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard. */}
      <div ref={scroller} class={s.scroll} role="region" aria-label={t.calendar} tabIndex={0}>
        <div class={`${s.week} ${isSmall ? s.small : ''} ${others ? s.two : ''}`}>
          <div class={s.corner}>
            <span>{shortZone(zone)}</span>
            {otherZone !== undefined && <span class={s.other}>{shortZone(otherZone)}</span>}
          </div>
          {week.days.map(({ date, hours }) => (
            <div key={date} class={`${s.dayHead} ${date === today ? s.today : ''}`}>
              {dayFormat.format(Date.parse(date))}
              {hours !== 24 && (
                <span class={s.change} title={t.clocksChange(hours)}>
                  <Icon icon={TriangleAlert} size={14} label={t.clocksChange(hours)} /> {hours} h
                </span>
              )}
            </div>
          ))}
          <div class={s.hours} data-hours="" aria-hidden="true">
            {Array.from({ length: 24 }, (_, hour) => (
              <div key={hour} class={s.hour}>
                {hour > 0 && hour % (isSmall ? 6 : 2) === 0 && (
                  <>
                    <span>{String(hour).padStart(2, '0')}:00</span>
                    {others && (
                      <span class={s.other}>
                        {others[hour]?.text}
                        <sup>{signed(others[hour]?.day ?? 0)}</sup>
                      </span>
                    )}
                  </>
                )}
              </div>
            ))}
          </div>
          {week.days.map((one) => (
            <Day
              key={one.date}
              {...{ day: one, windows, zone, hrefOf, marked }}
              nowMinute={isNowShown && one.date === today ? nowMinute : undefined}
            />
          ))}
        </div>
      </div>
      {isDifferenceChanging && otherZone !== undefined && <p class={s.note}>{t.differenceChanges(otherZone)}</p>}
    </>
  );
}

interface DayProps {
  readonly day: CalendarDay;
  readonly windows: readonly SyncWindow[];
  readonly zone: string;
  readonly nowMinute: number | undefined;
  readonly hrefOf: ((index: number) => string) | undefined;
  readonly marked: number | undefined;
}

function Day({ day, windows, zone, nowMinute, hrefOf, marked }: DayProps) {
  const t = useWords(projectWords);
  return (
    <div class={s.day} data-today={nowMinute !== undefined}>
      {day.blocks.map((block) => (
        <Block
          key={`${block.index} ${block.span.from}`}
          {...{ block, zone, hrefOf }}
          window={windows[block.index] ?? {}}
          isMarked={block.index === marked}
        />
      ))}
      {nowMinute !== undefined && (
        <div class={s.now} style={{ top: `${(nowMinute / DAY_MINUTES) * 100}%` }}>
          <span class="visually-hidden">{t.now}</span>
        </div>
      )}
    </div>
  );
}

interface BlockProps {
  readonly block: CalendarBlock;
  readonly window: SyncWindow;
  readonly zone: string;
  readonly hrefOf: ((index: number) => string) | undefined;
  readonly isMarked: boolean;
}

function Block({ block, window, zone, hrefOf, isMarked }: BlockProps) {
  const t = useWords(projectWords);
  const { index, kind, top, bottom, lane, lanes, span, startsHere } = block;
  const word = kind === 'deny' ? t.deny : t.allow;
  const clock = (at: number) => clockIn(at, { timeZone: zone, language: language.value, isNamed: false });
  const text = `${clock(span.from)} – ${clock(span.to)}`;
  const label = `${word}: ${text}${window.description ? `, ${window.description}` : ''}`;
  const place = {
    top: `${(top / DAY_MINUTES) * 100}%`,
    height: `${((bottom - top) / DAY_MINUTES) * 100}%`,
    insetInlineStart: `${(lane / lanes) * 100}%`,
    width: `${100 / lanes}%`,
  };
  const className = `${s.block} ${s[kind]} ${isMarked ? s.marked : ''}`;
  const content = (
    <span class={s.face}>
      <Icon icon={kind === 'deny' ? Ban : Check} size={14} />
      {bottom - top >= 60 && (
        <span class={s.text} aria-hidden="true">
          <strong>{`${startsHere ? '' : '… '}${window.description || word}`}</strong>
        </span>
      )}
    </span>
  );
  if (!hrefOf) {
    return (
      <div class={className} style={place} title={label} role="img" aria-label={label}>
        {content}
      </div>
    );
  }
  return (
    <a class={className} style={place} title={label} aria-label={label} href={hrefOf(index)}>
      {content}
    </a>
  );
}

/** `Seoul` of `Asia/Seoul`. */
function shortZone(zone: string): string {
  return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
}

function signed(days: number): string {
  return days === 0 ? '' : days > 0 ? `+${days}` : `−${-days}`;
}
