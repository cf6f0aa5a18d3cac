// A push: what a verified webhook (of any Git server) or a refresh is reduced to.

/** A delivery that passed its signature check. Nothing in it is trusted for what is deployed: the ref is resolved at the Git server. */
export interface Push {
  /** The Git server's delivery id, or one that was made up. */
  readonly deliveryId: string;
  readonly provider: string;
  /** Addresses under which people know the repository (html_url, clone_url, ssh_url). */
  readonly repositoryUrls: readonly string[];
  /** The full ref: `refs/heads/main`, `refs/tags/v1`. */
  readonly ref: string;
  readonly before?: string;
  readonly after?: string;
  readonly defaultBranch?: string;
  readonly pusher?: string;
}

/** A push as the journal keeps it. */
export interface RecordedPush extends Push {
  /** Keys of the Applications for which it is still to be done, where others are done; without it, all that it concerns. */
  readonly left?: readonly string[];
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
  readonly applications: readonly Verdict[];
}

/** The part of a ref that a targetRevision names: all after `refs/heads/` or `refs/tags/`. */
export function shortRef(ref: string): string {
  return ref.split('/').slice(2).join('/') || ref;
}
