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
import type { GitObject, ObjectId } from './object.ts';
import { readPack } from './pack.ts';
import { parseAdvertisedRefs, requestRefs } from './refs.ts';
import { endpointOf, type Refusal, type Repository, withEndpoint } from './repository.ts';
import { fetchWholePack } from './whole-fetch.ts';

export interface PackSettings extends HttpSettings {
  readonly maxPackBytes: number;
}

type Objects = ReadonlyMap<ObjectId, GitObject>;

/** Levels of trees that the first request for a commit brings at most; deeper ones come with the next. */
const FIRST_LEVELS = 3;
/** With an earlier tree known, what changed comes at once but for blobs beyond this, which are rarely manifests. */
const LARGE_BLOB = '262144';
const ROOTS_SENT = 3;

/**
 * Fetches a commit: without its ancestors, and of its trees and files what `depth` (the parts of the deepest wanted
 * path) and the trees known from earlier commits say is worth having at once. The result always holds the commit.
 */
export async function fetchCommit(
  settings: PackSettings,
  repository: Repository,
  sha: ObjectId,
  { depth, knownRoots }: { depth: number; knownRoots: readonly ObjectId[] },
  signal: AbortSignal | undefined,
): Promise<Objects> {
  const roots = [...new Set([...knownRoots, ...repository.recentRoots])].slice(0, ROOTS_SENT);
  for (;;) {
    const haves = repository.refusals.has('tree-have') ? [] : roots;
    const choose = (endpoint: Endpoint) =>
      offersFilter(endpoint) ? chooseFilter(repository, haves.length > 0, depth) : undefined;
    let filter: string | undefined;
    try {
      const objects = await fetchPack(settings, repository, signal, (endpoint) => {
        filter = choose(endpoint);
        return { wants: [sha], haves, filter, shallow: offersShallow(endpoint) };
      });
      if (objects.has(sha)) return objects;
      throw new HawserError('GitFailed', `the Git server did not send the commit ${sha}`, {
        data: { remote: 'incomplete' },
      });
    } catch (error) {
      const refusal = refusalOf(error, filter, haves.length > 0);
      if (!refusal || repository.refusals.has(refusal))
        return await fetchWholeOr(error, settings, repository, sha, signal);
      repository.refusals.add(refusal);
    }
  }
}

/**
 * Fetches objects by id: of `onTheWay` only the objects, of `whole` all that is below them too. Where the server does
 * not give single objects, the whole commit.
 */
export async function fetchObjects(
  settings: PackSettings,
  repository: Repository,
  sha: ObjectId,
  { onTheWay, whole }: { onTheWay: ReadonlySet<ObjectId>; whole: ReadonlySet<ObjectId> },
  signal: AbortSignal | undefined,
): Promise<Objects> {
  const fetchThese = (wants: ReadonlySet<ObjectId>, filter?: string): Promise<Objects> =>
    wants.size === 0
      ? Promise.resolve(new Map())
      : fetchPack(settings, repository, signal, (endpoint) => ({
          wants: [...wants],
          filter: offersFilter(endpoint) && !repository.refusals.has('filter') ? filter : undefined,
        }));
  if (!repository.refusals.has('object-want')) {
    try {
      // The filter of a request holds for all that it wants: two requests, at the same time.
      const [trees, subtrees] = await Promise.all([fetchThese(onTheWay, 'tree:0'), fetchThese(whole)]);
      return new Map([...trees, ...subtrees]);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      repository.refusals.add('object-want');
    }
  }
  return fetchPack(settings, repository, signal, (endpoint) => ({ wants: [sha], shallow: offersShallow(endpoint) }));
}

async function fetchPack(
  settings: PackSettings,
  repository: Repository,
  signal: AbortSignal | undefined,
  build: (endpoint: Endpoint) => FetchRequest,
): Promise<Objects> {
  return withEndpoint(settings, repository, signal, async (endpoint) => {
    const body = formatFetchRequest(endpoint, build(endpoint));
    const pack = parseFetchAnswer(await callService(settings, endpoint, body, signal));
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

/** Without an earlier tree: the trees down to the wanted paths. With one: what differs from it. */
function chooseFilter({ refusals }: Repository, knowsRoots: boolean, depth: number): string | undefined {
  // Where what is left out cannot be fetched by itself, all must come at once.
  if (refusals.has('filter') || refusals.has('object-want')) return undefined;
  if (knowsRoots) return `blob:limit=${LARGE_BLOB}`;
  if (depth === 0) return undefined;
  // GitHub allows no other depth than 0.
  if (refusals.has('filter-depth')) return 'tree:0';
  return depth === 1 ? 'tree:1' : `combine:blob:none+tree:${Math.min(depth, FIRST_LEVELS)}`;
}

/** What to do without next time, by what was asked and what the server said. */
function refusalOf(error: unknown, filter: string | undefined, sentHaves: boolean): Refusal | undefined {
  if (!isRefusal(error) || isMissingCommit(error)) return undefined;
  const isAboutFilter = /filter/i.test(String(error.data.remote ?? ''));
  if (filter && isAboutFilter) return filter === 'tree:0' || filter.startsWith('blob') ? 'filter' : 'filter-depth';
  return sentHaves ? 'tree-have' : undefined;
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
