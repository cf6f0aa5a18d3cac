// How long something is to last, as people write it for Argo CD: Go's durations, and days and weeks (Argo CD: timeutil.ParseDuration).

import { HawserError, messageOf } from '../base/errors.ts';
import { parseGoDuration } from '../render/go/duration.ts';

const DAYS: Readonly<Record<string, number>> = { d: 1, w: 7 };

/** In seconds. `flag` is named in errors. */
export function parseSeconds(text: string, flag: string): number {
  const [, count, unit = ''] = /^(\d+)([dw])$/.exec(text) ?? [];
  if (count !== undefined) return Number(count) * (DAYS[unit] ?? 0) * 86_400;
  if (text === '0') return 0;
  try {
    return Number(parseGoDuration(text) / 1_000_000_000n);
  } catch (error) {
    throw new HawserError('InvalidInput', `${flag} ${text}: ${messageOf(error)}`, {
      hint: 'for example 30m, 24h or 7d',
    });
  }
}

/** RFC 3339 in UTC, of seconds since the Unix epoch. */
export function formatSeconds(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}
