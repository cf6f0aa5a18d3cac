// Remote bases and files of kustomizations for a synchronous build: those that are not here are remembered, fetched, and found the next
// time (kustomize: api/internal/loader, which runs git and an HTTP client there).

import type { Wait } from '../base/bring-missing.ts';
import { mapConcurrent } from '../base/concurrency.ts';
import { HawserError, isHawserError } from '../base/errors.ts';
import { shownUrl } from '../charts/download.ts';
import { type Checkout, openCheckout } from '../git/checkout.ts';
import { chooseSubmoduleRemote, type RepositorySecrets } from '../git/credentials.ts';
import type { Remote } from '../git/remote.ts';
import { withoutUserinfo } from '../git/repository-url.ts';
import type { Cache, ConnectedFetch } from '../platform.ts';
import type { RemoteSources } from '../render/kustomize/load/remote.ts';
import { type RepoUrl, shownSource } from '../render/kustomize/load/repo-url.ts';
import { remoteFailure } from './remote-failure.ts';
import { fetchRemoteFile, type RemoteFile } from './remote-file.ts';
import {
  isPinned,
  parseRemoteReads,
  type RemoteAccess,
  type RemoteRead,
  readSetOf,
  unknownRead,
} from './remote-reads.ts';
import { placeAgain, placeOf, type RemoteGit, resolveRemoteRef } from './remote-repositories.ts';
import { createWidening } from './widening.ts';

export interface FetchedRemotes extends RemoteSources, Wait {
  /** What was read of each repository, to be kept with the read set of the source. */
  readSets(): readonly RemoteRead[];
  /** Keeps what was fetched for a process that starts later. */
  save(): Promise<void>;
}

export interface FetchedRemotesOptions {
  readonly git: RemoteGit;
  readonly fetch: ConnectedFetch;
  /** For files of Git LFS. */
  readonly cache?: Cache;
  readonly secrets: RepositorySecrets;
  readonly project: string;
  /** Whether the project permits a repository as a source; without it, none gets credentials. */
  readonly isPermitted?: (url: string) => Promise<boolean>;
  /** The read set of an earlier render: what differs from it is all that is fetched. */
  readonly earlier?: unknown;
}

interface OpenedRemote {
  readonly url: string;
  readonly ref: string;
  readonly access: RemoteAccess;
  readonly tree: Checkout;
  readonly widen: ReturnType<typeof createWidening>;
}

/** Of one render. Each is a request or three to a server that a kustomization chose. */
const MAX_REPOSITORIES = 50;
const MAX_FILES = 500;
/** Of all files of one render. */
const MAX_BYTES = 64 << 20;
/** Of all that one render waits for, from its first request on: a chain of slow servers ends, too. */
const TOTAL_MS = 300_000;
/** Requests for files at once. */
const CONCURRENCY = 8;

/** For one source of one render. Each file and each repository is fetched once; no repository sees another's files or credentials. */
export function createFetchedRemotes(options: FetchedRemotesOptions): FetchedRemotes {
  const files = new Map<string, RemoteFile>();
  const missingFiles = new Set<string>();
  const repositories = new Map<string, OpenedRemote>();
  const missingRepositories = new Map<string, RepoUrl>();
  /** What could not be fetched: the next push tries it again. */
  const failed = new Set<string>();
  /** URLs that were tried as files first, as kustomize does. */
  const asRepository = new Set<string>();
  const earlier = parseRemoteReads(options.earlier);
  let bytes = 0;
  let deadline: AbortSignal | undefined;

  const noting = async <T>(url: string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      failed.add(shownUrl(url));
      throw error;
    }
  };
  const loadFile = async (url: string, signal: AbortSignal | undefined) => {
    const answer = await noting(url, fetchRemoteFile(options, url, signal));
    if (answer instanceof Uint8Array) bytes += answer.length;
    if (bytes > MAX_BYTES) {
      throw new HawserError(
        'LimitExceeded',
        `the remote files of the kustomization are more than ${MAX_BYTES >> 20} MiB`,
      );
    }
    files.set(url, answer);
  };
  const loadRepository = async (key: string, url: RepoUrl, signal: AbortSignal | undefined) => {
    try {
      repositories.set(key, await noting(url.cloneUrl, openRemote(options, url, earlier, signal)));
    } catch (error) {
      throw remoteFailure(error, url.raw, files.get(url.raw));
    }
  };

  const unanswered = () =>
    [...files].flatMap(([url, file]) => (file instanceof Uint8Array || asRepository.has(url) ? [] : [shownUrl(url)]));

  return {
    readFile: (url) => {
      const known = files.get(url);
      if (known) return known;
      missingFiles.add(url);
      throw new HawserError('Unavailable', `the remote file ${shownUrl(url)} is not fetched yet`);
    },
    openRepository: (url) => {
      const key = keyOf(url);
      const known = repositories.get(key);
      asRepository.add(url.raw);
      if (known) {
        const { readFile, list, realPath } = known.tree;
        // An object of its own, as kustomize has a clone for each: cycles are told by the tree.
        return { readFile, list, realPath };
      }
      missingRepositories.set(key, url);
      throw new HawserError('Unavailable', `the remote base ${shownSource(url.raw)} is not fetched yet`);
    },
    isIncomplete: () =>
      missingFiles.size > 0 ||
      missingRepositories.size > 0 ||
      [...repositories.values()].some(({ tree }) => tree.missing().length > 0),
    load: async (signal) => {
      const wantedFiles = [...missingFiles];
      const wantedRepositories = [...missingRepositories];
      const wantedPaths = [...repositories.values()].filter(({ tree }) => tree.missing().length > 0);
      missingFiles.clear();
      missingRepositories.clear();
      checkCount('files', files.size + wantedFiles.length, MAX_FILES);
      checkCount('repositories', repositories.size + wantedRepositories.length, MAX_REPOSITORIES);
      deadline ??= AbortSignal.timeout(TOTAL_MS);
      const bounded = signal ? AbortSignal.any([signal, deadline]) : deadline;
      try {
        await Promise.all([
          mapConcurrent(wantedFiles, CONCURRENCY, (url) => loadFile(url, bounded)),
          ...wantedRepositories.map(([key, url]) => loadRepository(key, url, bounded)),
          ...wantedPaths.map(({ tree, widen }) => tree.load(widen(tree.missing()), bounded)),
        ]);
      } catch (error) {
        if (!deadline.aborted || signal?.aborted) throw error;
        throw new HawserError('Timeout', `the remote bases were not here within ${TOTAL_MS / 1000} s`, {
          cause: error,
        });
      }
    },
    readSets: () => [
      ...[...repositories.values()].map(({ url, ref, access, tree }) => {
        const { commit, tree: root, reads } = tree.readSet();
        return { url: withoutUserinfo(url), ref, sha: commit, tree: root, reads, access };
      }),
      ...[...new Set([...failed, ...unanswered()])].map(unknownRead),
    ],
    save: async () => {
      await Promise.all([...repositories.values()].map(({ tree }) => tree.save()));
    },
  };
}

/**
 * The paths that differ in the remote bases of an earlier render, where their refs have moved. One that cannot be asked counts as changed:
 * the render then says why.
 */
export async function changedRemotes(
  { git, secrets, project }: Pick<FetchedRemotesOptions, 'git' | 'secrets' | 'project'>,
  readSet: unknown,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const moving = parseRemoteReads(readSet).filter((read) => !isPinned(read));
  const changed = await Promise.all(
    moving.map(async (read) => {
      const { url, ref, access, sha } = read;
      try {
        const { remote } = placeAgain(url, access, project, secrets);
        if (access === 'url') return [url];
        const now = await resolveRemoteRef(git, remote, ref, signal);
        if (now === sha) return [];
        const [paths = []] = await git.compareReadSets(remote, now, [readSetOf(read)], signal);
        return paths.map((path) => `${url}//${path}`);
      } catch (error) {
        if (!isHawserError(error)) throw error;
        return [url];
      }
    }),
  );
  return changed.flat();
}

function keyOf({ cloneUrl, ref, submodules }: RepoUrl): string {
  return JSON.stringify([cloneUrl, ref, submodules]);
}

async function openRemote(
  { git, fetch, cache, secrets, project, isPermitted = async () => false }: FetchedRemotesOptions,
  { cloneUrl, ref, path, submodules }: RepoUrl,
  earlier: readonly RemoteRead[],
  signal: AbortSignal | undefined,
): Promise<OpenedRemote> {
  if (cloneUrl.startsWith('file://')) {
    throw new HawserError('Unsupported', 'repositories of this machine are for the command line alone', {
      hint: 'name the repository by its https:// address',
    });
  }
  const { remote, access } = await placeOf(cloneUrl, project, secrets, isPermitted);
  const { url } = remote;
  try {
    const sha = await resolveRemoteRef(git, remote, ref, signal);
    const before = earlier.find((read) => read.url === withoutUserinfo(url) && read.ref === ref);
    const readSet = before && readSetOf(before);
    // The root of a repository may hold anything: of it, what is asked for.
    const paths = [path === '' ? ({ path, extent: 'files' } as const) : path];
    const remoteOf = (module: string, parent: Remote) =>
      chooseSubmoduleRemote(module, parent, project, secrets, isPermitted);
    const settings = { git, fetch, ...(cache && { cache }), ...(submodules && { remoteOf }) };
    const tree = await openCheckout(settings, remote, sha, { paths, readSet, signal });
    return { url, ref, access, tree, widen: createWidening() };
  } catch (error) {
    if (access !== 'anonymous' || !isHawserError(error, 'GitUnauthorized')) throw error;
    throw new HawserError('GitUnauthorized', error.message, {
      hint: `the project does not permit it as a source, so its Secret's credentials were not sent: see sourceRepos of the AppProject`,
      data: error.data,
      cause: error,
    });
  }
}

function checkCount(what: string, count: number, most: number): void {
  if (count <= most) return;
  throw new HawserError('LimitExceeded', `the kustomization names more than ${most} remote ${what}`);
}
