// Sync windows of an AppProject: which ones concern an Application, and whether it may be synced now (Argo CD: SyncWindows.Matches,
// CanSync). Pure: the time is an argument. Also tells the next instant at which the answer changes, so that nobody has to ask again.

import { parseSchedule, type Schedule } from '../base/cron.ts';
import { HawserError, isHawserError, messageOf } from '../base/errors.ts';
import { matchesGlob } from '../base/glob.ts';
import { isObject } from '../base/json.ts';
import { parseGoDuration } from '../render/go/duration.ts';
import { loadZone, UTC, type Zone } from '../render/go/zone.ts';
import type { Application } from './types.ts';

/** As it stands in `spec.syncWindows`. */
export interface SyncWindow {
  readonly kind?: string;
  readonly schedule?: string;
  readonly duration?: string;
  readonly applications?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly clusters?: readonly string[];
  readonly manualSync?: boolean;
  readonly timeZone?: string;
  readonly andOperator?: boolean;
  readonly description?: string;
  readonly syncOverrun?: boolean;
}

export interface WindowQuestion {
  /** Those that `matchingWindows` gave. */
  readonly windows: readonly SyncWindow[];
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** Somebody asked for the sync; only `manualSync` windows let it pass. */
  readonly isManual: boolean;
  /** When the operation that runs now began (RFC 3339): `syncOverrun` may let it go on. */
  readonly operationStartedAt?: string;
}

export interface WindowVerdict {
  readonly allowed: boolean;
  /** One sentence for people. */
  readonly reason: string;
  /** The next instant at which `allowed` is another, or at which to ask again; none where that is never, or years away. */
  readonly nextChangeMs?: number;
}

/** A bad window blocks everything that it concerns (Argo CD: CanSync). */
const INVALID = 'invalid sync windows: ';

/** Whether a sync may go on at `now`, why, and until when that holds. */
export function windowVerdict(question: WindowQuestion): WindowVerdict {
  const { windows, now } = question;
  if (windows.length === 0) return { allowed: true, reason: 'no sync window concerns the Application' };
  let parsed: readonly ParsedWindow[];
  try {
    parsed = windows.map(parseWindow);
  } catch (error) {
    if (!isHawserError(error)) throw error;
    return { allowed: false, reason: `${INVALID}${error.message}` };
  }
  const { allowed, reason } = decide(parsed, question, now);
  const nextChangeMs = nextChange(parsed, now, (at) => decide(parsed, question, at).allowed !== allowed);
  return { allowed, reason, ...(nextChangeMs !== undefined && { nextChangeMs }) };
}

/** Those that are open at `now`, allowing or denying. Throws `InvalidInput` for one that cannot be read (Argo CD: SyncWindows.Active). */
export function activeWindows(windows: readonly SyncWindow[], now: number): readonly SyncWindow[] {
  return windows.map(parseWindow).flatMap((parsed) => (isActive(parsed, now) ? [parsed.window] : []));
}

export interface WindowSpan {
  /** Milliseconds since the Unix epoch. */
  readonly from: number;
  readonly to: number;
}

/** When a window is open between two instants, in order and cut at them. Throws `InvalidInput` for one that cannot be read. */
export function openSpans(window: SyncWindow, from: number, to: number): readonly WindowSpan[] {
  const parsed = parseWindow(window);
  const spans: WindowSpan[] = [];
  let since = isActive(parsed, from + 1) ? from : undefined;
  let at = from + 1;
  for (let count = 0; count < MOST_SPAN_EDGES; count++) {
    at = nextEdge(parsed, at) ?? Number.POSITIVE_INFINITY;
    if (at >= to) break;
    const isOpen = isActive(parsed, at);
    if (isOpen && since === undefined) {
      const last = spans.at(-1);
      // One follows another without a gap.
      if (last && at - last.to <= 1) since = spans.pop()?.from;
      else since = at - 1;
    } else if (!isOpen && since !== undefined) {
      spans.push({ from: since, to: at });
      since = undefined;
    }
  }
  return since === undefined ? spans : [...spans, { from: since, to }];
}

/** Whether a window is open at `now`, and when that is over; no end where that is never, or years away. Throws `InvalidInput`. */
export function windowState(window: SyncWindow, now: number): { readonly isOpen: boolean; readonly untilMs?: number } {
  const parsed = parseWindow(window);
  const isOpen = isActive(parsed, now);
  const untilMs = nextChange([parsed], now, (at) => isActive(parsed, at) !== isOpen);
  return { isOpen, ...(untilMs !== undefined && { untilMs }) };
}

/**
 * The windows that concern an Application: any of `applications`, `clusters` and `namespaces` matches, or with `andOperator` every
 * one that is set. A window that sets none of them concerns nothing.
 */
export function matchingWindows(
  windows: readonly SyncWindow[],
  app: { readonly metadata: { readonly name: string }; readonly spec: Pick<Application['spec'], 'destination'> },
): readonly SyncWindow[] {
  const { destination } = app.spec;
  return windows.filter((window) => {
    const lists = [
      matchesList(window.applications, [app.metadata.name]),
      matchesList(
        window.clusters,
        [destination.name, destination.server].filter((cluster) => cluster !== undefined && cluster !== ''),
      ),
      matchesList(window.namespaces, [destination.namespace ?? '']),
    ].filter((matches) => matches !== undefined);
    return window.andOperator ? lists.length > 0 && lists.every(Boolean) : lists.some(Boolean);
  });
}

/** Undefined for a list that is not set. */
function matchesList(patterns: readonly string[] | undefined, texts: readonly (string | undefined)[]) {
  if (!patterns || patterns.length === 0) return undefined;
  return patterns.some((pattern) =>
    texts.some((text) => text !== undefined && (pattern === '*' || matchesGlob(pattern, text))),
  );
}

/** The windows of an AppProject's spec; what is no window is left out. */
export function parseSyncWindows(value: unknown): readonly SyncWindow[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

interface ParsedWindow {
  readonly window: SyncWindow;
  readonly schedule: Schedule;
  readonly durationMs: number;
  readonly zone: Zone;
}

function parseWindow(window: SyncWindow): ParsedWindow {
  const { schedule = '', duration = '', timeZone = '' } = window;
  const parsed = {
    schedule: readPart('schedule', schedule, parseSchedule),
    durationMs: readPart('duration', duration, (text) => Number(parseGoDuration(text)) / 1e6),
  };
  // A zone that is unknown is UTC, with a line in Argo CD's log.
  return { window, ...parsed, zone: loadZone(timeZone, UTC) ?? UTC };
}

function readPart<T>(name: string, text: string, parse: (text: string) => T): T {
  try {
    return parse(text);
  } catch (error) {
    throw new HawserError('InvalidInput', `cannot parse ${name} '${text}': ${messageOf(error)}`, { cause: error });
  }
}

// The rules ------------------------------------------------------------------------------------------------------------

interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
}

function decide(windows: readonly ParsedWindow[], question: WindowQuestion, at: number): Decision {
  const { isManual, operationStartedAt } = question;
  const startedMs = operationStartedAt === undefined ? Number.NaN : Date.parse(operationStartedAt);
  const decision = decideAt(windows, isManual, at);
  if (decision.allowed || Number.isNaN(startedMs)) return decision;
  const overruns = decision.blocking.every(({ window }) => window.syncOverrun === true);
  if (!overruns || !decideAt(windows, isManual, startedMs).allowed) return decision;
  return { allowed: true, reason: 'the operation began while it was allowed, and syncOverrun lets it end' };
}

function decideAt(
  windows: readonly ParsedWindow[],
  isManual: boolean,
  at: number,
): Decision & { readonly blocking: readonly ParsedWindow[] } {
  const denies = windows.filter((window) => window.window.kind === 'deny' && isActive(window, at));
  const allows = windows.filter(({ window }) => window.kind === 'allow');
  const open = allows.filter((window) => isActive(window, at));
  const mayPass = (blocking: readonly ParsedWindow[]) => isManual && blocking.every(({ window }) => window.manualSync);
  const blocked = (blocking: readonly ParsedWindow[], reason: string) =>
    mayPass(blocking)
      ? { allowed: true, reason: `${reason}; it lets manual syncs pass`, blocking }
      : { allowed: false, reason, blocking };
  if (denies.length > 0) return blocked(denies, `a deny window is active: ${describeAll(denies)}`);
  if (open.length > 0)
    return { allowed: true, reason: `an allow window is active: ${describeAll(open)}`, blocking: [] };
  if (allows.length > 0) return blocked(allows, `no allow window is active: ${describeAll(allows)}`);
  return { allowed: true, reason: 'no deny window is active', blocking: [] };
}

/**
 * A window is active when its schedule's next time after (now − duration) is before now: not yet at the very second at which it begins.
 * The zone's offset is that of the instant asked about, so a change of the clocks shifts a window that spans it. A schedule that never
 * comes (30 February) is always active, because robfig then answers with year 1.
 */
function isActive({ schedule, durationMs, zone }: ParsedWindow, at: number): boolean {
  const wall = at + zone.offsetAt(Math.floor(at / 1000)) * 1000;
  const next = schedule.next(wall - durationMs);
  return next === undefined || next < wall;
}

function describeAll(windows: readonly ParsedWindow[]): string {
  return windows.map(({ window }) => describe(window)).join(', ');
}

function describe({ kind, schedule, duration, timeZone, description }: SyncWindow): string {
  return `${kind} '${schedule}' for ${duration}${timeZone ? ` (${timeZone})` : ''}${description ? `: ${description}` : ''}`;
}

// The next change ------------------------------------------------------------------------------------------------------

/** Edges that change nothing (a window inside another) are passed over, up to this many: then it is time to ask again. */
const MOST_EDGES = 500;
/** Of one window, for drawing it: a week of one that opens each minute has fewer. */
const MOST_SPAN_EDGES = 25_000;
const FARTHEST_MS = 5 * 366 * 86_400_000;

function nextChange(
  windows: readonly ParsedWindow[],
  now: number,
  isOther: (at: number) => boolean,
): number | undefined {
  let at = now;
  for (let count = 0; count < MOST_EDGES; count++) {
    const here = at;
    // While a deny window is active, nothing but deny windows decides.
    const denies = windows.filter(({ window }) => window.kind === 'deny');
    const deciding = denies.some((window) => isActive(window, here)) ? denies : windows;
    at = Math.min(...deciding.map((window) => nextEdge(window, here) ?? Number.POSITIVE_INFINITY));
    if (at > now + FARTHEST_MS) return undefined;
    // Between two windows that follow each other without a gap there is one instant that belongs to neither: nobody waits for that.
    if (isOther(at) && isOther(at + 1)) return at;
  }
  return at;
}

/** The first instant after `at` at which the window may begin or end, or its zone's clocks change. */
function nextEdge(window: ParsedWindow, at: number): number | undefined {
  const { zone, schedule, durationMs } = window;
  const offset = offsetMs(zone, at);
  const isOpen = isActive(window, at);
  if (isOpen && schedule.longestGapMs !== undefined && schedule.longestGapMs <= durationMs) return undefined;
  const wallEdge = isOpen ? nextEnd(window, at + offset) : nextStart(window, at + offset);
  if (wallEdge === undefined) return undefined;
  const edge = wallEdge - offset;
  return offsetMs(zone, edge) === offset ? edge : offsetChange(zone, at, edge);
}

/** Active only after the time of the schedule, by however little. */
function nextStart({ schedule }: ParsedWindow, wall: number): number | undefined {
  const start = schedule.next(wall - 1);
  return start === undefined ? undefined : start + 1;
}

/** While times follow one another faster than the window lasts, it goes on: asked again from the end given here, it says so. */
function nextEnd({ schedule, durationMs }: ParsedWindow, wall: number): number | undefined {
  const first = schedule.next(wall - durationMs);
  if (first === undefined) return undefined;
  return (schedule.previous(first + durationMs) ?? first) + durationMs;
}

function offsetMs(zone: Zone, at: number): number {
  return zone.offsetAt(Math.floor(at / 1000)) * 1000;
}

/** The first second in (from, to] with another offset than `from`'s. */
function offsetChange(zone: Zone, from: number, to: number): number {
  const before = offsetMs(zone, from);
  let [low, high] = [Math.floor(from / 1000), Math.ceil(to / 1000)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMs(zone, middle * 1000) === before) low = middle;
    else high = middle;
  }
  return high * 1000;
}
