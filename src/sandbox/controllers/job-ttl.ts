// Finished Jobs with a ttlSecondsAfterFinished go when it is over.
//
// Source: k8s.io/kubernetes, pkg/controller/ttlafterfinished.

import type { KubeObject } from '../../kube/object.ts';
import { find, keyOf, objectsAt, remove, specOf } from './act.ts';
import { type Controller, LONGEST_MS } from './controllers.ts';

const JOBS = 'batch/jobs';

export const JOB_TTL_CONTROLLER: Controller = {
  name: 'ttl-after-finished',
  keysOf: ({ storage, object }) =>
    storage === JOBS && specOf(object).ttlSecondsAfterFinished !== undefined ? [keyOf(object)] : [],
  reconcile(key, { cluster, later }) {
    const job = find(cluster, JOBS, key);
    const finishedMs = job && finishTime(job);
    if (!job || finishedMs === undefined || job.metadata.deletionTimestamp) return;
    const leftMs = finishedMs + Number(specOf(job).ttlSecondsAfterFinished) * 1000 - cluster.clock.now();
    if (leftMs > 0) later(JOB_TTL_CONTROLLER, key, Math.min(leftMs, LONGEST_MS));
    else remove(cluster, JOBS, job, 'Foreground');
  },
};

function finishTime(job: KubeObject): number | undefined {
  const end = objectsAt(job, 'status', 'conditions').find(({ type, status }) => {
    return (type === 'Complete' || type === 'Failed') && status === 'True';
  });
  return end && Date.parse(String(end.lastTransitionTime));
}
