// Puts the road together over a platform.

import { parseApplication } from '../application/parse.ts';
import type { Application } from '../application/types.ts';
import { HawserError, messageOf } from '../base/errors.ts';
import type { RepositorySecrets } from '../git/credentials.ts';
import type { Platform } from '../platform.ts';
import type { SourceReader } from '../source/source.ts';
import { onAlarm, RESUME, setAfterPause } from './alarms.ts';
import { markApplicationSets } from './application-sets.ts';
import { createClusters } from './clusters.ts';
import { isPassing } from './compare-application.ts';
import { finishProjectDeletions } from './delete-project.ts';
import { deliverPush, deliverRecorded, deliverRefresh } from './deliver.ts';
import { diffApplication } from './diff-application.ts';
import type { Hawser } from './hawser.ts';
import { createNoticeFollower } from './notice.ts';
import { ensureDefaultProject } from './prepare-home.ts';
import type { RecordedPush } from './push.ts';
import { createReadSetStore } from './read-sets.ts';
import { confirmDeletion, requestDeletion } from './request-deletion.ts';
import { approveSync, requestSync, rollback, terminateOperation } from './request-operation.ts';
import { applicationRef, createHomeClient, defaultArgoKnowledge, FIELD_MANAGER, type Road } from './road.ts';
import { readToken, readWebhookSettings } from './settings.ts';
import { createTurns } from './turns.ts';
import { lookAtHealth, watchHealth } from './watch-health.ts';
import { listApplications } from './world.ts';

export interface HawserParts {
  readonly platform: Platform;
  /** How sources are read with given credentials; the Git client behind it is shared. */
  readonly readSources: (secrets: RepositorySecrets) => SourceReader;
  /** Ends watches and requests. */
  readonly stopping?: AbortSignal;
  /** How long one call waits for hooks and health before it records; an alarm goes on with it. Default: ten minutes. */
  readonly waitMs?: number;
}

const WAIT_MS = 10 * 60_000;

export function createHawser(parts: HawserParts): Hawser {
  const { platform, readSources, stopping = new AbortController().signal, waitMs = WAIT_MS } = parts;
  const works = new Set<Promise<unknown>>();
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
  const road: Road = {
    platform,
    background,
    home,
    clusters: createClusters({ platform, home, fieldManager: FIELD_MANAGER, isHomeEnabled, stopping }),
    wakeApplication: (name, atHand) =>
      background(deliverRefresh(road, { application: name }, crypto.randomUUID(), atHand)),
    readSources,
    argo,
    lastListed: { applications: [], repositories: [] },
    turns: createTurns(),
    readSets: createReadSetStore(platform.cache),
    newestIntent: new Map(),
    newestPush: new Map(),
    running: new Map(),
    pauses: new Map(),
    inWork: new Set(),
    healthWatches: new Map(),
    healthLimits: new Map(),
    requested: new Map(),
    healthLooks: new Map(),
    deliveriesInWork: new Set(),
    stopping,
    waitMs,
  };
  const { namespace: controlNamespace } = platform.settings;

  async function getApplication(name: string, namespace = controlNamespace): Promise<Application> {
    const found = await road.home.get(applicationRef(namespace, name));
    if (!found) {
      throw new HawserError('NotFound', `applications.argoproj.io "${name}" not found`, {
        hint: `kubectl get applications -n ${namespace} lists them`,
      });
    }
    return parseApplication(found);
  }

  /** Every wake finishes what an earlier one had to leave, because a cluster or a Git server was away. */
  async function finishRecorded(): Promise<void> {
    for (const { id, record } of await platform.journal.list()) {
      if (!road.deliveriesInWork.has(id)) await deliverRecorded(road, JSON.parse(record) as RecordedPush);
    }
  }

  /** An alarm comes back to the Application; `continue` to what is left of pushes for it, where there is something. */
  async function comeBack(alarm: string, name: string): Promise<void> {
    const key = `${controlNamespace}/${name}`;
    const records = (await platform.journal.list()).map(({ record }) => JSON.parse(record) as RecordedPush);
    const due = records.filter(({ deliveryId, left }) => left?.includes(key) && !road.deliveriesInWork.has(deliveryId));
    if (due.length === 0 || !alarm.startsWith('continue/')) {
      await deliverRefresh(road, { application: name }, crypto.randomUUID());
      return;
    }
    for (const push of due) await deliverRecorded(road, push);
  }

  async function resume(): Promise<void> {
    await ensureDefaultProject(road.home, controlNamespace).catch((error: unknown) =>
      platform.log.warn('the AppProject default could not be looked up or made', { reason: messageOf(error) }),
    );
    try {
      await finishRecorded();
      await markApplicationSets(road);
      await finishProjectDeletions(road);
      await deliverRefresh(road, { all: true }, crypto.randomUUID());
    } catch (error) {
      if (isPassing(error)) await setAfterPause(road, RESUME);
      throw error;
    }
    road.pauses.delete(RESUME);
    for (const app of road.lastListed.applications) {
      if (app.status.health?.status !== 'Progressing') continue;
      platform.background(watchHealth(road, app));
    }
  }

  const followNotice = createNoticeFollower(road, {
    wake: (application, { hard }) => deliverRefresh(road, { application, hard }, crypto.randomUUID()),
  });

  return {
    webhookSettings: () => readWebhookSettings(road.home, controlNamespace),
    token: () => readToken(road.home, platform),
    receivePush: async (push) => {
      const answer = await deliverPush(road, push);
      background(finishRecorded());
      return answer;
    },
    refresh: async (request) => {
      const answer = await deliverRefresh(road, request, crypto.randomUUID());
      background(finishRecorded());
      if (request.all) background(Promise.all([markApplicationSets(road), finishProjectDeletions(road)]));
      return answer;
    },
    listApplications: () => listApplications(road),
    getApplication,
    requestSync: async (name, request, by, more) => requestSync(road, await getApplication(name), request, by, more),
    rollback: async (name, request, by) => rollback(road, await getApplication(name), request, by),
    terminateOperation: async (name) => terminateOperation(road, await getApplication(name)),
    approveSync: async (name, by) => approveSync(road, await getApplication(name), by),
    notice: (notice) => background(followNotice(notice)),
    alarm: async (name) => {
      if (name === RESUME) return resume();
      await onAlarm(road, name, {
        deliver: (application) => comeBack(name, application),
        lookAtHealth: (app) => lookAtHealth(road, app),
      });
      background(finishRecorded());
    },
    deleteApplication: async (name, request, namespace) =>
      requestDeletion(road, await getApplication(name, namespace), request),
    confirmDeletion: async (name, namespace) => confirmDeletion(road, await getApplication(name, namespace)),
    managedResources: async (name, request = {}, namespace) =>
      diffApplication(road, await getApplication(name, namespace), request),
    resume,
    idle: async () => {
      while (works.size > 0) await Promise.all(works);
    },
  };
}
