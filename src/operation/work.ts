// The work of a delivery on one Application waits for its turn: one after another, and what comes later takes the place of what has not begun.

import type { Application } from '../application/types.ts';
import { isEqualJson } from '../base/equal.ts';
import { messageOf } from '../base/errors.ts';
import { tryAgainLater } from './alarms.ts';
import { announcePush } from './announce.ts';
import { isPassing } from './compare-application.ts';
import type { Concern, Delivery } from './delivery.ts';
import type { Held } from './holding.ts';
import type { Judgement } from './judge.ts';
import type { Verdict } from './push.ts';
import { keyOfApplication, type Road } from './road.ts';
import { createLateSurroundings, type Surroundings } from './surroundings.ts';
import { BEING_DELETED, logUnexpected, workOn } from './work-turn.ts';

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

export type Tell = (judgement: Pick<Judgement, 'verdict' | 'reason'> & Partial<Judgement>) => void;

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
  const place = places.find((waiting) => isReplaceable(waiting.work.input.concern, work.input.concern));
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

/**
 * What waits for a commit that the Git server may not show yet is replaced by what waits for a later one of that branch, and by nothing that
 * would be content with what the server shows now.
 */
function isReplaceable({ always, branch }: Concern, by: Concern): boolean {
  if (always || !branch || branch.earlier.length === 0) return !always;
  if (by.branch?.ref !== branch.ref || by.branch.earlier.length === 0) return false;
  return isEqualJson(by.branch.sources, branch.sources);
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
