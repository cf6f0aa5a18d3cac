// One download from a chart repository or registry: redirects followed, credentials kept from strangers, sizes bounded.

import { type ErrorCode, HawserError } from '../base/errors.ts';
import { type HttpAnswer, send } from '../git/http.ts';
import { withoutUserinfo } from '../git/repository-url.ts';
import type { ConnectedFetch, ConnectionOptions } from '../platform.ts';

export interface DownloadSettings {
  readonly fetch: ConnectedFetch;
  /** One request with its answer. */
  readonly timeoutMs: number;
  /** What errors call the other side, and what its failures are; a chart repository where not given. */
  readonly peer?: Peer;
}

export interface Peer {
  readonly name: string;
  readonly failure: ErrorCode;
}

export interface Download {
  readonly url: string;
  readonly accept?: string;
  readonly authorization?: string | undefined;
  readonly connection: ConnectionOptions;
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

const MAX_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];
const PEER: Peer = { name: 'chart repository', failure: 'ChartFailed' };

/**
 * The answer, whatever its status. Only the origin of `url` gets `authorization`, the client certificate and leave to show any
 * certificate; a redirect elsewhere goes without, and never from https to http. Throws `ChartFailed` (or the peer's), `Unavailable`, `Timeout`,
 * `LimitExceeded`, and the signal's reason.
 */
export async function download(settings: DownloadSettings, request: Download): Promise<HttpAnswer> {
  const home = new URL(request.url).origin;
  const { peer = PEER } = settings;
  let { url } = request;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const isHome = new URL(url).origin === home;
    const answer = await send(
      { ...settings, maxResponseBytes: request.maxBytes, peer },
      {
        url,
        headers: {
          'user-agent': 'hawser',
          ...(request.accept && { accept: request.accept }),
          ...(isHome && request.authorization && { authorization: request.authorization }),
        },
        connection: isHome ? request.connection : foreignConnection(request.connection),
        signal: request.signal,
      },
    );
    if (!REDIRECTS.includes(answer.status)) return answer;
    url = redirectTarget(url, answer, peer);
  }
  throw new HawserError(peer.failure, `${shownUrl(request.url)} redirects more than ${MAX_REDIRECTS} times`);
}

/** The body of a 200; another status is an error that says what to do. `url` is shown without its query, which may be signed. */
export function bodyOf(answer: HttpAnswer, url: string, withCredentials: boolean): Uint8Array {
  const { status, body } = answer;
  if (status === 200) return body;
  const shown = shownUrl(url);
  const data = { status };
  if (status === 401 || status === 403) {
    throw new HawserError('ChartUnauthorized', `the chart repository refused ${shown} (${status})`, {
      data,
      hint: withCredentials
        ? "check username and password in the repository's Secret (label argocd.argoproj.io/secret-type: repository or repo-creds)"
        : 'make a Secret with the label argocd.argoproj.io/secret-type: repository and the keys type (helm), url, username and password',
    });
  }
  if (status === 429 || status >= 500) {
    throw new HawserError('Unavailable', `the chart repository answered ${status} for ${shown}`, { data });
  }
  throw new HawserError('ChartFailed', `the chart repository answered ${status} for ${shown}`, { data });
}

/** A URL for errors: without user and password, and without its query, which may be signed. */
export function shownUrl(url: string): string {
  return withoutUserinfo(url).replace(/[?#].*$/s, '');
}

function foreignConnection({ ca, proxy, noProxy }: ConnectionOptions): ConnectionOptions {
  return { ...(ca && { ca }), ...(proxy && { proxy }), ...(noProxy && { noProxy }) };
}

function redirectTarget(url: string, { headers }: HttpAnswer, { failure }: Peer): string {
  const location = headers.get('location') ?? '';
  const target = URL.canParse(location, url) ? new URL(location, url) : undefined;
  if (!target || !/^https?:$/.test(target.protocol)) {
    throw new HawserError(failure, `${shownUrl(url)} redirects to nowhere`);
  }
  if (target.protocol === 'http:' && url.startsWith('https:')) {
    throw new HawserError(failure, `${shownUrl(url)} redirects to an address that is not encrypted`);
  }
  return target.href;
}
