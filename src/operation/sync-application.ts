// One operation: a comparison is planned and carried out, and what came of it recorded. There is one way to sync.

import { syncOption } from '../application/parse.ts';
import type { Project } from '../application/project.ts';
import type {
  Application,
  ApplicationStatus,
  Operation,
  OperationState,
  ResourceResult,
} from '../application/types.ts';
import { formatError } from '../base/errors.ts';
import { inScope } from '../base/work-scope.ts';
import { parseGoDuration } from '../render/go/duration.ts';
import type { SourceReader } from '../source/source.ts';
import { executeSync, type SyncOutcome, type SyncRun, type SyncState } from '../sync/execute.ts';
import type { SyncPlan, SyncSettings } from '../sync/plan.ts';
import { changesNothing } from '../sync/unchanged.ts';
import { alarmName } from './alarms.ts';
import { operationId } from './application-observer.ts';
import { isPassing } from './compare-application.ts';
import { endOperation } from './end-operation.ts';
import { keepGenerated } from './generated-values.ts';
import { traceOf, withTrace } from './operation-trace.ts';
import { planOf } from './plan-of-operation.ts';
import { clientFor, formatTime, keyOfApplication, type Road } from './road.ts';
import { type OpenOperation, openOperation } from './running-operation.ts';
import { type Compared, revisionsOf, sourcesForRecord, statusOfComparison } from './status.ts';
import { createStepRecorder, type StepRecorder } from './step-recorder.ts';
import { createChildWaker } from './wake-children.ts';
import { BLOCKED, operationVerdict } from './window-rules.ts';

export interface SyncApplication {
  readonly app: Application;
  /** The same with the operation's own sources, where it has some. */
  readonly subject: Application;
  readonly project: Project | undefined;
  readonly operation: Operation;
  readonly compared: Compared;
  /** When a new operation starts (Intent.askedAtMs). */
  readonly askedAtMs: number;
  /** It is at commits or sources of its own: afterwards the Application is compared with those of its spec. */
  readonly isPinned: boolean;
  readonly reader: SourceReader;
  /** The operation was requested on the object, and is taken up with the first record. */
  readonly takeOperation: boolean;
  readonly isSuperseded: () => boolean;
  /** Somebody has asked for its end: nothing but that is done. */
  readonly isTerminating?: boolean;
  /** What an earlier call did of this very operation. */
  readonly earlier?: EarlierSteps;
  readonly signal?: AbortSignal;
}

export interface EarlierSteps {
  readonly startedAt: string;
  readonly recorded: readonly ResourceResult[];
  readonly retryCount?: number;
}

/** Of the option WaitForHealth, without WaitForHealthTimeout. */
const HEALTH_TIMEOUT = '5m';

/**
 * Carries the operation out and gives the Application as it then is: ended, or Running with an alarm for its next step or attempt. What
 * fails is in its status; thrown is only what may be tried again (a cluster is away), and an abort.
 */
export function syncApplication(road: Road, input: SyncApplication): Promise<Application> {
  const { scope } = road.platform;
  const startedAt = input.earlier?.startedAt ?? formatTime(input.askedAtMs);
  const operation = withTrace(road.platform, input.operation);
  const { username } = operation.initiatedBy ?? {};
  const fields = { operation: operationId(input.app, startedAt), ...(username && { user: username }) };
  const context = { trace: traceOf(operation), fields };
  return inScope(scope, context, () => carryOut(road, { ...input, operation }, startedAt));
}

async function carryOut(road: Road, input: SyncApplication, startedAt: string): Promise<Application> {
  const { app, takeOperation } = input;
  const begun = beginOperation(input, startedAt);
  const open = openOperation(road, app, input.project);
  const recorder = createStepRecorder(road, app, open.see);
  try {
    // The first record and the first step go out together: a crash between them loses nothing, since the push is still recorded
    // and every step may be done again. A requested operation is recorded first: until then somebody else may take it up.
    // One that has nothing to write is over at once: it is taken up with the record of its end.
    const state = begun.operationState;
    const plan = planOf(road, input, state.startedAt);
    if (takeOperation && changesNothing(plan)) recorder.owe({ takeOperation });
    else if (takeOperation) await recorder.store(begun, { takeOperation });
    else await recorder.begin(begun);
    const onStep = (step: SyncState) => recorder.begin({ ...begun, operationState: withStep(state, step) });
    const outcome = await runPlan(road, input, plan, state, open, onStep);
    const done = withStep(state, outcome);
    if (outcome.phase === 'Running') {
      return await pauseOperation(road, { ...begun, operationState: done }, outcome, open, recorder);
    }
    return await endOperation(road, input, done, outcome, recorder, open.isEnding() || input.isTerminating === true);
  } finally {
    open.close();
  }
}

function withStep(state: OperationState, { phase, message, results }: SyncState): OperationState {
  return { ...state, phase, message, syncResult: { ...state.syncResult, resources: results } };
}

function beginOperation({ app, subject, operation, compared, earlier }: SyncApplication, startedAt: string) {
  const recorded = earlier?.recorded ?? [];
  const { managedNamespaceMetadata } = app.spec.syncPolicy ?? {};
  const state: OperationState = {
    operation,
    phase: 'Running',
    message: earlier?.retryCount ? `Retrying operation. Attempt #${earlier.retryCount}` : 'syncing',
    startedAt,
    ...(earlier?.retryCount !== undefined && { retryCount: earlier.retryCount }),
    syncResult: {
      ...revisionsOf(subject, compared.resolved),
      ...sourcesForRecord(subject),
      ...(recorded.length > 0 && { resources: recorded }),
      ...(managedNamespaceMetadata && { managedNamespaceMetadata }),
    },
  };
  const status = statusOfComparison(app, compared, startedAt);
  const conditions = (status.conditions ?? []).filter(({ type }) => type !== 'SyncHeld');
  return { ...status, conditions, operationState: state };
}

async function runPlan(
  road: Road,
  input: SyncApplication,
  plan: SyncPlan,
  state: OperationState,
  open: OpenOperation,
  onStep: (step: SyncState) => Promise<void>,
): Promise<SyncOutcome> {
  const { app, operation, compared, signal, isSuperseded } = input;
  const { clock, alarms } = road.platform;
  const windowAlarm = alarmName('window', app);
  let results = input.earlier?.recorded ?? [];
  try {
    const limit = healthLimit(road, input, plan.settings);
    // Kept first: what was applied and then forgotten would be another password at the next render.
    if (!operation.sync?.dryRun) await keepGenerated(road, app, compared.generated);
    const { nextChangeMs } = operationVerdict(open.windows(), state, clock.now());
    if (nextChangeMs !== undefined) await alarms.set(windowAlarm, nextChangeMs);
    const wakeChildren = createChildWaker(road, app, results);
    const run: SyncRun = {
      client: clientFor(road, app.spec.destination),
      healthOf: road.argo.healthOf,
      recorded: results,
      isRetry: (input.earlier?.retryCount ?? 0) > 0,
      waitMs: Math.min(road.waitMs, limit.waitMs),
      // The end of the last step is recorded with the end of the operation.
      onStep: async (step) => {
        results = step.results;
        wakeChildren(step.results);
        if (step.phase === 'Running') await onStep(step);
      },
      isSuperseded,
      isTerminating: async () => (await open.isTerminating()) || input.isTerminating === true,
      blockedBy: () => (operationVerdict(open.windows(), state, clock.now()).allowed ? undefined : BLOCKED),
      wake: open.wake,
      ...(signal && { signal }),
    };
    const outcome = await executeSync(plan, run);
    if (nextChangeMs !== undefined && outcome.until !== 'permission') await alarms.cancel(windowAlarm);
    if (outcome.phase !== 'Running' || outcome.until !== 'health' || clock.now() < limit.untilMs) return outcome;
    const ended = await executeSync(plan, { ...run, recorded: outcome.results, isTerminating: () => true });
    const message = `not everything was healthy within ${limit.text}: ${outcome.message}`;
    return { phase: 'Failed', message, results: ended.results, superseded: false };
  } catch (error) {
    // What may be tried again leaves the operation Running, as far as it was recorded.
    if (signal?.aborted || isPassing(error)) throw error;
    return { phase: 'Error', message: formatError(error), results, superseded: false };
  }
}

/**
 * The bound of `WaitForHealth=true`, from the first call of an attempt on; another process begins anew. Throws `InvalidInput` for a
 * WaitForHealthTimeout that is no duration.
 */
function healthLimit(
  { platform, healthLimits }: Road,
  { app, earlier }: SyncApplication,
  { syncOptions }: SyncSettings,
) {
  if (syncOption(syncOptions, 'WaitForHealth') !== 'true') {
    return { text: '', waitMs: Number.POSITIVE_INFINITY, untilMs: Number.POSITIVE_INFINITY };
  }
  const text = syncOption(syncOptions, 'WaitForHealthTimeout') ?? HEALTH_TIMEOUT;
  const nowMs = platform.clock.now();
  const isGoneOnWith = earlier !== undefined && earlier.recorded.length > 0;
  const begun = isGoneOnWith ? healthLimits.get(keyOfApplication(app)) : undefined;
  const untilMs = begun ?? nowMs + Number(parseGoDuration(text)) / 1e6;
  healthLimits.set(keyOfApplication(app), untilMs);
  return { text, waitMs: Math.max(0, untilMs - nowMs), untilMs };
}

/** It stays Running. Who waits for a confirmation is woken by it; for anything else an alarm is set. */
async function pauseOperation(
  road: Road,
  status: ApplicationStatus & { readonly operationState: OperationState },
  { until }: SyncOutcome,
  open: OpenOperation,
  recorder: StepRecorder,
): Promise<Application> {
  const { clock, alarms } = road.platform;
  const paused = await recorder.store(status);
  if (until === 'permission') {
    // The time in which nothing may be done does not count.
    road.healthLimits.delete(keyOfApplication(paused));
    const { nextChangeMs } = operationVerdict(open.windows(), status.operationState, clock.now());
    if (nextChangeMs !== undefined) await alarms.set(alarmName('window', paused), nextChangeMs);
  } else if (until !== 'confirmation') {
    await alarms.set(alarmName('continue', paused), clock.now());
  }
  return paused;
}
