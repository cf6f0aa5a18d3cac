// Instants as clocks on a wall show them in a time zone, and back. Walls are milliseconds as if they were UTC.

import { loadZone, UTC } from '../../../render/go/zone.ts';

export interface WallClock {
  /** Go's name of it. */
  readonly zone: string;
  wallOf(instant: number): number;
  /** Of a wall time that there is twice, the first; of one that is skipped, the moment of the change. */
  instantOf(wall: number): number;
  /** The instants within (from, to] at which the clocks change. */
  changesIn(from: number, to: number): readonly number[];
}

const HOUR = 3_600_000;
const SECOND = 1_000;

/** One that is unknown is UTC, as for the windows themselves. */
export function wallClock(name: string): WallClock {
  const zone = loadZone(name, UTC) ?? UTC;
  const offset = (instant: number) => zone.offsetAt(Math.floor(instant / SECOND)) * SECOND;

  function changesIn(from: number, to: number): readonly number[] {
    const changes: number[] = [];
    for (let at = from; at < to; at += 6 * HOUR) {
      const end = Math.min(at + 6 * HOUR, to);
      if (offset(at) !== offset(end)) changes.push(firstWith(offset, at, end));
    }
    return changes;
  }

  return {
    zone: zone.name,
    wallOf: (instant) => instant + offset(instant),
    instantOf: (wall) => {
      const candidates = [offset(wall - 24 * HOUR), offset(wall + 24 * HOUR)].map((by) => wall - by);
      const right = candidates.filter((instant) => instant + offset(instant) === wall);
      if (right.length > 0) return Math.min(...right);
      const [first = wall, last = wall] = candidates.sort((a, b) => a - b);
      return changesIn(first - SECOND, last + SECOND)[0] ?? first;
    },
    changesIn,
  };
}

/** To the second. */
function firstWith(offset: (instant: number) => number, from: number, to: number): number {
  const before = offset(from);
  let [low, high] = [Math.floor(from / SECOND), Math.ceil(to / SECOND)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offset(middle * SECOND) === before) low = middle;
    else high = middle;
  }
  return high * SECOND;
}

/** Those that Intl knows, with UTC. */
export function knownZones(): readonly string[] {
  return [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];
}
