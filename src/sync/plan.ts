// The order of a sync as a value: phases, waves, kinds, names (Argo CD: gitops-engine pkg/sync).

import type { Difference, NamespaceTarget } from '../application/difference.ts';
import type { SyncPhase, SyncRequest } from '../application/types.ts';
import type { KubeObject } from '../kube/object.ts';

export interface SyncSettings {
  /** The destination namespace. */
  readonly namespace: string;
  readonly revision: string;
  /** RFC 3339: the operation's start. Names of hooks with a generateName follow from it. */
  readonly startedAt: string;
  readonly prune: boolean;
  readonly dryRun: boolean;
  /** Delete and create again what cannot be applied. */
  readonly force: boolean;
  /** A sync of chosen resources, or by strategy `apply`. */
  readonly skipHooks: boolean;
  /** Only these objects. */
  readonly resources?: SyncRequest['resources'];
  /** `syncPolicy.syncOptions` or those of the operation. */
  readonly syncOptions: readonly string[];
  /** The Application's `deletion-approved` annotation is newer than the operation. */
  readonly pruneConfirmed: boolean;
}

export interface SyncInput {
  readonly differences: readonly Difference[];
  readonly namespace?: NamespaceTarget;
  readonly settings: SyncSettings;
}

/** One object in one phase. At least one of target and live is there; without a target it is a prune. */
export interface SyncTask {
  readonly phase: SyncPhase;
  readonly wave: number;
  readonly target?: KubeObject;
  readonly live?: KubeObject;
  readonly hook: boolean;
  /** The kind comes into being by this very sync. */
  readonly skipDryRun: boolean;
  /** Where this came from; missing for hooks and for the destination namespace. */
  readonly difference?: Difference;
}

export interface SyncPlan {
  /** In order of execution. */
  readonly tasks: readonly SyncTask[];
  /** Why nothing may be run, by task; empty when the plan is valid. */
  readonly problems: readonly { readonly task: SyncTask; readonly message: string }[];
  readonly settings: SyncSettings;
}

export function planSync(input: SyncInput): SyncPlan {
  return { tasks: [], problems: [], settings: input.settings };
}
