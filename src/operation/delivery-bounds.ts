// How much of a delivery's verdicts its record keeps: an object must stay far under etcd's limit, and two thousand of them far under etcd's
// size, however many Applications a repository has.

import type { Verdict, VerdictKind } from './push.ts';

/** Of the verdicts as JSON. */
const MAX_BYTES = 48 << 10;
const MAX_REASON = 400;
const MAX_PATHS = 10;

/** What somebody may want to know of goes first; the kinds that are not named follow. */
const INTERESTING: readonly VerdictKind[] = [
  'error',
  'sync',
  'pending',
  'window-closed',
  'manual',
  'host mismatch',
  'stale',
];

export type VerdictCounts = Readonly<Partial<Record<VerdictKind, number>>>;

/** In their order where all fit; otherwise the interesting ones, each with a reason and paths that are cut. */
export function boundVerdicts(verdicts: readonly Verdict[]): readonly Verdict[] {
  const cut = verdicts.map(cutVerdict);
  let room = MAX_BYTES;
  const chosen = new Set<Verdict>();
  for (const verdict of [...cut].sort((a, b) => rankOf(a) - rankOf(b))) {
    room -= sizeOf(verdict);
    if (room < 0) break;
    chosen.add(verdict);
  }
  return cut.filter((verdict) => chosen.has(verdict));
}

/** How many there are of each kind. */
export function countVerdicts(verdicts: readonly Verdict[]): VerdictCounts {
  const counts: Partial<Record<VerdictKind, number>> = {};
  for (const { verdict } of verdicts) counts[verdict] = (counts[verdict] ?? 0) + 1;
  return counts;
}

/** A text as a record keeps it: short, and without the user and password of an address that somebody's error quotes. */
export function cutText(text: string): string {
  const clean = text.replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#@]*@/gi, '$1');
  return clean.length <= MAX_REASON ? clean : `${clean.slice(0, MAX_REASON - 1)}…`;
}

function cutVerdict(verdict: Verdict): Verdict {
  const { paths } = verdict;
  const rest = paths.length - MAX_PATHS;
  return {
    ...verdict,
    reason: cutText(verdict.reason),
    paths: rest > 0 ? [...paths.slice(0, MAX_PATHS), `… and ${rest} more`] : paths,
  };
}

function rankOf({ verdict }: Verdict): number {
  const rank = INTERESTING.indexOf(verdict);
  return rank < 0 ? INTERESTING.length : rank;
}

/** UTF-16 units and a JSON comma; names and reasons are ASCII but for a few characters. */
function sizeOf(verdict: Verdict): number {
  return JSON.stringify(verdict).length + 1;
}
