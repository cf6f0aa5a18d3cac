// One intent for one Application, from the judgement on: compare, record, and sync where that was asked for or is automated.

import { isAutomated } from '../application/parse.ts';
import type { Application, Condition, Operation, OperationState } from '../application/types.ts';
import { formatError } from '../base/errors.ts';
import type { SourceReader } from '../source/source.ts';
import { decideAutoSync } from './auto-sync.ts';
import { compareApplication, conditionOf, isPassing, resolveSources } from './compare-application.ts';
import type { Judgement } from './judge.ts';
import { recordStatus } from './record.ts';
import { formatTime, keyOfApplication, type Road } from './road.ts';
import {
  type Compared,
  mergeConditions,
  revisionsOf,
  sourcesForRecord,
  statusOfComparison,
  statusOfFailure,
} from './status.ts';
import { syncApplication } from './sync-application.ts';
import { watchHealth } from './watch-health.ts';

export interface Bring {
  readonly app: Application;
  readonly reader: SourceReader;
  readonly judgement: Judgement;
  /** The number of this intent: a newer one of the same Application supersedes it between two steps. */
  readonly intent: number;
  readonly signal?: AbortSignal;
}

/**
 * Does what the judgement says. What goes wrong is recorded in the Application; a passing failure (Git server or cluster away)
 * is thrown as well, so that the caller keeps the push.
 */
export async function bringApplication(road: Road, input: Bring): Promise<void> {
  const { app, judgement } = input;
  const now = formatTime(road.platform.clock.now());
  if (judgement.problems) {
    await recordStatus(road, app, statusOfFailure(app, judgement.problems, [], now));
    return;
  }
  const operation = unfinishedOperation(app);
  if (operation) return runOperation(road, input, operation);
  const compared = await compareOrRecord(road, input);
  if (!compared) return;
  const decision = decideAutoSync(
    app,
    compared.comparison,
    compared.resolved.map(({ revision }) => revision),
  );
  if ('operation' in decision) {
    const { operation } = decision;
    await finish(
      road,
      await syncApplication(road, {
        ...input,
        operation,
        compared,
        takeOperation: false,
        isSuperseded: supersededBy(road, input, compared),
      }),
      input,
    );
    return;
  }
  const status = statusOfComparison(app, compared, formatTime(road.platform.clock.now()));
  const errors: readonly Condition[] = decision.condition ? [decision.condition] : [];
  const keepsError = isAutomated(app) && compared.comparison.status === 'OutOfSync' && errors.length === 0;
  const conditions = keepsError ? status.conditions : mergeConditions(status.conditions, errors, ['SyncError'], now);
  await finish(road, await recordStatus(road, app, { ...status, ...(conditions && { conditions }) }), input);
}

/**
 * The operation that a person or a program put on the object, or one that an earlier process began and did not finish (its
 * steps may be done again). Called by whoever holds the Application's lock, so nobody else is at it.
 */
export function unfinishedOperation({ operation, status }: Application): Operation | undefined {
  return operation ?? (status.operationState?.phase === 'Running' ? status.operationState.operation : undefined);
}

async function runOperation(road: Road, input: Bring, operation: Operation): Promise<void> {
  const { app, reader, signal } = input;
  const startedAt = formatTime(road.platform.clock.now());
  try {
    const resolved = await resolveSources(app, reader, signal, operation.sync?.revision);
    const compared = await compareApplication(road, {
      app,
      reader,
      resolved,
      ...(operation.sync?.syncOptions && { syncOptions: operation.sync.syncOptions }),
      ...(signal && { signal }),
    });
    const done = await syncApplication(road, {
      ...input,
      operation,
      compared,
      takeOperation: app.operation !== undefined,
      isSuperseded: () => false,
      ...unfinishedSteps(app, compared),
    });
    await finish(road, done, input);
  } catch (error) {
    if (isPassing(error)) throw error;
    const condition = conditionOf(error);
    const state: OperationState = {
      operation,
      phase: 'Error',
      message: formatError(error),
      startedAt,
      finishedAt: formatTime(road.platform.clock.now()),
      syncResult: { ...revisionsOf(app, []), ...sourcesForRecord(app) },
    };
    const status = { ...statusOfFailure(app, [condition], [], startedAt), operationState: state };
    await recordStatus(road, app, status, { takeOperation: app.operation !== undefined });
  }
}

/** What an earlier process recorded of the operation that is taken up again, when it was at the same revision. */
function unfinishedSteps({ operation, status }: Application, { resolved }: Compared) {
  const { operationState } = status;
  if (operation || !operationState) return {};
  const { startedAt, syncResult } = operationState;
  const isSame = syncResult?.revision !== undefined && syncResult.revision === resolved[0]?.revision;
  return isSame ? { startedAt, recorded: syncResult.resources ?? [] } : {};
}

async function compareOrRecord(road: Road, input: Bring): Promise<Compared | undefined> {
  const { app, reader, judgement, signal } = input;
  const { resolved } = judgement;
  try {
    return await compareApplication(road, { app, reader, ...(resolved && { resolved }), ...(signal && { signal }) });
  } catch (error) {
    await recordFailure(road, app, error);
    if (isPassing(error)) throw error;
    return undefined;
  }
}

/** Records why an Application could not be compared. The inventory stays, so nothing is pruned. */
export async function recordFailure(road: Road, app: Application, error: unknown): Promise<void> {
  const now = formatTime(road.platform.clock.now());
  const condition = conditionOf(error);
  road.platform.log.warn('comparison failed', { application: keyOfApplication(app), reason: condition.message });
  await recordStatus(road, app, statusOfFailure(app, [condition], [], now));
}

/** A newer push of another commit came. A refresh, or a push of the same commit, waits for its turn instead. */
function supersededBy(road: Road, { app, intent }: Bring, { resolved }: Compared): () => boolean {
  return () => {
    const newest = road.newestPush.get(keyOfApplication(app));
    return (
      newest !== undefined && newest.intent > intent && !resolved.some(({ revision }) => revision === newest.after)
    );
  };
}

async function finish(road: Road, app: Application, { intent }: Bring): Promise<void> {
  const { sync, health, operationState } = app.status;
  road.platform.log.info('application compared', {
    application: keyOfApplication(app),
    sync: sync?.status,
    revision: sync?.revision,
    health: health?.status,
    operation: operationState?.phase,
  });
  if (health?.status === 'Progressing') road.platform.background(watchHealth(road, app, intent));
}
