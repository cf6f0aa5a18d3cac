// A push or a refresh reaches the Applications that it concerns: recorded first, answered with a verdict each, finished afterwards.

import { parseApplication, sourcesOf } from '../application/parse.ts';
import type { Application } from '../application/types.ts';
import { formatError, isHawserError, messageOf } from '../base/errors.ts';
import { repositoryMatcher, sameRepository } from '../git/repository-url.ts';
import type { SourceReader } from '../source/source.ts';
import { bringApplication, recordFailure, unfinishedOperation } from './bring.ts';
import { isPassing } from './compare-application.ts';
import type { RefreshRequest } from './hawser.ts';
import { branchMismatch, type Judgement, judge } from './judge.ts';
import type { DeliveryAnswer, Push, Verdict } from './push.ts';
import { applicationRef, keyOfApplication, type Road } from './road.ts';
import { readWorld, type World } from './world.ts';

/** An answer goes out after this time with what is known; what is not says `pending`. */
const ANSWER_MS = 800;

/** One Application that a delivery concerns, and how. */
interface Concern {
  readonly app: Application;
  /** Known without asking the Git server. */
  readonly settled?: Pick<Verdict, 'verdict' | 'reason'>;
  readonly always: boolean;
  readonly revision?: string;
  /** The commit that a push named. */
  readonly after?: string;
}

interface Delivery {
  readonly id: string;
  readonly repository: string;
  readonly ref: string;
  readonly concerns: readonly Concern[];
  readonly reason?: string;
}

/** What is still to be done after the answer; resolves to false when the push must be kept. */
interface Started {
  readonly answer: DeliveryAnswer;
  readonly finished: Promise<boolean>;
}

/** Durable before anything else; removed when every Application has got what the push meant for it. */
export async function deliverPush(road: Road, push: Push): Promise<DeliveryAnswer> {
  await road.platform.journal.put(push.deliveryId, JSON.stringify(push));
  return deliverRecorded(road, push);
}

/** The same for a push that is in the journal already. */
export async function deliverRecorded(road: Road, push: Push): Promise<DeliveryAnswer> {
  const { platform } = road;
  road.deliveriesInWork.add(push.deliveryId);
  try {
    const world = await readWorld(road);
    const started = await startDelivery(road, world, deliveryOfPush(world, push));
    road.background(
      started.finished
        .then((isDone) => (isDone ? platform.journal.remove(push.deliveryId) : undefined))
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

/** Throws `NotFound` for an Application that does not exist. */
export async function deliverRefresh(road: Road, request: RefreshRequest, deliveryId: string): Promise<DeliveryAnswer> {
  const world = await readWorld(road);
  const started = await startDelivery(road, world, deliveryOfRefresh(world, request, deliveryId));
  road.background(started.finished);
  return started.answer;
}

function deliveryOfPush(world: World, push: Push): Delivery {
  const isOfRepository = repositoryMatcher(push.repositoryUrls);
  const repository = push.repositoryUrls[0] ?? '';
  const concerned = world.applications.filter((app) =>
    sourcesOf(app.spec).some(({ repoURL }) => isOfRepository(repoURL)),
  );
  const concerns = concerned.map((app): Concern => {
    const mismatch = branchMismatch(app, push, isOfRepository);
    if (mismatch) return { app, always: false, settled: { verdict: 'branch mismatch', reason: mismatch } };
    return { app, always: false, ...(push.after && { after: push.after }) };
  });
  return {
    id: push.deliveryId,
    repository,
    ref: push.ref,
    concerns,
    ...(concerns.length === 0 && {
      reason: `no Application has ${repository} as its repository (spec.source.repoURL); ${world.applications.length} Applications were looked at`,
    }),
  };
}

function deliveryOfRefresh(world: World, request: RefreshRequest, id: string): Delivery {
  const { application, repoURL, revision, hard = false } = request;
  const chosen = world.applications.filter(
    (app) =>
      request.all ||
      (application !== undefined && app.metadata.name === application) ||
      (repoURL !== undefined && sourcesOf(app.spec).some((source) => sameRepository(source.repoURL, repoURL))),
  );
  // A person who names an Application wants it compared with the cluster; a cron that names all wants missed pushes caught.
  const always = hard || application !== undefined;
  return {
    id,
    repository: repoURL ?? (application && sourcesOf(chosen[0]?.spec ?? {})[0]?.repoURL) ?? '',
    ref: revision ?? '',
    concerns: chosen.map((app) => ({
      app,
      always: always || app.operation !== undefined,
      ...(revision && { revision }),
    })),
    ...(chosen.length === 0 && { reason: `no Application matches ${application ?? repoURL ?? 'all'}` }),
  };
}

/** Starts the work on every Application and waits for the verdicts, but not for the work. */
async function startDelivery(road: Road, world: World, delivery: Delivery): Promise<Started> {
  const reader = road.readSources(world.repositories);
  const works = delivery.concerns.map((concern) => startConcern(road, world, reader, concern));
  const deadline = new Promise<undefined>((resolve) => setTimeout(resolve, ANSWER_MS, undefined));
  const applications = await Promise.all(
    works.map(async ({ app, verdict }) => (await Promise.race([verdict, deadline])) ?? pendingVerdict(road, app)),
  );
  const { id, repository, ref, reason } = delivery;
  return {
    answer: { deliveryId: id, repository, ref, ...(reason && { reason }), applications },
    finished: Promise.all(works.map(({ done }) => done)).then((ends) => ends.every(Boolean)),
  };
}

interface Work {
  readonly app: Application;
  readonly verdict: Promise<Verdict>;
  /** Never rejects. False: to be done again at the next wake. */
  readonly done: Promise<boolean>;
}

/** One after another per Application; the newest intent makes earlier ones that still wait unnecessary. */
function startConcern(road: Road, world: World, reader: SourceReader, concern: Concern): Work {
  const { app, settled } = concern;
  if (settled)
    return {
      app,
      verdict: Promise.resolve(verdictOf(road, app, { ...settled, paths: [] })),
      done: Promise.resolve(true),
    };
  const key = keyOfApplication(app);
  const intent = (road.newestIntent.get(key) ?? 0) + 1;
  road.newestIntent.set(key, intent);
  if (concern.after) road.newestPush.set(key, { intent, after: concern.after });
  road.healthWatches.get(key)?.abort();
  const { promise: verdict, resolve: tell } = Promise.withResolvers<Verdict>();
  // Whoever has to wait finds another Application than was listed.
  const isFresh = road.platform.locks.isFree(key);
  const done = road.platform.locks.run(key, async () => {
    if ((road.newestIntent.get(key) ?? 0) > intent && !concern.always) {
      tell(
        verdictOf(road, app, { verdict: 'pending', reason: 'a newer push came; it is deployed instead', paths: [] }),
      );
      return true;
    }
    road.inWork.add(key);
    try {
      return await workOn(road, world, reader, { ...concern, isFresh }, intent, (judgement) =>
        tell(verdictOf(road, app, judgement)),
      );
    } finally {
      road.inWork.delete(key);
    }
  });
  return { app, verdict, done };
}

async function workOn(
  road: Road,
  world: World,
  reader: SourceReader,
  concern: Concern & { readonly isFresh: boolean },
  intent: number,
  tell: (judgement: Judgement) => void,
): Promise<boolean> {
  const { name, namespace } = concern.app.metadata;
  let app = concern.app;
  try {
    if (!concern.isFresh) {
      const found = await road.home.get(applicationRef(namespace, name));
      if (!found) {
        tell({ verdict: 'error', reason: 'the Application was deleted meanwhile', paths: [] });
        return true;
      }
      app = parseApplication(found);
    }
    const judgement = await judge(road, {
      app,
      project: world.projects.get(app.spec.project),
      reader,
      always: concern.always || unfinishedOperation(app) !== undefined,
      ...(concern.revision && { revision: concern.revision }),
      ...(concern.after && { after: concern.after }),
      signal: road.stopping,
    });
    tell(judgement);
    if (!judgement.resolved && !judgement.problems) return true;
    await bringApplication(road, { app, reader, judgement, intent, signal: road.stopping });
    return true;
  } catch (error) {
    // Nothing is wrong: this process is told to end, and the next one goes on from the record.
    if (road.stopping.aborted) {
      tell({ verdict: 'pending', reason: 'hawser is ending; its next start goes on', paths: [] });
      return false;
    }
    const isLater = isPassing(error);
    tell({ verdict: isLater ? 'pending' : 'error', reason: formatError(error), paths: [] });
    return (await recordUnexpected(road, app, error)) && !isLater;
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
  return verdictOf(road, app, {
    verdict: 'pending',
    reason: 'still being looked at; the Application shows the rest',
    paths: [],
  });
}

function verdictOf({ platform }: Road, app: Application, { verdict, reason, paths }: Judgement): Verdict {
  const { name } = app.metadata;
  return { name, verdict, reason, paths, operationUrl: `${platform.settings.externalURL ?? ''}/applications/${name}` };
}
