// Where a repository is and how it is reached: all that a request to its Git server depends on.

import { HawserError } from '../base/errors.ts';
import type { ConnectionOptions } from '../platform.ts';
import { isSshUrl, withoutUserinfo } from './repository-url.ts';
import { httpsAddressOf } from './ssh-address.ts';

export type Credentials =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string };

export interface Remote {
  /** As the Application names it; user and password in it count where `credentials` are not given. */
  readonly url: string;
  readonly credentials?: Credentials;
  readonly connection?: ConnectionOptions;
  /** Files that are kept in Git LFS are fetched (the Secret's `enableLfs`). */
  readonly lfs?: boolean;
}

/** A remote's URL without user, password, query and trailing slash, and the value of its Authorization header. */
export interface RemoteAddress {
  readonly url: string;
  readonly authorization?: string;
}

/** Throws `Unsupported` for SSH and other schemes, `InvalidInput` for what is no URL. */
export function readRemoteAddress({ url, credentials }: Remote): RemoteAddress {
  if (isSshUrl(url)) {
    throw new HawserError(
      'Unsupported',
      `${withoutUserinfo(url)} is an SSH address, and only HTTP and HTTPS can be used`,
      {
        hint: `write ${httpsAddressOf(url) ?? 'its HTTPS address'} instead, and give a token as username and password in the Secret of that address`,
      },
    );
  }
  if (!URL.canParse(url))
    throw new HawserError('InvalidInput', `'${withoutUserinfo(url)}' is not the URL of a repository`);
  const parsed = new URL(url);
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') {
    throw new HawserError('Unsupported', `${withoutUserinfo(url)}: only http:// and https:// repositories can be used`);
  }
  const chosen = credentials ?? userinfoOf(parsed);
  const clean = `${parsed.origin}${parsed.pathname.replace(/\/+$/, '')}`;
  return { url: clean, ...(chosen && { authorization: authorizationOf(chosen) }) };
}

/** What a request to the remote is authorised with: its credentials, else user and password of its URL. */
export function credentialsOf({ url, credentials }: Remote): Credentials | undefined {
  return credentials ?? (URL.canParse(url) ? userinfoOf(new URL(url)) : undefined);
}

function userinfoOf(url: URL): Credentials | undefined {
  if (url.username === '' && url.password === '') return undefined;
  return { kind: 'basic', username: decode(url.username), password: decode(url.password) };
}

/** A percent sign that begins no escape stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

export function authorizationOf(credentials: Credentials): string {
  if (credentials.kind === 'bearer') return `Bearer ${credentials.token}`;
  const bytes = new TextEncoder().encode(`${credentials.username}:${credentials.password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
