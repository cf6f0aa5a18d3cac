// Judging one Application now, with what its delivery shares with others: projects, settings and readers.

import type { Application } from '../application/types.ts';
import { formatError, HawserError, isHawserError } from '../base/errors.ts';
import { isPassing } from './compare-application.ts';
import type { Concern, PushedBranch } from './delivery.ts';
import { isAwaited, type Judgement, judge } from './judge.ts';
import { pendingOperation } from './pending-operation.ts';
import { isZeroCommit } from './push.ts';
import type { Road } from './road.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * An operation has commits of its own, or ends with what is wrong: it is taken up even where the Application cannot be judged, because a
 * branch or a repository is gone.
 */
export async function judgeForWork(road: Road, surroundings: Surroundings, app: Application, concern: Concern) {
  try {
    const judged = await judgeWith(road, surroundings, app, concern);
    const { resolved, problems } = judged.judgement;
    return { ...judged, isToBeDone: resolved !== undefined || problems !== undefined };
  } catch (caught) {
    const error = concern.branch ? explainDeleted(caught, concern.branch) : caught;
    if (!isHawserError(error) || isPassing(error) || !pendingOperation(app)) throw error;
    const [project, reader] = await Promise.all([surroundings.project(app.spec.project), surroundings.reader()]);
    const judgement: Judgement = { verdict: 'error', reason: formatError(error), paths: [] };
    return { reader, project, judgement, isToBeDone: true };
  }
}

/** Said where the push itself told of it. */
function explainDeleted(error: unknown, { ref, after }: PushedBranch): unknown {
  if (!isHawserError(error, 'RevisionNotFound') || !isZeroCommit(after)) return error;
  const { message, hint, place, data } = error;
  const branch = ref.replace(/^refs\/heads\//, '');
  return new HawserError('RevisionNotFound', `the branch ${branch} was deleted; nothing is pruned (${message})`, {
    ...{ data, cause: error },
    ...(hint !== undefined && { hint }),
    ...(place && { place }),
  });
}

/** Where a Git server wants credentials, a Secret that was made this very moment may have them. */
export async function judgeWith(
  road: Road,
  surroundings: Surroundings,
  app: Application,
  concern: Concern,
  always = concern.always || isAwaited(app),
) {
  const [project, reader] = await Promise.all([
    surroundings.project(app.spec.project),
    surroundings.reader(),
    surroundings.settings(),
  ]);
  await knowDestination(road, surroundings, app);
  const input = {
    app,
    project,
    always,
    isPending: always && pendingOperation(app) !== undefined,
    ...(concern.revision && { revision: concern.revision }),
    ...(concern.after && { after: concern.after }),
    ...(concern.isPush && { isPush: true }),
    signal: road.stopping,
  };
  try {
    return { reader, project, judgement: await judge(road, { ...input, reader }) };
  } catch (error) {
    if (!isHawserError(error, 'GitUnauthorized')) throw error;
    const freshReader = await surroundings.freshReader();
    return { reader: freshReader, project, judgement: await judge(road, { ...input, reader: freshReader }) };
  }
}

/** A cluster that no Secret named a moment ago may have one by now. */
export async function knowDestination(
  { clusters }: Road,
  surroundings: Surroundings,
  { spec }: Application,
): Promise<void> {
  try {
    clusters.find(spec.destination);
  } catch (error) {
    if (!isHawserError(error, 'InvalidInput')) throw error;
    await surroundings.freshReader();
  }
}
