// An instant as "4 min ago", with the exact one on hover, in the reader's zone.

import { now } from '../state/clock.ts';
import { language } from '../state/preferences.ts';
import { useWords } from '../words/words.ts';
import { partWords } from './part-words.ts';

interface Props {
  /** RFC 3339. */
  readonly at: string | undefined;
}

export function Time({ at }: Props) {
  const t = useWords(partWords);
  if (!at || Number.isNaN(Date.parse(at))) return <span>–</span>;
  return (
    <time dateTime={at} title={exactTime(at)}>
      {relativeTime(Date.parse(at), now.value, t)}
    </time>
  );
}

/** The date and the time of day in the reader's zone, with its name. */
export function exactTime(at: string): string {
  return new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeStyle: 'long' }).format(new Date(at));
}

type RelativeWords = (typeof partWords)['en'];

/** Both in milliseconds since the Unix epoch. */
export function relativeTime(atMs: number, nowMs: number, t: RelativeWords): string {
  const seconds = Math.round((nowMs - atMs) / 1_000);
  if (seconds < -5) return t.inFuture(spanOf(-seconds, t));
  if (seconds < 5) return t.justNow;
  if (seconds < 60) return t.seconds(seconds);
  if (seconds < 3_600) return t.minutes(Math.floor(seconds / 60));
  if (seconds < 86_400) return t.hours(Math.floor(seconds / 3_600));
  return t.days(Math.floor(seconds / 86_400));
}

/** A length of time, in its largest unit. */
export function spanOf(seconds: number, t: RelativeWords): string {
  if (seconds < 60) return t.s(Math.round(seconds));
  if (seconds < 3_600) return t.min(Math.round(seconds / 60));
  if (seconds < 86_400) return t.h(Math.round(seconds / 3_600));
  return t.d(Math.round(seconds / 86_400));
}
