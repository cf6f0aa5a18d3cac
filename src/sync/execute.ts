// Carrying out a plan, one re-entrant step after another (design 5.7).

import type { HealthStatus, OperationPhase, ResourceResult } from '../application/types.ts';
import { DEFAULT_CONCURRENCY, mapConcurrent } from '../base/concurrency.ts';
import { isEqualJson } from '../base/equal.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { createClusterActions } from './cluster-actions.ts';
import { hookVerdict } from './hook-verdict.ts';
import type { SyncPlan } from './plan.ts';
import { createProgress, isRunning } from './progress.ts';
import { advanceSync, type StepContext, type StepOutcome, type Waiting } from './step.ts';
import { isHookTask, isPrune, objectKey, taskWithLive } from './task.ts';
import { terminateSync } from './terminate.ts';
import { type News, waitForNews } from './wait.ts';

/** How long a finished sync waits for the next of what it pruned: a cluster's garbage collector takes some twenty a second. */
const PRUNES_MS = 10_000;

export interface SyncState {
  readonly phase: OperationPhase;
  readonly message: string;
  readonly results: readonly ResourceResult[];
}

export interface SyncOutcome extends SyncState {
  /** Objects that were written, as the API server answered or showed them last. */
  readonly written?: readonly KubeObject[];
  /** A newer push came: the sync stopped between two steps, and its phase is Failed. */
  readonly superseded: boolean;
  /** Of one that is Running still: what it waits for. */
  readonly until?: Waiting['until'] | 'permission';
}

export interface SyncRun {
  readonly client: KubeClient;
  readonly healthOf: (object: KubeObject) => HealthStatus | undefined;
  /** Results of earlier calls for the same operation: what they name is not done again. */
  readonly recorded: readonly ResourceResult[];
  /** An attempt before this one has failed: what its hooks left is looked for. */
  readonly isRetry?: boolean;
  /** How long this call may wait for hooks and health; afterwards it returns Running and is to be called again. */
  readonly waitMs: number;
  /** Called after each step that changed something; a crash between two of them loses at most one step's record. */
  readonly onStep?: (state: SyncState) => Promise<void>;
  /** Asked between steps. Hooks that run are waited for first: a migration is not cut off by the next push. */
  readonly isSuperseded?: () => boolean | Promise<boolean>;
  /** Asked between steps: the operation was terminated; hooks that run are deleted. */
  readonly isTerminating?: () => boolean | Promise<boolean>;
  /** Asked between steps: why no step may be taken now (a sync window); the call returns Running with it. */
  readonly blockedBy?: () => string | undefined;
  /** Asked after each wave: why the operation cannot go on, if so. It ends in an Error. */
  readonly afterWave?: StepContext['afterWave'];
  /** Asked for each wait. Its abort ends that wait, and the questions are asked again: something may concern the operation. */
  readonly wake?: () => AbortSignal;
  readonly concurrency?: number;
  /** Ends everything, with its reason as exception. */
  readonly signal?: AbortSignal;
}

/**
 * Runs until the operation ends (Succeeded, Failed, Error) or the wait's bound is reached (Running). What the API server refuses
 * is a result; thrown are an abort, and `Unavailable` when the cluster is lost while waiting.
 */
export async function executeSync(plan: SyncPlan, run: SyncRun): Promise<SyncOutcome> {
  const context: StepContext = {
    actions: createClusterActions(run.client, plan, run.signal),
    healthOf: run.healthOf,
    concurrency: run.concurrency ?? DEFAULT_CONCURRENCY,
    ...(run.afterWave && { afterWave: run.afterWave }),
  };
  const bound = new AbortController();
  const timer = setTimeout(() => bound.abort(), run.waitMs);
  const waitSignal = AbortSignal.any([bound.signal, ...(run.signal ? [run.signal] : [])]);
  try {
    return await runSteps(await withRecordedLives(plan, run, context), run, context, waitSignal);
  } finally {
    clearTimeout(timer);
  }
}

async function runSteps(
  planned: SyncPlan,
  run: SyncRun,
  context: StepContext,
  waitSignal: AbortSignal,
): Promise<SyncOutcome> {
  let plan = planned;
  let state: SyncState = { phase: 'Running', message: '', results: run.recorded };
  for (;;) {
    run.signal?.throwIfAborted();
    if (await run.isTerminating?.()) {
      const ended = await terminateSync(plan, state.results, context);
      await run.onStep?.(ended);
      return { ...ended, superseded: false };
    }
    if (!hasRunningHook(plan, state.results, run) && (await run.isSuperseded?.())) {
      const { results } = await terminateSync(plan, state.results, context);
      return { phase: 'Failed', message: 'superseded by a newer revision', results, superseded: true };
    }
    const message = run.blockedBy?.();
    if (message !== undefined) {
      return { phase: 'Running', message, results: state.results, superseded: false, until: 'permission' };
    }
    const outcome = await advanceSync(plan, state.results, context);
    const isNew = isProgress(state, outcome);
    const isFound = hasMoreLive(plan, outcome.plan);
    plan = outcome.plan;
    state = { phase: outcome.phase, message: outcome.message, results: outcome.results };
    if (isNew) await run.onStep?.(state);
    if (outcome.phase !== 'Running') {
      await waitForPrunes(plan, run, waitSignal);
      return { ...state, superseded: false, written: writtenObjects(planned, plan) };
    }
    // What was applied just now may be healthy already; what is being deleted is not gone by looking again.
    if ((isNew || isFound) && outcome.waiting?.until === 'health') continue;
    const wake = run.wake?.();
    const signal = wake ? AbortSignal.any([waitSignal, wake]) : waitSignal;
    const news = outcome.waiting ? await waitForNews(outcome.waiting, waitContext(run, signal)) : [];
    run.signal?.throwIfAborted();
    if (news.length === 0 && !wake?.aborted) {
      return { ...state, superseded: false, ...(outcome.waiting && { until: outcome.waiting.until }) };
    }
    plan = withNews(plan, news);
  }
}

/**
 * Nobody watches the cluster afterwards: an object that is still on its way out would be called OutOfSync until the next push.
 * What takes longer is left to its finalizers.
 */
async function waitForPrunes(plan: SyncPlan, run: SyncRun, signal: AbortSignal): Promise<void> {
  let leaving = plan.tasks.filter((task) => isPrune(task) && task.live?.metadata.deletionTimestamp);
  while (leaving.length > 0) {
    const bound = new AbortController();
    const timer = setTimeout(() => bound.abort(), PRUNES_MS);
    const context = waitContext(run, AbortSignal.any([signal, bound.signal]));
    const news = await waitForNews({ until: 'deletion', tasks: leaving }, context).finally(() => clearTimeout(timer));
    if (news.length === 0) return;
    leaving = leaving.filter((task) => !news.some((one) => one.task === task));
  }
}

function waitContext(run: SyncRun, signal: AbortSignal) {
  return { client: run.client, healthOf: run.healthOf, timeoutMs: run.waitMs, signal };
}

function isProgress(before: SyncState, after: StepOutcome): boolean {
  return (
    before.phase !== after.phase || before.message !== after.message || !isEqualJson(before.results, after.results)
  );
}

/** By what is live: a hook that has just completed is waited for no longer. */
function hasRunningHook(plan: SyncPlan, results: SyncState['results'], { healthOf }: SyncRun): boolean {
  return createProgress(plan, results).states.some((state) => {
    if (!isHookTask(state.task) || !isRunning(state)) return false;
    return !state.live || hookVerdict(state.live, healthOf(state.live)).phase === 'Running';
  });
}

/** A hook whose name was made up at the operation's start is not known to a comparison: it is read here. */
async function withRecordedLives(plan: SyncPlan, run: SyncRun, context: StepContext): Promise<SyncPlan> {
  const progress = createProgress(plan, run.recorded);
  const isKnown = (phase: OperationPhase | undefined) => phase !== undefined || run.isRetry === true;
  const unseen = progress.states.filter((state) => isKnown(state.phase) && !state.live && isHookTask(state.task));
  await mapConcurrent(unseen, context.concurrency, async (state) => {
    progress.see(state, await context.actions.read(state.task));
  });
  return progress.plan();
}

/** For every task of the objects that have news. */
function withNews(plan: SyncPlan, news: readonly News[]): SyncPlan {
  const found = new Map(news.map(({ task, live }) => [objectKey(task), { live }]));
  const tasks = plan.tasks.flatMap((task) => {
    const seen = found.get(objectKey(task));
    return seen ? (taskWithLive(task, seen.live) ?? []) : task;
  });
  return { ...plan, tasks };
}

/** What is live now, and was not when the plan was made. */
function writtenObjects(before: SyncPlan, after: SyncPlan): readonly KubeObject[] {
  const known = new Set(before.tasks.map(({ live }) => live));
  return after.tasks.flatMap(({ target, live }) => (target && live && !known.has(live) ? live : []));
}

/** An object that was thought to be missing has been found. */
function hasMoreLive(before: SyncPlan, after: SyncPlan): boolean {
  const count = ({ tasks }: SyncPlan) => tasks.filter(({ live, target }) => live && target).length;
  return count(after) > count(before);
}
