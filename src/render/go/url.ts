// Go's net/url (Go 1.26: url.go): parsing, escaping and writing of URLs, which the platform's URL class does otherwise.

import { HawserError, messageOf } from '../../base/errors.ts';
import { toLower } from './case.ts';
import { parseIpAddress } from './ip.ts';
import { quote } from './quote.ts';
import { utf8Decode, utf8Encode } from './strings.ts';

export interface GoUrl {
  readonly scheme: string;
  readonly opaque: string;
  readonly user: Userinfo | undefined;
  readonly host: string;
  readonly path: string;
  /** The path as written, where escaping `path` would not give it again. */
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly forceQuery: boolean;
  readonly fragment: string;
  readonly rawFragment: string;
  readonly omitHost: boolean;
}

export interface Userinfo {
  readonly username: string;
  readonly password: string | undefined;
}

export type UrlPart = 'path' | 'pathSegment' | 'host' | 'zone' | 'userPassword' | 'queryComponent' | 'fragment';

/** The characters beside letters, digits and `-_.~` that stand unescaped in each part (Go: gen_encoding_table.go). */
const UNESCAPED: Readonly<Record<UrlPart, string>> = {
  path: '$&+,/:;=@',
  pathSegment: '$&+:=@',
  host: '!$&\'()*+,;=:[]<>"',
  zone: '!$&\'()*+,;=:[]<>"',
  userPassword: '$&+,;=',
  queryComponent: '',
  fragment: '$&+,/:;=?@!()*',
};

const EMPTY: GoUrl = {
  scheme: '',
  opaque: '',
  user: undefined,
  host: '',
  path: '',
  rawPath: '',
  rawQuery: '',
  forceQuery: false,
  fragment: '',
  rawFragment: '',
  omitHost: false,
};

/** `url.Parse`. Throws RenderFailed with Go's text. */
export function parseGoUrl(text: string): GoUrl {
  const [before, fragment] = cut(text, '#');
  const url = withContext(before, () => parseWithoutFragment(before));
  if (fragment === '') return url;
  return withContext(text, () => {
    const decoded = unescapeUrl(fragment, 'fragment');
    return { ...url, fragment: decoded, rawFragment: escapeUrl(decoded, 'fragment') === fragment ? '' : fragment };
  });
}

/** `URL.String`. Fields that are left out are empty. */
export function formatGoUrl(parts: Partial<GoUrl>): string {
  const url = { ...EMPTY, ...parts };
  let text = url.scheme === '' ? '' : `${url.scheme}:`;
  if (url.opaque !== '') text += url.opaque;
  else {
    const hasAuthority = url.host !== '' || url.user !== undefined;
    if ((hasAuthority || url.scheme !== '') && (hasAuthority || !url.omitHost)) {
      if (hasAuthority || url.path !== '') text += '//';
      if (url.user) text += `${formatUserinfo(url.user)}@`;
      text += escapeUrl(url.host, 'host');
    }
    const path = escapedPath(url);
    if (path !== '' && !path.startsWith('/') && url.host !== '') text += '/';
    // A colon in the first segment of a relative path would make a scheme of it.
    if (text === '' && cut(path, '/')[0].includes(':')) text += './';
    text += path;
  }
  if (url.forceQuery || url.rawQuery !== '') text += `?${url.rawQuery}`;
  if (url.fragment !== '') text += `#${escapedFragment(url)}`;
  return text;
}

/** `Userinfo.String`. */
export function formatUserinfo({ username, password }: Userinfo): string {
  const name = escapeUrl(username, 'userPassword');
  return password === undefined ? name : `${name}:${escapeUrl(password, 'userPassword')}`;
}

/** `URL.Hostname`: the host without port and brackets. */
export function hostnameOf({ host }: GoUrl): string {
  const colon = host.lastIndexOf(':');
  const name = colon >= 0 && isOptionalPort(host.slice(colon)) ? host.slice(0, colon) : host;
  return name.startsWith('[') && name.endsWith(']') ? name.slice(1, -1) : name;
}

/** Escapes `text` for a part of a URL: `url.QueryEscape` for `queryComponent`, `url.PathEscape` for `pathSegment`. */
export function escapeUrl(text: string, part: UrlPart): string {
  let escaped = '';
  for (const byte of utf8Encode(text)) {
    if (byte === 0x20 && part === 'queryComponent') escaped += '+';
    else if (mustEscape(byte, part)) escaped += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    else escaped += String.fromCharCode(byte);
  }
  return escaped;
}

/** Undoes `escapeUrl`. Throws RenderFailed with Go's text. */
export function unescapeUrl(text: string, part: UrlPart): string {
  const isHost = part === 'host' || part === 'zone';
  const bytes = utf8Encode(text);
  const unescaped: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x25) {
      unescaped.push(unescapeByte(bytes, at, part));
      at += 2;
    } else if (byte === 0x2b && part === 'queryComponent') unescaped.push(0x20);
    else if (isHost && byte < 0x80 && mustEscape(byte, part)) {
      throw new HawserError('RenderFailed', `invalid character ${quote(String.fromCharCode(byte))} in host name`);
    } else unescaped.push(byte);
  }
  return unescaped.length === bytes.length ? text : utf8Decode(Uint8Array.from(unescaped));
}

function withContext(url: string, parse: () => GoUrl): GoUrl {
  try {
    return parse();
  } catch (cause) {
    throw new HawserError('RenderFailed', `parse ${quote(url)}: ${messageOf(cause)}`, { cause });
  }
}

function invalid(message: string): HawserError {
  return new HawserError('RenderFailed', message);
}

function cut(text: string, separator: string): [before: string, after: string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

function parseWithoutFragment(text: string): GoUrl {
  if (/[\x00-\x1f\x7f]/.test(text)) throw invalid('net/url: invalid control character in URL');
  if (text === '*') return { ...EMPTY, path: '*' };
  const [writtenScheme, afterScheme] = splitScheme(text);
  const scheme = toLower(writtenScheme);
  const forceQuery = afterScheme.indexOf('?') === afterScheme.length - 1 && afterScheme !== '';
  const [beforeQuery, rawQuery] = cut(afterScheme, '?');
  const url = { ...EMPTY, scheme, rawQuery, forceQuery };
  if (!beforeQuery.startsWith('/')) {
    if (scheme !== '') return { ...url, opaque: beforeQuery };
    if (cut(beforeQuery, '/')[0].includes(':')) throw invalid('first path segment in URL cannot contain colon');
  }
  if ((scheme !== '' || !beforeQuery.startsWith('///')) && beforeQuery.startsWith('//')) {
    const slash = beforeQuery.indexOf('/', 2);
    const authority = slash < 0 ? beforeQuery.slice(2) : beforeQuery.slice(2, slash);
    const { user, host } = parseAuthority(scheme, authority);
    return { ...url, user, host, ...parsePath(slash < 0 ? '' : beforeQuery.slice(slash)) };
  }
  return { ...url, omitHost: scheme !== '' && beforeQuery.startsWith('/'), ...parsePath(beforeQuery) };
}

function splitScheme(text: string): [scheme: string, rest: string] {
  if (text.startsWith(':')) throw invalid('missing protocol scheme');
  const scheme = /^[a-zA-Z][a-zA-Z0-9+.-]*(?=:)/.exec(text)?.[0];
  return scheme === undefined ? ['', text] : [scheme, text.slice(scheme.length + 1)];
}

function parsePath(written: string): { path: string; rawPath: string } {
  const path = unescapeUrl(written, 'path');
  return { path, rawPath: escapeUrl(path, 'path') === written ? '' : written };
}

function parseAuthority(scheme: string, authority: string): { user: Userinfo | undefined; host: string } {
  const at = authority.lastIndexOf('@');
  const host = parseHost(scheme, authority.slice(at + 1));
  if (at < 0) return { user: undefined, host };
  const userinfo = authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(userinfo)) throw invalid('net/url: invalid userinfo');
  if (!userinfo.includes(':')) {
    return { user: { username: unescapeUrl(userinfo, 'userPassword'), password: undefined }, host };
  }
  const [username, password] = cut(userinfo, ':').map((text) => unescapeUrl(text, 'userPassword'));
  return { user: { username: username ?? '', password: password ?? '' }, host };
}

function parseHost(scheme: string, host: string): string {
  const bracket = host.lastIndexOf('[');
  if (bracket > 0) throw invalid('invalid IP-literal');
  if (bracket === 0) return parseBracketedHost(host);
  const first = host.indexOf(':');
  if (first >= 0) {
    // Lists of hosts with ports are accepted but for http.
    const colon = scheme === 'http' || scheme === 'https' ? first : host.lastIndexOf(':');
    checkPort(host.slice(colon));
  }
  return unescapeUrl(host, 'host');
}

function parseBracketedHost(host: string): string {
  const close = host.lastIndexOf(']');
  if (close < 0) throw invalid("missing ']' in host");
  const port = host.slice(close + 1);
  checkPort(port);
  const written = host.slice(1, close);
  const zone = written.indexOf('%25');
  const name =
    zone < 0
      ? unescapeUrl(written, 'host')
      : unescapeUrl(written.slice(0, zone), 'host') + unescapeUrl(written.slice(zone), 'zone');
  checkLiteral(name);
  return `[${name}]${unescapeUrl(port, 'host')}`;
}

function checkLiteral(name: string): void {
  let length: number;
  try {
    length = parseIpAddress(name).bytes.length;
  } catch (cause) {
    throw new HawserError('RenderFailed', `invalid host: ${messageOf(cause)}`, { cause });
  }
  if (length === 4) throw invalid('invalid IP-literal');
}

function checkPort(port: string): void {
  if (!isOptionalPort(port)) throw invalid(`invalid port ${quote(port)} after host`);
}

function isOptionalPort(port: string): boolean {
  return /^(?::[0-9]*)?$/.test(port);
}

function escapedPath({ path, rawPath }: GoUrl): string {
  if (rawPath !== '' && isValidEscaping(rawPath, 'path', path)) return rawPath;
  return path === '*' ? '*' : escapeUrl(path, 'path');
}

function escapedFragment({ fragment, rawFragment }: GoUrl): string {
  if (rawFragment !== '' && isValidEscaping(rawFragment, 'fragment', fragment)) return rawFragment;
  return escapeUrl(fragment, 'fragment');
}

function isValidEscaping(escaped: string, part: UrlPart, decoded: string): boolean {
  for (const byte of utf8Encode(escaped)) {
    if (!"!$&'()*+,;=:@[]%".includes(String.fromCharCode(byte)) && mustEscape(byte, part)) return false;
  }
  return unescapeUrl(escaped, part) === decoded;
}

function mustEscape(byte: number, part: UrlPart): boolean {
  if (byte >= 0x80) return true;
  const character = String.fromCharCode(byte);
  return !/[A-Za-z0-9\-_.~]/.test(character) && !UNESCAPED[part].includes(character);
}

function unescapeByte(bytes: Uint8Array, at: number, part: UrlPart): number {
  const digits = utf8Decode(bytes.subarray(at + 1, at + 3));
  const written = utf8Decode(bytes.subarray(at, at + 3));
  if (!/^[0-9a-fA-F]{2}$/.test(digits)) throw invalid(`invalid URL escape ${quote(written)}`);
  const byte = Number.parseInt(digits, 16);
  const refused =
    (part === 'host' && byte < 0x80 && written !== '%25') ||
    (part === 'zone' && written !== '%25' && byte !== 0x20 && mustEscape(byte, 'host'));
  if (refused) throw invalid(`invalid URL escape ${quote(written)}`);
  return byte;
}
