// A push or a refresh reaches the Applications that it concerns: recorded first, answered with a verdict each, finished afterwards.

import { parseApplication } from '../application/parse.ts';
import type { Project } from '../application/project.ts';
import type { Application } from '../application/types.ts';
import { formatError, isHawserError, messageOf } from '../base/errors.ts';
import type { SourceReader } from '../source/source.ts';
import { tryAgainLater } from './alarms.ts';
import { bringApplication, recordFailure } from './bring.ts';
import { isPassing } from './compare-application.ts';
import { deleteApplication } from './delete-application.ts';
import { type Concern, type Delivery, deliveryOfPush, deliveryOfRefresh, onlyFor } from './delivery.ts';
import type { RefreshRequest } from './hawser.ts';
import { isAwaited, type Judgement, judge } from './judge.ts';
import { pendingOperation } from './pending-operation.ts';
import { refuseBy } from './project-rules.ts';
import type { DeliveryAnswer, Push, RecordedPush, Verdict } from './push.ts';
import { isHardRefreshAsked } from './record.ts';
import { applicationRef, keyOfApplication, type Road } from './road.ts';
import { readArgoSettings } from './settings.ts';
import type { Arrival } from './turns.ts';
import { type Candidate, judgeTogether } from './verdicts.ts';
import { listApplications, readProject, readRepositorySecrets, relistApplications } from './world.ts';

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
export async function deliverPush(road: Road, push: Push): Promise<DeliveryAnswer> {
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
      repository: push.repositoryUrls[0] ?? '',
      ref: push.ref,
      reason,
      applications: [],
    };
  }
}

/** `asOfNow`: the Application as a write of this moment left it. */
export async function deliverRefresh(
  road: Road,
  request: RefreshRequest,
  deliveryId: string,
  asOfNow?: Application,
): Promise<DeliveryAnswer> {
  const { application } = request;
  let listing: Promise<readonly Application[]>;
  if (asOfNow) listing = Promise.resolve([asOfNow]);
  else listing = application === undefined ? listApplications(road) : getApplications(road, application);
  const started = await startDelivery(road, deliveryOfRefresh(request, deliveryId), listing);
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
  listing: Promise<readonly Application[]>,
  known: readonly Application[] = [],
): Promise<Started> {
  const isConcerned = (app: Application) => {
    const concern = delivery.concernOf(app);
    return concern !== undefined && !concern.settled;
  };
  const arrival = road.turns.arrive(isConcerned);
  const begun = new Map<string, Work>();
  const starting = startWorks(
    road,
    { delivery, arrival, surroundings: createSurroundings(road), begun },
    listing,
    known,
  );
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

function settledWork(road: Road, app: Application, judgement: Pick<Judgement, 'verdict' | 'reason'>): Work {
  return { app, verdict: Promise.resolve(verdictOf(road, app, judgement)), done: Promise.resolve(true) };
}

/** What works of one delivery share: projects, settings and readers, each read once. */
interface Surroundings {
  /** Argo CD's settings are those of now. */
  settings(): Promise<unknown>;
  project(name: string): Promise<Project | undefined>;
  reader(): Promise<SourceReader>;
  /** With the repository Secrets read anew, and surely as they are now. */
  freshReader(): Promise<SourceReader>;
}

function createSurroundings(road: Road): Surroundings {
  const projects = new Map<string, Promise<Project | undefined>>();
  let reader: Promise<SourceReader> | undefined;
  let fresh: Promise<SourceReader> | undefined;
  let settings: Promise<unknown> | undefined;
  const settingsNow = () => {
    settings ??= readArgoSettings(road);
    return settings;
  };
  const readerNow = () => {
    reader ??= readRepositorySecrets(road, 'cached').then(road.readSources);
    return reader;
  };
  return {
    settings: settingsNow,
    project: (name) => {
      const known = projects.get(name);
      if (known) return known;
      const reading = readProject(road, name, Promise.all([readerNow(), settingsNow()]));
      projects.set(name, reading);
      return reading;
    },
    reader: readerNow,
    freshReader: () => {
      fresh ??= readRepositorySecrets(road, 'consistent').then(road.readSources);
      return fresh;
    },
  };
}

interface Work {
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
function startWork(road: Road, input: WorkInput): Work {
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

function pendingVerdict(road: Road, app: Application): Verdict {
  return verdictOf(road, app, { verdict: 'pending', reason: 'still being looked at; the Application shows the rest' });
}

function verdictOf({ platform }: Road, app: Application, judgement: Parameters<Tell>[0]): Verdict {
  const { name } = app.metadata;
  const { verdict, reason, paths = [] } = judgement;
  return { name, verdict, reason, paths, operationUrl: `${platform.settings.externalURL ?? ''}/applications/${name}` };
}
