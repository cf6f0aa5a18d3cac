// One step of an operation: judge what runs, then run what is next (Argo CD: pkg/sync/sync_context.go, Sync).

import { syncOption } from '../application/parse.ts';
import type { HealthStatus, SyncPhase } from '../application/types.ts';
import { mapConcurrent } from '../base/concurrency.ts';
import type { KubeObject } from '../kube/object.ts';
import type { SyncActions } from './actions.ts';
import type { SyncState } from './execute.ts';
import { hookVerdict } from './hook-verdict.ts';
import type { SyncPlan } from './plan.ts';
import {
  createProgress,
  isCompleted,
  isDeletedFirst,
  isPending,
  isRunning,
  onePerObject,
  type TaskState,
} from './progress.ts';
import { current, needsConfirmation, type RunContext, releaseHook, runTasks } from './run-tasks.ts';
import {
  describeTask,
  hasDeletePolicy,
  isHookTask,
  isNamespace,
  isPrune,
  type SyncTask,
  taskWithLive,
} from './task.ts';
import { endHooks } from './terminate.ts';
import { isLeftOut } from './unchanged.ts';

export interface StepContext {
  readonly actions: SyncActions;
  readonly healthOf: (object: KubeObject) => HealthStatus | undefined;
  readonly concurrency: number;
  /** Asked after each wave that was applied: why the operation cannot go on, if so (Argo CD: SyncWaveHook). */
  readonly afterWave?: (wave: { phase: SyncPhase; wave: number; isLast: boolean }) => Promise<string | undefined>;
}

/** What has to happen before another step makes sense: nothing, when it can follow at once. */
export interface Waiting {
  readonly until: 'health' | 'deletion' | 'confirmation';
  readonly tasks: readonly SyncTask[];
}

export interface StepOutcome extends SyncState {
  /** With what is live now. */
  readonly plan: SyncPlan;
  readonly waiting?: Waiting;
}

interface Step extends RunContext {
  readonly plan: SyncPlan;
  readonly context: StepContext;
}

type End = Pick<StepOutcome, 'phase' | 'message' | 'waiting'>;

/** Takes the results of the steps before, so that any process can take any step. */
export async function advanceSync(
  plan: SyncPlan,
  recorded: SyncState['results'],
  context: StepContext,
): Promise<StepOutcome> {
  const progress = createProgress(plan, recorded);
  const step: Step = { plan, context, progress, settings: plan.settings, ...context };
  const end = await takeStep(step);
  return { ...end, results: progress.results(), plan: progress.plan() };
}

async function takeStep(step: Step): Promise<End> {
  const { plan, progress } = step;
  if (plan.refusal !== undefined) return failed(plan.refusal);
  if (plan.problems.length > 0) return refuseInvalid(step);
  if (!progress.hasStarted()) {
    const end = await validateAll(step);
    if (end) return end;
  }
  judgeRunning(step);

  const isMultiStep = hasSeveralSteps(progress.states) || waitsForHealth(plan);
  const running = progress.states.filter((state) => (isMultiStep || isHookTask(state.task)) && isRunning(state));
  if (running.length > 0) {
    await reportVanished(running, step);
    return waitFor(running, false, step);
  }
  const terminating = progress.states.filter(
    ({ status, live }) => status === 'Pruned' && live?.metadata.deletionTimestamp,
  );
  if (terminating.length > 0) return waitFor(terminating, true, step);

  await releaseFinishedHooks(step);
  return runNext(step);
}

/** Nothing runs when one task cannot be valid; distinct reasons are named. */
function refuseInvalid({ plan, progress }: Step): End {
  for (const { task, message } of plan.problems) {
    // A task is replaced as its live object becomes known; its target stays.
    const state = progress.states.find(
      (candidate) => candidate.task.target === task.target && candidate.task.phase === task.phase,
    );
    if (state) progress.record(state, 'SyncFailed', undefined, message);
  }
  const reasons = progress
    .results()
    .flatMap(({ status, message }) => (status === 'SyncFailed' && message ? message : []));
  const text = 'one or more synchronization tasks are not valid';
  return failed(reasons.length > 0 ? `${text}: ${[...new Set(reasons)].sort().join('; ')}` : text);
}

/** The dry run of everything, once an operation. The destination namespace is made before: without it nothing in it can be tried. */
async function validateAll(step: Step): Promise<End | undefined> {
  const { progress, settings } = step;
  let states: readonly TaskState[] = progress.states.filter(isPending);
  const namespace = states.find(({ live, task }) => !live && isNamespace(task.target, settings.namespace));
  if (namespace) {
    if ((await runTasks([namespace], false, step)) === 'failed') {
      return runSyncFail([], [namespace], 'the namespace failed to apply', step);
    }
    states = states.filter((state) => state !== namespace);
  }
  const result = await runTasks(outOfSync(states, step), true, step);
  return result === 'failed' ? failed('one or more objects failed to apply (dry run)') : undefined;
}

/** What runs and is live is judged by its health. Kinds without a check have succeeded by being applied. */
function judgeRunning({ progress, context }: Step): void {
  for (const state of progress.states) {
    if (!isRunning(state) || !state.live) continue;
    const health = context.healthOf(state.live);
    if (isHookTask(state.task)) {
      const { phase, message } = hookVerdict(state.live, health);
      progress.record(state, state.status, phase, message);
    } else if (!health || health.status === 'Healthy') {
      progress.record(state, state.status, 'Succeeded', health ? (health.message ?? '') : state.message);
    } else if (health.status === 'Degraded') {
      progress.record(state, state.status, 'Failed', health.message ?? '');
    }
  }
}

/** Who waits for an object that somebody deleted would wait for ever. */
async function reportVanished(running: readonly TaskState[], { progress, actions, concurrency }: Step): Promise<void> {
  const unseen = running.filter(({ live }) => !live);
  await mapConcurrent(unseen, concurrency, async (state) => {
    progress.see(state, await actions.read(current(state)));
    if (state.live) return;
    const message = `Resource ${describeTask(state.task)} is missing, it might have been deleted`;
    progress.record(state, 'SyncFailed', 'Error', message);
  });
}

async function releaseFinishedHooks({ progress, actions, concurrency }: Step): Promise<void> {
  const finished = progress.states.filter((state) => isHookTask(state.task) && isCompleted(state) && state.live);
  await mapConcurrent(onePerObject(finished), concurrency, async (state) => {
    const failure = await releaseHook(state, progress, actions);
    if (failure === undefined) return;
    progress.record(state, state.status, 'Error', `Failed to remove hook finalizer: ${failure}`);
  });
}

async function runNext(step: Step): Promise<End> {
  const { progress } = step;
  const deletable = (policy: 'HookSucceeded' | 'HookFailed') =>
    progress.states.filter((state) => state.live && !isRunning(state) && hasDeletePolicy(state.task, policy));
  const onSuccess = deletable('HookSucceeded');
  const onFailure = deletable('HookFailed');
  const syncFail = progress.states.filter(({ task }) => task.phase === 'SyncFail');
  const regular = progress.states.filter(({ task }) => task.phase !== 'SyncFail');

  if (regular.some((state) => isCompleted(state) && state.phase !== 'Succeeded')) {
    await deleteHooks(onFailure, step);
    const reasons = regular.filter(({ status }) => status === 'SyncFailed');
    return runSyncFail(syncFail, reasons, 'one or more synchronization tasks completed unsuccessfully', step);
  }
  const pending = outOfSync(regular.filter(isPending), step);
  const [first] = pending;
  if (!first) {
    await deleteHooks(onSuccess, step);
    return succeeded('successfully synced (no more tasks)');
  }
  const isNow = ({ task }: TaskState) => task.phase === first.task.phase && task.wave === first.task.wave;
  const now = pending.filter(isNow);
  const hasMore = now.length < pending.length;
  const result = await runTasks(now, false, step);
  const { phase, wave } = first.task;
  const refused = result === 'failed' ? undefined : await step.context.afterWave?.({ phase, wave, isLast: !hasMore });
  if (refused !== undefined) {
    await endHooks(progress, step.context);
    await deleteHooks(onFailure, step);
    return { phase: 'Error', message: `SyncWaveHook failed: ${refused}` };
  }
  if (result === 'failed') return afterFailure(now, syncFail, onFailure, step);
  if (result === 'pending') {
    const undone = now.filter((state) => isDeletedFirst(state) || (isPrune(state.task) && isPending(state)));
    return waitFor(undone, true, step);
  }
  // What the last wave applied may get healthy or not: without hooks nobody waits for it, unless that was asked for.
  if (!hasMore && !now.some(({ task }) => isHookTask(task)) && !waitsForHealth(step.plan)) {
    await deleteHooks(onSuccess, step);
    return succeeded('successfully synced (all tasks run)');
  }
  return waitFor(now, false, step);
}

/** Hooks that run are waited for; then the SyncFail hooks have their turn. */
async function afterFailure(
  now: readonly TaskState[],
  syncFail: readonly TaskState[],
  onFailure: readonly TaskState[],
  step: Step,
): Promise<End> {
  const message = 'one or more objects failed to apply';
  const reasons = now.filter(({ status }) => status === 'SyncFailed');
  const running = now.filter(isRunning);
  if (running.length === 0) {
    const end = await runSyncFail(syncFail, reasons, message, step);
    if (end.phase !== 'Running') await deleteHooks(onFailure, step);
    return end;
  }
  if (syncFail.length === 0) return waitFor(running, false, step);
  const end = await runSyncFail(syncFail, reasons, message, step);
  return waitFor(end.phase === 'Running' ? [...running, ...syncFail] : running, false, step);
}

async function runSyncFail(
  hooks: readonly TaskState[],
  reasons: readonly TaskState[],
  text: string,
  step: Step,
): Promise<End> {
  const message = withReasons(text, reasons);
  if (hooks.length === 0) return failed(message);
  if (hooks.every(isCompleted)) {
    const broken = hooks.filter(({ status }) => status === 'SyncFailed');
    if (broken.length === 0) return failed(message);
    return failed(`${message}\n${withReasons('one or more SyncFail hooks failed', broken)}`);
  }
  const pending = hooks.filter((state) => !isCompleted(state) && !isRunning(state));
  await runTasks(pending, false, step);
  return waitFor(pending, false, step);
}

async function deleteHooks(states: readonly TaskState[], { progress, actions, concurrency }: Step): Promise<void> {
  await mapConcurrent(onePerObject(states), concurrency, async (state) => {
    const result = await actions.deleteHook(current(state));
    if (result.failed) progress.record(state, state.status, 'Error', `failed to delete resource: ${result.message}`);
    else progress.see(state, result.live);
  });
}

/** ApplyOutOfSyncOnly: what is as Git says is left out altogether. */
function outOfSync(states: readonly TaskState[], { settings }: Step): readonly TaskState[] {
  return states.filter(({ task, live }) => !isLeftOut(task, live, settings));
}

function hasSeveralSteps(states: readonly TaskState[]): boolean {
  const [first, last] = [states[0]?.task, states.at(-1)?.task];
  return first?.wave !== last?.wave || first?.phase !== last?.phase;
}

/** hawser's own option: a sync has succeeded only when everything that it applied is healthy, the last wave too. */
function waitsForHealth({ settings }: SyncPlan): boolean {
  return !settings.dryRun && syncOption(settings.syncOptions, 'WaitForHealth') === 'true';
}

function withReasons(text: string, states: readonly TaskState[]): string {
  const reasons = [...new Set(states.map(({ message }) => message))];
  return reasons.length > 0 ? `${text}, reason: ${reasons.join(',')}` : text;
}

/** Names one of those that are waited for, hooks first (Argo CD: setRunningPhase). */
function waitFor(states: readonly TaskState[], isDeletion: boolean, { settings }: Step): End {
  const hooks = states.filter(({ task }) => isHookTask(task));
  const resources = states.filter(({ task }) => !isHookTask(task));
  const unconfirmed = states.filter(({ task, live }) => isPrune(task) && needsConfirmation(live, settings));
  const named = unconfirmed.length > 0 ? unconfirmed : states;
  const first = (unconfirmed[0] ?? hooks[0] ?? resources[0])?.task;
  if (!first) return { phase: 'Running', message: '' };

  let what = hooks.length > 0 ? 'completion of hook' : 'healthy state of';
  if (isDeletion) what = hooks.length > 0 ? 'deletion of hook' : 'deletion of';
  if (unconfirmed.length > 0) what = 'pruning confirmation of';
  const more = named.length - 1;
  const kind = resources.length > 0 ? 'resources' : 'hooks';
  const message = `waiting for ${what} ${describeTask(first)}${more > 0 ? ` and ${more} more ${kind}` : ''}`;
  const until = unconfirmed.length > 0 ? 'confirmation' : isDeletion ? 'deletion' : 'health';
  const tasks = states.flatMap(({ task, live }) => taskWithLive(task, live) ?? []);
  return { phase: 'Running', message, waiting: { until, tasks } };
}

function failed(message: string): End {
  return { phase: 'Failed', message };
}

function succeeded(message: string): End {
  return { phase: 'Succeeded', message };
}
