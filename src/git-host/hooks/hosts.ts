// The Git servers whose webhooks can be made, and which one an address belongs to.

import { HawserError } from '../../base/errors.ts';
import { isObject, stringAt } from '../../base/json.ts';
import type { Credentials } from '../../git/remote.ts';
import { hostOf, withoutUserinfo } from '../../git/repository-url.ts';
import type { ConnectedFetch, ConnectionOptions } from '../../platform.ts';
import { type HostKind, hostKindOf, openRepositoryApi, type RepositoryApi } from '../repository-api.ts';
import { forgejo, gitea, gogs } from './gitea-family.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import type { HookHost } from './hook-host.ts';

const HOSTS: Readonly<Record<HostKind, HookHost>> = { gitea, forgejo, gogs, github, gitlab };

export const HOST_KINDS = Object.keys(HOSTS);

export interface HostAddress {
  readonly fetch: ConnectedFetch;
  /** `https://git.example.com/owner/name.git` */
  readonly repoURL: string;
  readonly credentials?: Credentials;
  readonly connection?: ConnectionOptions;
  readonly signal: AbortSignal;
}

/** A repository at a server whose webhooks can be made. */
export interface HostedRepository extends RepositoryApi {
  readonly host: HookHost;
}

/** Throws `InvalidInput` for what is no HTTP address, or where there is nothing to ask with. */
export function openHost(kind: HostKind, { credentials, ...address }: HostAddress): HostedRepository {
  const { repoURL } = address;
  if (!credentials) {
    throw new HawserError(
      'InvalidInput',
      `to manage webhooks at ${hostOf(repoURL) ?? 'a Git server'}, a token is needed`,
      {
        hint: 'give --hook-token, or credentials of the repository that may do it',
      },
    );
  }
  const opened = openRepositoryApi({ ...address, kind, credentials, right: 'manage webhooks' });
  if (opened) return { ...opened, host: HOSTS[kind] };
  throw new HawserError('InvalidInput', `${withoutUserinfo(repoURL)} is no http:// or https:// address`);
}

/** By its name, or by what its API answers; undefined where that says nothing. */
export async function recogniseHost(address: HostAddress): Promise<HostKind | undefined> {
  const { repoURL } = address;
  const known = hostKindOf(repoURL, undefined);
  if (known || !URL.canParse(repoURL)) return known;
  const { origin } = new URL(repoURL);
  const version = stringAt(await askJson(address, `${origin}/api/v1/version`), 'version');
  if (version !== undefined) return version.includes('+gitea-') ? 'forgejo' : 'gitea';
  if (isObject(await askJson(address, `${origin}/api/v3/meta`))) return 'github';
  if (isObject(await askJson(address, `${origin}/api/v4/version`))) return 'gitlab';
  // Gogs tells no version, but answers a search in the words of that API.
  const search = await askJson(address, `${origin}/api/v1/users/search?q=`);
  return isObject(search) && 'ok' in search ? 'gogs' : undefined;
}

/** undefined where there is no JSON; a refusal in JSON is an answer too. */
async function askJson({ fetch, connection = {}, signal }: HostAddress, url: string): Promise<unknown> {
  const headers = { accept: 'application/json' };
  const response = await fetch(url, { redirect: 'manual', signal, headers }, connection);
  const text = await response.text();
  if (response.status === 404) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // A web page.
  }
}
