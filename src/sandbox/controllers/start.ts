// Which controllers a sandbox runs.

import type { Cluster } from '../cluster.ts';
import { type Running, runControllers } from './controllers.ts';
import { DEFINITION_CONTROLLER, followDefinitions } from './definition.ts';
import { DEPLOYMENT_CONTROLLER } from './deployment.ts';
import { createGarbageCollector } from './garbage.ts';
import { NAMESPACE_CONTROLLER } from './namespace.ts';
import { POD_CONTROLLER } from './pod.ts';
import { REPLICA_SET_CONTROLLER } from './replica-set.ts';

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
