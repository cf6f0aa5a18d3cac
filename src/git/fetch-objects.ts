// Getting objects of a repository with few and small requests: a commit, and what is missing of it.

import { HawserError, isHawserError } from '../base/errors.ts';
import { callService, type Endpoint } from './endpoint.ts';
import {
  type FetchRequest,
  formatFetchRequest,
  offersFilter,
  offersShallow,
  parseFetchAnswer,
} from './fetch-request.ts';
import type { HttpSettings } from './http.ts';
import type { NeededObjects } from './needed-objects.ts';
import type { GitObject, ObjectId } from './object.ts';
import { readPack } from './pack.ts';
import { parseAdvertisedRefs, requestRefs } from './refs.ts';
import { endpointOf, type Refusal, type Repository, withEndpoint } from './repository.ts';
import { fetchWholePack } from './whole-fetch.ts';

export interface PackSettings extends HttpSettings {
  readonly maxPackBytes: number;
}

type Objects = ReadonlyMap<ObjectId, GitObject>;

/** With an earlier tree known, what changed comes at once but for blobs beyond this, which are rarely manifests. */
const LARGE_BLOB = '262144';
/** What changed since an earlier tree may be nearly all, as between unrelated branches: beyond this it is not worth it. */
const MAX_CHANGE_BYTES = 8 * 2 ** 20;
const ROOTS_SENT = 32;

export interface CommitHints {
  /** All files are wanted. */
  readonly isWhole: boolean;
  /** Root trees of earlier commits: what differs from them comes at once. */
  readonly knownRoots: readonly ObjectId[];
}

/**
 * Fetches a commit: without its ancestors, and of its trees and files the root, or what differs from earlier trees.
 * The result always holds the commit.
 */
export async function fetchCommit(
  settings: PackSettings,
  repository: Repository,
  sha: ObjectId,
  { isWhole, knownRoots }: CommitHints,
  signal: AbortSignal | undefined,
): Promise<Objects> {
  let isChangeTooLarge = false;
  for (;;) {
    let asked: Ask | undefined;
    const build = (endpoint: Endpoint): Ask => {
      const filters = offersFilter(endpoint) && !repository.refusals.has('filter');
      // Who cannot leave anything out is told all that was here.
      const roots = filters ? knownRoots : [...knownRoots, ...repository.recentRoots];
      const isAlone = repository.refusals.has('tree-have') || isChangeTooLarge;
      const haves = isAlone ? [] : [...new Set(roots)].slice(0, ROOTS_SENT);
      const filter = filters ? chooseFilter(repository, haves.length > 0, isWhole) : undefined;
      const maxBytes = filter && haves.length > 0 ? MAX_CHANGE_BYTES : undefined;
      asked = { wants: [sha], haves, filter, maxBytes, shallow: offersShallow(endpoint) };
      return asked;
    };
    try {
      const objects = await fetchPack(settings, repository, signal, build);
      if (objects.has(sha)) return objects;
      throw new HawserError('GitFailed', `the Git server did not send the commit ${sha}`, {
        data: { remote: 'incomplete' },
      });
    } catch (error) {
      if (asked?.maxBytes !== undefined && isHawserError(error, 'LimitExceeded')) {
        isChangeTooLarge = true;
        continue;
      }
      const refusal = refusalOf(error, asked);
      if (!refusal || repository.refusals.has(refusal))
        return await fetchWholeOr(error, settings, repository, sha, signal);
      repository.refusals.add(refusal);
    }
  }
}

/**
 * Fetches objects by id: of `entries` only the trees themselves, with as many levels of trees as lead on; of `subtrees`
 * all that is below them too. Where the server does not give single objects, the whole commit.
 */
export async function fetchObjects(
  settings: PackSettings,
  repository: Repository,
  sha: ObjectId,
  needed: NeededObjects,
  signal: AbortSignal | undefined,
): Promise<Objects> {
  const { entries, levels = 1, subtrees, blobs } = needed;
  if (!repository.refusals.has('object-want')) {
    const goesAhead = levels > 1 && !repository.refusals.has('filter-combine');
    const filter = goesAhead ? `combine:blob:none+tree:${levels}` : 'tree:0';
    try {
      // The filter of a request holds for all that it wants: two requests, at the same time.
      const [trees, contents] = await Promise.all([
        fetchById(settings, repository, entries, filter, signal),
        fetchById(settings, repository, new Set([...subtrees, ...blobs]), undefined, signal),
      ]);
      return new Map([...trees, ...contents]);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (goesAhead) {
        repository.refusals.add('filter-combine');
        return fetchObjects(settings, repository, sha, needed, signal);
      }
      repository.refusals.add('object-want');
    }
  }
  return fetchPack(settings, repository, signal, (endpoint) => ({ wants: [sha], shallow: offersShallow(endpoint) }));
}

/**
 * Fetches trees of the earlier commit `sha`, which the server may have forgotten since; then, or where it does not give
 * single objects, the whole of that commit. Throws `RevisionNotFound` where that is gone.
 */
export async function fetchEarlierTrees(
  settings: PackSettings,
  repository: Repository,
  sha: ObjectId,
  trees: ReadonlySet<ObjectId>,
  signal: AbortSignal | undefined,
): Promise<Objects> {
  try {
    if (!repository.refusals.has('object-want')) return await fetchById(settings, repository, trees, 'tree:0', signal);
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  try {
    return await fetchPack(settings, repository, signal, (endpoint) => ({
      wants: [sha],
      filter: offersFilter(endpoint) && !repository.refusals.has('filter') ? 'blob:none' : undefined,
      shallow: offersShallow(endpoint),
    }));
  } catch (error) {
    throw explainMissing(error, sha) ?? error;
  }
}

/** Commits alone are small: beyond this the histories have long parted, or the server does not leave the rest out. */
const MAX_HISTORY_BYTES = 4 * 2 ** 20;

/**
 * The commits that lead to `commit` and not to `ancestor`: the whole history where the server does not have that. Throws `RevisionNotFound`
 * where it does not have `commit`, `LimitExceeded` where that are too many.
 */
export async function fetchCommitsSince(
  settings: PackSettings,
  repository: Repository,
  ancestor: ObjectId,
  commit: ObjectId,
  signal: AbortSignal | undefined,
): Promise<Objects> {
  try {
    return await fetchPack(settings, repository, signal, (endpoint) => ({
      wants: [commit],
      haves: [ancestor],
      filter: offersFilter(endpoint) && !repository.refusals.has('filter') ? 'tree:0' : undefined,
      maxBytes: MAX_HISTORY_BYTES,
    }));
  } catch (error) {
    throw explainMissing(error, commit) ?? error;
  }
}

async function fetchById(
  settings: PackSettings,
  repository: Repository,
  wants: ReadonlySet<ObjectId>,
  filter: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Objects> {
  if (wants.size === 0) return new Map();
  return fetchPack(settings, repository, signal, (endpoint) => ({
    wants: [...wants],
    filter: offersFilter(endpoint) && !repository.refusals.has('filter') ? filter : undefined,
  }));
}

interface Ask extends FetchRequest {
  /** Of the answer. */
  readonly maxBytes?: number | undefined;
}

async function fetchPack(
  settings: PackSettings,
  repository: Repository,
  signal: AbortSignal | undefined,
  build: (endpoint: Endpoint) => Ask,
): Promise<Objects> {
  return withEndpoint(settings, repository, signal, async (endpoint) => {
    const ask = build(endpoint);
    const bounded = { ...settings, maxResponseBytes: Math.min(settings.maxResponseBytes, ask.maxBytes ?? Infinity) };
    const pack = parseFetchAnswer(await callService(bounded, endpoint, formatFetchRequest(endpoint, ask), signal));
    return readPack(pack, { maxBytes: settings.maxPackBytes });
  });
}

/** isomorphic-git's own fetch, where our request itself was the fault; otherwise the error. */
async function fetchWholeOr(
  error: unknown,
  settings: PackSettings,
  repository: Repository,
  sha: ObjectId,
  signal: AbortSignal | undefined,
): Promise<Objects> {
  const missing = explainMissing(error, sha);
  if (missing) throw missing;
  if (!isRefusal(error)) throw error;
  const { endpoint } = await endpointOf(settings, repository, signal);
  const refs =
    endpoint.version === 0 ? parseAdvertisedRefs(endpoint) : await requestRefs(settings, endpoint, [], signal);
  const pack = await fetchWholePack(settings, endpoint, refs, sha, signal);
  if (!pack) throw error;
  return readPack(pack, { maxBytes: settings.maxPackBytes });
}

/** Without an earlier tree: the root, from which the way to the wanted paths begins. With one: what differs from it. */
function chooseFilter({ refusals }: Repository, knowsRoots: boolean, isWhole: boolean): string | undefined {
  // Where what is left out cannot be fetched by itself, all must come at once.
  if (refusals.has('object-want')) return undefined;
  if (knowsRoots) return `blob:limit=${LARGE_BLOB}`;
  if (isWhole) return undefined;
  // GitHub allows no other depth than 0.
  return refusals.has('filter-depth') ? 'tree:0' : 'tree:1';
}

/** What to do without next time, by what was asked and what the server said. */
function refusalOf(error: unknown, asked: Ask | undefined): Refusal | undefined {
  if (!isRefusal(error) || isMissingCommit(error)) return undefined;
  const { filter, haves = [] } = asked ?? {};
  const isAboutFilter = /filter/i.test(String(error.data.remote ?? ''));
  if (filter && isAboutFilter) return filter === 'tree:1' ? 'filter-depth' : 'filter';
  return haves.length > 0 ? 'tree-have' : undefined;
}

/** The server understood and said no, or failed over the request: not a matter of network or credentials. */
function isRefusal(error: unknown): error is HawserError {
  if (isHawserError(error, 'GitFailed')) return error.data.remote !== undefined || error.data.protocol === true;
  return isHawserError(error, 'Unavailable') && error.data.status === 500;
}

function isMissingCommit(error: HawserError): boolean {
  return /not our ref|unadvertised object|want .* not valid/i.test(String(error.data.remote ?? ''));
}

function explainMissing(error: unknown, sha: ObjectId): HawserError | undefined {
  if (!(error instanceof HawserError) || !isMissingCommit(error)) return undefined;
  return new HawserError('RevisionNotFound', `the Git server does not have the commit ${sha}`, {
    hint: 'it may have been removed by a forced push',
    cause: error,
  });
}
