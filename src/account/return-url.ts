// Where a browser goes after it has logged in: never to another site (Argo CD: util/oidc/oidc.go, isValidRedirectURL).

import { hostOf } from './cookies.ts';

/** A path of this server, or an address below one of `urls`; undefined for anything else. */
export function safeReturnUrl(text: string | undefined, request: Request, urls: readonly string[]): string | undefined {
  if (!text) return '/';
  const base = `${new URL(request.url).protocol}//${hostOf(request)}`;
  if (!URL.canParse(text, base)) return undefined;
  // As browsers read it: they take backslashes for slashes, and pass over line ends.
  const url = new URL(text, base);
  if (!/^https?:$/.test(url.protocol) || url.username || url.password) return undefined;
  if (url.host === hostOf(request)) {
    return url.pathname.startsWith('//') ? undefined : `${url.pathname}${url.search}${url.hash}`;
  }
  return urls.some((own) => url.origin === new URL(own).origin && url.href.startsWith(own)) ? url.href : undefined;
}
