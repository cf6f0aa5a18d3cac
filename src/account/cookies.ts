// The cookie that holds a browser's session: `argocd.token`, in pieces where one would be too long (Argo CD: util/http/http.go).

import { parse } from 'hono/utils/cookie';

export const SESSION_COOKIE = 'argocd.token';

/** What browsers keep of one, name and attributes included. */
const LONGEST = 4_093;
const ATTRIBUTES = '; Path=/; SameSite=Lax; HttpOnly';
const MOST_PIECES = 20;

/** The session's token, or undefined where there is none. */
export function readSessionCookie(request: Request): string | undefined {
  const cookies = parse(request.headers.get('cookie') ?? '');
  const first = cookies[SESSION_COOKIE];
  if (!first) return undefined;
  const split = /^(\d{1,2}):(.*)$/s.exec(first);
  if (!split) return first;
  const [, count = '1', text = ''] = split;
  const more = Array.from({ length: Math.min(Number(count), MOST_PIECES) - 1 }, (_, index) => index + 1);
  return text + more.map((index) => cookies[`${SESSION_COOKIE}-${index}`] ?? '').join('');
}

/** The values of `Set-Cookie`. */
export function sessionCookies(token: string, options: { readonly isSecure: boolean }): string[] {
  const tail = `${ATTRIBUTES}${options.isSecure ? '; Secure' : ''}`;
  const room = LONGEST - `${SESSION_COOKIE}-00=00:`.length - tail.length;
  const pieces = token.match(new RegExp(`.{1,${room}}`, 'gs')) ?? [''];
  const [first = '', ...others] = pieces;
  const head = pieces.length > 1 ? `${pieces.length}:${first}` : first;
  return [
    `${SESSION_COOKIE}=${head}${tail}`,
    ...others.map((piece, index) => `${SESSION_COOKIE}-${index + 1}=${piece}${tail}`),
  ];
}

/** Those that a request has sent, taken back. */
export function clearedCookies(request: Request): string[] {
  const names = Object.keys(parse(request.headers.get('cookie') ?? '')).filter(
    (name) => name === SESSION_COOKIE || name.startsWith(`${SESSION_COOKIE}-`),
  );
  return [...new Set([SESSION_COOKIE, ...names])].map((name) => `${name}=${ATTRIBUTES}; Max-Age=0`);
}

const LEFT = 'hawser.left';

/** For the login page that a logout leads to: it says so once. */
export const JUST_LEFT = `${LEFT}=1; Path=/login; Max-Age=60; SameSite=Lax; HttpOnly`;
export const LEFT_NO_MORE = `${LEFT}=; Path=/login; Max-Age=0; SameSite=Lax; HttpOnly`;

export function hasJustLeft(request: Request): boolean {
  return parse(request.headers.get('cookie') ?? '')[LEFT] === '1';
}

/** Whether the browser came by TLS, here or at a proxy before. */
export function isSecureRequest(request: Request, urls: readonly string[]): boolean {
  if (new URL(request.url).protocol === 'https:') return true;
  const host = hostOf(request);
  return urls.some((url) => url.startsWith('https:') && new URL(url).host === host);
}

export function hostOf(request: Request): string {
  return request.headers.get('host') ?? new URL(request.url).host;
}
