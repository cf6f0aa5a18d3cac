// An instant by the clocks of a time zone.

const FAR_MS = 6 * 86_400_000;

export interface ClockInOptions {
  readonly timeZone: string;
  readonly language: string;
  /** With the zone's name behind it. */
  readonly isNamed?: boolean;
  /** Milliseconds since the Unix epoch: what is further away than days of the week can tell gets its date, too. */
  readonly now?: number;
}

/** `Mon 06:00 Asia/Seoul` */
export function clockIn(instant: number, { timeZone, language, isNamed = true, now }: ClockInOptions): string {
  const isFar = now !== undefined && Math.abs(instant - now) > FAR_MS;
  const text = new Intl.DateTimeFormat(language, {
    ...{ weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone },
    ...(isFar && { day: 'numeric', month: 'short', year: 'numeric' }),
  }).format(instant);
  return isNamed ? `${text} ${timeZone}` : text;
}

/** The reader's own zone. */
export function readersZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

/** Whether Intl knows it. */
export function isZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}
