// A push or a refresh reaches the Applications that it concerns: recorded first, answered with a verdict each, finished afterwards.

import { parseApplication } from '../application/parse.ts';
import type { Application } from '../application/types.ts';
import { type Deadline, deadlineAfter } from '../base/deadline.ts';
import { formatError, HawserError, isHawserError, messageOf } from '../base/errors.ts';
import { inScope } from '../base/work-scope.ts';
import { setAfterPause, tryAgainLater } from './alarms.ts';
import { isPassing } from './compare-application.ts';
import { type Delivery, deliveryOfKeys, deliveryOfPush, deliveryOfRefresh } from './delivery.ts';
import { countDelivery } from './delivery-metrics.ts';
import type { DeliveryRecord } from './delivery-store.ts';
import type { RefreshRequest } from './hawser.ts';
import { type AnyPush, addressesOf, type DeliveryAnswer, refOf } from './push.ts';
import { applicationRef, metadataOfKey, type Road } from './road.ts';
import { MANY_APPLICATIONS, type StartedDelivery, startDelivery } from './start-delivery.ts';
import { createSurroundings, type Surroundings } from './surroundings.ts';
import { listApplications } from './world.ts';

/** An answer goes out after this time with what is known; what is not says `pending`. */
const ANSWER_MS = 800;

/** Where more pushes than this are being answered, an answer goes out after this time, or a multiple of it. */
const MANY_ANSWERS = 8;
const SHORT_ANSWER_MS = 100;

/** Whoever wants to see what a refresh finds waits this long at most: an automated sync may follow, with hooks and waves. */
const REFRESH_MS = 10_000;

/** Pushes that are worked on, or wait for a cluster or a Git server to be back. Beyond, the Git server has to deliver again. */
const MOST_OPEN = 10_000;

/** The alarm for pushes that could not be worked on. */
export const DELIVERIES = 'deliveries';

/** A Git server that has not shown a push after this time does not lag behind; what it names then is what counts. */
const LAG_MS = 4_000;

/** What could not be done is not tried again by other pushes for so long. */
const REST_MS = 5_000;

/** An open record: what of a push is still to be done. */
export interface UnfinishedDelivery extends Pick<DeliveryRecord, 'push' | 'left' | 'receivedAt'> {
  /** What its ref named before, as far as this process was told. */
  readonly earlier?: readonly string[];
  /** When this process has tried last. */
  readonly triedAtMs?: number;
}

/**
 * Durable before anything is done. One that came before is answered with what became of it. Throws `Unavailable` where it cannot be
 * recorded, or too many are open. `answerMs`: how long the answer may take.
 */
export async function deliverPush(road: Road, push: AnyPush, answerMs = ANSWER_MS): Promise<DeliveryAnswer> {
  if (road.deliveriesInWork.size + road.unfinished.size >= MOST_OPEN) {
    throw new HawserError('Unavailable', `${MOST_OPEN} deliveries wait for their work`, {
      hint: 'let the Git server deliver it again later; the next push to the branch brings the same',
    });
  }
  road.answering.count++;
  const deadline = answerDeadline(road, answerMs);
  const idle = road.holdings.busy();
  try {
    // What the judgement begins with is read while the record is written.
    const reading = road.atHand();
    road.background(reading.then((atHand) => beginReading(road, atHand)));
    const opened = await road.deliveries.open(push);
    if (!opened.isNew) return answerAgain(opened.record);
    road.followPush(push);
    road.background(closeReplaced(road, push));
    const receivedAt = new Date(road.platform.clock.now()).toISOString();
    const earlier = road.recentPushes.note(push);
    return await work(road, { push, receivedAt, earlier }, await reading).answer(deadline.passed);
  } finally {
    road.answering.count--;
    idle();
    deadline.end();
  }
}

/** Looked at again and again, since a flood may begin while the first of it waits. */
function answerDeadline({ answering }: Road, answerMs: number): Deadline {
  const { promise: passed, resolve } = Promise.withResolvers<undefined>();
  let timer: ReturnType<typeof setTimeout>;
  const wait = (leftMs: number) => {
    const step = Math.min(leftMs, SHORT_ANSWER_MS);
    timer = setTimeout(() => {
      if (leftMs <= step || answering.count > MANY_ANSWERS) resolve(undefined);
      else wait(leftMs - step);
    }, step);
  };
  wait(Math.max(answerMs, 0));
  return { passed, end: () => clearTimeout(timer) };
}

/** What is left of recorded pushes that no live process works on, as far as this one can tell. Never rejects. */
export async function finishDeliveries(
  road: Road,
  isDue: (delivery: UnfinishedDelivery) => boolean = () => true,
): Promise<void> {
  const due = () => [...road.unfinished.values()].filter(isDue);
  if (due().length === 0) return;
  const atHand = await road.atHand();
  // Others may have begun with them, or have closed them, meanwhile.
  await Promise.all(due().map((delivery) => work(road, delivery, atHand).begun));
}

/** Each push is a sign that what was away may be back; a hundred in a second are no reason to ask a hundred times. */
export function finishRested(road: Road): Promise<void> {
  const nowMs = road.platform.clock.now();
  return finishDeliveries(road, ({ triedAtMs }) => triedAtMs === undefined || Math.abs(nowMs - triedAtMs) >= REST_MS);
}

/** It is looked at later. */
function keepUnfinished({ unfinished, platform }: Road, delivery: UnfinishedDelivery): void {
  unfinished.set(delivery.push.key, { ...delivery, triedAtMs: platform.clock.now() });
}

/** What pushes begin with: read for each, or for all that come within a moment. */
export interface AtHandForPush {
  readonly surroundings: Surroundings;
  listing(): Promise<readonly Application[]>;
}

export function readForPush(road: Road): AtHandForPush {
  const surroundings = createSurroundings(road);
  let listing: Promise<readonly Application[]> | undefined;
  return {
    surroundings,
    listing: () => {
      listing ??= road.listing.now();
      return listing;
    },
  };
}

/** The reading begins; whoever needs it is told what is wrong. */
function beginReading({ lastListed }: Road, { surroundings, listing }: AtHandForPush): void {
  const readings: Promise<unknown>[] = [surroundings.settings(), surroundings.reader()];
  if (lastListed.applications.length < MANY_APPLICATIONS) readings.push(listing());
  for (const reading of readings) reading.catch(() => undefined);
}

interface WorkOnDelivery {
  answer(deadline: Promise<undefined>): Promise<DeliveryAnswer>;
  /** Resolves when all its work has begun. */
  readonly begun: Promise<unknown>;
}

/** Begins the work, and sees to the record of what becomes of it. */
function work(road: Road, open: UnfinishedDelivery, { surroundings, listing }: AtHandForPush): WorkOnDelivery {
  const { push, left } = open;
  const earlier = left === undefined || isRecent(road, open) ? earlierOf(open) : [];
  road.unfinished.delete(push.key);
  road.deliveriesInWork.add(push.key);
  const idle = road.holdings.busy();
  const delivery = deliveryOfPush(push, { aliases: () => road.argo.settings.hostAliases, left, earlier });
  const known = road.lastListed.applications;
  const { scope } = road.platform;
  const context = { trace: delivery.trace, fields: { delivery: delivery.id } };
  const started = inScope(scope, context, () => startDelivery(road, { delivery, surroundings, listing, known }));
  let isOver = false;
  road.background(
    conclude(road, open, started).finally(() => {
      isOver = true;
      road.deliveriesInWork.delete(push.key);
      idle();
    }),
  );
  // Those that the push concerns are in work by then.
  road.background(
    started.begun.then(() =>
      listing().then(
        (apps) => road.wakeNew(apps),
        () => undefined,
      ),
    ),
  );
  return {
    begun: started.begun,
    answer: async (deadline) => {
      const { applications, reason, isListed, error } = await started.verdicts(deadline);
      const wait = isListed ? undefined : waitsFor(error);
      if (!isOver) road.background(road.deliveries.update(push.key, { applications }));
      return { ...headOf(delivery), ...withReason(reason ?? wait), applications };
    },
  };
}

/** Other pushes may have had it looked at again at once; a clock that is ahead makes nothing wait. */
function isRecent({ platform }: Road, { receivedAt }: UnfinishedDelivery): boolean {
  const ageMs = platform.clock.now() - Date.parse(receivedAt);
  return ageMs >= 0 && ageMs < LAG_MS;
}

function earlierOf({ push, earlier }: UnfinishedDelivery): readonly string[] {
  if (earlier) return earlier;
  return push.kind === 'git' && push.before !== undefined ? [push.before] : [];
}

async function conclude(road: Road, open: UnfinishedDelivery, started: StartedDelivery): Promise<void> {
  const { push } = open;
  const { applications, reason, left, error } = await started.finished;
  if (error !== undefined) {
    keepUnfinished(road, open);
    const why = waitsFor(error);
    road.platform.log.warn('a push waits until the Applications can be listed', {
      delivery: push.deliveryId,
      reason: why,
    });
    await setAfterPause(road, DELIVERIES);
    await updateRecord(road, open, { applications, reason: why });
    return;
  }
  road.pauses.delete(DELIVERIES);
  if (left.length === 0) countDelivery(road.platform, open, applications);
  if (left.length > 0) {
    keepUnfinished(road, { ...open, left });
    // Whoever was done with an Application meanwhile may have cancelled its alarm.
    if (!road.stopping.aborted) await Promise.all(left.map((key) => tryAgainLater(road, metadataOfKey(key))));
  }
  await updateRecord(road, open, { applications, left, ...withReason(reason) });
}

/** What could not be written is found out once more. */
async function updateRecord(
  road: Road,
  open: UnfinishedDelivery,
  outcome: Parameters<Road['deliveries']['update']>[1],
): Promise<void> {
  try {
    await road.deliveries.update(open.push.key, outcome);
  } catch (error) {
    keepUnfinished(road, open);
    road.platform.log.warn('what became of a push could not be recorded; it is looked at again', {
      delivery: open.push.deliveryId,
      reason: messageOf(error),
    });
    await setAfterPause(road, DELIVERIES);
  }
}

/** A newer push to the same ref stands for those that still wait: whatever they wanted, the ref decides. */
async function closeReplaced(road: Road, push: AnyPush): Promise<void> {
  const replaced = [...road.unfinished.values()].filter((other) => isSameRef(other.push, push));
  for (const earlier of replaced) {
    road.unfinished.delete(earlier.push.key);
    const note = `superseded by delivery ${push.deliveryId}, a newer push to ${refOf(push)}`;
    await updateRecord(road, earlier, { left: [], notes: [note] });
  }
}

function isSameRef(earlier: AnyPush, push: AnyPush): boolean {
  const [address] = addressesOf(push);
  if (refOf(earlier) !== refOf(push) || addressesOf(earlier)[0] !== address) return false;
  if (earlier.kind === 'artifact' || push.kind === 'artifact') return earlier.kind === push.kind;
  // Another sender may say less of the repository, and so concern fewer Applications.
  const { provider, defaultBranch, touchesHead } = push;
  return (
    earlier.provider === provider && earlier.defaultBranch === defaultBranch && earlier.touchesHead === touchesHead
  );
}

function answerAgain({ push, receivedAt, applications, reason }: DeliveryRecord): DeliveryAnswer {
  const note = `this delivery came before, at ${receivedAt}: nothing is repeated`;
  return {
    deliveryId: push.deliveryId,
    repository: addressesOf(push)[0] ?? '',
    ref: refOf(push),
    ...withReason(reason),
    notes: [note],
    applications,
  };
}

function headOf({ id, repository, ref }: Delivery): Pick<DeliveryAnswer, 'deliveryId' | 'repository' | 'ref'> {
  return { deliveryId: id, repository, ref };
}

function withReason(reason: string | undefined): { readonly reason?: string } {
  return reason === undefined ? {} : { reason };
}

function waitsFor(error: unknown): string {
  if (error === undefined) return 'pending: the push is recorded; which Applications there are is still being read';
  const when = isPassing(error) ? 'will be finished when the cluster answers' : 'waits';
  return `pending: the push is recorded and ${when} (${isHawserError(error) ? formatError(error) : messageOf(error)})`;
}

/** What whoever asks for a refresh has at hand already. */
export interface AtHand {
  /** The Application as a write of this moment left it. */
  readonly app: Application;
  /** Read beside that write. */
  readonly surroundings: Surroundings;
}

/** Throws what keeps the Applications from being read. */
export async function deliverRefresh(
  road: Road,
  request: RefreshRequest,
  deliveryId: string,
  atHand?: AtHand,
): Promise<DeliveryAnswer> {
  const { application } = request;
  let listing: Promise<readonly Application[]>;
  if (atHand) listing = Promise.resolve([atHand.app]);
  else
    listing =
      application === undefined ? listApplications(road) : getApplications(road, application, request.appNamespace);
  const surroundings = atHand?.surroundings ?? createSurroundings(road);
  const delivery = deliveryOfRefresh(request, deliveryId);
  const idle = road.holdings.busy();
  const started = startDelivery(road, { delivery, surroundings, listing: () => listing, known: [] });
  road.background(started.finished.finally(idle));
  await listing;
  const deadline = deadlineAfter(ANSWER_MS);
  const { applications, reason } = await started.verdicts(deadline.passed);
  deadline.end();
  if (request.wait) {
    const patience = deadlineAfter(REFRESH_MS);
    await Promise.race([started.finished, patience.passed]);
    patience.end();
  }
  return { ...headOf(delivery), ...withReason(reason), applications };
}

/**
 * A look at the Applications with these keys. Resolves when it has begun, and throws what keeps them from being listed; `isDone` tells in the
 * end whether all is done, and never rejects.
 */
export async function deliverToKeys(
  road: Road,
  keys: readonly string[],
): Promise<{ readonly isDone: Promise<boolean> }> {
  const listing = road.listing.now();
  const delivery = deliveryOfKeys(keys, crypto.randomUUID());
  const idle = road.holdings.busy();
  const started = startDelivery(road, {
    delivery,
    surroundings: createSurroundings(road),
    listing: () => listing,
    known: [],
  });
  road.background(started.finished.finally(idle));
  await listing;
  await started.begun;
  return { isDone: started.finished.then(({ left, error }) => left.length === 0 && error === undefined) };
}

/** One object is read faster than a list: the API server has it from etcd, and waits for nothing. */
async function getApplications(
  road: Road,
  name: string,
  namespace = road.platform.settings.namespace,
): Promise<readonly Application[]> {
  const found = await road.home.get(applicationRef(namespace, name));
  return found ? [parseApplication(found)] : [];
}
