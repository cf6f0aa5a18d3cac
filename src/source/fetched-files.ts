// Values files at URLs for a synchronous render: those that are not here are remembered, fetched together, and found the next time
// (Argo CD: ResolveValueFilePathOrUrl; Helm itself fetches them there).

import { HawserError } from '../base/errors.ts';
import { type DownloadSettings, download, shownUrl } from '../charts/download.ts';
import { readRemoteAddress } from '../git/remote.ts';
import type { ConnectionOptions } from '../platform.ts';

/** The files by their URLs. Throws where one has not been fetched yet, and remembers to. */
export type FindFiles = (urls: readonly string[]) => ReadonlyMap<string, Uint8Array>;

export interface FetchedFiles {
  readonly find: FindFiles;
  /** Whether the last render asked for files that are not here. */
  isIncomplete(): boolean;
  /** Fetches what was asked for in vain. */
  load(signal?: AbortSignal): Promise<void>;
}

export interface FetchedFilesOptions extends DownloadSettings {
  readonly maxBytes: number;
  /** How to reach a URL's server. No Secret's credentials are among it: a URL may name any file of a server. */
  connectionTo(url: string): ConnectionOptions;
  /** The schemes that are allowed (argocd-cm: `helm.valuesFileSchemes`). */
  readSchemes(): Promise<readonly string[]>;
}

/** Argo CD: getHelmSettings. */
export const DEFAULT_SCHEMES: readonly string[] = ['http', 'https'];

const PEER = { name: 'server of the values file', failure: 'RenderFailed' } as const;

/** For one source. Each URL is fetched once. */
export function createFetchedFiles(options: FetchedFilesOptions): FetchedFiles {
  const files = new Map<string, Uint8Array>();
  const missing = new Set<string>();
  return {
    find: (urls) => {
      for (const url of urls) if (!files.has(url)) missing.add(url);
      if (missing.size > 0) throw new HawserError('Unavailable', 'the values files at URLs are not fetched yet');
      return files;
    },
    isIncomplete: () => missing.size > 0,
    load: async (signal) => {
      const wanted = [...missing];
      missing.clear();
      const schemes = await options.readSchemes();
      for (const url of wanted) checkScheme(url, schemes);
      await Promise.all(
        wanted.map(async (url) => {
          files.set(url, await fetchFile(options, url, signal));
        }),
      );
    },
  };
}

function checkScheme(url: string, schemes: readonly string[]): void {
  const scheme = /^[^:]*/.exec(url)?.[0].toLowerCase() ?? '';
  if (!schemes.some((allowed) => allowed.toLowerCase() === scheme)) {
    throw new HawserError('RenderFailed', `values file ${shownUrl(url)}: the URL scheme '${scheme}' is not allowed`, {
      hint: `helm.valuesFileSchemes in argocd-cm lists those that are: ${schemes.join(', ') || 'none'}`,
    });
  }
  if (scheme !== 'http' && scheme !== 'https') {
    throw new HawserError('Unsupported', `values file ${shownUrl(url)}: only http and https can be fetched`);
  }
  if (!URL.canParse(url)) throw new HawserError('RenderFailed', `values file ${shownUrl(url)} is at no URL`);
}

async function fetchFile(options: FetchedFilesOptions, url: string, signal?: AbortSignal): Promise<Uint8Array> {
  const { origin, pathname, search } = new URL(url);
  const { authorization } = readRemoteAddress({ url });
  const { status, body } = await download(
    { ...options, peer: PEER },
    {
      url: `${origin}${pathname}${search}`,
      authorization,
      connection: options.connectionTo(url),
      maxBytes: options.maxBytes,
      signal,
    },
  );
  if (status === 200) return body;
  const passes = status === 429 || status >= 500;
  throw new HawserError(
    passes ? 'Unavailable' : 'RenderFailed',
    `values file ${shownUrl(url)}: its server answered ${status}`,
    { data: { status }, ...hintOf(status) },
  );
}

function hintOf(status: number): { readonly hint?: string } {
  if (status === 401 || status === 403) {
    return {
      hint: "no Secret's credentials are sent for values files; private ones can come from a source with a ref",
    };
  }
  return status === 404 ? { hint: 'correct spec.source.helm.valueFiles or fileParameters' } : {};
}
