// Ending an operation before its time: hooks that run are deleted (Argo CD: pkg/sync/sync_context.go, Terminate).

import { mapConcurrent } from '../base/concurrency.ts';
import type { SyncState } from './execute.ts';
import { hookVerdict } from './hook-verdict.ts';
import type { SyncPlan } from './plan.ts';
import { createProgress, isCompleted, isRunning, onePerObject, type Progress, type TaskState } from './progress.ts';
import { current, releaseHook } from './run-tasks.ts';
import type { StepContext } from './step.ts';
import { hasDeletePolicy, isHookTask } from './task.ts';

/** What was applied stays as it is. */
export async function terminateSync(
  plan: SyncPlan,
  recorded: SyncState['results'],
  context: StepContext,
): Promise<SyncState> {
  const progress = createProgress(plan, recorded);
  const isClean = await endHooks(progress, context);
  return {
    phase: isClean ? 'Failed' : 'Error',
    message: isClean ? 'Operation terminated' : 'Operation termination had errors',
    results: progress.results(),
  };
}

/** Lets go of the hooks that have ended, and deletes those that run. False when something went wrong. */
export async function endHooks(progress: Progress, context: StepContext): Promise<boolean> {
  const hooks = progress.states.filter(({ task }) => isHookTask(task));
  await mapConcurrent(onePerObject(hooks.filter(isCompleted)), context.concurrency, (state) =>
    release(state, progress, context),
  );
  const ended = await mapConcurrent(hooks.filter(isRunning), context.concurrency, (state) =>
    endHook(state, progress, context),
  );
  return ended.every(Boolean);
}

/** False when something went wrong. A hook that has just completed keeps its own result. */
async function endHook(state: TaskState, progress: Progress, context: StepContext): Promise<boolean> {
  if (!state.live) progress.see(state, await context.actions.read(current(state)));
  if (!state.live) {
    progress.record(state, state.status, 'Succeeded', 'Terminated');
    return true;
  }
  const verdict = hookVerdict(state.live, context.healthOf(state.live));
  if (!(await release(state, progress, context))) return false;
  if (state.live && (verdict.phase === 'Running' || hasDeletePolicy(state.task, 'HookFailed'))) {
    const result = await context.actions.deleteHook(current(state));
    if (result.failed) {
      progress.record(state, state.status, 'Failed', `Failed to delete: ${result.message}`);
      return false;
    }
  }
  if (verdict.phase === 'Running') progress.record(state, state.status, 'Failed', 'Terminated');
  else progress.record(state, state.status, verdict.phase, verdict.message);
  return true;
}

async function release(state: TaskState, progress: Progress, { actions }: StepContext): Promise<boolean> {
  const failure = await releaseHook(state, progress, actions);
  if (failure === undefined) return true;
  progress.record(state, state.status, 'Error', `Failed to remove hook finalizer: ${failure}`);
  return false;
}
