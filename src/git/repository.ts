// One repository as this process knows it: where its server is, what that cannot do, and what was opened last.

import { HawserError } from '../base/errors.ts';
import { discoverEndpoint, type Endpoint } from './endpoint.ts';
import type { HttpSettings } from './http.ts';
import type { ObjectId } from './object.ts';
import type { Remote } from './remote.ts';

/** What a server was found not to do; it is not asked again. */
export type Refusal = 'filter' | 'filter-depth' | 'filter-combine' | 'tree-have' | 'object-want';

export interface Repository {
  /** Unique in this process; of equal keys, equal access may be assumed. */
  readonly key: string;
  /** Where the cache keeps its objects, whoever reads them. */
  readonly folder: string;
  remote: Remote;
  endpoint: Endpoint | undefined;
  readonly refusals: Set<Refusal>;
  /** Root trees of commits that were opened last, newest first: what the server need not send again. */
  recentRoots: readonly ObjectId[];
}

/** The endpoint that is known, or a new one. `isFresh`: it was asked for just now. */
export async function endpointOf(
  settings: HttpSettings,
  repository: Repository,
  signal: AbortSignal | undefined,
): Promise<{ endpoint: Endpoint; isFresh: boolean }> {
  if (repository.endpoint) return { endpoint: repository.endpoint, isFresh: false };
  const endpoint = await discoverEndpoint(settings, repository.remote, signal);
  repository.endpoint = endpoint;
  return { endpoint, isFresh: true };
}

/**
 * Runs `work` with the known endpoint; where that fails as an endpoint that has moved would, once more with a new one.
 */
export async function withEndpoint<T>(
  settings: HttpSettings,
  repository: Repository,
  signal: AbortSignal | undefined,
  work: (endpoint: Endpoint) => Promise<T>,
): Promise<T> {
  const { endpoint, isFresh } = await endpointOf(settings, repository, signal);
  try {
    return await work(endpoint);
  } catch (error) {
    const mayHaveMoved = error instanceof HawserError && error.data.status !== undefined;
    if (isFresh || !mayHaveMoved) throw error;
    repository.endpoint = undefined;
    return work((await endpointOf(settings, repository, signal)).endpoint);
  }
}
