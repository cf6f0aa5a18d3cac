// The work of a delivery on one Application: one after another, judged when its turn comes, and brought to what is wanted.

import { parseApplication } from '../application/parse.ts';
import { isSuspended, SUSPENDED } from '../application/suspended.ts';
import type { Application } from '../application/types.ts';
import { formatError, HawserError, isHawserError, messageOf } from '../base/errors.ts';
import { tryAgainLater } from './alarms.ts';
import { bringApplication, recordFailure } from './bring.ts';
import { isPassing } from './compare-application.ts';
import { deleteApplication } from './delete-application.ts';
import type { Concern, Delivery, PushedBranch } from './delivery.ts';
import { noteForcedPush } from './forced-push.ts';
import { guardedRoad } from './guarded-road.ts';
import type { Held } from './holding.ts';
import type { NewestPush } from './intent.ts';
import { isAwaited, type Judgement, judge } from './judge.ts';
import { pendingOperation } from './pending-operation.ts';
import { refuseBy } from './project-rules.ts';
import { isZeroCommit, type Verdict } from './push.ts';
import { isHardRefreshAsked } from './record.ts';
import { applicationRef, keyOfApplication, type Road } from './road.ts';
import { isBehind, isTooEarly, tellStale } from './stale.ts';
import { createLateSurroundings, createSurroundings, type Surroundings } from './surroundings.ts';

export interface Work {
  readonly app: Application;
  readonly verdict: Promise<Verdict>;
  /** Never rejects. False: to be done again at the next wake. */
  readonly done: Promise<boolean>;
}

export interface WorkInput {
  readonly app: Application;
  readonly concern: Concern;
  readonly delivery: Delivery;
  readonly surroundings: Surroundings;
  /** Read just now, not remembered. */
  readonly isFresh: boolean;
}

type Tell = (judgement: Pick<Judgement, 'verdict' | 'reason'> & Partial<Judgement>) => void;

/** Work that waits for its turn. What comes later takes its place where that makes it unnecessary. */
export interface WaitingWork {
  readonly input: WorkInput;
  readonly intent: number;
  readonly tell: Tell;
  readonly verdict: Promise<Verdict>;
  readonly done: Promise<boolean>;
  finish(isDone: boolean | Promise<boolean>): void;
}

/** A turn in line, and who uses it. */
export interface Place {
  work: WaitingWork;
}

const BEING_DELETED = { verdict: 'pending', reason: 'the Application is being deleted' } as const;
const SUSPENDED_VERDICT = { verdict: 'suspended', reason: SUSPENDED } as const;

/** Another process that holds the Application is told of a newer commit when it does not let go of it within this. */
const ANNOUNCE_MS = 300;

/** One after another per Application; the newest makes earlier ones that still wait unnecessary. */
export function startWork(road: Road, input: WorkInput): Work {
  const { app, concern } = input;
  const key = keyOfApplication(app);
  if (concern.settled && input.isFresh) return settledWork(road, app, concern.settled);
  const work = createWork(road, input);
  if (concern.after) announcePush(road, input, { intent: work.intent, commits: [concern.after] });
  // An operation that waits for hooks or health may be superseded, or somebody may have asked for its end.
  const running = road.running.get(key);
  running?.wake();
  if (running?.isDeletion) return settledWork(road, app, BEING_DELETED);
  const places = road.waiting.get(key) ?? [];
  const same = places.find((place) => isSameLook(place.work.input.concern, concern));
  if (same) {
    // What this one was told of may be younger than what that one has read.
    same.work = { ...same.work, input: { ...same.work.input, isFresh: false } };
    return { app, verdict: same.work.verdict, done: same.work.done };
  }
  const taken = replaceEarlier(places, work);
  if (!taken) waitInLine(road, key, places, work);
  return { app, verdict: work.verdict, done: work.done };
}

function createWork(road: Road, input: WorkInput): WaitingWork {
  const { promise: verdict, resolve } = Promise.withResolvers<Verdict>();
  const { promise: done, resolve: finish } = Promise.withResolvers<boolean>();
  road.intents.newest++;
  return {
    input,
    intent: road.intents.newest,
    tell: (judgement) => resolve(verdictOf(road, input.app, judgement)),
    verdict,
    done,
    finish,
  };
}

/** Somebody who asks for a look, while such a look has not begun, gets that one. */
function isSameLook(waiting: Concern, asked: Concern): boolean {
  if (!waiting.always || !asked.always || waiting.revision !== asked.revision) return false;
  return waiting.hard === true || asked.hard !== true;
}

/**
 * True where the new work has the place of an earlier one, which it makes unnecessary: it is judged by what the Git server says then, as
 * the earlier one would have been. What people ask for by the Application's name is never replaced, and nothing by what most likely does
 * not concern it.
 */
function replaceEarlier(places: readonly Place[], work: WaitingWork): boolean {
  if (work.input.concern.settled) return false;
  const place = places.find(({ work: { input } }) => !input.concern.always);
  if (!place) return false;
  const { work: earlier } = place;
  const { delivery } = work.input;
  const by = delivery.isRecorded ? `delivery ${delivery.id}` : 'a refresh';
  earlier.tell({ verdict: 'superseded', reason: `${by} came before this one was begun, and is worked on instead` });
  // What is recorded itself stands for it; otherwise the earlier one stays open until the work is done.
  earlier.finish(delivery.isRecorded || work.done);
  place.work = work;
  return true;
}

function waitInLine(road: Road, key: string, before: readonly Place[], work: WaitingWork): void {
  const place: Place = { work };
  road.waiting.set(key, [...before, place]);
  // Whoever has to wait finds another Application than was listed.
  const isFree = road.holdings.isFree(key);
  const turn = road.holdings.hold(key, async (held) => {
    leaveLine(road, key, place);
    const { input, intent, tell } = place.work;
    let isTaken = false;
    const own: Held = {
      ...held,
      take: (owner = input.app.metadata) => {
        isTaken = true;
        return held.take(owner);
      },
    };
    road.inWork.add(key);
    if (input.concern.after) road.examined.set(key, input.concern.after);
    try {
      // Nor does the branch name what it named when the wait began.
      const surroundings = isFree ? input.surroundings : lateSurroundings(road);
      const isFresh = input.isFresh && isFree;
      return await workOn(road, { ...input, surroundings, isFresh }, { intent, tell, held: own });
    } finally {
      road.inWork.delete(key);
      road.examined.delete(key);
      // What only looked has changed nothing for others.
      if (isTaken) road.turns.touch(key);
    }
  });
  const ended = turn.catch(async (error: unknown) => {
    leaveLine(road, key, place);
    const isLater = isPassing(error);
    if (!isLater) logUnexpected(road, key, error);
    place.work.tell({ verdict: 'pending', reason: messageOf(error) });
    await tryAgainLater(road, place.work.input.app);
    return false;
  });
  road.background(
    ended.then((isDone) => {
      place.work.finish(isDone);
      // Nobody works on it, and nobody waits: what was pushed to it is no longer of interest.
      if (road.holdings.isFree(key)) road.newestPush.delete(key);
    }),
  );
}

/** Read when the work begins; under load once for several. */
export function lateSurroundings(road: Road): Surroundings {
  return createLateSurroundings(road, async () => (await road.atHand()).surroundings);
}

function leaveLine({ waiting }: Road, key: string, place: Place): void {
  const left = (waiting.get(key) ?? []).filter((other) => other !== place);
  if (left.length > 0) waiting.set(key, left);
  else waiting.delete(key);
}

/** What runs is ended by a newer push only when that changes something for it: hooks are not run again for a commit next door. */
function announcePush(road: Road, input: WorkInput, newest: NewestPush): void {
  const key = keyOfApplication(input.app);
  if (!road.inWork.has(key)) {
    road.newestPush.set(key, newest);
    return;
  }
  // Many deliveries tell of one commit: whether it changes anything is looked at once.
  const { after } = input.concern;
  if (after === undefined || road.examined.get(key) === after) return;
  road.examined.set(key, after);
  road.background(supersedeIfAffected(road, input, newest.intent));
}

/** Another process has a push for an Application that this one works on; without a commit, what runs is to look around. */
export function announced(road: Road, key: string, after: string | undefined): void {
  if (!road.inWork.has(key)) return;
  const [namespace = '', name = ''] = key.split('/');
  if (after === undefined) {
    road.running.get(key)?.wake();
    return;
  }
  road.intents.newest++;
  const concern: Concern = { always: false, isPush: true, after };
  const app = { metadata: { namespace, name } };
  road.background(
    supersedeIfAffected(road, { app, concern, surroundings: createSurroundings(road) }, road.intents.newest),
  );
}

interface PushForRunning {
  readonly app: Pick<Application, 'metadata'>;
  readonly concern: Concern;
  readonly surroundings: Surroundings;
}

async function supersedeIfAffected(
  road: Road,
  { app, concern, surroundings }: PushForRunning,
  intent: number,
): Promise<void> {
  const { namespace, name } = app.metadata;
  const key = keyOfApplication(app);
  let commits: readonly string[];
  try {
    const found = await road.home.get(applicationRef(namespace, name));
    if (!found) return;
    const { judgement } = await judgeWith(road, surroundings, parseApplication(found), concern, false);
    if (!judgement.resolved || (road.newestPush.get(key)?.intent ?? 0) > intent) return;
    // Not what the push says: one that came late would end the sync of what the ref names, and several processes one another's for ever.
    commits = judgement.resolved.map(({ revision }) => revision);
  } catch (error) {
    if (!isHawserError(error)) throw error;
    return; // Its own turn will tell what is wrong.
  }
  if (!road.inWork.has(key)) return;
  road.newestPush.set(key, { intent, commits });
  road.running.get(key)?.wake();
}

interface Turn {
  readonly intent: number;
  readonly tell: Tell;
  readonly held: Held;
  /** Another process has worked on it since the turn began: everything is looked at once more. */
  readonly isAgain?: boolean;
}

/** What was read of the Application does not count any more: another process has worked on it since. */
const OLD = new HawserError('Conflict', 'another process has worked on the Application meanwhile');

async function workOn(unguarded: Road, input: WorkInput, turn: Turn): Promise<boolean> {
  const { tell, held } = turn;
  const road = guardedRoad(unguarded, held);
  /** As it was read last. */
  const seen = { app: input.app };
  try {
    return await workOnce(road, input, turn, seen).catch((error: unknown) => {
      if (error !== OLD) throw error;
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
    const reason = isLost ? 'another process has taken the Application over' : formatError(error);
    tell({ verdict: isLater ? 'pending' : 'error', reason });
    return (await recordUnexpected(road, seen.app, error, held)) && !isLater;
  }
}

async function workOnce(road: Road, input: WorkInput, turn: Turn, seen: { app: Application }): Promise<boolean> {
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
async function recordUnexpected(road: Road, app: Application, error: unknown, held: Held): Promise<boolean> {
  const { log } = road.platform;
  const application = keyOfApplication(app);
  if (held.signal.aborted) {
    log.warn('another process has taken the Application over', { application });
    return false;
  }
  if (!isHawserError(error)) {
    logUnexpected(road, application, error);
    return true;
  }
  try {
    await held.take();
    await recordFailure(road, app, error);
    return true;
  } catch (failure) {
    log.error('a failure could not be recorded', { application, error: messageOf(failure) });
    return false;
  }
}

function logUnexpected({ platform }: Road, application: string, error: unknown): void {
  platform.log.error('work on an Application failed', {
    application,
    error: messageOf(error),
    ...(error instanceof Error && { stack: error.stack }),
  });
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
