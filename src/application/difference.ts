// Git against cluster: what a comparison finds, and what a sync is planned from.

import type { JsonObject } from '../base/json.ts';
import type { KubeObject, ObjectKey } from '../kube/object.ts';
import type { Condition, SyncCode } from './types.ts';

/** How the server-side dry run of an object's apply went. */
export type DryRun =
  | { readonly outcome: 'passed' }
  /** `message` is the API server's own; `invalid` when it found the object itself at fault (422). */
  | { readonly outcome: 'failed'; readonly message: string; readonly invalid?: boolean }
  /** It cannot be changed like this, but its sync options allow to delete and create it. */
  | { readonly outcome: 'recreates'; readonly message: string }
  /** Its namespace or kind is missing, but comes with the same target state. */
  | { readonly outcome: 'deferred'; readonly awaits: 'namespace' | 'kind'; readonly message: string }
  /** The API server does not have this kind. */
  | { readonly outcome: 'unknownKind'; readonly message: string }
  | { readonly outcome: 'none' };

/** One object of Git, of the cluster, or of both. Holds Secrets unmasked: it never leaves the process. */
export interface Difference {
  readonly key: ObjectKey;
  readonly version: string;
  /** What is to be applied: with its namespace and tracking id. Missing when Git does not have the object (any more). */
  readonly target?: KubeObject;
  /** What the API server has, whole. */
  readonly live?: KubeObject;
  /** What the API server would have after the apply, whole, without what a sync removes. Missing without a passed dry run. */
  readonly predicted?: KubeObject;
  /** The two states that were compared, without what is ignored; left out where they are the same to the last field. */
  readonly compared?: { readonly live: KubeObject; readonly predicted: KubeObject };
  readonly hook: boolean;
  /** Missing for hooks and for what does not count (skipped, or a copy that carries another object's tracking id). */
  readonly status?: SyncCode;
  /** Why the status is Unknown. */
  readonly message?: string;
  /** The AppProject forbids it: it was neither read nor tried, and is not to be touched. `message` says why. */
  readonly forbidden?: boolean;
  /** An apply would change more than what is ignored. */
  readonly modified: boolean;
  /** An apply would change who owns fields, if nothing else. */
  readonly ownershipChanges: boolean;
  /** Git no longer has it, and its tracking id names this Application. */
  readonly requiresPruning: boolean;
  readonly syncWave: number;
  readonly dryRun: DryRun;
  /** The other Application that live's tracking id names. */
  readonly sharedWith?: string;
  /** A merge patch that removes what others added inside the object (design 5.2); left out when there is nothing. */
  readonly removals?: JsonObject;
  /** Field managers of live whose fields become ours (design 5.1). */
  readonly adopts: readonly string[];
}

/** The destination namespace, when `CreateNamespace=true` has to make or label it. */
export interface NamespaceTarget {
  readonly target: KubeObject;
  readonly live?: KubeObject;
  readonly modified: boolean;
  /** Why it could not be read or tried: a sync fails by it. */
  readonly failure?: string;
}

export interface Comparison {
  readonly status: SyncCode;
  readonly differences: readonly Difference[];
  /** RepeatedResourceWarning, SharedResourceWarning, ComparisonError … without a time. */
  readonly conditions: readonly Condition[];
  readonly namespace?: NamespaceTarget;
}
