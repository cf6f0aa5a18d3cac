// Following admission notices: the object is waited for, what it then says is read from the cluster, never from the notice, and the
// Applications that it concerns are looked at.

import { parseApplication } from '../application/parse.ts';
import { isHawserError, messageOf } from '../base/errors.ts';
import { createLimiter, type Limiter } from '../base/limiter.ts';
import { formatKey, type KubeObject, keyOf } from '../kube/object.ts';
import { finishProjectDeletion } from './delete-project.ts';
import { findTouched, instancesOf, resourceOf, type Touched } from './drift.ts';
import { markDrift } from './drift-mark.ts';
import { type DriftEntry, recordDrift } from './drift-record.ts';
import { describeDrift, entryOf } from './drift-sentence.ts';
import { findInstance, forgetApplication, learnApplication } from './known-applications.ts';
import { isHard, isLivedBy, isWorthAWake, type Notice } from './notice.ts';
import { applicationsOf, mayHoldApplications } from './noticed-applications.ts';
import { applicationRef, keyOfApplication, type Road } from './road.ts';
import { waitUntilShown } from './shown-object.ts';

export interface NoticeWork {
  /** Looks at the Application of a key, once a write shows in the cluster; `hard` where the refresh annotation says so. */
  wake(key: string, options: { readonly hard: boolean }): Promise<unknown>;
  /** Whether whoever knows this is the API server. */
  isBelieved(secret: string | undefined): Promise<boolean>;
}

/** Objects that are waited for at a time, and that may stand in line: anybody may send notices. */
const MOST_WATCHED = 64;
const MOST_FOLLOWED = 10_000;
/** Of one object, while an earlier one is followed. */
const MOST_WAITING = 20;

/**
 * Follows notices; those of one object one after the other, and those that came meanwhile together. Resolves when the Applications that a
 * notice concerns were woken, or it turned out to concern none.
 */
export function createNoticeFollower(road: Road, work: NoticeWork): (notice: Notice) => Promise<void> {
  const limiter = createLimiter(MOST_WATCHED);
  /** By object: the notices that wait for the one in work. */
  const followed = new Map<string, Heard[]>();
  return async (notice) => {
    const subject = notice.object ?? notice.before;
    if (!subject) return;
    const touched = findTouched(road, notice) ?? (await findUnknown(road, notice, subject, work));
    if (touched ? isOwnDeletion(road, notice, touched) : !isLivedBy(subject) || !isWorthAWake(notice)) return;
    if (notice.isRefused) {
      if (touched) await learnAfterRefusal(road, touched, work);
      return;
    }
    // Anybody may tell of objects that there never were.
    const isListed = touched !== undefined && resourceOf(touched.app, touched.key) !== undefined;
    if (touched && !isListed && !(await work.isBelieved(notice.secret))) return;
    if (touched) road.drift.suspect(keyOfApplication(touched.app), touched.key);
    const heard: Heard = { notice, subject, touched };
    const key = formatKey(touched?.key ?? keyOf(subject));
    const waiting = followed.get(key);
    if (waiting) {
      if (waiting.length === MOST_WAITING) waiting.shift();
      waiting.push(heard);
      return;
    }
    if (followed.size >= MOST_FOLLOWED) {
      road.platform.log.warn('too many admission notices at a time: one was passed over', { object: key });
      return;
    }
    try {
      for (let next: readonly Heard[] = [heard]; next.length > 0; next = followed.get(key) ?? []) {
        followed.set(key, []);
        await followNotices(road, next, limiter, work);
      }
    } finally {
      followed.delete(key);
    }
  };
}

interface Heard {
  readonly notice: Notice;
  readonly subject: KubeObject;
  /** What of Git's it was about to change when it came. */
  readonly touched: Touched | undefined;
}

/** Of an Application that nobody has read since the start; anybody may name one. */
async function findUnknown(
  road: Road,
  notice: Notice,
  subject: KubeObject,
  work: NoticeWork,
): Promise<Touched | undefined> {
  const instance = notice.scaled ? undefined : instancesOf(road, notice.before ?? subject)[0];
  if (instance === undefined || findInstance(road, instance) || !(await work.isBelieved(notice.secret)))
    return undefined;
  const found = await road.home.get(applicationRef(road.platform.settings.namespace, instance));
  if (found) learnApplication(road, parseApplication(found));
  return findTouched(road, notice);
}

/** What was refused for want of knowledge is known the next time: another replica may have heard that the glass is broken. */
async function learnAfterRefusal(road: Road, { app, isCertain }: Touched, work: NoticeWork): Promise<void> {
  const { namespace, name } = app.metadata;
  const found = await road.home.get(applicationRef(namespace, name));
  if (found) learnApplication(road, parseApplication(found));
  if (!isCertain) await work.wake(keyOfApplication(app), { hard: false });
}

/** From outside of the cluster hawser's own deletions look like anybody's who names what is to go. */
function isOwnDeletion(road: Road, { operation, writer }: Notice, { app }: Touched): boolean {
  return operation === 'DELETE' && writer?.namesObject === true && road.inWork.has(keyOfApplication(app));
}

/** Those of one object, of which the last one decides how it will be. */
async function followNotices(road: Road, heard: readonly Heard[], limiter: Limiter, work: NoticeWork): Promise<void> {
  const last = heard.at(-1);
  if (!last) return;
  const { notice, subject } = last;
  const found = heard.flatMap(({ notice, touched }) => (touched ? [{ notice, touched }] : []));
  const drifted = found.at(-1)?.touched;
  const shown: KubeObject = notice.scaled && drifted ? { ...drifted.object, metadata: subject.metadata } : subject;
  const live = await limiter(() => waitUntilShown(road, notice, shown));
  if (live === 'not shown') return;
  // A project that nobody uses has no Application to be woken for its end.
  if (live?.kind === 'AppProject' && live.metadata.deletionTimestamp) {
    await finishProjectDeletion(road, live.metadata.name ?? '');
  }
  if (isLivedBy(subject)) keepUp(road, subject, live);
  const told = drifted && (await work.isBelieved(notice.secret)) ? tellOfDrift(road, found) : [];
  const newest = told.at(-1);
  if (newest) await markDrift(road, newest.touched, live, newest.text);
  const keys = await applicationsOf(road, notice, subject);
  const own = drifted ? [keyOfApplication(drifted.app)] : [];
  const wakes = [...new Set([...keys, ...own])].map((key) => work.wake(key, { hard: isHard(live) }));
  const [certain, others] = [told.filter(isCertain), told.filter((each) => !isCertain(each))];
  await Promise.all([...wakes, keepRecord(road, drifted, certain)]);
  // A comparison has found meanwhile whether Git sets the replicas.
  const isOfGit = ({ app, key }: Touched) => road.drift.setsReplicas(keyOfApplication(app), key) === true;
  await keepRecord(
    road,
    drifted,
    others.filter(({ touched }) => isOfGit(touched)),
  );
}

function isCertain({ touched }: Told): boolean {
  return touched.isCertain;
}

interface Told {
  readonly entry: DriftEntry;
  readonly touched: Touched;
  /** The same in a sentence. */
  readonly text: string;
}

/** What the next comparison says in a condition. */
function tellOfDrift(
  road: Road,
  found: readonly { readonly notice: Notice; readonly touched: Touched }[],
): readonly Told[] {
  return found.flatMap(({ notice, touched }) => {
    const entry = entryOf(notice, touched, road.platform.clock.now());
    if (!entry) return [];
    const text = describeDrift(entry, touched.app);
    road.drift.note(keyOfApplication(touched.app), touched.key, text);
    road.platform.log.info('an object of Git was changed', {
      application: keyOfApplication(touched.app),
      object: formatKey(touched.key),
      by: entry.by,
      operation: entry.operation,
      fields: entry.fields.map(({ path }) => path).join(' '),
    });
    return [{ entry, touched, text }];
  });
}

/** That it cannot be written is no reason not to put the object right. */
async function keepRecord(road: Road, drifted: Touched | undefined, told: readonly Told[]): Promise<void> {
  if (!drifted || told.length === 0) return;
  const { app } = drifted;
  try {
    await recordDrift(
      road,
      app,
      told.map(({ entry }) => entry),
    );
  } catch (error) {
    if (!isHawserError(error)) throw error;
    const application = keyOfApplication(app);
    road.platform.log.warn('drift could not be recorded', { application, reason: messageOf(error) });
  }
}

function keepUp(
  road: Road,
  { kind, metadata: { name = '', namespace } }: KubeObject,
  live: KubeObject | undefined,
): void {
  if (kind !== 'Application' || namespace === undefined || !mayHoldApplications(road, namespace)) return;
  if (live) learnApplication(road, parseApplication(live));
  else forgetApplication(road, namespace, name);
}
