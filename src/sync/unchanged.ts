// What a sync leaves alone because it is as Git says, and ours.

import type { KubeObject } from '../kube/object.ts';
import type { SyncPlan, SyncSettings } from './plan.ts';
import { isHookTask, type SyncTask } from './task.ts';
import { chooseVerb } from './verb.ts';

/** There is nothing to send for an apply. */
export function isUnchanged(task: SyncTask): boolean {
  const { difference } = task;
  if (!difference || isHookTask(task)) return false;
  return !difference.modified && !difference.ownershipChanges;
}

/** Nothing of the plan writes anything: no hook, no prune, no object that differs. */
export function changesNothing({ tasks, settings }: SyncPlan): boolean {
  return tasks.every((task) => {
    return task.target && task.live && isUnchanged(task) && chooseVerb(task, settings).verb === 'apply';
  });
}

/** ApplyOutOfSyncOnly: what is live and as Git says has no part in the sync. */
export function isLeftOut(task: SyncTask, live: KubeObject | undefined, { syncOptions }: SyncSettings): boolean {
  if (!syncOptions.includes('ApplyOutOfSyncOnly=true') || isHookTask(task)) return false;
  return task.target !== undefined && live !== undefined && task.difference?.modified === false;
}
