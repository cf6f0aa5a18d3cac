// Sync windows as people read them: whom they concern, how they are now, and when that changes.

import { matchingWindows, type SyncWindow, windowState } from '../../../application/sync-window.ts';
import type { Application } from '../../../application/types.ts';
import { HawserError, isHawserError } from '../../../base/errors.ts';
import { parseGoDuration } from '../../../render/go/duration.ts';
import { isZone } from '../parts/clock-in.ts';

export type WindowKind = 'allow' | 'deny';

export interface WindowNow {
  readonly isOpen: boolean;
  readonly untilMs?: number;
  /** Why it cannot be read: it blocks everything that it concerns. */
  readonly problem?: string;
}

export function windowNow(window: SyncWindow, now: number): WindowNow {
  try {
    return windowState(window, now);
  } catch (error) {
    if (!isHawserError(error)) throw error;
    return { isOpen: false, problem: error.message };
  }
}

/** Those that a window concerns, by its own lists. */
export function concernedBy(window: SyncWindow, apps: readonly Application[]): readonly Application[] {
  return apps.filter((app) => matchingWindows([window], app).length > 0);
}

export function kindOf({ kind }: SyncWindow): WindowKind {
  return kind === 'deny' ? 'deny' : 'allow';
}

/** Why a length of time is none; undefined where it is one above nothing. */
export function isDuration(text: string): boolean {
  try {
    return parseGoDuration(text) > 0n;
  } catch (error) {
    if (error instanceof HawserError) return false;
    throw error;
  }
}

/** A zone that Intl knows; UTC for others, as the windows themselves have it. */
export function zoneOf({ timeZone }: SyncWindow): string {
  if (!timeZone || !isZone(timeZone)) return 'UTC';
  return timeZone;
}
