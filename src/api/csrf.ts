// Against requests that another site makes a browser send: only JSON is taken, which no form can send and no other site's script without a
// preflight (Argo CD's whole defence: server/server.go, enforceContentTypes), and what a cookie vouches for must come from this very site.

import { hostOf } from '../account/cookies.ts';
import type { Principal } from '../account/principal.ts';
import { HawserError } from '../base/errors.ts';

/** Throws `UnsupportedMediaType`. A body of its own or none: what changes something says that it is JSON. */
export function requireJson(request: Request): void {
  if (isSafe(request.method)) return;
  const [type = ''] = (request.headers.get('content-type') ?? '').toLowerCase().split(';');
  if (type.trim() === 'application/json') return;
  throw new HawserError('UnsupportedMediaType', 'Invalid content type', {
    hint: 'send Content-Type: application/json',
  });
}

/** Throws `Forbidden` for what another site's page has sent with this one's cookie. */
export function requireOwnSite(request: Request, { isCookie }: Principal, urls: readonly string[]): void {
  if (!isCookie || isSafe(request.method) || isFromOwnSite(request, urls)) return;
  throw new HawserError('Forbidden', 'permission denied: the request comes from another site');
}

/** By what browsers tell of where a request comes from; others tell nothing. */
export function isFromOwnSite(request: Request, urls: readonly string[]): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin' || site === 'none';
  const origin = request.headers.get('origin');
  if (origin === null) return true;
  if (!URL.canParse(origin)) return false;
  return new URL(origin).host === hostOf(request) || urls.some((url) => new URL(url).origin === origin);
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}
