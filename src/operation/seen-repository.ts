// What was seen of one repository's refs: each ref with the commits that it named last. Pure; where it is kept is another file's.

import { sha1 } from '@noble/hashes/legacy.js';
import { toHex } from '../base/hex.ts';
import { isObject } from '../base/json.ts';
import type { Refs } from '../git/refs.ts';
import { isZeroCommit } from './push.ts';

export interface SeenRepository {
  /** As an Application names it. */
  readonly url: string;
  /** When something was noted first (RFC 3339). */
  readonly since: string;
  /** When all refs were listed last. */
  readonly listedAt?: string;
  /** Which Git server it is, where a push told. */
  readonly provider?: string;
  /** By the full name of the ref: what it named, newest last. `HEAD` is the name of a branch. */
  readonly refs: Readonly<Record<string, readonly string[]>>;
}

/** What a push says of a ref. */
export interface SeenPush {
  readonly ref: string;
  readonly before?: string;
  readonly after?: string;
}

/** As many commits of a ref are kept: deliveries that come late or twice, or overtake each other, are recognised by them. */
const COMMITS_KEPT = 6;

/** The repository after a push. The chain moves on where the push comes in its order, and is left where its end was seen already. */
export function seePush(seen: SeenRepository, { ref, before, after }: SeenPush): SeenRepository {
  if (after === undefined) return seen;
  const commits = seen.refs[ref] ?? [];
  const isInOrder = commits.at(-1) === before;
  if (commits.includes(after) && !isInOrder) return seen;
  return withCommit(seen, ref, after);
}

/**
 * The commit that was seen last where a push begins at none of those that were seen; undefined for a new ref, a ref that was never seen, a
 * push that comes late.
 */
export function gapBefore(seen: SeenRepository, { ref, before, after }: SeenPush): string | undefined {
  if (before === undefined || isZeroCommit(before)) return undefined;
  const commits = seen.refs[ref] ?? [];
  const isLate = after !== undefined && commits.includes(after);
  return isLate || commits.includes(before) ? undefined : commits.at(-1);
}

/** The names of the refs of a listing that had moved since they were seen last, were gone or new. */
export function movedSince(seen: SeenRepository, refs: ReadonlyMap<string, string>): readonly string[] {
  const gone = Object.entries(seen.refs).filter(([name, commits]) => !refs.has(name) && !isZeroCommit(commits.at(-1)));
  const moved = [...refs].filter(([name, commit]) => seen.refs[name]?.at(-1) !== commit);
  return [...moved, ...gone].map(([name]) => name).sort();
}

/** The repository after a listing. What a push has told of a ref since `then`, when it was listed, is newer. */
export function seeListing(
  seen: SeenRepository,
  refs: ReadonlyMap<string, string>,
  listedAt: string,
  then: SeenRepository = seen,
): SeenRepository {
  const isNewer = (name: string) => seen.refs[name]?.at(-1) !== then.refs[name]?.at(-1);
  const kept = Object.entries(seen.refs).filter(([name]) => refs.has(name) || isNewer(name));
  let next: SeenRepository = { ...seen, listedAt, refs: Object.fromEntries(kept) };
  for (const [name, commit] of refs) if (!isNewer(name)) next = withCommit(next, name, commit);
  return next;
}

/** What two processes have noted of one repository. */
export function mergeSeen(mine: SeenRepository, theirs: SeenRepository): SeenRepository {
  const refs: Record<string, readonly string[]> = { ...theirs.refs };
  for (const [name, commits] of Object.entries(mine.refs)) refs[name] = mergeCommits(commits, theirs.refs[name] ?? []);
  const listedAt = [mine.listedAt, theirs.listedAt]
    .filter((at) => at !== undefined)
    .sort()
    .at(-1);
  const provider = mine.provider ?? theirs.provider;
  return {
    url: mine.url,
    since: mine.since < theirs.since ? mine.since : theirs.since,
    ...(listedAt && { listedAt }),
    ...(provider && { provider }),
    refs,
  };
}

/** Those refs alone; at most so many, the ones that were pushed most often first. */
export function keepRefs(seen: SeenRepository, isKept: (name: string) => boolean, most: number): SeenRepository {
  const kept = Object.entries(seen.refs)
    .filter(([name]) => isKept(name))
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, most);
  return { ...seen, refs: Object.fromEntries(kept) };
}

export function formatSeen(seen: SeenRepository): string {
  return JSON.stringify(seen);
}

/** undefined for what this did not write. */
export function parseSeen(text: string): SeenRepository | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // Somebody else's key.
  }
  if (!isObject(value) || typeof value.url !== 'string' || !isObject(value.refs)) return undefined;
  const refs: Record<string, readonly string[]> = {};
  for (const [name, commits] of Object.entries(value.refs)) {
    if (Array.isArray(commits)) refs[name] = commits.filter((commit) => typeof commit === 'string');
  }
  return {
    url: value.url,
    since: typeof value.since === 'string' ? value.since : '',
    ...(typeof value.listedAt === 'string' && { listedAt: value.listedAt }),
    ...(typeof value.provider === 'string' && { provider: value.provider }),
    refs,
  };
}

/**
 * The refs of a listing that count, each with what it names; HEAD with its branch, so that only another default branch moves it. Beyond so many,
 * the others together are one entry, `*`.
 */
export function listedRefs(
  { byName, head }: Refs,
  isKept: (name: string) => boolean,
  most: number,
): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  const atHead = byName.get('HEAD')?.id;
  // Where HEAD alone was asked for, its branch is not listed for itself.
  if (head && atHead) all.set(head, atHead);
  if (isKept('HEAD') && (head || atHead)) all.set('HEAD', head ?? atHead ?? '');
  // The id of an annotated tag itself is what the payload of a push names, too.
  for (const [name, { id }] of byName) if (name !== 'HEAD' && isKept(name)) all.set(name, id);
  if (all.size <= most) return all;
  const entries = [...all].sort(([a], [b]) => (a < b ? -1 : 1));
  const rest = entries.slice(most).map((entry) => entry.join(' '));
  return new Map([...entries.slice(0, most), ['*', toHex(sha1(new TextEncoder().encode(rest.join('\n'))))]]);
}

function withCommit(seen: SeenRepository, ref: string, commit: string): SeenRepository {
  const earlier = (seen.refs[ref] ?? []).filter((one) => one !== commit);
  return { ...seen, refs: { ...seen.refs, [ref]: [...earlier, commit].slice(-COMMITS_KEPT) } };
}

/**
 * Whoever knows the other's newest commit, but not as the newest, is ahead. What the other alone knows keeps its place behind what was seen
 * before it: in front of everything, it would be the first to be dropped.
 */
function mergeCommits(mine: readonly string[], theirs: readonly string[]): readonly string[] {
  const isAhead = theirs.length === 0 || mine.includes(theirs.at(-1) ?? '');
  const [behind, ahead] = isAhead ? [theirs, mine] : [mine, theirs];
  const merged = [...ahead];
  let place = 0;
  for (const commit of behind) {
    const there = merged.indexOf(commit);
    if (there >= 0) place = Math.min(there + 1, merged.length - 1);
    else merged.splice(place++, 0, commit);
  }
  return merged.slice(-COMMITS_KEPT);
}
