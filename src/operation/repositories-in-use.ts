// The repositories that Applications have as sources, and which of their refs they follow. Pure.

import { followsRef } from '../application/push-match.ts';
import { placesOf } from '../application/repository-index.ts';
import type { Application, Source } from '../application/types.ts';
import { watchedSources } from '../application/watched-sources.ts';
import { hostOf, isSshUrl, normaliseRepositoryUrl, repositoryMatcher } from '../git/repository-url.ts';
import { refPrefixesOf } from '../git/revision.ts';
import { isChartSource } from '../source/chart-locations.ts';
import { keyOfApplication } from './road.ts';

export interface UsedRepository {
  /** As one of the Applications names it. */
  readonly url: string;
  /** Git over HTTP; otherwise a repository of charts, a registry, or an address that cannot be read. */
  readonly isGit: boolean;
  readonly users: readonly RepositoryUser[];
  /** What begins with one of these may be followed. */
  readonly prefixes: readonly string[];
}

export interface RepositoryUser {
  readonly key: string;
  readonly project: string;
  readonly source: Source;
}

/** By their normalised addresses. */
export type RepositoriesInUse = ReadonlyMap<string, UsedRepository>;

/** A pushed ref, or one that was found to have moved. */
export interface MovedRef {
  readonly ref: string;
  readonly defaultBranch?: string;
}

/** Takes every Application apart. */
export function repositoriesInUse(applications: readonly Application[]): RepositoriesInUse {
  const users = new Map<string, { url: string; isGit: boolean; users: RepositoryUser[]; prefixes: Set<string> }>();
  for (const app of applications) {
    for (const source of watchedSources(app.spec)) {
      const name = normaliseRepositoryUrl(source.repoURL);
      if (name === undefined) continue;
      const isGit = !isChartSource(source) && !isSshUrl(source.repoURL);
      const key = `${isGit ? '' : 'charts '}${name}`;
      const used = users.get(key) ?? { url: source.repoURL, isGit, users: [], prefixes: new Set<string>() };
      users.set(key, used);
      used.users.push({ key: keyOfApplication(app), project: app.spec.project, source });
      for (const prefix of refPrefixesOf(source.targetRevision ?? '', source.tagPrefix)) used.prefixes.add(prefix);
    }
  }
  return new Map([...users].map(([key, used]) => [key, { ...used, prefixes: [...used.prefixes].sort() }]));
}

/** The list changes with each status that is written; what it uses is worked out once a second at most. */
const KEPT_MS = 1_000;

/** What the Applications of a list use, as it was a second ago at most. */
export function createRepositoriesInUse(
  applications: () => readonly Application[],
  nowMs: () => number,
): () => RepositoriesInUse {
  let known:
    | { readonly of: readonly Application[]; readonly atMs: number; readonly inUse: RepositoriesInUse }
    | undefined;
  return () => {
    const of = applications();
    const isKept = known && (known.of === of || (known.of.length > 0 && Math.abs(nowMs() - known.atMs) < KEPT_MS));
    if (!known || !isKept) known = { of, atMs: nowMs(), inUse: repositoriesInUse(of) };
    return known.inUse;
  };
}

/** Whether any Application may follow a ref. Whoever follows HEAD may follow any branch: which one it is, the server tells. */
export function isFollowed({ prefixes }: UsedRepository, ref: string): boolean {
  if (prefixes.some((prefix) => ref.startsWith(prefix))) return true;
  return prefixes.includes('HEAD') && ref.startsWith('refs/heads/');
}

/** Keys of the Applications that follow one of the refs. `*` stands for any, `HEAD` for another default branch. */
export function followersOf({ users }: UsedRepository, moved: readonly string[], head?: string): readonly string[] {
  const refs = moved.map((ref): MovedRef => {
    if (ref === 'HEAD') return { ref: head ?? 'refs/heads/HEAD', defaultBranch: shortBranch(head) ?? 'HEAD' };
    const defaultBranch = shortBranch(head);
    return { ref, ...(defaultBranch && { defaultBranch }) };
  });
  const isConcerned = ({ targetRevision = '', tagPrefix }: Source) =>
    moved.includes('*') ||
    moved.includes(targetRevision) ||
    refs.some((ref) => followsRef(targetRevision, ref, tagPrefix));
  return [...new Set(users.filter(({ source }) => isConcerned(source)).map(({ key }) => key))];
}

/** The repositories that a push is to. */
export function repositoriesOf(inUse: RepositoriesInUse, addresses: readonly string[]): readonly UsedRepository[] {
  const byPath = pathsOf(inUse);
  const candidates = addresses.flatMap(placesOf).flatMap(({ path }) => byPath.get(path) ?? []);
  const isOfPush = repositoryMatcher(addresses);
  return [...new Set(candidates)].filter(({ url, isGit }) => isGit && isOfPush(url));
}

const indexes = new WeakMap<RepositoriesInUse, ReadonlyMap<string, readonly UsedRepository[]>>();

/** So that a push is compared with few addresses, however many repositories there are. */
function pathsOf(inUse: RepositoriesInUse): ReadonlyMap<string, readonly UsedRepository[]> {
  const known = indexes.get(inUse);
  if (known) return known;
  const index = new Map<string, UsedRepository[]>();
  for (const used of inUse.values()) {
    for (const { path } of placesOf(used.url)) index.set(path, [...(index.get(path) ?? []), used]);
  }
  indexes.set(inUse, index);
  return index;
}

/** The Git repositories on the servers that a push came from. */
export function repositoriesBeside(inUse: RepositoriesInUse, addresses: readonly string[]): readonly UsedRepository[] {
  const hosts = new Set(addresses.map(hostOf).filter((host) => host !== undefined));
  return [...inUse.values()].filter(({ url, isGit }) => isGit && hosts.has(hostOf(url) ?? ''));
}

function shortBranch(head: string | undefined): string | undefined {
  return head?.startsWith('refs/heads/') ? head.slice('refs/heads/'.length) : undefined;
}
