// Which controllers a sandbox runs.

import type { Cluster } from '../cluster.ts';
import { CLAIM_CONTROLLER } from './claim.ts';
import { type Running, runControllers } from './controllers.ts';
import { CRON_JOB_CONTROLLER } from './cron-job.ts';
import { DAEMON_SET_CONTROLLER } from './daemon-set.ts';
import { DEFINITION_CONTROLLER, followDefinitions } from './definition.ts';
import { DEPLOYMENT_CONTROLLER } from './deployment.ts';
import { DISRUPTION_BUDGET_CONTROLLER } from './disruption-budget.ts';
import { ENDPOINTS_CONTROLLER } from './endpoints.ts';
import { createGarbageCollector } from './garbage.ts';
import { JOB_CONTROLLER } from './job.ts';
import { JOB_TTL_CONTROLLER } from './job-ttl.ts';
import { NAMESPACE_CONTROLLER } from './namespace.ts';
import { POD_CONTROLLER } from './pod.ts';
import { REPLICA_SET_CONTROLLER } from './replica-set.ts';
import { STATEFUL_SET_CONTROLLER } from './stateful-set.ts';
import { VOLUME_PROTECTION_CONTROLLER } from './volume-protection.ts';

export function startControllers(cluster: Cluster, readyDelayMs: number): Running {
  const unfollow = followDefinitions(cluster);
  const running = runControllers(
    cluster,
    [
      DEFINITION_CONTROLLER,
      NAMESPACE_CONTROLLER,
      createGarbageCollector(),
      DEPLOYMENT_CONTROLLER,
      REPLICA_SET_CONTROLLER,
      STATEFUL_SET_CONTROLLER,
      DAEMON_SET_CONTROLLER,
      JOB_CONTROLLER,
      JOB_TTL_CONTROLLER,
      CRON_JOB_CONTROLLER,
      CLAIM_CONTROLLER,
      VOLUME_PROTECTION_CONTROLLER,
      ENDPOINTS_CONTROLLER,
      DISRUPTION_BUDGET_CONTROLLER,
      POD_CONTROLLER,
    ],
    readyDelayMs,
  );
  return {
    settle: running.settle,
    stop() {
      unfollow();
      running.stop();
    },
  };
}
