// An instant with the zone that it is shown in: what Go's time.Time holds.

import { type CivilDate, civilFromDays, daysFromCivil, weekdayOf } from './civil.ts';
import { UTC, type Zone } from './zone.ts';

export interface Instant {
  /** Since the Unix epoch, rounded down. */
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly zone: Zone;
  /** It came from the clock, which Go shows in its text. */
  readonly monotonic?: boolean;
}

export interface WallClock extends CivilDate {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** From 0 for Sunday. */
  readonly weekday: number;
  /** From 1. */
  readonly yearDay: number;
  /** Seconds east of Greenwich. */
  readonly offset: number;
  readonly zoneName: string;
}

const SECONDS_PER_DAY = 86_400;

/** Go's zero Time: the first of January of the year 1, UTC. */
export const ZERO_INSTANT: Instant = { seconds: daysFromCivil(1, 1, 1) * SECONDS_PER_DAY, nanoseconds: 0, zone: UTC };

/** What a clock on the wall shows in the instant's zone. */
export function wallClockOf({ seconds, zone }: Instant): WallClock {
  const offset = zone.offsetAt(seconds);
  const local = seconds + offset;
  const days = Math.floor(local / SECONDS_PER_DAY);
  const secondOfDay = local - days * SECONDS_PER_DAY;
  const date = civilFromDays(days);
  return {
    ...date,
    hour: Math.floor(secondOfDay / 3600),
    minute: Math.floor(secondOfDay / 60) % 60,
    second: secondOfDay % 60,
    weekday: weekdayOf(days),
    yearDay: days - daysFromCivil(date.year, 1, 1) + 1,
    offset,
    zoneName: zone.abbreviationAt(seconds),
  };
}

/** `time.Date`: the instant at which the zone's clocks show that; values out of range run over. */
export function instantOf(
  date: CivilDate,
  clock: { readonly hour: number; readonly minute: number; readonly second: number; readonly nanosecond: number },
  zone: Zone,
): Instant {
  const days = daysFromCivil(date.year, date.month, date.day);
  const wall = days * SECONDS_PER_DAY + clock.hour * 3600 + clock.minute * 60 + clock.second;
  const guess = zone.offsetAt(wall);
  const offset = guess === 0 ? 0 : zone.offsetAt(wall - guess);
  return { seconds: wall - offset, nanoseconds: clock.nanosecond, zone };
}

/** `Time.Add`. */
export function addNanoseconds(instant: Instant, duration: bigint): Instant {
  const total = BigInt(instant.nanoseconds) + duration;
  const whole = total >= 0n ? total / 1_000_000_000n : -((-total + 999_999_999n) / 1_000_000_000n);
  return {
    ...instant,
    seconds: instant.seconds + Number(whole),
    nanoseconds: Number(total - whole * 1_000_000_000n),
  };
}

const MAX_DURATION = 0x7fff_ffff_ffff_ffffn;

/** `Time.Sub` in nanoseconds, held within what a Duration can be. */
export function nanosecondsBetween(later: Instant, earlier: Instant): bigint {
  const seconds = BigInt(Math.trunc(later.seconds - earlier.seconds));
  const exact = seconds * 1_000_000_000n + BigInt(later.nanoseconds - earlier.nanoseconds);
  if (exact > MAX_DURATION) return MAX_DURATION;
  return exact < -MAX_DURATION - 1n ? -MAX_DURATION - 1n : exact;
}

/** Negative, zero or positive. */
export function compareInstants(a: Instant, b: Instant): number {
  return a.seconds - b.seconds || a.nanoseconds - b.nanoseconds;
}
