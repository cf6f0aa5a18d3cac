// The week's calendar of sync windows as numbers: which block stands on which day from when to when, and beside which others. Pure.

import { openSpans, type SyncWindow, type WindowSpan } from '../../../application/sync-window.ts';
import { isHawserError } from '../../../base/errors.ts';
import { type WallClock, wallClock } from './zoned-time.ts';

export const DAY_MINUTES = 24 * 60;
const MINUTE = 60_000;
const DAY = DAY_MINUTES * MINUTE;
const MANY_SPANS = 50;

export interface CalendarDay {
  /** `2026-11-23` */
  readonly date: string;
  readonly from: number;
  readonly to: number;
  /** 23, 24 or 25, where the clocks change on it; half hours are possible. */
  readonly hours: number;
  readonly blocks: readonly CalendarBlock[];
}

export interface CalendarBlock {
  /** Of the window in the project's list. */
  readonly index: number;
  readonly kind: 'allow' | 'deny';
  /** Minutes of the day, as a clock on the wall shows them. */
  readonly top: number;
  readonly bottom: number;
  /** Beside how many others, and as which of them. */
  readonly lane: number;
  readonly lanes: number;
  /** All of it, which may reach into other days. */
  readonly span: WindowSpan;
  readonly startsHere: boolean;
  readonly endsHere: boolean;
}

export interface Calendar {
  readonly zone: string;
  readonly from: number;
  readonly to: number;
  readonly days: readonly CalendarDay[];
  /** Windows that cannot be read: why, by their place in the list. */
  readonly broken: ReadonlyMap<number, string>;
}

/** The week that begins with the Monday before, or on, a day (`2026-11-23`) of the zone. */
export function layoutWeek(windows: readonly SyncWindow[], day: string, zone: string): Calendar {
  const clock = wallClock(zone);
  const first = mondayOf(day);
  const starts = Array.from({ length: 8 }, (_, index) => clock.instantOf(first + index * DAY));
  const [from = 0] = starts;
  const to = starts.at(-1) ?? from;
  const broken = new Map<number, string>();
  const spans = windows.flatMap((window, index) => {
    try {
      return spansAround(window, from, to).map((span) => ({ index, kind: kindOf(window), span }));
    } catch (error) {
      if (!isHawserError(error)) throw error;
      broken.set(index, error.message);
      return [];
    }
  });
  const days = starts.slice(0, 7).map((start, index): CalendarDay => {
    const end = starts[index + 1] ?? to;
    const pieces = spans.flatMap((one) => {
      const piece = pieceOn(one.span, start, end, clock);
      return piece ? [{ ...one, ...piece }] : [];
    });
    return {
      date: formatDay(first + index * DAY),
      ...{ from: start, to: end, hours: (end - start) / (60 * MINUTE) },
      blocks: inLanes(pieces),
    };
  });
  return { zone: clock.zone, from, to, days, broken };
}

/** Of a week, and far enough around it to know where a block that is cut by it begins and ends; unless there are very many. */
function spansAround(window: SyncWindow, from: number, to: number): readonly WindowSpan[] {
  const within = openSpans(window, from, to);
  return within.length > MANY_SPANS ? within : openSpans(window, from - 8 * DAY, to + 8 * DAY);
}

/** The day on which an instant is, `2026-11-23`. */
export function dayOf(instant: number, zone: string): string {
  return formatDay(wallClock(zone).wallOf(instant));
}

/** `2026-11-23` some days on. */
export function addDays(day: string, count: number): string {
  return formatDay(parseDay(day) + count * DAY);
}

export function mondayBefore(day: string): string {
  return formatDay(mondayOf(day));
}

/** Of the day, as a clock on the wall shows it. */
export function minuteOf(instant: number, zone: string): number {
  return (wallClock(zone).wallOf(instant) % DAY) / MINUTE;
}

/**
 * What another zone's clocks show at each full hour of a day: `[hour, shown]`, where a new one begins `-1 d` and `+1 d` are told by `day`.
 */
export interface OtherHour {
  readonly hour: number;
  /** `15:00` */
  readonly text: string;
  /** Days that the other one is ahead. */
  readonly day: number;
}

export function otherHours({ from }: Pick<CalendarDay, 'from'>, zone: string, other: string): readonly OtherHour[] {
  const [here, there] = [wallClock(zone), wallClock(other)];
  const midnight = here.wallOf(from);
  return Array.from({ length: 24 }, (_, hour) => {
    const wall = midnight + hour * 60 * MINUTE;
    const shown = there.wallOf(here.instantOf(wall));
    return {
      hour,
      text: formatClock(shown),
      day: Math.round((Math.floor(shown / DAY) * DAY - Math.floor(wall / DAY) * DAY) / DAY),
    };
  });
}

/** Minutes that another zone is ahead at the end of each day of the week; where the clocks of one of them change, they differ. */
export function aheadByDay({ days, zone }: Calendar, other: string): readonly number[] {
  const [here, there] = [wallClock(zone), wallClock(other)];
  return days.map(({ to }) => (there.wallOf(to - 1) - here.wallOf(to - 1)) / MINUTE);
}

/** `06:00` of a wall time. */
export function formatClock(wall: number): string {
  return new Date(wall).toISOString().slice(11, 16);
}

function kindOf({ kind }: SyncWindow): 'allow' | 'deny' {
  return kind === 'deny' ? 'deny' : 'allow';
}

interface Piece {
  readonly top: number;
  readonly bottom: number;
  readonly span: WindowSpan;
  readonly startsHere: boolean;
  readonly endsHere: boolean;
}

/** On a day on which the clocks go back, what is open while they do covers the hour that is there twice. */
function pieceOn(span: WindowSpan, start: number, end: number, clock: WallClock): Piece | undefined {
  const from = Math.max(span.from, start);
  const to = Math.min(span.to, end);
  if (from >= to) return undefined;
  const midnight = Math.floor(clock.wallOf(start) / DAY) * DAY;
  const minutes = (wall: number) => Math.min(DAY_MINUTES, Math.max(0, (wall - midnight) / MINUTE));
  const edges = [from, ...clock.changesIn(from, to), to];
  const tops: number[] = [];
  const bottoms: number[] = [];
  for (const [index, edge] of edges.slice(0, -1).entries()) {
    const next = edges[index + 1] ?? to;
    tops.push(minutes(clock.wallOf(edge)));
    // By the clock as it was until then.
    bottoms.push(minutes(clock.wallOf(next - 1) + 1));
  }
  return {
    top: Math.min(...tops),
    bottom: Math.max(...bottoms),
    span,
    startsHere: span.from >= start,
    endsHere: span.to <= end,
  };
}

type Placed = Omit<CalendarBlock, 'lane' | 'lanes'>;

/** Blocks that overlap stand beside each other; those that touch do not overlap. */
function inLanes(pieces: readonly Placed[]): readonly CalendarBlock[] {
  const sorted = [...pieces].sort((a, b) => a.top - b.top || b.bottom - a.bottom || a.index - b.index);
  const done: CalendarBlock[] = [];
  let group: { piece: Placed; lane: number }[] = [];
  let end = 0;
  const finish = () => {
    const lanes = Math.max(0, ...group.map(({ lane }) => lane + 1));
    for (const { piece, lane } of group) done.push({ ...piece, lane, lanes });
    group = [];
  };
  for (const piece of sorted) {
    if (group.length > 0 && piece.top >= end) finish();
    const taken = new Set(group.filter((one) => one.piece.bottom > piece.top).map(({ lane }) => lane));
    let lane = 0;
    while (taken.has(lane)) lane++;
    end = group.length === 0 ? piece.bottom : Math.max(end, piece.bottom);
    group.push({ piece, lane });
  }
  finish();
  return done;
}

/** As if it were UTC. */
function parseDay(day: string): number {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) ? 0 : at;
}

function formatDay(wall: number): string {
  return new Date(wall).toISOString().slice(0, 10);
}

function mondayOf(day: string): number {
  const at = parseDay(day);
  return at - ((new Date(at).getUTCDay() + 6) % 7) * DAY;
}
