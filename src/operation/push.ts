// A push: what a verified webhook (of any Git server) or a refresh is reduced to.

import { sha256Hex } from '../base/hex.ts';
import { withoutUserinfo } from '../git/repository-url.ts';

interface VerifiedDelivery {
  /** Names this push wherever it is recorded (pushKey): the same when the Git server sends the delivery again. */
  readonly key: string;
  /** The Git server's delivery id, or one that was made up. */
  readonly deliveryId: string;
  readonly provider: string;
  readonly pusher?: string;
  /** Whose secret has proved where it comes from; `none` where the operator accepts what nobody has signed. */
  readonly proof?: 'server' | 'repository' | 'none';
  /** Of which trace it is a part (base/trace-context.ts, formatTrace), where its sender said so. */
  readonly trace?: string;
}

/** A push that passed its signature check. Nothing in it is trusted for what is deployed: the ref is resolved at the Git server. */
export interface Push extends VerifiedDelivery {
  readonly kind: 'git';
  /** The repository's address for people (html_url), which Argo CD matches repoURL by; Bitbucket Server names several. */
  readonly webUrls: readonly string[];
  /** Its other addresses (clone_url, ssh_url), which may have another host; they count as well. */
  readonly otherUrls: readonly string[];
  /** The full ref: `refs/heads/main`, `refs/tags/v1`. */
  readonly ref: string;
  /** What the ref named before the push, for the gap check alone; forty zeros for a new ref. */
  readonly before?: string;
  /** What the ref names now; forty zeros for a deleted ref. */
  readonly after?: string;
  readonly defaultBranch?: string;
  /** Whether the default branch was pushed, where the provider's rule is not that ref and defaultBranch are equal. */
  readonly touchesHead?: boolean;
  /** The provider says that commits were replaced. */
  readonly isForced?: boolean;
  /** The newest last, as far as the payload names them and the record has room: for people to read, never for what is deployed. */
  readonly commits?: readonly PushedCommit[];
  /** More of them than are kept. */
  readonly moreCommits?: number;
  /** Some of the files that the payload names, for the order of the work alone; not recorded. */
  readonly files?: readonly string[];
}

export interface PushedCommit {
  readonly id: string;
  /** The first line. */
  readonly message: string;
  readonly author?: string;
}

/** A registry tells that a tag of an OCI repository was pushed. */
export interface ArtifactPush extends VerifiedDelivery {
  readonly kind: 'artifact';
  /** `oci://ghcr.io/owner/name` */
  readonly repository: string;
  readonly tag: string;
}

export type AnyPush = Push | ArtifactPush;

/** Every address of the repository. */
export function addressesOf(push: AnyPush): readonly string[] {
  return push.kind === 'artifact' ? [push.repository] : [...push.webUrls, ...push.otherUrls];
}

/** As people and metrics may see it. */
export function shownRepository(push: AnyPush): string {
  return withoutUserinfo(addressesOf(push)[0] ?? '').replace(/\.git$/, '');
}

/** `refs/heads/main`, or the tag of an artifact. */
export function refOf(push: AnyPush): string {
  return push.kind === 'artifact' ? push.tag : push.ref;
}

/** Both zeros of SHA-1 and of SHA-256 repositories. */
export function isZeroCommit(commit: string | undefined): boolean {
  return commit !== undefined && /^0+$/.test(commit);
}

/**
 * The name of a push: 40 hexadecimal digits of a hash of all that identifies it. A delivery id alone would let the owner of one
 * repository's secret pass off a push to another repository as a duplicate.
 */
export async function pushKey(provider: string, repository: string, deliveryId: string, ref: string): Promise<string> {
  const text = JSON.stringify([provider, repository.toLowerCase(), deliveryId, ref]);
  return sha256Hex(text).slice(0, 40);
}

/** What concerns one Application and why. The texts are part of the API. */
export type VerdictKind =
  | 'sync'
  | 'manual'
  | 'unaffected'
  | 'branch mismatch'
  | 'already deployed'
  /** An automated sync is held until a sync window opens or somebody approves it. */
  | 'window-closed'
  /** `argocd.argoproj.io/skip-reconcile` is set. */
  | 'suspended'
  /** A newer push for the Application came before this one was done; it is deployed instead. */
  | 'superseded'
  /** The ref names another commit by now than the push said; this push starts nothing older. */
  | 'stale'
  /** The same path on another host: the operator may declare the hosts to be one (webhook.hostAliases). */
  | 'host mismatch'
  | 'error'
  | 'pending';

export interface Verdict {
  readonly name: string;
  readonly verdict: VerdictKind;
  readonly reason: string;
  /** The paths in the repository that made the Application affected. */
  readonly paths: readonly string[];
  /** Where the operation or the Application can be watched. */
  readonly operationUrl: string;
}

/** The answer to a webhook or a refresh. */
export interface DeliveryAnswer {
  readonly deliveryId: string;
  readonly repository: string;
  readonly ref: string;
  /** Why no Application is concerned, when none is. */
  readonly reason?: string;
  /** What is to be said of the delivery itself: that it came before. */
  readonly notes?: readonly string[];
  readonly applications: readonly Verdict[];
}

/** The part of a ref that a targetRevision names: all after `refs/heads/` or `refs/tags/`. */
export function shortRef(ref: string): string {
  return ref.split('/').slice(2).join('/') || ref;
}
