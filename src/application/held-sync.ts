// What a held sync waits for, read from the words in which its condition says so (operation/auto-sync.ts).

import type { Application } from './types.ts';

export interface ShownWindowName {
  /** Of the window; left out where it is UTC. */
  readonly timeZone?: string;
  /** Its description, or its schedule where it has none. */
  readonly window?: string;
  /** `deny`: it has to end, not to begin. */
  readonly windowKind?: 'allow' | 'deny';
}

export interface HeldSync extends ShownWindowName {
  /** RFC 3339; left out where no opening is foreseen. */
  readonly opensAt?: string;
}

const HELD = /^sync to .* is held(?: until (\S+Z))?: (.*)$/s;

/** `allow '0 6 * * *' for 1h (Asia/Seoul): night`, as sync-window.ts describes windows. */
const WINDOW = /\b(allow|deny) '([^']*)' for \S+?(?: \(([^)]*)\))?(?:: ([^,]*))?(?:,|$)/;

/** undefined where nothing is held. */
export function heldSync({ status }: Pick<Application, 'status'>): HeldSync | undefined {
  const condition = status.conditions?.find(({ type }) => type === 'SyncHeld');
  if (!condition) return undefined;
  const [, opensAt, reason = ''] = HELD.exec(condition.message) ?? [];
  return { ...(opensAt !== undefined && { opensAt }), ...windowShown(reason) };
}

/** The first window that a verdict's reason names. */
export function windowShown(reason: string): ShownWindowName {
  const [, kind, schedule, timeZone, description] = WINDOW.exec(reason) ?? [];
  if (kind === undefined) return {};
  return {
    ...(timeZone && { timeZone }),
    window: description?.trim() || schedule || '',
    windowKind: kind === 'deny' ? 'deny' : 'allow',
  };
}
