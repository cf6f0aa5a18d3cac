// Running the tasks of one phase and wave (Argo CD: pkg/sync/sync_context.go, runTasks): what goes first, then kind by kind.

import { syncOptionOf } from '../application/annotations.ts';
import { hasHookFinalizer } from '../application/hook.ts';
import { syncOption } from '../application/parse.ts';
import { mapConcurrent } from '../base/concurrency.ts';
import type { ActionResult, SyncActions } from './actions.ts';
import { bringerOf, isBringer } from './foresee.ts';
import type { SyncSettings } from './plan.ts';
import { isDeletedFirst, isPending, onePerObject, type Progress, type TaskState } from './progress.ts';
import { isHookTask, isPrune, objectOf, type SyncTask, taskWithLive } from './task.ts';

export type RunState = 'successful' | 'pending' | 'failed';

export interface RunContext {
  readonly progress: Progress;
  readonly actions: SyncActions;
  readonly settings: SyncSettings;
  readonly concurrency: number;
}

interface Mode {
  readonly isDry: boolean;
  /** Failures are recorded always. */
  readonly records: boolean;
}

/** `validates` runs everything dry, and records failures only. An operation that is itself a dry run records all. */
export async function runTasks(
  states: readonly TaskState[],
  validates: boolean,
  context: RunContext,
): Promise<RunState> {
  const mode: Mode = {
    isDry: validates || context.settings.dryRun,
    records: !validates || context.settings.dryRun,
  };
  const { isDry } = mode;
  const prunes = states.filter(({ task }) => isPrune(task));
  const creates = states.filter(({ task }) => !isPrune(task));

  if (!isDry && (await releaseOldHooks(states, context))) return 'failed';
  if (prunes.some(({ live }) => needsConfirmation(live, context.settings))) return 'pending';
  if (await prune(prunes, mode, context)) return 'failed';
  if (!isDry) {
    const deleted = await deleteOldHooks(creates.filter(isDeletedFirst), context);
    if (deleted !== 'successful') return deleted;
  }
  let failed = false;
  const groups = groupByKind(creates);
  const tried = new Set<TaskState>();
  for (const [index, group] of groups.entries()) {
    if (!isDry && (await tryAwaiting(groups.slice(index).flat(), tried, context))) return 'failed';
    // The next kind is tried even when this one failed.
    if (await applyGroup(group, mode, context)) failed = true;
  }
  return failed ? 'failed' : 'successful';
}

/** `Prune=confirm`, of the live object or of the Application, as long as nobody has confirmed. */
export function needsConfirmation(live: TaskState['live'], settings: SyncSettings): boolean {
  return !settings.pruneConfirmed && pruneOption(live, settings) === 'confirm';
}

/** Why what Git no longer has stays, in Argo CD's words; undefined where it goes. */
export function pruneRefusal(live: TaskState['live'], settings: SyncSettings): string | undefined {
  if (!settings.prune) return 'ignored (requires pruning)';
  return pruneOption(live, settings) === 'false' ? 'ignored (no prune)' : undefined;
}

function pruneOption(live: TaskState['live'], settings: SyncSettings): string | undefined {
  return syncOptionOf(live, 'Prune') ?? syncOption(settings.syncOptions, 'Prune');
}

/** Finalizers that an earlier sync left on hooks would hold them for ever. True when one could not be removed. */
async function releaseOldHooks(states: readonly TaskState[], { progress, actions, concurrency }: RunContext) {
  const old = states.filter((state) => isHookTask(state.task) && isPending(state) && state.live);
  const failures = await mapConcurrent(onePerObject(old), concurrency, async (state) => {
    const failure = await releaseHook(state, progress, actions);
    if (failure === undefined) return false;
    progress.record(state, state.status, 'Error', `failed to remove hook finalizer: ${failure}`);
    return true;
  });
  return failures.some(Boolean);
}

/** Takes our finalizer from the live object, if it is there; the reason when that fails. */
export async function releaseHook(
  state: TaskState,
  progress: Progress,
  actions: SyncActions,
): Promise<string | undefined> {
  if (!state.live || !hasHookFinalizer(state.live)) return undefined;
  const result = await actions.removeHookFinalizer(current(state));
  if (result.failed) return result.message;
  progress.see(state, result.live);
  return undefined;
}

async function prune(states: readonly TaskState[], { isDry, records }: Mode, context: RunContext) {
  const { progress, actions, settings, concurrency } = context;
  const failures = await mapConcurrent(states, concurrency, async (state) => {
    const skipped = pruneRefusal(state.live, settings);
    if (skipped !== undefined) {
      if (records) progress.record(state, 'PruneSkipped', 'Succeeded', skipped);
      return false;
    }
    if (isDry) {
      if (records) progress.record(state, 'Pruned', 'Succeeded', 'pruned (dry run)');
      return false;
    }
    const result: ActionResult = state.live?.metadata.deletionTimestamp
      ? { failed: false, message: 'pruned', live: state.live }
      : await actions.prune(current(state));
    progress.see(state, result.live);
    if (result.failed) progress.record(state, 'SyncFailed', 'Failed', result.message);
    else progress.record(state, 'Pruned', 'Succeeded', result.message);
    return result.failed;
  });
  return failures.some(Boolean);
}

async function deleteOldHooks(
  states: readonly TaskState[],
  { progress, actions, concurrency }: RunContext,
): Promise<RunState> {
  const outcomes = await mapConcurrent(states, concurrency, async (state): Promise<RunState> => {
    const result = await actions.deleteHook(current(state));
    if (result.failed) {
      progress.record(state, state.status, 'Error', `failed to delete resource: ${result.message}`);
      return 'failed';
    }
    progress.see(state, result.live);
    return result.live ? 'pending' : 'successful';
  });
  if (outcomes.includes('failed')) return 'failed';
  return outcomes.includes('pending') ? 'pending' : 'successful';
}

/** Runs of one kind; the plan has them in order. */
function groupByKind(states: readonly TaskState[]): TaskState[][] {
  const groups: TaskState[][] = [];
  for (const state of states) {
    const group = groups.at(-1);
    const first = group?.[0];
    if (group && first && objectOf(first.task).kind === objectOf(state.task).kind) group.push(state);
    else groups.push([state]);
  }
  return groups;
}

/**
 * What could not be tried with all the rest is tried once its namespace and kind are there, before anything more of the wave is
 * written. True when one is refused.
 */
async function tryAwaiting(left: readonly TaskState[], tried: Set<TaskState>, context: RunContext): Promise<boolean> {
  const { progress, actions, settings, concurrency } = context;
  const tasks = progress.states.map(({ task }) => task).filter(({ target }) => isBringer(target));
  if (tasks.length === 0) return false;
  const comes = new Set(left.map(({ task }) => task));
  const ready = left.filter((state) => {
    if (tried.has(state) || state.live) return false;
    const bringer = bringerOf(state.task, tasks, settings.namespace);
    return bringer !== undefined && !comes.has(bringer);
  });
  for (const state of ready) tried.add(state);
  const failures = await mapConcurrent(ready, concurrency, async (state) => {
    const result = await actions.tryNow(current(state));
    if (result.failed) progress.record(state, 'SyncFailed', 'Failed', result.message);
    return result.failed;
  });
  return failures.some(Boolean);
}

async function applyGroup(states: readonly TaskState[], { isDry, records }: Mode, context: RunContext) {
  const { progress, actions, concurrency } = context;
  const failures = await mapConcurrent(states, concurrency, async (state) => {
    if (isDry && state.task.skipDryRun) {
      const { failed, message } = await actions.foresee(current(state));
      if (failed) progress.record(state, 'SyncFailed', 'Failed', message);
      return failed;
    }
    const result = isDry ? await actions.dryRun(current(state)) : await actions.apply(current(state));
    if (!isDry && !result.failed) progress.see(state, result.live);
    if (result.failed) progress.record(state, 'SyncFailed', 'Failed', result.message);
    else if (records) progress.record(state, 'Synced', isDry ? 'Succeeded' : 'Running', result.message);
    return result.failed;
  });
  return failures.some(Boolean);
}

/** The task with what is live now. */
export function current({ task, live }: TaskState): SyncTask {
  return taskWithLive(task, live) ?? task;
}
