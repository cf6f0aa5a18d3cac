// CronJob: a Job at every time of its schedule, and no more finished ones than it wants to keep.
//
// Source: k8s.io/kubernetes, pkg/controller/cronjob/{cronjob_controllerv2.go,utils.go}.

import { parseSchedule, type Schedule } from '../../base/cron.ts';
import { isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { loadZone, UTC, type Zone } from '../../render/go/zone.ts';
import type { Cluster } from '../cluster.ts';
import {
  controllerOf,
  create,
  find,
  keyOf,
  objectsAt,
  ownedBy,
  ownedIn,
  remove,
  setStatus,
  specOf,
  statusOf,
} from './act.ts';
import { type Controller, LONGEST_MS } from './controllers.ts';
import { tell } from './event.ts';

const CRON_JOBS = 'batch/cronjobs';
const JOBS = 'batch/jobs';
const COMPONENT = 'cronjob-controller';
const SCHEDULED = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

/** What the schedule's parser knows as fields (robfig/cron, parseDescriptor). */
const DESCRIPTORS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

export const CRON_JOB_CONTROLLER: Controller = {
  name: 'cron-job',
  keysOf({ storage, object }) {
    if (storage === CRON_JOBS) return [keyOf(object)];
    const owner = storage === JOBS ? controllerOf(object) : undefined;
    return owner?.kind === 'CronJob' ? [`${object.metadata.namespace}/${owner.name}`] : [];
  },
  reconcile(key, { cluster, later }) {
    const cronJob = find(cluster, CRON_JOBS, key);
    if (!cronJob) return;
    followJobs(cluster, cronJob);
    forgetJobs(cluster, cronJob);
    const times = timesOf(cronJob);
    const live = find(cluster, CRON_JOBS, key);
    if (!live || live.metadata.deletionTimestamp || specOf(live).suspend === true || !times) return;
    const now = cluster.clock.now();
    const due = times.last(now);
    if (due !== undefined && due > earliestOf(live, now)) start(cluster, live, due, now);
    const next = times.next(now);
    if (next !== undefined) later(CRON_JOB_CONTROLLER, key, Math.min(next - now, LONGEST_MS));
  },
};

interface Times {
  /** The last time of the schedule up to `now`; all in milliseconds since the Unix epoch. */
  last(now: number): number | undefined;
  next(now: number): number | undefined;
}

/** undefined for a schedule that cannot be read. */
function timesOf(cronJob: KubeObject): Times | undefined {
  const { schedule: text = '', timeZone } = specOf(cronJob);
  const zone = typeof timeZone === 'string' ? loadZone(timeZone, UTC) : UTC;
  const schedule = readSchedule(DESCRIPTORS[String(text)] ?? String(text));
  if (!zone || !schedule) return undefined;
  const wall = (at: number) => at + offsetMs(zone, at);
  const instant = (time: number | undefined, at: number) => {
    if (time === undefined) return undefined;
    return time - offsetMs(zone, time - offsetMs(zone, at));
  };
  return {
    last: (now) => instant(schedule.previous(wall(now) + 1), now),
    next: (now) => instant(schedule.next(wall(now)), now),
  };
}

function readSchedule(text: string): Schedule | undefined {
  try {
    return parseSchedule(text);
  } catch {
    // The API server let it pass; the controller says so in an event and waits for a better one.
    return undefined;
  }
}

function offsetMs(zone: Zone, at: number): number {
  return zone.offsetAt(Math.floor(at / 1000)) * 1000;
}

/** Times up to this one were met, or are too long ago. */
function earliestOf(cronJob: KubeObject, now: number): number {
  const { lastScheduleTime } = statusOf(cronJob);
  const { startingDeadlineSeconds } = specOf(cronJob);
  const last = Date.parse(String(lastScheduleTime ?? cronJob.metadata.creationTimestamp));
  if (startingDeadlineSeconds === undefined) return last;
  return Math.max(last, now - Number(startingDeadlineSeconds) * 1000);
}

function start(cluster: Cluster, cronJob: KubeObject, due: number, now: number): void {
  const { concurrencyPolicy, jobTemplate } = specOf(cronJob);
  const running = ownedIn(cluster, JOBS, cronJob).filter((job) => !endOf(job));
  if (concurrencyPolicy === 'Forbid' && running.length > 0) return;
  if (concurrencyPolicy === 'Replace') for (const job of running) remove(cluster, JOBS, job);
  const { namespace = '', name = '' } = cronJob.metadata;
  const template = isObject(jobTemplate) ? jobTemplate : {};
  const metadata = isObject(template.metadata) ? template.metadata : {};
  const annotations = isObject(metadata.annotations) ? metadata.annotations : {};
  const job = create(cluster, JOBS, namespace, {
    metadata: {
      ...(isObject(metadata.labels) && { labels: metadata.labels }),
      annotations: { ...annotations, [SCHEDULED]: formatTime(due) },
      name: `${name}-${due / 60_000}`,
      ownerReferences: [ownedBy(cronJob)],
    },
    spec: template.spec,
  });
  const live = find(cluster, CRON_JOBS, keyOf(cronJob));
  if (!job || !live) return;
  tell(cluster, live, {
    reason: 'SuccessfulCreate',
    message: `Created job ${job.metadata.name}`,
    component: COMPONENT,
  });
  const kept = concurrencyPolicy === 'Replace' ? [] : objectsAt(live, 'status', 'active');
  const { uid, resourceVersion } = job.metadata;
  const { apiVersion, kind } = job;
  setStatus(cluster, CRON_JOBS, live, {
    ...statusOf(live),
    active: [...kept, { kind, namespace, name: job.metadata.name, uid, apiVersion, resourceVersion }],
    lastScheduleTime: formatTime(Math.min(due, now)),
  });
}

function formatTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** A Job that has ended, or is gone, is no longer active. */
function followJobs(cluster: Cluster, cronJob: KubeObject): void {
  const jobs = ownedIn(cluster, JOBS, cronJob);
  const active = objectsAt(cronJob, 'status', 'active');
  const left = active.filter(({ uid }) => jobs.some((job) => job.metadata.uid === uid && !endOf(job)));
  const successes = jobs.filter((job) => endOf(job) === 'Complete').map((job) => String(statusOf(job).completionTime));
  const own = statusOf(cronJob);
  const lastSuccessfulTime = [...successes, String(own.lastSuccessfulTime ?? '')].sort().at(-1);
  const { active: _, ...rest } = own;
  setStatus(cluster, CRON_JOBS, cronJob, {
    ...rest,
    ...(left.length > 0 && { active: left }),
    ...(lastSuccessfulTime && { lastSuccessfulTime }),
  });
}

function endOf(job: KubeObject): 'Complete' | 'Failed' | undefined {
  for (const { type, status } of objectsAt(job, 'status', 'conditions'))
    if ((type === 'Complete' || type === 'Failed') && status === 'True') return type;
  return undefined;
}

function forgetJobs(cluster: Cluster, cronJob: KubeObject): void {
  const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = specOf(cronJob);
  const limits = { Complete: successfulJobsHistoryLimit, Failed: failedJobsHistoryLimit };
  const startOf = (job: KubeObject) => String(statusOf(job).startTime ?? '');
  for (const [end, limit] of Object.entries(limits)) {
    if (typeof limit !== 'number') continue;
    const ended = ownedIn(cluster, JOBS, cronJob).filter((job) => endOf(job) === end);
    ended.sort((a, b) => startOf(b).localeCompare(startOf(a)) || keyOf(b).localeCompare(keyOf(a)));
    for (const job of ended.slice(limit)) if (!job.metadata.deletionTimestamp) remove(cluster, JOBS, job);
  }
}
