// One file at a URL that a kustomization names (kustomize: api/internal/loader/fileloader.go, httpClientGetContent).

import { HawserError, isHawserError } from '../base/errors.ts';
import { download, shownUrl } from '../charts/download.ts';
import { type RepositorySecrets, readConnection } from '../git/credentials.ts';
import { readRemoteAddress } from '../git/remote.ts';
import type { ConnectedFetch } from '../platform.ts';
import { parseRepoUrl } from '../render/kustomize/load/repo-url.ts';

/** The bytes of the file, or why there are none: the HTTP status of the answer, or 0 and the failure. */
export type RemoteFile = Uint8Array | { readonly status: number; readonly failure?: HawserError };

const MAX_BYTES = 16 << 20;
const TIMEOUT_MS = 30_000;
const PEER = { name: 'server of the remote file', failure: 'RenderFailed' } as const;

/**
 * No Secret's credentials are sent: a URL may name any file of a server. Where the URL may be that of a repository, nothing but the
 * signal's reason is thrown, since kustomize tries that next; else what passes is `Unavailable`.
 */
export async function fetchRemoteFile(
  settings: { readonly fetch: ConnectedFetch; readonly secrets: RepositorySecrets },
  url: string,
  signal: AbortSignal | undefined,
): Promise<RemoteFile> {
  const mayBeRepository = parseRepoUrl(url) !== undefined;
  try {
    const { status, body } = await request(settings, url, signal);
    if (status >= 200 && status <= 299) return body;
    if (!mayBeRepository && isPassingStatus(status)) {
      throw new HawserError('Unavailable', `the server answered ${status} for ${shownUrl(url)}`, { data: { status } });
    }
    return { status };
  } catch (error) {
    signal?.throwIfAborted();
    if (!isHawserError(error) || !mayBeRepository) throw error;
    return { status: 0, failure: error };
  }
}

export function isPassingStatus(status: number): boolean {
  return status === 429 || status >= 500;
}

async function request(
  { fetch, secrets }: { readonly fetch: ConnectedFetch; readonly secrets: RepositorySecrets },
  url: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly status: number; readonly body: Uint8Array }> {
  if (!URL.canParse(url)) throw new HawserError('RenderFailed', `'${shownUrl(url)}' is no URL`);
  const { origin, pathname, search } = new URL(url);
  const { authorization } = readRemoteAddress({ url });
  return download(
    { fetch, timeoutMs: TIMEOUT_MS, peer: PEER },
    {
      url: `${origin}${pathname}${search}`,
      authorization,
      connection: readConnection(url, {}, secrets.certificates),
      maxBytes: MAX_BYTES,
      signal,
    },
  );
}
