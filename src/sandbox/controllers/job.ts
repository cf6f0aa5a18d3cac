// Job: Pods until enough of them have ended well, or too many badly.
//
// Source: k8s.io/kubernetes, pkg/controller/job.

import { at } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { type Cluster, timestamp } from '../cluster.ts';
import {
  controllerOf,
  create,
  find,
  isActive,
  isReady,
  keyOf,
  type Obj,
  objectsAt,
  ownedIn,
  remove,
  setStatus,
  specOf,
  statusOf,
} from './act.ts';
import { type Controller, LONGEST_MS } from './controllers.ts';
import { tell } from './event.ts';
import { PODS, podFromTemplate, tellOfPod } from './replica-set.ts';

const JOBS = 'batch/jobs';

export const JOB_CONTROLLER: Controller = {
  name: 'job',
  keysOf({ storage, object }) {
    if (storage === JOBS) return [keyOf(object)];
    const owner = storage === PODS ? controllerOf(object) : undefined;
    return owner?.kind === 'Job' ? [`${object.metadata.namespace}/${owner.name}`] : [];
  },
  reconcile(key, { cluster, later }) {
    const job = find(cluster, JOBS, key);
    if (!job || job.metadata.deletionTimestamp || isFinished(job)) return;
    const counts = countPods(cluster, job);
    const leftMs = timeLeft(cluster, job);
    const end = terminationOf(job) ?? (leftMs <= 0 ? OVERDUE : endOf(job, counts));
    if (!end) runPods(cluster, job, counts);
    else for (const pod of counts.active) dropPod(cluster, job, pod);
    writeStatus(cluster, job, end, end ? counts.active.length : 0);
    const deadlineMs = end ? Number.POSITIVE_INFINITY : timeLeft(cluster, find(cluster, JOBS, key) ?? job);
    if (deadlineMs < Number.POSITIVE_INFINITY) later(JOB_CONTROLLER, key, Math.min(deadlineMs, LONGEST_MS));
  },
};

const COMPONENT = 'job-controller';

function dropPod(cluster: Cluster, job: KubeObject, pod: KubeObject): void {
  remove(cluster, PODS, pod);
  tellOfPod(cluster, job, 'Deleted', pod, COMPONENT);
}

/** Somebody has said that it is to fail. */
function terminationOf(job: KubeObject): End | undefined {
  const target = objectsAt(job, 'status', 'conditions').find(
    ({ type, status }) => type === 'FailureTarget' && status === 'True',
  );
  return target && { type: 'Failed', reason: String(target.reason ?? ''), message: String(target.message ?? '') };
}

interface Counts {
  readonly active: readonly KubeObject[];
  readonly succeeded: number;
  readonly failed: number;
}

interface End {
  readonly type: 'Complete' | 'Failed';
  readonly reason: string;
  readonly message: string;
}

const OVERDUE: End = {
  type: 'Failed',
  reason: 'DeadlineExceeded',
  message: 'Job was active longer than specified deadline',
};

/** Until `activeDeadlineSeconds` are over; suspended Jobs have all the time in the world. */
function timeLeft(cluster: Cluster, job: KubeObject): number {
  const { activeDeadlineSeconds, suspend } = specOf(job);
  const { startTime } = statusOf(job);
  if (activeDeadlineSeconds === undefined || suspend === true || typeof startTime !== 'string')
    return Number.POSITIVE_INFINITY;
  return Date.parse(startTime) + Number(activeDeadlineSeconds) * 1000 - cluster.clock.now();
}

function isFinished(job: KubeObject): boolean {
  return objectsAt(job, 'status', 'conditions').some(({ type }) => type === 'Complete' || type === 'Failed');
}

function countPods(cluster: Cluster, job: KubeObject): Counts {
  const pods = ownedIn(cluster, PODS, job);
  const inPhase = (phase: string) => pods.filter((pod) => statusOf(pod).phase === phase).length;
  return { active: pods.filter(isActive), succeeded: inPhase('Succeeded'), failed: inPhase('Failed') };
}

function endOf(job: KubeObject, { succeeded, failed, active }: Counts): End | undefined {
  const spec = specOf(job);
  if (failed > Number(spec.backoffLimit ?? 6))
    return { type: 'Failed', reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
  const completions = spec.completions;
  const isDone = completions === undefined ? succeeded > 0 && active.length === 0 : succeeded >= Number(completions);
  if (!isDone) return undefined;
  return { type: 'Complete', reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' };
}

function runPods(cluster: Cluster, job: KubeObject, { active, succeeded }: Counts): void {
  const spec = specOf(job);
  const { namespace = '', name = '' } = job.metadata;
  const left = spec.completions === undefined ? Number(spec.parallelism ?? 1) : Number(spec.completions) - succeeded;
  const wanted = spec.suspend === true ? 0 : Math.min(Number(spec.parallelism ?? 1), left);
  for (const pod of active.slice(wanted)) dropPod(cluster, job, pod);
  for (let i = active.length; i < wanted; i++) {
    const body = podFromTemplate(spec.template, job, { generateName: `${name}-` });
    tellOfPod(cluster, job, 'Created', create(cluster, PODS, namespace, body), COMPONENT);
  }
}

/** `ended` Pods went with their Job, and count as failed. */
function writeStatus(cluster: Cluster, job: KubeObject, end: End | undefined, ended: number): void {
  const live = find(cluster, JOBS, keyOf(job));
  if (!live) return;
  const { active, succeeded, failed: broken } = countPods(cluster, live);
  const failed = broken + ended;
  const own = statusOf(live);
  const now = timestamp(cluster);
  const isSuspended = specOf(live).suspend === true;
  const ready = active.filter(isReady).length;
  const startTime = own.startTime ?? (isSuspended ? undefined : now);
  if (end) tellOfEnd(cluster, live, end);
  setStatus(cluster, JOBS, live, {
    ...(end ? { conditions: withEnd(objectsAt(own, 'conditions'), end, now) } : suspension(live, isSuspended, now)),
    ...(startTime ? { startTime } : {}),
    ...(end?.type === 'Complete' ? { completionTime: now } : {}),
    ...(active.length > 0 ? { active: active.length } : {}),
    ...(succeeded > 0 ? { succeeded } : {}),
    ...(failed > 0 ? { failed } : {}),
    terminating: 0,
    uncountedTerminatedPods: {},
    ready,
  });
}

function tellOfEnd(cluster: Cluster, job: KubeObject, { type, reason, message }: End): void {
  if (type === 'Complete') tell(cluster, job, { reason: 'Completed', message: 'Job completed', component: COMPONENT });
  else tell(cluster, job, { type: 'Warning', reason, message, component: COMPONENT });
}

/** One that is there already is not said again. */
function withEnd(before: readonly Obj[], end: End, now: string): Obj[] {
  const isSaid = (condition: Obj) => before.some(({ type }) => type === condition.type);
  return [...before, ...conditionsOf(end, now).filter((condition) => !isSaid(condition))];
}

function conditionsOf({ type, reason, message }: End, now: string): Obj[] {
  const condition = (name: string) => ({
    type: name,
    status: 'True',
    lastProbeTime: now,
    lastTransitionTime: now,
    reason,
    message,
  });
  return [condition(type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget'), condition(type)];
}

function suspension(job: KubeObject, isSuspended: boolean, now: string): Obj {
  const own = objectsAt(job, 'status', 'conditions');
  const known = own.find(({ type }) => type === 'Suspended');
  const status = isSuspended ? 'True' : 'False';
  if (at(known, 'status') === status || (!known && !isSuspended)) return own.length > 0 ? { conditions: own } : {};
  const reason = isSuspended ? 'JobSuspended' : 'JobResumed';
  const message = isSuspended ? 'Job suspended' : 'Job resumed';
  const next = { type: 'Suspended', status, lastProbeTime: now, lastTransitionTime: now, reason, message };
  return { conditions: [...own.filter((condition) => condition !== known), next] };
}
