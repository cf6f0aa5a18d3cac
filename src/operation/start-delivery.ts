// A delivery begins its work on the Applications that it concerns, and tells the verdicts as they become known.

import { sourcesOf } from '../application/parse.ts';
import type { Application } from '../application/types.ts';
import { deadlineAfter } from '../base/deadline.ts';
import { isHawserError, messageOf } from '../base/errors.ts';
import type { Delivery } from './delivery.ts';
import type { Judgement } from './judge.ts';
import type { Verdict } from './push.ts';
import { keyOfApplication, type Road } from './road.ts';
import { isBehind, tellStale } from './stale.ts';
import type { Surroundings } from './surroundings.ts';
import type { Arrival } from './turns.ts';
import { type Candidate, judgeTogether } from './verdicts.ts';
import { lateSurroundings, pendingVerdict, settledWork, startWork, type Work } from './work.ts';

/** From so many on, some are judged before the others. */
export const MANY_APPLICATIONS = 64;
const FIRST = 16;

/** Where the list or earlier deliveries had to be waited for, a ref may name another commit by now, and what was away may be back. */
const OLD_MS = 3_000;

/** The others wait so long at most for what the first ones need. */
const GIVE_WAY_MS = 150;

export interface DeliveryInput {
  readonly delivery: Delivery;
  readonly surroundings: Surroundings;
  /** All Applications, as of some moment after the delivery came; the same answer however often it is asked. */
  readonly listing: () => Promise<readonly Application[]>;
  /** Those of an earlier list: work on them begins at once. */
  readonly known: readonly Application[];
}

export interface StartedDelivery {
  /** What is known of each Application that is concerned when all is, or at the deadline; `pending` otherwise. Never rejects. */
  verdicts(deadline: Promise<undefined>): Promise<VerdictsSoFar>;
  /** Resolves when all its work has begun. Never rejects. */
  readonly begun: Promise<void>;
  /** Never rejects. */
  readonly finished: Promise<FinishedDelivery>;
}

export interface VerdictsSoFar {
  readonly applications: readonly Verdict[];
  /** Why no Application is concerned. */
  readonly reason?: string;
  /** The list of Applications is there. Without it there may be others. */
  readonly isListed: boolean;
  /** Why it could not be had. */
  readonly error?: unknown;
}

export interface FinishedDelivery {
  readonly applications: readonly Verdict[];
  readonly reason?: string;
  /** Keys of the Applications for which it is to be done again. */
  readonly left: readonly string[];
  /** It is not known whether there are others: why there was no list of Applications. */
  readonly error?: unknown;
}

/** Waits for nothing. */
export function startDelivery(road: Road, input: DeliveryInput): StartedDelivery {
  const { delivery, surroundings, listing, known } = input;
  const isConcerned = (app: Application) => {
    const concern = delivery.concernOf(app);
    return concern !== undefined && !concern.settled;
  };
  const arrival = road.turns.arrive(isConcerned);
  const begun = new Map<string, Work>();
  const outcome: { listed?: readonly Application[]; error?: unknown } = {};
  const list = async () => {
    outcome.listed = await listing();
    return outcome.listed;
  };
  const starting = startWorks(road, { delivery, arrival, surroundings, begun }, list, known)
    .catch((error: unknown) => {
      outcome.error = error;
    })
    .finally(() => arrival.end());
  return {
    verdicts: async (deadline) => {
      await Promise.race([starting, deadline]);
      const { listed, error } = outcome;
      const verdicts = delivery.among(listed ?? known).map(async (app) => {
        const concern = delivery.concernOf(app);
        if (!concern) return [];
        const work = begun.get(keyOfApplication(app)) ?? (concern.settled && settledWork(road, app, concern.settled));
        return [(await Promise.race([work?.verdict, deadline])) ?? pendingVerdict(road, app)];
      });
      const applications = (await Promise.all(verdicts)).flat();
      const reason = listed && applications.length === 0 ? delivery.reasonForNone(listed.length) : undefined;
      return {
        applications,
        isListed: listed !== undefined,
        ...(reason && { reason }),
        ...(error !== undefined && { error }),
      };
    },
    begun: starting,
    finished: finish(delivery, starting, begun, outcome),
  };
}

async function finish(
  delivery: Delivery,
  starting: Promise<void>,
  begun: ReadonlyMap<string, Work>,
  outcome: { readonly listed?: readonly Application[]; readonly error?: unknown },
): Promise<FinishedDelivery> {
  await starting;
  const works = [...begun];
  const ends = await Promise.all(
    works.map(async ([key, { done, verdict }]) => ({ left: (await done) ? [] : [key], verdict: await verdict })),
  );
  const { listed, error } = outcome;
  const reason = listed && works.length === 0 ? delivery.reasonForNone(listed.length) : undefined;
  return {
    applications: ends.map(({ verdict }) => verdict),
    left: ends.flatMap(({ left }) => left),
    ...(reason && { reason }),
    ...(error !== undefined && { error }),
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
  list: () => Promise<readonly Application[]>,
  known: readonly Application[],
): Promise<void> {
  const { arrival, begun, delivery, surroundings } = start;
  let listing: Promise<readonly Application[]> | undefined;
  let isListed = false;
  const beginListing = () => {
    listing ??= list();
    listing.then(
      () => {
        isListed = true;
      },
      () => undefined, // Told below.
    );
    return listing;
  };
  const knownToo = delivery.among(known);
  const early = new Map<string, Judgement>();
  const steps = inTwoSteps(knownToo, delivery.files);
  for (const some of steps) {
    // A list of thousands is work for the API server too, which the first ones are about to need.
    if (some === steps.at(-1)) beginListing();
    const { candidates, judged } = await judgeConcerned(road, start, some);
    for (const [key, judgement] of judged) early.set(key, judgement);
    // A list that is here already says it better.
    if (isListed) continue;
    for (const candidate of candidates) {
      if (!candidate.concern.settled && !judged.has(keyOfApplication(candidate.app)))
        begin(road, start, candidate, false);
    }
    if (some !== steps.at(-1)) await giveWay([...begun.values()]);
  }
  const all = await beginListing();
  // Which hosts are one is a setting. What keeps settings from being read, each Application tells in its own turn.
  await surroundings.settings().catch(() => undefined);
  const now = delivery.among(all);
  const seen = new Map(knownToo.map((app) => [keyOfApplication(app), app.metadata]));
  const isAsSeen = ({ metadata }: Application, key: string) => {
    const before = seen.get(key);
    return before !== undefined && before.uid === metadata.uid && before.resourceVersion === metadata.resourceVersion;
  };
  const rest = now.filter((app) => {
    const key = keyOfApplication(app);
    return !begun.has(key) && !(early.has(key) && isAsSeen(app, key));
  });
  const late = await judgeConcerned(road, start, rest);
  for (const app of now) {
    const key = keyOfApplication(app);
    const concern = begun.has(key) ? undefined : delivery.concernOf(app);
    if (!concern) continue;
    const judgement = late.judged.get(key) ?? (isAsSeen(app, key) ? early.get(key) : undefined);
    const isSettled = judgement && !isBehind(concern.branch, judgement.found);
    if (concern.settled) begun.set(key, settledWork(road, app, concern.settled));
    else if (isSettled && road.holdings.isFree(key) && arrival.isUntouched(key)) {
      begun.set(key, settledWork(road, app, tellStale(judgement, concern.branch)));
    } else {
      begin(road, start, { app, concern }, true);
    }
  }
}

/**
 * Those whose folders the push names come first, then those that were worked on last, so that they need not wait for a look at a thousand
 * others. Only the order depends on what a payload says.
 */
function inTwoSteps(apps: readonly Application[], files: readonly string[]): readonly (readonly Application[])[] {
  if (apps.length < MANY_APPLICATIONS) return [apps];
  const ranked = apps.map((app) => ({ app, isNamed: isNamed(app, files), at: app.status.reconciledAt ?? '' }));
  ranked.sort((a, b) => Number(b.isNamed) - Number(a.isNamed) || (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
  const inOrder = ranked.map(({ app }) => app);
  return [inOrder.slice(0, FIRST), inOrder.slice(FIRST)];
}

function isNamed({ spec }: Application, files: readonly string[]): boolean {
  return sourcesOf(spec).some(({ path = '' }) => path !== '' && files.some((file) => file.startsWith(`${path}/`)));
}

async function giveWay(works: readonly Work[]): Promise<void> {
  const deadline = deadlineAfter(GIVE_WAY_MS);
  await Promise.race([Promise.all(works.map(({ done }) => done)), deadline.passed]);
  deadline.end();
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
  const free = open.filter(({ app }) => road.holdings.isFree(keyOfApplication(app)));
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
  const isOld = road.platform.clock.now() - surroundings.openedAtMs > OLD_MS;
  // Whoever has worked on it since the arrival may have seen newer commits and Secrets than this delivery.
  const isAsRead = !isOld && (isUntouched || candidate.concern.always);
  const work = startWork(road, {
    ...candidate,
    delivery,
    surroundings: isAsRead ? surroundings : lateSurroundings(road),
    isFresh: isListed && isUntouched,
  });
  begun.set(key, work);
}
