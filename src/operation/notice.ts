// Admission notices: the API server says that somebody is about to write an object that hawser lives by. The notice comes before etcd has
// the object, so the object is waited for, with a bound; what it then says is read from the cluster, never from the notice.

import type { Application } from '../application/types.ts';
import { isEqualJson } from '../base/equal.ts';
import { at } from '../base/json.ts';
import { createLimiter, type Limiter } from '../base/limiter.ts';
import { sameRepository } from '../git/repository-url.ts';
import { formatKey, type KubeObject, keyOf } from '../kube/object.ts';
import { finishProjectDeletion } from './delete-project.ts';
import type { Road } from './road.ts';
import { decodeSecret } from './settings.ts';
import { listApplications } from './world.ts';

export type NoticeOperation = 'CREATE' | 'UPDATE' | 'DELETE';

export interface Notice {
  readonly operation: NoticeOperation;
  /** As it will be; of a deletion undefined. */
  readonly object?: KubeObject | undefined;
  /** As it was; of a creation undefined. */
  readonly before?: KubeObject | undefined;
}

/** A write is refused, or done, long before; another webhook may have refused it. */
const SHOWN_WITHIN_MS = 10_000;

const SECRET_TYPE = 'argocd.argoproj.io/secret-type';
const REFRESH = 'argocd.argoproj.io/refresh';
const TRACKING_ID = 'argocd.argoproj.io/tracking-id';

/** Annotations by which people ask for something. */
const ASKING = [REFRESH, 'argocd.argoproj.io/deletion-approved', 'argocd.argoproj.io/skip-reconcile'];

/** Which Applications a notice wakes, once it shows in the cluster; `hard` where the refresh annotation says so. */
export interface NoticeWork {
  wake(application: string, options: { readonly hard: boolean }): Promise<unknown>;
}

/** Objects that are waited for at a time, and that may stand in line: anybody may send notices. */
const MOST_WATCHED = 64;
const MOST_FOLLOWED = 10_000;

/**
 * Follows notices; those of one object one after the other, and the newest of them only. Resolves when the Applications that a notice concerns
 * were woken, or it turned out to concern none.
 */
export function createNoticeFollower(road: Road, work: NoticeWork): (notice: Notice) => Promise<void> {
  const limiter = createLimiter(MOST_WATCHED);
  /** By object: the notice that waits for the one in work. */
  const followed = new Map<string, Notice | undefined>();
  return async (notice) => {
    const subject = notice.object ?? notice.before;
    if (!subject || !isWorthAWake(notice)) return;
    const key = formatKey(keyOf(subject));
    if (followed.has(key)) {
      followed.set(key, notice);
      return;
    }
    if (followed.size >= MOST_FOLLOWED) {
      road.platform.log.warn('too many admission notices at a time: one was passed over', { object: key });
      return;
    }
    try {
      for (let next: Notice | undefined = notice; next; next = followed.get(key)) {
        followed.set(key, undefined);
        await followNotice(road, next, subject, limiter, work);
      }
    } finally {
      followed.delete(key);
    }
  };
}

async function followNotice(
  road: Road,
  notice: Notice,
  subject: KubeObject,
  limiter: Limiter,
  work: NoticeWork,
): Promise<void> {
  const live = await limiter(() => waitUntilShown(road, notice, subject));
  if (live === 'not shown') return;
  // A project that nobody uses has no Application to be woken for its end.
  if (live?.kind === 'AppProject' && live.metadata.deletionTimestamp) {
    await finishProjectDeletion(road, live.metadata.name ?? '');
  }
  const names = await applicationsOf(road, notice, subject);
  await Promise.all(names.map((name) => work.wake(name, { hard: isHard(live) })));
}

/** hawser's own records, and what controllers count in a status, wake nobody. */
export function isWorthAWake({ operation, object, before }: Notice): boolean {
  if (operation !== 'UPDATE') return true;
  if (!object || !before) return false;
  switch (object.kind) {
    case 'Application':
      return (
        !isSame(object.spec, before.spec) ||
        (object.operation !== undefined && !isSame(object.operation, before.operation)) ||
        (object.metadata.deletionTimestamp !== undefined && before.metadata.deletionTimestamp === undefined) ||
        (phaseOf(object) === 'Terminating' && phaseOf(before) !== 'Terminating') ||
        ASKING.some((name) => isNewlyAsked(name, object, before))
      );
    case 'AppProject':
      return !isSame(object.spec, before.spec);
    default:
      return !isSame(content(object), content(before));
  }
}

function phaseOf(application: KubeObject): unknown {
  return at(application, 'status', 'operationState', 'phase');
}

function isNewlyAsked(name: string, object: KubeObject, before: KubeObject): boolean {
  const asked = object.metadata.annotations?.[name];
  return asked !== undefined && asked !== before.metadata.annotations?.[name];
}

/** An object without what the API server and controllers keep in it. */
function content({ status, metadata, ...rest }: KubeObject) {
  const { labels, annotations, ownerReferences, finalizers, deletionTimestamp } = metadata;
  return { ...rest, labels, annotations, ownerReferences, finalizers, deletionTimestamp };
}

function isSame(left: unknown, right: unknown): boolean {
  return isEqualJson(left ?? null, right ?? null);
}

function isHard(live: KubeObject | undefined): boolean {
  return live?.metadata.annotations?.[REFRESH] === 'hard';
}

/** The object once the write can be seen; undefined when it is gone. */
async function waitUntilShown(
  road: Road,
  { operation, object, before }: Notice,
  { apiVersion, kind, metadata: { namespace, name = '' } }: KubeObject,
): Promise<KubeObject | undefined | 'not shown'> {
  const isShown = (live: KubeObject | undefined): boolean => {
    if (operation === 'CREATE') return live !== undefined && live.metadata.uid === object?.metadata.uid;
    if (live === undefined || live.metadata.uid !== before?.metadata.uid) return true;
    if (operation === 'DELETE') return live.metadata.deletionTimestamp !== undefined;
    return live.metadata.resourceVersion !== before?.metadata.resourceVersion;
  };
  const watch = road.home.watch(
    { apiVersion, kind },
    { name, timeoutMs: SHOWN_WITHIN_MS, signal: road.stopping, ...(namespace && { namespace }) },
  );
  for await (const event of watch) {
    const live = event.type === 'RELISTED' ? event.objects[0] : event.type === 'DELETED' ? undefined : event.object;
    if (isShown(live)) return live;
  }
  return 'not shown';
}

async function applicationsOf(road: Road, notice: Notice, subject: KubeObject): Promise<readonly string[]> {
  const { name = '', namespace } = subject.metadata;
  const isOurs = namespace === road.platform.settings.namespace;
  if (subject.kind === 'Application') return isOurs && !isGone(notice) ? [name] : [];
  if (subject.kind === 'AppProject') {
    return isOurs ? namesWhere(road, ({ spec }) => spec.project === name) : [];
  }
  if (subject.kind === 'Secret' && subject.metadata.labels?.[SECRET_TYPE] !== undefined) {
    return isOurs ? waitingFor(road, subject) : [];
  }
  const instance = subject.metadata.annotations?.[TRACKING_ID]?.split(':')[0];
  return instance ? namesWhere(road, ({ metadata }) => metadata.name === instance) : [];
}

/** An Application without finalizers is gone with its deletion. */
function isGone({ operation, before }: Notice): boolean {
  return operation === 'DELETE' && (before?.metadata.finalizers ?? []).length === 0;
}

async function namesWhere(road: Road, isMeant: (app: Application) => boolean): Promise<readonly string[]> {
  return (await listApplications(road)).filter(isMeant).map(({ metadata }) => metadata.name);
}

/** A repository or cluster that is known now, or known otherwise, concerns those that could not be compared. */
async function waitingFor(road: Road, secret: KubeObject): Promise<readonly string[]> {
  const type = secret.metadata.labels?.[SECRET_TYPE];
  const { url, server, name } = decodeSecret(secret);
  return namesWhere(road, ({ spec, status }) => {
    if (type === 'cluster') return spec.destination.server === server || spec.destination.name === name;
    if (status.sync?.status !== 'Unknown' && status.sync !== undefined) return false;
    const urls = [spec.source, ...(spec.sources ?? [])].flatMap((source) => (source ? [source.repoURL] : []));
    return urls.some((used) => isOfRepository(used, url ?? '', type === 'repo-creds'));
  });
}

function isOfRepository(used: string, url: string, isTemplate: boolean): boolean {
  if (url === '') return false;
  return isTemplate ? used.startsWith(url) : sameRepository(used, url);
}
