// What a Git server knows that it failed to deliver to us is sent again: GitHub and GitLab keep lists of deliveries, others do not.

import { isHawserError, messageOf } from '../base/errors.ts';
import type { Credentials } from '../git/remote.ts';
import { hostOf } from '../git/repository-url.ts';
import type { ConnectedFetch, ConnectionOptions } from '../platform.ts';
import { lookAtGiteaHook } from './gitea.ts';
import { resendByGitHub } from './github.ts';
import { resendByGitLab } from './gitlab.ts';
import { createHostApi, type HostApi } from './host-api.ts';

export interface FailedDeliveriesRequest {
  readonly fetch: ConnectedFetch;
  /** `https://git.example.com/owner/name.git` */
  readonly repoURL: string;
  /** Where our webhook is: hooks with another address are somebody else's. */
  readonly webhookUrl: string;
  /** What was delivered before is none of its concern. */
  readonly sinceMs: number;
  readonly credentials?: Credentials;
  readonly connection?: ConnectionOptions;
  /** Which Git server it is (`github`, `gitlab`, `gitea` …), where its pushes have told. */
  readonly provider?: string;
  readonly signal: AbortSignal;
}

export interface DeliveriesReport {
  /** Deliveries that the server was asked to send again. */
  readonly resent: number;
  /** Why deliveries do not come, or why it could not be found out; one sentence. */
  readonly problem?: string;
}

export interface HookRequest {
  /** `owner/name`, or a longer path. */
  readonly repository: string;
  readonly webhookUrl: string;
  readonly sinceMs: number;
}

/** One Git server's way; throws `HawserError` where it refuses. */
export type Resend = (api: HostApi, request: HookRequest) => Promise<DeliveriesReport>;

interface Host {
  readonly resend: Resend;
  readonly apiOf: (base: URL) => string;
  /** A token that is a password is sent as a bearer's: the API takes no user and password. */
  readonly wantsBearer?: boolean;
}

/** The API of github.com has a host of its own; all others are asked where the repository is, and nowhere else. */
const HOSTS: Readonly<Record<string, Host>> = {
  github: {
    resend: resendByGitHub,
    apiOf: ({ origin }) => (origin === 'https://github.com' ? 'https://api.github.com' : `${origin}/api/v3`),
  },
  gitlab: { resend: resendByGitLab, apiOf: ({ origin }) => `${origin}/api/v4`, wantsBearer: true },
  gitea: { resend: lookAtGiteaHook, apiOf: ({ origin }) => `${origin}/api/v1` },
  forgejo: { resend: lookAtGiteaHook, apiOf: ({ origin }) => `${origin}/api/v1` },
};

const KNOWN: Readonly<Record<string, string>> = {
  'github.com': 'github',
  'gitlab.com': 'gitlab',
  'codeberg.org': 'forgejo',
  'gitea.com': 'gitea',
};

/**
 * Asks the Git server of a repository for deliveries that failed, and to send them again. Nothing where it keeps no list, is not known, or there
 * are no credentials to ask with, or the signal is aborted before it is told.
 */
export async function resendFailedDeliveries(request: FailedDeliveriesRequest): Promise<DeliveriesReport> {
  const { fetch, repoURL, provider, credentials, connection, webhookUrl, sinceMs, signal } = request;
  const host = HOSTS[KNOWN[hostOf(repoURL) ?? ''] ?? provider ?? ''];
  if (!host || !credentials || !URL.canParse(repoURL)) return { resent: 0 };
  const base = new URL(repoURL);
  const repository = base.pathname.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
  const isPassword = host.wantsBearer && credentials.kind === 'basic';
  const api = createHostApi({
    fetch,
    url: host.apiOf(base),
    credentials: isPassword ? { kind: 'bearer', token: credentials.password } : credentials,
    signal,
    ...(connection && { connection }),
  });
  try {
    return await host.resend(api, { repository, webhookUrl, sinceMs });
  } catch (error) {
    if (signal.aborted) return { resent: 0 };
    if (!isHawserError(error)) throw error;
    return { resent: 0, problem: `its failed deliveries cannot be asked for: ${messageOf(error)}` };
  }
}
