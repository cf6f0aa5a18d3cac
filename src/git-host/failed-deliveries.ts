// What a Git server knows that it failed to deliver to us is sent again: GitHub and GitLab keep lists of deliveries, others do not.

import { isHawserError, messageOf } from '../base/errors.ts';
import type { Credentials } from '../git/remote.ts';
import type { ConnectedFetch, ConnectionOptions } from '../platform.ts';
import { lookAtGiteaHook } from './gitea.ts';
import { resendByGitHub } from './github.ts';
import { resendByGitLab } from './gitlab.ts';
import type { HostApi } from './host-api.ts';
import { type HostKind, hostKindOf, openRepositoryApi } from './repository-api.ts';

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

/** Gogs tells nothing of its deliveries. */
const RESENDS: Readonly<Partial<Record<HostKind, Resend>>> = {
  github: resendByGitHub,
  gitlab: resendByGitLab,
  gitea: lookAtGiteaHook,
  forgejo: lookAtGiteaHook,
};

/**
 * Asks the Git server of a repository for deliveries that failed, and to send them again. Nothing where it keeps no list, is not known, or there
 * are no credentials to ask with, or the signal is aborted before it is told.
 */
export async function resendFailedDeliveries(request: FailedDeliveriesRequest): Promise<DeliveriesReport> {
  const { fetch, repoURL, provider, credentials, connection, webhookUrl, sinceMs, signal } = request;
  const kind = hostKindOf(repoURL, provider);
  const resend = kind && RESENDS[kind];
  if (!resend || !credentials) return { resent: 0 };
  const opened = openRepositoryApi({ fetch, repoURL, kind, credentials, signal, ...(connection && { connection }) });
  if (!opened) return { resent: 0 };
  const { api, repository } = opened;
  try {
    return await resend(api, { repository, webhookUrl, sinceMs });
  } catch (error) {
    if (signal.aborted) return { resent: 0 };
    if (!isHawserError(error)) throw error;
    return { resent: 0, problem: `its failed deliveries cannot be asked for: ${messageOf(error)}` };
  }
}
