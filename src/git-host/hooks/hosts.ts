// The Git servers whose webhooks can be made, where the API of each is, and which one an address belongs to.

import { HawserError } from '../../base/errors.ts';
import { isObject, stringAt } from '../../base/json.ts';
import type { Credentials } from '../../git/remote.ts';
import { hostOf } from '../../git/repository-url.ts';
import type { ConnectedFetch, ConnectionOptions } from '../../platform.ts';
import { createHostApi, type HostApi } from '../host-api.ts';
import { forgejo, gitea, gogs } from './gitea-family.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import type { HookHost } from './hook-host.ts';

export const HOST_KINDS = ['gitea', 'forgejo', 'gogs', 'github', 'gitlab'] as const;
export type HostKind = (typeof HOST_KINDS)[number];

const HOSTS: Readonly<Record<HostKind, HookHost>> = { gitea, forgejo, gogs, github, gitlab };

const KNOWN: Readonly<Record<string, HostKind>> = {
  'github.com': 'github',
  'gitlab.com': 'gitlab',
  'codeberg.org': 'forgejo',
  'gitea.com': 'gitea',
};

export interface HostAddress {
  readonly fetch: ConnectedFetch;
  /** `https://git.example.com/owner/name.git` */
  readonly repoURL: string;
  readonly credentials?: Credentials;
  readonly connection?: ConnectionOptions;
  readonly signal: AbortSignal;
}

/** A repository at a server whose webhooks can be made. */
export interface HostedRepository {
  readonly host: HookHost;
  readonly api: HostApi;
  /** `owner/name` */
  readonly repository: string;
}

/** Throws `InvalidInput` for what is no address, or where there is nothing to ask with. */
export function openHost(kind: HostKind, address: HostAddress): HostedRepository {
  const { fetch, repoURL, credentials, connection, signal } = address;
  if (!URL.canParse(repoURL)) throw new HawserError('InvalidInput', 'the address of the repository is no URL');
  if (!credentials) {
    throw new HawserError('InvalidInput', `to manage webhooks at ${hostOf(repoURL) ?? repoURL}, a token is needed`, {
      hint: 'give --hook-token, or credentials of the repository that may do it',
    });
  }
  const base = new URL(repoURL);
  const api = createHostApi({
    ...{ fetch, url: apiOf(kind, base), credentials, signal, right: 'manage webhooks' },
    authorization: authorizationFor(kind, credentials),
    ...(connection && { connection }),
  });
  return { host: HOSTS[kind], api, repository: base.pathname.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '') };
}

/** The API of github.com has a host of its own. */
function apiOf(kind: HostKind, { origin }: URL): string {
  if (kind === 'github') return origin === 'https://github.com' ? 'https://api.github.com' : `${origin}/api/v3`;
  return kind === 'gitlab' ? `${origin}/api/v4` : `${origin}/api/v1`;
}

/** GitLab takes no user and password, Gogs takes tokens by a word of its own; undefined: as everywhere. */
function authorizationFor(kind: HostKind, credentials: Credentials): string | undefined {
  if (kind === 'gitlab' && credentials.kind === 'basic') return `Bearer ${credentials.password}`;
  if (kind === 'gogs' && credentials.kind === 'bearer') return `token ${credentials.token}`;
  return undefined;
}

/** By its name, or by what its API answers; undefined where that says nothing. */
export async function recogniseHost(address: Omit<HostAddress, 'credentials'>): Promise<HostKind | undefined> {
  const { repoURL } = address;
  const known = KNOWN[hostOf(repoURL) ?? ''];
  if (known || !URL.canParse(repoURL)) return known;
  const { origin } = new URL(repoURL);
  const version = await askJson(address, `${origin}/api/v1/version`);
  const text = stringAt(version, 'version');
  if (text !== undefined) return text.includes('+gitea-') ? 'forgejo' : 'gitea';
  if (await askJson(address, `${origin}/api/v3/meta`)) return 'github';
  if (isObject(await askJson(address, `${origin}/api/v4/version`))) return 'gitlab';
  // It has neither a version nor anything else that tells: an error of its API in its own form.
  const missing = await askJson(address, `${origin}/api/v1/users/search?q=`);
  return isObject(missing) ? 'gogs' : undefined;
}

/** undefined where there is no JSON; a refusal in JSON is an answer too. */
async function askJson(
  { fetch, connection = {}, signal }: Omit<HostAddress, 'credentials' | 'repoURL'>,
  url: string,
): Promise<unknown> {
  const response = await fetch(
    url,
    { redirect: 'manual', signal, headers: { accept: 'application/json' } },
    connection,
  );
  const text = await response.text();
  if (response.status === 404) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
