// The turn of a delivery at one Application: it is judged, taken against other processes, and brought to what is wanted.

import { parseApplication } from '../application/parse.ts';
import { isSuspended, SUSPENDED } from '../application/suspended.ts';
import type { Application } from '../application/types.ts';
import { formatError, HawserError, isHawserError, messageOf } from '../base/errors.ts';
import { inScope } from '../base/work-scope.ts';
import { tryAgainLater } from './alarms.ts';
import { metricLabelsOf } from './application-metrics.ts';
import { bringApplication, recordFailure } from './bring.ts';
import { isPassing } from './compare-application.ts';
import { deleteApplication } from './delete-application.ts';
import type { Concern } from './delivery.ts';
import { noteForcedPush } from './forced-push.ts';
import { guardedRoad } from './guarded-road.ts';
import type { Held } from './holding.ts';
import { judgeForWork, knowDestination } from './judge-now.ts';
import { refuseBy } from './project-rules.ts';
import { isHardRefreshAsked } from './record.ts';
import { applicationRef, keyOfApplication, type Road } from './road.ts';
import { isBehind, isTooEarly, tellStale } from './stale.ts';
import { createSurroundings, type Surroundings } from './surroundings.ts';
import type { Tell, WorkInput } from './work.ts';

export const BEING_DELETED = { verdict: 'pending', reason: 'the Application is being deleted' } as const;
const SUSPENDED_VERDICT = { verdict: 'suspended', reason: SUSPENDED } as const;

/** Another process that holds the Application is told of a newer commit when it does not let go of it within this. */
const ANNOUNCE_MS = 300;

export interface Turn {
  readonly intent: number;
  readonly tell: Tell;
  readonly held: Held;
  /** Another process has worked on it since the turn began: everything is looked at once more. */
  readonly isAgain?: boolean;
}

/** What was read of the Application does not count any more: another process has worked on it since. */
const OLD = new HawserError('Conflict', 'another process has worked on the Application meanwhile');

/** All that the work logs and asks says for which Application and delivery. */
export function workOn(unguarded: Road, input: WorkInput, turn: Turn): Promise<boolean> {
  const { app, delivery } = input;
  const fields = { application: keyOfApplication(app), ...(delivery.isRecorded && { delivery: delivery.id }) };
  const context = { trace: delivery.trace, fields, application: metricLabelsOf(app) };
  return inScope(unguarded.platform.scope, context, () => takeTurn(unguarded, input, turn));
}

async function takeTurn(unguarded: Road, input: WorkInput, turn: Turn): Promise<boolean> {
  const { tell, held } = turn;
  const road = guardedRoad(unguarded, held);
  /** As it was read last, and whether that was after others had worked on it. */
  const seen: Seen = { app: input.app, isAgain: false };
  try {
    return await workOnce(road, input, turn, seen).catch((error: unknown) => {
      if (error !== OLD) throw error;
      seen.isAgain = true;
      const surroundings = createSurroundings(unguarded);
      return workOnce(road, { ...input, surroundings, isFresh: false }, { ...turn, isAgain: true }, seen);
    });
  } catch (error) {
    // Nothing is wrong: this process is told to end, and the next one goes on from the record.
    if (unguarded.stopping.aborted) {
      tell({ verdict: 'pending', reason: 'hawser is ending; its next start goes on' });
      return false;
    }
    const isLost = held.signal.aborted;
    const isLater = isPassing(error) || isLost;
    if (isLater) await tryAgainLater(road, seen.app);
    const reason = isLost ? 'the Lease of the Application was lost; whoever has it next goes on' : formatError(error);
    tell({ verdict: isLater ? 'pending' : 'error', reason });
    return (await recordUnexpected(road, seen, error, held)) && !isLater;
  }
}

interface Seen {
  app: Application;
  isAgain: boolean;
}

async function workOnce(road: Road, input: WorkInput, turn: Turn, seen: Seen): Promise<boolean> {
  const { tell, held, intent, isAgain = false } = turn;
  let concern: Concern | undefined = input.concern;
  if (!input.isFresh) {
    const { name, namespace } = input.app.metadata;
    const found = await road.home.get(applicationRef(namespace, name));
    if (found) seen.app = parseApplication(found);
    concern = found && input.delivery.concernOf(seen.app);
  }
  const { app } = seen;
  const key = keyOfApplication(app);
  if (!concern) {
    tell({ verdict: 'error', reason: 'the Application was changed or deleted meanwhile' });
    return true;
  }
  if (concern.settled || isSuspended(app)) {
    tell(concern.settled ?? SUSPENDED_VERDICT);
    return true;
  }
  // The first look may have kept what it read, and with that nothing seems to have changed since.
  if (isAgain) concern = { ...concern, always: true };
  const ready = async () => {
    const { isUntouched } = await takeOver(road, held, key, concern?.after);
    if (!isUntouched && !isAgain) throw OLD;
  };
  const signal = AbortSignal.any([road.stopping, held.signal]);
  if (app.metadata.deletionTimestamp && road.platform.settings.alongside) {
    tell(BEING_DELETED);
    return true;
  }
  if (app.metadata.deletionTimestamp) {
    await ready();
    tell(BEING_DELETED);
    road.healthWatches.get(key)?.abort();
    await finishDeletion(road, input.surroundings, app, signal);
    return true;
  }
  const { branch } = concern;
  const judged = await judgeForWork(road, input.surroundings, app, concern).catch((error: unknown) => {
    if (!isTooEarly(branch, error)) throw error;
    return undefined;
  });
  if (!judged || isBehind(branch, judged.judgement.found)) {
    const reason = `the Git server does not show ${concern.after ?? 'the push'} yet; it is asked again in a moment`;
    tell({ verdict: 'pending', reason });
    await tryAgainLater(road, app);
    return false;
  }
  const { judgement, reader, project, isToBeDone } = judged;
  if (!isToBeDone) {
    tell(tellStale(judgement, branch));
    return true;
  }
  const taking = ready();
  taking.catch(() => undefined); // Whoever is about to write waits for it, and is told.
  tell(tellStale(judgement, branch));
  // Not before: what changes nothing for it lets it become healthy.
  road.healthWatches.get(key)?.abort();
  const fresh = concern.hard || isHardRefreshAsked(app);
  const askedAtMs = input.surroundings.openedAtMs;
  await bringApplication(road, {
    app,
    project,
    reader,
    judgement,
    intent,
    askedAtMs,
    fresh,
    signal,
    ready: () => taking,
  });
  const { resolved, isElsewhere } = judgement;
  if (resolved && !isElsewhere) {
    await noteForcedPush(road, { app, resolved, reader, signal, ...(branch && { branch }) });
  }
  return true;
}

/** While another process holds the Application, it is told of the newer commit, so that it gives way between two steps. */
async function takeOver({ holdings, background }: Road, held: Held, key: string, after: string | undefined) {
  const taking = held.take();
  if (after === undefined) return taking;
  const timer = setTimeout(() => background(holdings.announce(key, after)), ANNOUNCE_MS);
  try {
    return await taking;
  } finally {
    clearTimeout(timer);
  }
}

/** Whatever the delivery wanted: an Application that is being deleted is brought to nothing else. */
async function finishDeletion(
  road: Road,
  surroundings: Surroundings,
  app: Application,
  signal: AbortSignal,
): Promise<void> {
  const [project] = await Promise.all([surroundings.project(app.spec.project), surroundings.settings()]);
  await knowDestination(road, surroundings, app);
  const refuse = refuseBy(project, app, road.clusters);
  await deleteApplication(road, {
    app,
    reader: surroundings.reader,
    isPermitted: (object) => refuse(object) === undefined,
    signal,
  });
}

/** What even the road did not foresee is at least written down. False when that failed, too. */
async function recordUnexpected(road: Road, { app, isAgain }: Seen, error: unknown, held: Held): Promise<boolean> {
  const { log } = road.platform;
  const application = keyOfApplication(app);
  if (held.signal.aborted) {
    log.warn('the Lease of an Application was lost; whoever has it next goes on', { application });
    return false;
  }
  if (!isHawserError(error)) logUnexpected(road, application, error);
  const failure = isHawserError(error) ? error : unforeseen(error);
  try {
    const { isUntouched } = await held.take();
    // Others have worked on it while this waited for them: what was away may be back. It is tried again.
    if (isPassing(error) && !isUntouched && !isAgain) return false;
    await recordFailure(road, app, failure);
    return true;
  } catch (refusal) {
    log.error('a failure could not be recorded', { application, error: messageOf(refusal) });
    return false;
  }
}

/** Without it the Application would go on to be called Synced at what it was before, and the next start would pass it over. */
function unforeseen(cause: unknown): HawserError {
  return new HawserError('Internal', `hawser itself failed: ${messageOf(cause)}`, {
    hint: 'its log says where; a refresh tries again',
    cause,
  });
}

export function logUnexpected({ platform }: Road, application: string, error: unknown): void {
  platform.log.error('work on an Application failed', {
    application,
    error: messageOf(error),
    ...(error instanceof Error && { stack: error.stack }),
  });
}
