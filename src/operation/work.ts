// The work of a delivery on one Application: one after another, judged when its turn comes, and brought to what is wanted.

import { parseApplication } from '../application/parse.ts';
import type { Application } from '../application/types.ts';
import { formatError, isHawserError, messageOf } from '../base/errors.ts';
import { tryAgainLater } from './alarms.ts';
import { bringApplication, recordFailure } from './bring.ts';
import { isPassing } from './compare-application.ts';
import { deleteApplication } from './delete-application.ts';
import type { Concern, Delivery } from './delivery.ts';
import { isAwaited, type Judgement, judge } from './judge.ts';
import { pendingOperation } from './pending-operation.ts';
import { refuseBy } from './project-rules.ts';
import type { Verdict } from './push.ts';
import { isHardRefreshAsked } from './record.ts';
import { applicationRef, keyOfApplication, type Road } from './road.ts';
import type { Surroundings } from './surroundings.ts';

export interface Work {
  readonly app: Application;
  readonly verdict: Promise<Verdict>;
  /** Never rejects. False: to be done again at the next wake. */
  readonly done: Promise<boolean>;
}

interface WorkInput {
  readonly app: Application;
  readonly concern: Concern;
  readonly delivery: Delivery;
  readonly surroundings: Surroundings;
  /** Read just now, not remembered. */
  readonly isFresh: boolean;
}

type Tell = (judgement: Pick<Judgement, 'verdict' | 'reason'> & Partial<Judgement>) => void;

const BEING_DELETED = { verdict: 'pending', reason: 'the Application is being deleted' } as const;

/** One after another per Application; the newest intent makes earlier ones that still wait unnecessary. */
export function startWork(road: Road, input: WorkInput): Work {
  const { app, concern } = input;
  const key = keyOfApplication(app);
  if (concern.settled && input.isFresh) return settledWork(road, app, concern.settled);
  road.turns.touch(key);
  // What most likely is none of its concern makes nothing unnecessary that waits.
  const intent = (road.newestIntent.get(key) ?? 0) + (concern.settled ? 0 : 1);
  road.newestIntent.set(key, intent);
  if (concern.after) announcePush(road, input, { intent, after: concern.after });
  // An operation that waits for hooks or health may be superseded, or somebody may have asked for its end.
  const running = road.running.get(key);
  running?.wake();
  if (running?.isDeletion) return settledWork(road, app, BEING_DELETED);
  const { promise: verdict, resolve } = Promise.withResolvers<Verdict>();
  const tell: Tell = (judgement) => resolve(verdictOf(road, app, judgement));
  // Whoever has to wait finds another Application than was listed.
  const isFresh = input.isFresh && road.platform.locks.isFree(key);
  const done = road.platform.locks.run(key, async () => {
    if ((road.newestIntent.get(key) ?? 0) > intent && !concern.always) {
      tell({ verdict: 'pending', reason: 'a newer push came; it is deployed instead' });
      return true;
    }
    road.inWork.add(key);
    try {
      return await workOn(road, { ...input, isFresh }, intent, tell);
    } finally {
      road.inWork.delete(key);
      road.turns.touch(key);
    }
  });
  return { app, verdict, done };
}

/** What runs is ended by a newer push only when that changes something for it: hooks are not run again for a commit next door. */
function announcePush(road: Road, input: WorkInput, newest: { readonly intent: number; readonly after: string }): void {
  const key = keyOfApplication(input.app);
  if (road.inWork.has(key)) road.background(supersedeIfAffected(road, input, newest));
  else road.newestPush.set(key, newest);
}

async function supersedeIfAffected(
  road: Road,
  { app, concern, surroundings }: WorkInput,
  newest: { readonly intent: number; readonly after: string },
): Promise<void> {
  const { namespace, name } = app.metadata;
  const key = keyOfApplication(app);
  try {
    const found = await road.home.get(applicationRef(namespace, name));
    if (!found) return;
    const { judgement } = await judgeWith(road, surroundings, parseApplication(found), concern, false);
    if (!judgement.resolved || (road.newestPush.get(key)?.intent ?? 0) > newest.intent) return;
  } catch (error) {
    if (!isHawserError(error)) throw error;
    return; // Its own turn will tell what is wrong.
  }
  road.newestPush.set(key, newest);
  road.running.get(key)?.wake();
}

async function workOn(road: Road, input: WorkInput, intent: number, tell: Tell): Promise<boolean> {
  let app = input.app;
  let concern: Concern | undefined = input.concern;
  try {
    if (!input.isFresh) {
      const { name, namespace } = app.metadata;
      const found = await road.home.get(applicationRef(namespace, name));
      if (found) app = parseApplication(found);
      concern = found && input.delivery.concernOf(app);
    }
    if (!concern) {
      tell({ verdict: 'error', reason: 'the Application was changed or deleted meanwhile' });
      return true;
    }
    if (concern.settled) {
      tell(concern.settled);
      return true;
    }
    if (app.metadata.deletionTimestamp) {
      tell(BEING_DELETED);
      road.healthWatches.get(keyOfApplication(app))?.abort();
      await finishDeletion(road, input.surroundings, app);
      return true;
    }
    const { judgement, reader, project, isToBeDone } = await judgeForWork(road, input.surroundings, app, concern);
    tell(judgement);
    if (!isToBeDone) return true;
    // Not before: what changes nothing for it lets it become healthy.
    road.healthWatches.get(keyOfApplication(app))?.abort();
    const fresh = concern.hard || isHardRefreshAsked(app);
    await bringApplication(road, { app, project, reader, judgement, intent, fresh, signal: road.stopping });
    return true;
  } catch (error) {
    // Nothing is wrong: this process is told to end, and the next one goes on from the record.
    if (road.stopping.aborted) {
      tell({ verdict: 'pending', reason: 'hawser is ending; its next start goes on' });
      return false;
    }
    const isLater = isPassing(error);
    if (isLater) await tryAgainLater(road, app);
    tell({ verdict: isLater ? 'pending' : 'error', reason: formatError(error) });
    return (await recordUnexpected(road, app, error)) && !isLater;
  }
}

/** Whatever the delivery wanted: an Application that is being deleted is brought to nothing else. */
async function finishDeletion(road: Road, surroundings: Surroundings, app: Application): Promise<void> {
  const [project] = await Promise.all([surroundings.project(app.spec.project), surroundings.settings()]);
  await knowDestination(road, surroundings, app);
  const refuse = refuseBy(project, app, road.clusters);
  await deleteApplication(road, {
    app,
    reader: surroundings.reader,
    isPermitted: (object) => refuse(object) === undefined,
    signal: road.stopping,
  });
}

/** A cluster that no Secret named a moment ago may have one by now. */
async function knowDestination({ clusters }: Road, surroundings: Surroundings, { spec }: Application): Promise<void> {
  try {
    clusters.find(spec.destination);
  } catch (error) {
    if (!isHawserError(error, 'InvalidInput')) throw error;
    await surroundings.freshReader();
  }
}

/**
 * An operation has commits of its own, or ends with what is wrong: it is taken up even where the Application cannot be judged, because a
 * branch or a repository is gone.
 */
async function judgeForWork(road: Road, surroundings: Surroundings, app: Application, concern: Concern) {
  try {
    const judged = await judgeWith(road, surroundings, app, concern);
    const { resolved, problems } = judged.judgement;
    return { ...judged, isToBeDone: resolved !== undefined || problems !== undefined };
  } catch (error) {
    if (!isHawserError(error) || isPassing(error) || !pendingOperation(app)) throw error;
    const [project, reader] = await Promise.all([surroundings.project(app.spec.project), surroundings.reader()]);
    const judgement: Judgement = { verdict: 'error', reason: formatError(error), paths: [] };
    return { reader, project, judgement, isToBeDone: true };
  }
}

/** Where a Git server wants credentials, a Secret that was made this very moment may have them. */
async function judgeWith(
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

/** What even the road did not foresee is at least written down. False when that failed, too. */
async function recordUnexpected(road: Road, app: Application, error: unknown): Promise<boolean> {
  const { log } = road.platform;
  const application = keyOfApplication(app);
  if (!isHawserError(error)) {
    log.error('work on an Application failed', {
      application,
      error: messageOf(error),
      ...(error instanceof Error && { stack: error.stack }),
    });
    return true;
  }
  try {
    await recordFailure(road, app, error);
    return true;
  } catch (failure) {
    log.error('a failure could not be recorded', { application, error: messageOf(failure) });
    return false;
  }
}

export function pendingVerdict(road: Road, app: Application): Verdict {
  return verdictOf(road, app, { verdict: 'pending', reason: 'still being looked at; the Application shows the rest' });
}

function verdictOf({ platform }: Road, app: Application, judgement: Parameters<Tell>[0]): Verdict {
  const { name } = app.metadata;
  const { verdict, reason, paths = [] } = judgement;
  return { name, verdict, reason, paths, operationUrl: `${platform.settings.externalURL ?? ''}/applications/${name}` };
}

/** Nothing is to be done. */
export function settledWork(road: Road, app: Application, judgement: Pick<Judgement, 'verdict' | 'reason'>): Work {
  return { app, verdict: Promise.resolve(verdictOf(road, app, judgement)), done: Promise.resolve(true) };
}
