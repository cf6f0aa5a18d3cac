// Which Git server a repository lies on, and its REST API with the credentials that fit there.

import type { Credentials } from '../git/remote.ts';
import { hostOf } from '../git/repository-url.ts';
import type { ConnectedFetch, ConnectionOptions } from '../platform.ts';
import { createHostApi, type HostApi } from './host-api.ts';

/** Those whose APIs hawser speaks; Gogs' is a part of Gitea's, which grew out of it. */
export type HostKind = 'github' | 'gitlab' | 'gitea' | 'forgejo' | 'gogs';

export interface RepositoryApiRequest {
  readonly fetch: ConnectedFetch;
  /** `https://git.example.com/owner/name.git` */
  readonly repoURL: string;
  readonly kind: HostKind;
  readonly credentials: Credentials;
  readonly connection?: ConnectionOptions;
  /** What the token has to allow: `write commit statuses`. */
  readonly right?: string;
  readonly signal: AbortSignal;
}

export interface RepositoryApi {
  readonly api: HostApi;
  /** `owner/name`, or a longer path. */
  readonly repository: string;
}

interface Host {
  readonly apiOf: (base: URL) => string;
  /** A token that is a password is sent as a bearer's: the API takes no user and password. */
  readonly wantsBearer?: boolean;
  /** The word before a token, where it is not `Bearer`. */
  readonly tokenWord?: string;
}

/** The API of github.com has a host of its own; all others are asked where the repository is, and nowhere else. */
const HOSTS: Readonly<Record<HostKind, Host>> = {
  github: { apiOf: ({ origin }) => (origin === 'https://github.com' ? 'https://api.github.com' : `${origin}/api/v3`) },
  gitlab: { apiOf: ({ origin }) => `${origin}/api/v4`, wantsBearer: true },
  gitea: { apiOf: ({ origin }) => `${origin}/api/v1` },
  forgejo: { apiOf: ({ origin }) => `${origin}/api/v1` },
  gogs: { apiOf: ({ origin }) => `${origin}/api/v1`, tokenWord: 'token' },
};

const KNOWN: Readonly<Record<string, HostKind>> = {
  'github.com': 'github',
  'gitlab.com': 'gitlab',
  'codeberg.org': 'forgejo',
  'gitea.com': 'gitea',
};

/** By its name, or by what its pushes, or a user, have told; undefined where neither is one that hawser knows. */
export function hostKindOf(repoURL: string, told: string | undefined): HostKind | undefined {
  const known = KNOWN[hostOf(repoURL) ?? ''];
  if (known) return known;
  return told !== undefined && isHostKind(told) ? told : undefined;
}

/** undefined for an address that is no URL over HTTP. */
export function openRepositoryApi(request: RepositoryApiRequest): RepositoryApi | undefined {
  const { fetch, repoURL, kind, credentials, connection, right, signal } = request;
  if (!/^https?:\/\//i.test(repoURL) || !URL.canParse(repoURL)) return undefined;
  const base = new URL(repoURL);
  const host = HOSTS[kind];
  const isPassword = host.wantsBearer && credentials.kind === 'basic';
  return {
    api: createHostApi({
      fetch,
      url: host.apiOf(base),
      credentials: isPassword ? { kind: 'bearer', token: credentials.password } : credentials,
      signal,
      ...(host.tokenWord &&
        credentials.kind === 'bearer' && { authorization: `${host.tokenWord} ${credentials.token}` }),
      ...(connection && { connection }),
      ...(right !== undefined && { right }),
    }),
    repository: base.pathname.replace(/^\/+|\/+$/g, '').replace(/\.git$/, ''),
  };
}

function isHostKind(text: string): text is HostKind {
  return Object.hasOwn(HOSTS, text);
}
