// What waits for a sync window: until when, as its project sees it and as the reader does.

import { heldSync } from '../../../application/held-sync.ts';
import type { Application } from '../../../application/types.ts';

export interface Held {
  readonly message: string;
  /** When the window opens, in milliseconds since the Unix epoch. */
  readonly untilMs: number | undefined;
  /** The window's own. */
  readonly zone: string | undefined;
}

/** An operation that has begun and was stopped by a window has this message (Argo CD: controller/sync.go). */
const BLOCKED = 'blocked by sync window';

export function heldOf(app: Application): Held | undefined {
  const { conditions = [], operationState } = app.status;
  const held = heldSync(app);
  if (held) {
    const untilMs = Date.parse(held.opensAt ?? '');
    return {
      message: conditions.find(({ type }) => type === 'SyncHeld')?.message ?? '',
      untilMs: Number.isNaN(untilMs) ? undefined : untilMs,
      zone: held.timeZone !== undefined && isZone(held.timeZone) ? held.timeZone : undefined,
    };
  }
  const { phase, message = '' } = operationState ?? {};
  const isBlocked = phase === 'Running' && message.includes(BLOCKED);
  return isBlocked ? { message, untilMs: undefined, zone: undefined } : undefined;
}

/** `06:00 Asia/Seoul`, with the day where it is another one than today there. */
export function edgeText(untilMs: number, zone: string | undefined, nowMs: number, language: string): string {
  const timeZone = zone ?? 'UTC';
  const dayOf = (ms: number) => new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(ms);
  const isFar = untilMs - nowMs > 6 * 86_400_000;
  const time = new Intl.DateTimeFormat(language === 'ko' ? 'ko' : 'en-GB', {
    timeZone,
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    ...(dayOf(untilMs) !== dayOf(nowMs) && (isFar ? { month: 'short', day: 'numeric' } : { weekday: 'short' })),
  }).format(untilMs);
  return `${time} ${timeZone}`;
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
