// Which commits a branch named a moment ago, by what its pushes have told: a Git server that still shows one of them is behind.

import type { Clock } from '../platform.ts';
import { type AnyPush, addressesOf, type Push } from './push.ts';

export interface RecentPushes {
  /** Notes the push, and gives what its branch named before it, newest first: as far as pushes of the last moments join on to it. */
  note(push: AnyPush): readonly string[];
}

/** No Git server is behind for longer than this without being away. */
const KEPT_MS = 30_000;
/** Of one branch; beyond, the oldest are forgotten. */
const MOST_PUSHES = 50;
/** Beyond so many branches, it is looked which of them are quiet. */
const MOST_BRANCHES = 1_000;

interface Told {
  readonly before: string;
  readonly after: string;
  readonly atMs: number;
}

export function createRecentPushes(clock: Clock): RecentPushes {
  const branches = new Map<string, readonly Told[]>();

  function recent(branch: string): readonly Told[] {
    const nowMs = clock.now();
    const told = (branches.get(branch) ?? []).filter(({ atMs }) => Math.abs(nowMs - atMs) < KEPT_MS);
    if (told.length === 0) branches.delete(branch);
    return told;
  }

  return {
    note: (push) => {
      if (push.kind === 'artifact' || push.before === undefined) return [];
      const { before, after } = push;
      const branch = branchOf(push);
      const told = recent(branch);
      if (after !== undefined) {
        if (branches.size >= MOST_BRANCHES) for (const other of [...branches.keys()]) recent(other);
        branches.set(branch, [...told, { before, after, atMs: clock.now() }].slice(-MOST_PUSHES));
      }
      return chainBefore(before, told);
    },
  };
}

function chainBefore(before: string, told: readonly Told[]): readonly string[] {
  const beforeOf = new Map(told.map((one) => [one.after, one.before]));
  const chain = new Set<string>();
  for (let at: string | undefined = before; at !== undefined && !chain.has(at); at = beforeOf.get(at)) chain.add(at);
  return [...chain];
}

function branchOf(push: Push): string {
  return JSON.stringify([push.provider, addressesOf(push)[0], push.ref]);
}
