// What a sync asks of the cluster: the port of the steps, so that their course can be tried without one.

import type { KubeObject } from '../kube/object.ts';
import type { SyncTask } from './task.ts';

export interface ActionResult {
  readonly failed: boolean;
  /** Shown with the result: kubectl's words, or the reason of the failure. */
  readonly message: string;
  /** The object as it is now; missing when it is gone or was not read. */
  readonly live?: KubeObject;
}

/** Failures are results, not exceptions; only an abort is thrown. `live` in the tasks is what the step knows. */
export interface SyncActions {
  /** Would the API server take it? Nothing is written. */
  dryRun(task: SyncTask): Promise<ActionResult>;
  /** As far as that can be said of an object whose kind is not there yet. */
  foresee(task: SyncTask): Promise<ActionResult>;
  /** As `dryRun`, once the namespace or kind is there that this very sync has made. */
  tryNow(task: SyncTask): Promise<ActionResult>;
  apply(task: SyncTask): Promise<ActionResult>;
  prune(task: SyncTask): Promise<ActionResult>;
  /** Lets a hook's object go. */
  removeHookFinalizer(task: SyncTask): Promise<ActionResult>;
  /** `live` is what remains, as long as finalizers or foreground deletion keep it. */
  deleteHook(task: SyncTask): Promise<ActionResult>;
  read(task: SyncTask): Promise<KubeObject | undefined>;
}
