// Puts the road together over a platform.

import { formatError, isHawserError, messageOf } from '../base/errors.ts';
import { createRounds } from '../base/rounds.ts';
import { formatTrace } from '../base/trace-context.ts';
import type { RepositorySecrets } from '../git/credentials.ts';
import { createKubeClient } from '../kube/client.ts';
import type { Platform } from '../platform.ts';
import type { SourceReader } from '../source/source.ts';
import { ensureAccountSecrets } from './account-secrets.ts';
import { onAlarm, RESUME, setAfterPause } from './alarms.ts';
import { readAllDrift } from './all-drift.ts';
import { comparingOnly } from './alongside.ts';
import { createApplicationChanges } from './application-changes.ts';
import { createApplicationEditing } from './application-editing.ts';
import { createApplicationEvents } from './application-events.ts';
import { createMetricFamilies } from './application-metrics.ts';
import { createApplicationObserver } from './application-observer.ts';
import { createApplicationOutlook } from './application-outlook.ts';
import { markApplicationSets } from './application-sets.ts';
import { createApplicationStreams } from './application-streams.ts';
import { createCatchUp, isCatchUpAlarm, pushedAddresses } from './catch-up.ts';
import { createCertificateBook } from './certificate-book.ts';
import { createClusterBook } from './cluster-book.ts';
import { createClusters } from './clusters.ts';
import { isPassing } from './compare-application.ts';
import { createHoldings } from './create-holdings.ts';
import { finishProjectDeletions } from './delete-project.ts';
import {
  DELIVERIES,
  deliverPush,
  deliverRefresh,
  deliverToKeys,
  finishDeliveries,
  finishRested,
  readForPush,
  type UnfinishedDelivery,
} from './deliver.ts';
import { createDeliveryDesk } from './delivery-desk.ts';
import { createDeliveryStore } from './delivery-objects.ts';
import { createDeliveryWatch } from './delivery-watch.ts';
import { diffApplication, renderApplication } from './diff-application.ts';
import { adviseOn } from './drift-advice.ts';
import { createDriftMemory } from './drift-memory.ts';
import { readDrift } from './drift-record.ts';
import { findApplication, requireApplicationNamespace } from './find-application.ts';
import { createNoticeFollower } from './follow-notices.ts';
import type { Hawser } from './hawser.ts';
import { recordPing } from './hook-record.ts';
import type { LeaseTimes } from './lease-times.ts';
import { createListing } from './listing.ts';
import { createLiveResources } from './live-resources.ts';
import { registerNotices } from './notice-registration.ts';
import { createNoticeBelief } from './notice-secret.ts';
import { createNotifications } from './notifications.ts';
import { ensureDefaultProject } from './prepare-home.ts';
import { previewApplication } from './preview-application.ts';
import { createProjectBook } from './project-book.ts';
import { shownRepository } from './push.ts';
import { createReadSetStore } from './read-sets.ts';
import { createRecentPushes } from './recent-pushes.ts';
import { createRefsSeen } from './refs-seen-record.ts';
import { createRefusedDeliveries } from './refused-deliveries.ts';
import { createRepositoriesInUse } from './repositories-in-use.ts';
import { createRepositoryBook } from './repository-book.ts';
import { createRepositoryHooks } from './repository-hooks.ts';
import { confirmDeletion, requestDeletion } from './request-deletion.ts';
import { approveSync, requestSync, rollback, terminateOperation } from './request-operation.ts';
import { createHomeClient, defaultArgoKnowledge, FIELD_MANAGER, metadataOfKey, type Road } from './road.ts';
import { readArgoSettings, readToken, readWebhookSettings } from './settings.ts';
import { isLookAlarm, onLookAlarm, onPeerMessage } from './take-over.ts';
import { createTurns } from './turns.ts';
import { createWaking } from './wake.ts';
import { createNewcomers } from './wake-new.ts';
import { lookAtHealth, watchHealth } from './watch-health.ts';
import { createWebhookSecrets } from './webhook-secrets.ts';
import { listApplications, relistApplications } from './world.ts';

export interface HawserParts {
  readonly platform: Platform;
  /** How sources are read with given credentials; the Git client behind it is shared. */
  readonly readSources: (secrets: RepositorySecrets) => SourceReader;
  /** Ends watches and requests. */
  readonly stopping?: AbortSignal;
  /** How long one call waits for hooks and health before it records; an alarm goes on with it. Default: ten minutes. */
  readonly waitMs?: number;
  /** How long Leases last. Default: 15 seconds. */
  readonly leaseTimes?: LeaseTimes;
}

const WAIT_MS = 10 * 60_000;

/** Settings, projects, Secrets and refs are read for each push; for more than this many, once for those that come within a moment. */
const PUSHES_AT_ONCE = { burst: 10, intervalMs: 100 } as const;

export function createHawser(parts: HawserParts): Hawser {
  const platform = parts.platform.settings.alongside ? comparingOnly(parts.platform) : parts.platform;
  const { readSources, stopping = new AbortController().signal, waitMs = WAIT_MS } = parts;
  const works = new Set<Promise<unknown>>();
  let hasAccountSecrets = false;
  const background = (work: Promise<unknown>) => {
    const watched = work
      .catch((error: unknown) => platform.log.error('background work failed', { error: messageOf(error) }))
      .finally(() => works.delete(watched));
    works.add(watched);
    platform.background(watched);
  };
  const home = createHomeClient(platform);
  const argo = defaultArgoKnowledge();
  const isHomeEnabled = () => argo.settings.inClusterEnabled;
  const { namespace: controlNamespace } = platform.settings;
  const holdings = createHoldings({
    ...{ home, platform, background, stopping, token: () => readToken(home, platform) },
    ...(parts.leaseTimes && { times: parts.leaseTimes }),
  });
  // Beside an Argo CD it is that one which tells.
  const { alongside: isBeside = false, events = ['all'] } = platform.settings;
  const reasons = isBeside ? ['none'] : events;
  const notifications = createNotifications(() => road);
  const observer = createApplicationObserver({
    platform,
    road: () => road,
    events: createApplicationEvents({ home, clock: platform.clock, log: platform.log, background, reasons }),
    notify: (app) => {
      if (!isBeside) notifications.see(app);
    },
  });
  const road: Road = {
    platform,
    observer,
    background,
    home,
    clusters: createClusters({
      ...{ platform, fieldManager: FIELD_MANAGER, isHomeEnabled, stopping },
      home: platform.inCluster ? createKubeClient(platform.inCluster, { fieldManager: FIELD_MANAGER }) : home,
    }),
    wakeApplication: (application, atHand, appNamespace = controlNamespace) =>
      background(deliverRefresh(road, { application, appNamespace }, crypto.randomUUID(), atHand)),
    wakeNew: (apps) => {
      wakeNew(apps);
      // The cluster that was away at the start is back.
      if (road.pauses.has(RESUME)) platform.background(waking.resume());
    },
    readSources,
    argo,
    lastListed: { applications: [], repositories: [] },
    turns: createTurns(),
    readSets: createReadSetStore(platform.cache),
    intents: { newest: 0 },
    waiting: new Map(),
    newestPush: new Map(),
    examined: new Map(),
    running: new Map(),
    pauses: new Map(),
    inWork: new Set(),
    healthWatches: new Map(),
    healthLimits: new Map(),
    requested: new Map(),
    healthLooks: new Map(),
    listing: createListing(() => relistApplications(road)),
    atHand: createRounds(() => readForPush(road), PUSHES_AT_ONCE),
    followPush: (push) => catchUp.followPush(push),
    recentPushes: createRecentPushes(platform.clock),
    deliveries: createDeliveryStore({
      ...{ home, journal: platform.journal, clock: platform.clock, log: platform.log, stopping },
      ...{ identity: holdings.identity, namespace: controlNamespace },
      background: (work) => platform.background(work),
    }),
    holdings,
    deliveriesInWork: new Set(),
    answering: { count: 0 },
    unfinished: new Map(),
    drift: createDriftMemory(),
    takenOver: new Set(),
    stopping,
    waitMs,
  };
  const wakeNew = createNewcomers({ holdings, background, refresh: (keys) => deliverToKeys(road, keys) });
  const refsSeen = createRefsSeen({
    ...{ home, namespace: controlNamespace, clock: platform.clock, log: platform.log, background, stopping },
    inUse: createRepositoriesInUse(
      () => road.lastListed.applications,
      () => platform.clock.now(),
    ),
    addressesOf: (push) => pushedAddresses(road, push),
  });
  const catchUp = createCatchUp(road, refsSeen, {
    refresh: (keys) => deliverToKeys(road, keys),
    addNote: (key, note) => road.deliveries.update(key, { notes: [note] }),
  });
  const webhookSecrets = createWebhookSecrets({
    read: (freshness) => readWebhookSettings(home, controlNamespace, freshness),
    clock: platform.clock,
    log: platform.log,
  });

  const getApplication: Hawser['getApplication'] = (name, namespace) => findApplication(road, name, namespace);

  /** An alarm comes back to the Application; `continue` to what is left of pushes for it, where there is something. */
  async function comeBack(alarm: string, name: string, namespace: string): Promise<void> {
    const key = `${namespace}/${name}`;
    const isDue = ({ left }: UnfinishedDelivery) => left?.includes(key) ?? false;
    const isAny = [...road.unfinished.values()].some(isDue);
    if (isAny && alarm.startsWith('continue/')) await finishDeliveries(road, isDue);
    else await deliverRefresh(road, { application: name, appNamespace: namespace }, crypto.randomUUID());
  }

  /** Applications that a dead replica had in work, by their keys. */
  function refreshAll(keys: readonly string[]): Promise<unknown> {
    return Promise.all(
      keys.map((key) => {
        const { name: application, namespace: appNamespace } = metadataOfKey(key).metadata;
        return deliverRefresh(road, { application, appNamespace, wait: true }, crypto.randomUUID());
      }),
    );
  }

  /** Pushes that an earlier process, or one that is dead, has left. */
  async function takeUnfinished(): Promise<void> {
    for (const record of await road.deliveries.takeUnfinished(await holdings.survey())) {
      if (!road.deliveriesInWork.has(record.push.key)) road.unfinished.set(record.push.key, record);
    }
    await finishDeliveries(road);
  }

  /** What the cluster refuses must not keep missed pushes from being found. */
  async function orTold(what: string, work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!isHawserError(error) || isPassing(error)) throw error;
      platform.log.warn(what, { reason: formatError(error) });
    }
  }

  /** Once a process: later they are made when somebody logs in. */
  async function makeAccountSecrets(): Promise<void> {
    if (hasAccountSecrets) return;
    hasAccountSecrets = true;
    await ensureAccountSecrets(road.home, platform).catch((error: unknown) =>
      platform.log.warn('the first password of admin could not be made; the first login tries again', {
        reason: messageOf(error),
      }),
    );
  }

  async function resume(): Promise<void> {
    await ensureDefaultProject(road.home, controlNamespace).catch((error: unknown) =>
      platform.log.warn('the AppProject default could not be looked up or made', { reason: messageOf(error) }),
    );
    // A process that ends begins nothing new.
    if (stopping.aborted) return;
    background(makeAccountSecrets());
    const done = holdings.busy();
    try {
      // They say, among other things, where Applications may be.
      await orTold(
        'the settings could not be read',
        readArgoSettings(road).then(() => undefined),
      );
      await orTold('open deliveries could not be taken up', takeUnfinished());
      await orTold('ApplicationSets could not be marked', markApplicationSets(road));
      await orTold('deleted AppProjects could not be let go', finishProjectDeletions(road));
      if (!stopping.aborted) await catchUp.start();
      // What an earlier process was about to tell.
      if (!isBeside) notifications.resume(road.lastListed.applications);
    } catch (error) {
      if (isPassing(error)) await setAfterPause(road, RESUME);
      throw error;
    } finally {
      done();
    }
    road.pauses.delete(RESUME);
    for (const app of road.lastListed.applications) {
      if (app.status.health?.status !== 'Progressing') continue;
      platform.background(watchHealth(road, app));
    }
  }

  const isNoticeSecret = createNoticeBelief(
    () => readToken(road.home, platform),
    () => platform.clock.now(),
  );
  const followNotice = createNoticeFollower(road, {
    wake: (key, { hard }) => {
      const { namespace: appNamespace, name: application } = metadataOfKey(key).metadata;
      return deliverRefresh(road, { application, appNamespace, hard }, crypto.randomUUID());
    },
    isBelieved: isNoticeSecret,
  });

  const idle = async () => {
    while (works.size > 0) await Promise.all(works);
  };
  const waking = createWaking(resume, idle);

  const receivePush: Hawser['receivePush'] = async (push, answerMs) => {
    platform.metrics?.count('argocd_webhook_requests_total', { repo: shownRepository(push) });
    const trace = platform.scope?.current()?.trace;
    const traced = trace ? { ...push, trace: formatTrace(trace) } : push;
    const answer = await deliverPush(road, traced, answerMs);
    background(finishRested(road));
    return answer;
  };

  return {
    webhookSettings: () => webhookSecrets.now(),
    freshWebhookSettings: () => webhookSecrets.fresh(),
    token: () => readToken(road.home, platform),
    home: road.home,
    receivePush,
    receivePing: (addresses) => background(recordPing(road, addresses)),
    editing: createApplicationEditing(road),
    outlook: createApplicationOutlook(road),
    changes: createApplicationChanges(road),
    resources: createLiveResources(road),
    streams: createApplicationStreams(road),
    projects: createProjectBook(road),
    repositories: createRepositoryBook(road),
    hooks: createRepositoryHooks(road),
    clusters: createClusterBook(road),
    certificates: createCertificateBook(road),
    deliveries: createDeliveryDesk({
      ...{ deliveries: road.deliveries, receive: receivePush },
      watch: createDeliveryWatch({ home, namespace: controlNamespace, stopping }),
    }),
    refusedDeliveries: createRefusedDeliveries(platform.clock),
    refresh: async (request) => {
      if (request.appNamespace !== undefined) await requireApplicationNamespace(road, request.appNamespace);
      const answer = await deliverRefresh(road, request, crypto.randomUUID());
      background(finishDeliveries(road));
      if (request.all) background(Promise.all([markApplicationSets(road), finishProjectDeletions(road)]));
      return answer;
    },
    listApplications: () => listApplications(road),
    getApplication,
    requestSync: (app, request, by, more) => requestSync(road, app, request, by, more),
    rollback: (app, request, by) => rollback(road, app, request, by),
    terminateOperation: (app, by) => terminateOperation(road, app, by),
    approveSync: (app, by) => approveSync(road, app, by),
    notice: (notice) => background(followNotice(notice)),
    advise: (notice, mode) => adviseOn(road, notice, mode),
    isNoticeSecret,
    identity: holdings.identity,
    peer: (message) => onPeerMessage(road, message),
    registerNotices: () => registerNotices(road),
    driftOf: (apps) => readAllDrift(road, apps),
    drift: async (name, appNamespace) => readDrift(road, (await getApplication(name, appNamespace)).metadata),
    alarm: async (name) => {
      if (name === RESUME) return waking.resume();
      if (name === DELIVERIES) return finishDeliveries(road);
      if (isCatchUpAlarm(name)) return catchUp.alarm();
      if (notifications.isAlarm(name)) return notifications.alarm(name);
      if (isLookAlarm(name)) {
        return onLookAlarm(road, name, { resume: waking.resume, refresh: refreshAll });
      }
      await onAlarm(road, name, {
        deliver: (application, namespace) => comeBack(name, application, namespace),
        lookAtHealth: (app) => lookAtHealth(road, app),
      });
      background(finishDeliveries(road));
    },
    deleteApplication: (app, request, by) => requestDeletion(road, app, request, by),
    confirmDeletion: (app, by) => confirmDeletion(road, app, by),
    managedResources: async (name, request = {}, namespace) =>
      diffApplication(road, await getApplication(name, namespace), request),
    diffOf: (app, request) => diffApplication(road, app, request),
    renderOf: (app, request) => renderApplication(road, app, request),
    preview: (app, renderForeign) => previewApplication(road, app, renderForeign),
    resume: waking.resume,
    wake: waking.wake,
    idle: waking.idle,
    noted: observer.noted,
    metricFamilies: createMetricFamilies(road),
  };
}
