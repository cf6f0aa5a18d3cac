// Carrying out a plan, one re-entrant step after another (design 5.7).

import type { HealthStatus, OperationPhase, ResourceResult } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import type { SyncPlan } from './plan.ts';

export interface SyncState {
  readonly phase: OperationPhase;
  readonly message: string;
  readonly results: readonly ResourceResult[];
}

export interface SyncOutcome extends SyncState {
  /** A newer push came: the sync stopped between two steps, and its phase is Failed. */
  readonly superseded: boolean;
}

export interface SyncRun {
  readonly client: KubeClient;
  readonly healthOf: (object: KubeObject) => HealthStatus | undefined;
  /** Results of earlier calls for the same operation: what they name is not done again. */
  readonly recorded: readonly ResourceResult[];
  /** How long this call may wait for hooks and health; afterwards it returns Running and is to be called again. */
  readonly waitMs: number;
  /** Called after each step, before the next; a crash between two of them loses at most one step's record. */
  readonly onStep?: (state: SyncState) => Promise<void>;
  /** Asked between steps. Hooks that run are waited for first. */
  readonly isSuperseded?: () => boolean | Promise<boolean>;
  /** Asked between steps: the operation was terminated; hooks that run are deleted. */
  readonly isTerminating?: () => boolean | Promise<boolean>;
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
}

/** Runs until the operation ends (Succeeded, Failed, Error) or the wait's bound is reached (Running). */
export async function executeSync(_plan: SyncPlan, _run: SyncRun): Promise<SyncOutcome> {
  throw new HawserError('Unsupported', 'syncing is not there yet');
}
