// CronJobs and Jobs (Argo CD: resource_customizations/batch).

import { at, isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { type Action, type ActionTable, formatMoment, isTrue, withField } from './action.ts';

const PLAY = { iconClass: 'fa fa-fw fa-play' };
const PAUSE = { iconClass: 'fa fa-fw fa-pause' };

/** Condition types with which a Job has ended, or is about to. */
const ENDS = ['Complete', 'Failed', 'FailureTarget', 'SuccessCriteriaMet'];

const resume: Action = {
  offer: (object) => (isTrue(object, 'spec', 'suspend') && !hasEnded(object) ? PLAY : undefined),
  run: (object) => (isTrue(object, 'spec', 'suspend') ? withField(object, ['spec', 'suspend'], false) : object),
};

const suspend: Action = {
  offer: (object) => (!isTrue(object, 'spec', 'suspend') && !hasEnded(object) ? PAUSE : undefined),
  run: (object) => withField(object, ['spec', 'suspend'], true),
};

/** A Job of the template now, as `kubectl create job --from=cronjob/…` makes it. */
const createJob: Action = {
  offer: () => ({ iconClass: 'fa fa-fw fa-plus', displayName: 'Create Job' }),
  run: (cronJob, { now }) => {
    const { apiVersion, kind } = cronJob;
    const { name = '', namespace, uid = '' } = cronJob.metadata;
    const template = at(cronJob, 'spec', 'jobTemplate', 'metadata');
    const own = isObject(template) ? template : {};
    const annotations = isObject(own.annotations) ? own.annotations : {};
    const owner = { apiVersion, kind, name, uid, blockOwnerDeletion: true, controller: true };
    const resource: KubeObject = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        ...own,
        name: `${name}-${formatMinute(now)}`,
        ...(namespace && { namespace }),
        annotations: { ...(annotations as Record<string, string>), 'cronjob.kubernetes.io/instantiate': 'manual' },
        ownerReferences: [owner],
      },
      spec: at(cronJob, 'spec', 'jobTemplate', 'spec'),
    };
    return [{ operation: 'create', resource }];
  },
};

const terminate: Action = {
  offer: (job) => (isObject(job.status) && !hasEnded(job) ? { iconClass: 'fa fa-fw fa-stop' } : undefined),
  run: (job, { now }) => {
    if (!isObject(job.status) || hasEnded(job)) return job;
    const condition = {
      type: 'FailureTarget',
      status: 'True',
      reason: 'ManuallyTerminated',
      message: 'Job was terminated explicitly through hawser',
      lastTransitionTime: formatMoment(now),
    };
    return withField(job, ['status', 'conditions'], [...conditionsOf(job), condition]);
  },
};

export const BATCH: ActionTable = {
  'batch/CronJob': { 'create-job': createJob, suspend, resume },
  'batch/Job': { suspend, resume, terminate },
};

function conditionsOf(object: KubeObject): readonly unknown[] {
  const conditions = at(object, 'status', 'conditions');
  return Array.isArray(conditions) ? conditions : [];
}

/** A CronJob has no such conditions. */
function hasEnded(object: KubeObject): boolean {
  return conditionsOf(object).some(
    (condition) => ENDS.includes(String(at(condition, 'type'))) && at(condition, 'status') === 'True',
  );
}

/** `2611231716`: year to minute. */
function formatMinute(now: Date): string {
  return now.toISOString().slice(2, 16).replaceAll(/[-T:]/g, '');
}
