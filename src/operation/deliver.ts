// A push or a refresh reaches the Applications that it concerns: recorded first, answered with a verdict each, finished afterwards.

import { parseApplication } from '../application/parse.ts';
import type { Application } from '../application/types.ts';
import { formatError, isHawserError, messageOf } from '../base/errors.ts';
import { isPassing } from './compare-application.ts';
import { type Delivery, deliveryOfPush, deliveryOfRefresh, onlyFor } from './delivery.ts';
import type { RefreshRequest } from './hawser.ts';
import type { Judgement } from './judge.ts';
import { type AnyPush, addressesOf, type DeliveryAnswer, type RecordedPush, refOf } from './push.ts';
import { applicationRef, keyOfApplication, type Road } from './road.ts';
import { createSurroundings, type Surroundings } from './surroundings.ts';
import type { Arrival } from './turns.ts';
import { type Candidate, judgeTogether } from './verdicts.ts';
import { pendingVerdict, settledWork, startWork, type Work } from './work.ts';
import { listApplications, relistApplications } from './world.ts';

/** An answer goes out after this time with what is known; what is not says `pending`. */
const ANSWER_MS = 800;

/** Whoever wants to see what a refresh finds waits this long at most: an automated sync may follow, with hooks and waves. */
const REFRESH_MS = 10_000;

/** What is still to be done after the answer; resolves to the Applications for which the push must be kept. */
interface Started {
  readonly answer: DeliveryAnswer;
  readonly finished: Promise<readonly string[]>;
}

/** Durable before anything else; removed when every Application has got what the push meant for it. */
export async function deliverPush(road: Road, push: AnyPush): Promise<DeliveryAnswer> {
  await road.platform.journal.put(push.deliveryId, JSON.stringify(push));
  return deliverRecorded(road, push);
}

/** The same for a push that is in the journal already; where it is done for some Applications, for the others alone. */
export async function deliverRecorded(road: Road, push: RecordedPush): Promise<DeliveryAnswer> {
  const { platform } = road;
  road.deliveriesInWork.add(push.deliveryId);
  try {
    const started = await startDelivery(
      road,
      push.left ? onlyFor(push.left, deliveryOfPush(push)) : deliveryOfPush(push),
      createSurroundings(road),
      relistApplications(road),
      road.lastListed.applications,
    );
    road.background(
      started.finished
        .then((left) =>
          left.length === 0
            ? platform.journal.remove(push.deliveryId)
            : platform.journal.put(push.deliveryId, JSON.stringify({ ...push, left })),
        )
        .finally(() => road.deliveriesInWork.delete(push.deliveryId)),
    );
    return started.answer;
  } catch (error) {
    road.deliveriesInWork.delete(push.deliveryId);
    if (!isPassing(error)) throw error;
    platform.log.warn('the push is kept until the cluster answers', {
      delivery: push.deliveryId,
      reason: messageOf(error),
    });
    const reason = `pending: the push is recorded and will be finished when the cluster answers (${formatError(error)})`;
    return {
      deliveryId: push.deliveryId,
      repository: addressesOf(push)[0] ?? '',
      ref: refOf(push),
      reason,
      applications: [],
    };
  }
}

/** What whoever asks for a refresh has at hand already. */
export interface AtHand {
  /** The Application as a write of this moment left it. */
  readonly app: Application;
  /** Read beside that write. */
  readonly surroundings: Surroundings;
}

export async function deliverRefresh(
  road: Road,
  request: RefreshRequest,
  deliveryId: string,
  atHand?: AtHand,
): Promise<DeliveryAnswer> {
  const { application } = request;
  let listing: Promise<readonly Application[]>;
  if (atHand) listing = Promise.resolve([atHand.app]);
  else listing = application === undefined ? listApplications(road) : getApplications(road, application);
  const surroundings = atHand?.surroundings ?? createSurroundings(road);
  const started = await startDelivery(road, deliveryOfRefresh(request, deliveryId), surroundings, listing);
  road.background(started.finished);
  if (request.wait) await within(REFRESH_MS, started.finished);
  return started.answer;
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const bound = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, bound]);
  clearTimeout(timer);
}

/** One object is read faster than a list: the API server has it from etcd, and waits for nothing. */
async function getApplications(road: Road, name: string): Promise<readonly Application[]> {
  const found = await road.home.get(applicationRef(road.platform.settings.namespace, name));
  return found ? [parseApplication(found)] : [];
}

/** Waits for the verdicts, but not for the work. */
async function startDelivery(
  road: Road,
  delivery: Delivery,
  surroundings: Surroundings,
  listing: Promise<readonly Application[]>,
  known: readonly Application[] = [],
): Promise<Started> {
  const isConcerned = (app: Application) => {
    const concern = delivery.concernOf(app);
    return concern !== undefined && !concern.settled;
  };
  const arrival = road.turns.arrive(isConcerned);
  const begun = new Map<string, Work>();
  const starting = startWorks(road, { delivery, arrival, surroundings, begun }, listing, known);
  const finished = async () => {
    await starting;
    const ends = await Promise.all([...begun].map(async ([key, { done }]) => ((await done) ? [] : [key])));
    return ends.flat();
  };
  starting.finally(() => arrival.end()).catch(() => undefined);
  let listed: readonly Application[];
  try {
    listed = await listing;
  } catch (error) {
    road.background(Promise.all([...begun.values()].map(({ done }) => done)));
    throw error;
  }
  const concerned = listed.filter((app) => delivery.concernOf(app));
  const deadline = new Promise<undefined>((resolve) => setTimeout(resolve, ANSWER_MS, undefined));
  await Promise.race([starting, deadline]);
  const applications = await Promise.all(
    concerned.map(
      async (app) =>
        (await Promise.race([begun.get(keyOfApplication(app))?.verdict, deadline])) ?? pendingVerdict(road, app),
    ),
  );
  const { id, repository, ref } = delivery;
  const reason = concerned.length === 0 ? delivery.reasonForNone(listed.length) : undefined;
  return {
    answer: { deliveryId: id, repository, ref, ...(reason && { reason }), applications },
    finished: finished(),
  };
}

interface Start {
  readonly delivery: Delivery;
  readonly arrival: Arrival;
  readonly surroundings: Surroundings;
  /** By the keys of their Applications. */
  readonly begun: Map<string, Work>;
}

/**
 * Resolves when there is work, or a verdict that needs none, for every Application that is concerned. Those that an earlier list knew are
 * judged at once, and begun where the delivery may mean something for them, each read anew; the list, for which an API server may have to
 * wait 100 ms until its cache has caught up, decides which there are, and confirms what was judged.
 */
async function startWorks(
  road: Road,
  start: Start,
  listing: Promise<readonly Application[]>,
  known: readonly Application[],
): Promise<void> {
  const { arrival, begun } = start;
  let listed: readonly Application[] | undefined;
  const listingSeen = listing.then((apps) => {
    listed = apps;
  });
  listingSeen.catch(() => undefined);
  const early = await judgeConcerned(road, start, known);
  // A list that is here already says it better.
  if (!listed) {
    for (const candidate of early.candidates) {
      if (!candidate.concern.settled && !early.judged.has(keyOfApplication(candidate.app)))
        begin(road, start, candidate, false);
    }
  }
  const now = await listing;
  const seen = new Map(known.map((app) => [keyOfApplication(app), app.metadata]));
  const isAsSeen = ({ metadata }: Application, key: string) => {
    const before = seen.get(key);
    return before !== undefined && before.uid === metadata.uid && before.resourceVersion === metadata.resourceVersion;
  };
  const rest = now.filter((app) => {
    const key = keyOfApplication(app);
    return !begun.has(key) && !(early.judged.has(key) && isAsSeen(app, key));
  });
  const late = await judgeConcerned(road, start, rest);
  for (const app of now) {
    const key = keyOfApplication(app);
    const concern = begun.has(key) ? undefined : start.delivery.concernOf(app);
    if (!concern) continue;
    const judgement = late.judged.get(key) ?? (isAsSeen(app, key) ? early.judged.get(key) : undefined);
    if (judgement && road.platform.locks.isFree(key) && arrival.isUntouched(key)) {
      begun.set(key, settledWork(road, app, judgement));
    } else {
      begin(road, start, { app, concern }, true);
    }
  }
}

/** Those that the delivery concerns, with verdicts where these follow without a look at each; all that arrived earlier has begun then. */
async function judgeConcerned(
  road: Road,
  { delivery, arrival, surroundings }: Start,
  apps: readonly Application[],
): Promise<{ readonly candidates: readonly Candidate[]; readonly judged: ReadonlyMap<string, Judgement> }> {
  const candidates = apps.flatMap((app): readonly Candidate[] => {
    const concern = delivery.concernOf(app);
    return concern ? [{ app, concern }] : [];
  });
  const open = candidates.filter(({ concern }) => !concern.settled && !concern.always);
  if (open.length === 0) return { candidates, judged: new Map() };
  const free = open.filter(({ app }) => road.platform.locks.isFree(keyOfApplication(app)));
  const judged = await judgeCandidates(road, surroundings, free);
  await arrival.waitForEarlier(open.map(({ app }) => app));
  return { candidates, judged };
}

async function judgeCandidates(
  road: Road,
  surroundings: Surroundings,
  candidates: readonly Candidate[],
): Promise<ReadonlyMap<string, Judgement>> {
  if (candidates.length === 0) return new Map();
  try {
    const [reader] = await Promise.all([surroundings.reader(), surroundings.settings()]);
    const names = [...new Set(candidates.map(({ app }) => app.spec.project))];
    const projects = new Map(
      await Promise.all(names.map(async (name) => [name, await surroundings.project(name)] as const)),
    );
    return await judgeTogether(road, { reader, projects, candidates, signal: road.stopping });
  } catch (error) {
    // What keeps them from being judged, each of them tells in its own turn.
    if (!isHawserError(error) && !road.stopping.aborted) {
      road.platform.log.error('judging Applications together failed', { error: messageOf(error) });
    }
    return new Map();
  }
}

function begin(
  road: Road,
  { delivery, surroundings, arrival, begun }: Start,
  candidate: Candidate,
  isListed: boolean,
): void {
  const key = keyOfApplication(candidate.app);
  const isUntouched = arrival.isUntouched(key);
  const work = startWork(road, {
    ...candidate,
    delivery,
    // Whoever has worked on it since the arrival may have seen newer commits and Secrets than this delivery.
    surroundings: isUntouched || candidate.concern.always ? surroundings : createSurroundings(road),
    isFresh: isListed && isUntouched,
  });
  begun.set(key, work);
}
