// OpenKruise's workloads, rollouts and game servers (Argo CD: resource_customizations/{apps,rollouts,game}.kruise.io).

import type { KubeObject } from '../../kube/object.ts';
import { health } from '../check.ts';
import {
  type Assess,
  always,
  conditionsAt,
  count,
  each,
  type Family,
  first,
  get,
  has,
  isObserved,
  show,
  waiting,
} from '../rules.ts';

interface Workload {
  readonly name: string;
  /** Where `paused` and `partition` are. */
  readonly strategy: string;
  /** The field whose absence means that nothing is rolled out. */
  readonly updated: string;
  readonly isPartitionReached: (object: KubeObject) => boolean;
  /** Whether a partition that is not given stops a rollout too, as an unlike zero does in Argo CD's Lua. */
  readonly isPartitionAlwaysMeant: boolean;
  readonly isDone: (object: KubeObject) => boolean;
  readonly isBroken: (object: KubeObject) => boolean;
  readonly broken: string;
}

function workload(kind: Workload): Assess {
  return first((object) => {
    if (get(object, 'status') === undefined || !isObserved(object)) return undefined;
    if (get(object, `${kind.strategy}.paused`) === true || get(object, kind.updated) === undefined)
      return health('Suspended', `${kind.name} is paused`);
    const partition = get(object, `${kind.strategy}.partition`);
    const isMeant = partition === undefined ? kind.isPartitionAlwaysMeant : partition !== 0;
    if (isMeant && (object.metadata.generation ?? 0) > 1)
      return kind.isPartitionReached(object)
        ? health('Suspended', `${kind.name} needs manual intervention`)
        : undefined;
    if (kind.isDone(object)) return health('Healthy', `All ${kind.name} workloads are ready and updated`);
    return kind.isBroken(object) ? health('Degraded', kind.broken) : undefined;
  }, waiting('Waiting for initialization'));
}

const areSame = (one: string, other: string) => (object: KubeObject) => get(object, one) === get(object, other);
const isAvailable = areSame('status.updatedAvailableReplicas', 'status.replicas');
const isScheduled = areSame('status.updatedNumberScheduled', 'status.desiredNumberScheduled');

export const KRUISE: Family = {
  'apps.kruise.io/AdvancedCronJob': (object) => {
    const isScheduledOnce = show(object, 'status.lastScheduleTime') !== undefined;
    if (!isScheduledOnce && get(object, 'spec.paused') === true)
      return health('Suspended', 'AdvancedCronJob is Paused');
    if (each(object, 'status.active').length > 0) return health('Progressing', 'AdvancedCronJobs has active jobs');
    return isScheduledOnce
      ? health('Healthy', 'AdvancedCronJobs has run successfully')
      : health('Degraded', 'AdvancedCronJobs has not run successfully');
  },
  'apps.kruise.io/BroadcastJob': first((object) => {
    if (get(object, 'status') === undefined) return undefined;
    const isAll = get(object, 'status.desired') === get(object, 'status.succeeded');
    switch (show(object, 'status.phase')) {
      case 'completed':
        return isAll ? health('Healthy', 'BroadcastJob is completed successfully') : undefined;
      case 'failed':
        return get(object, 'status.failed') === 0 ? undefined : health('Degraded', 'BroadcastJob failed');
      case 'paused':
        return get(object, 'spec.paused') === true ? health('Suspended', 'BroadcastJob is Paused') : undefined;
      default:
        return undefined;
    }
  }, waiting('BroadcastJob is still running')),
  'apps.kruise.io/CloneSet': workload({
    name: 'Cloneset',
    strategy: 'spec.updateStrategy',
    updated: 'status.updatedAvailableReplicas',
    isPartitionAlwaysMeant: true,
    isPartitionReached: (object) =>
      count(object, 'status.updatedReplicas') >= count(object, 'status.expectedUpdatedReplicas'),
    isDone: isAvailable,
    isBroken: () => true,
    broken: 'Some replicas are not ready or available',
  }),
  'apps.kruise.io/DaemonSet': workload({
    name: 'Daemonset',
    strategy: 'spec.updateStrategy.rollingUpdate',
    updated: 'status.updatedNumberScheduled',
    isPartitionAlwaysMeant: false,
    isPartitionReached: (object) =>
      count(object, 'status.updatedNumberScheduled') >
      count(object, 'status.desiredNumberScheduled') - count(object, 'spec.updateStrategy.rollingUpdate.partition'),
    isDone: (object) =>
      isScheduled(object) && areSame('status.numberAvailable', 'status.desiredNumberScheduled')(object),
    isBroken: (object) =>
      isScheduled(object) && areSame('status.numberUnavailable', 'status.desiredNumberScheduled')(object),
    broken: 'Some pods are not ready or available',
  }),
  'apps.kruise.io/StatefulSet': workload({
    name: 'Statefulset',
    strategy: 'spec.updateStrategy.rollingUpdate',
    updated: 'status.updatedAvailableReplicas',
    isPartitionAlwaysMeant: true,
    isPartitionReached: (object) =>
      count(object, 'status.updatedReplicas') >
      count(object, 'status.replicas') - count(object, 'spec.updateStrategy.rollingUpdate.partition'),
    isDone: isAvailable,
    isBroken: () => true,
    broken: 'Some replicas are not ready or available',
  }),
  'game.kruise.io/GameServer': first(
    (object) => {
      const current = show(object, 'status.currentState');
      const desired = show(object, 'status.desiredState');
      if (current === desired) return undefined;
      return health('Progressing', `State change: ${current ?? 'Unknown'} → ${desired ?? 'Unknown'}`);
    },
    conditionsAt('status.podStatus.conditions', [
      'KruisePodReady=!True',
      'Degraded',
      ({ type }) => `Pod is not ready: ${type}`,
    ]),
    (object) =>
      show(object, 'status.currentState') === 'Ready' ? health('Healthy', 'GameServer is Ready') : undefined,
    always('Unknown', 'Waiting for GameServer to be ready'),
  ),
  'game.kruise.io/GameServerSet': first((object) => {
    if (!has(object, 'status') || !isObserved(object)) return undefined;
    if (get(object, 'spec.updateStrategy.rollingUpdate.paused') === true)
      return health('Suspended', 'GameServerSet is paused');
    const partition = count(object, 'spec.updateStrategy.rollingUpdate.partition');
    const replicas = count(object, 'status.replicas');
    if (partition !== 0 && count(object, 'status.updatedReplicas') >= replicas - partition)
      return health('Suspended', `Partition=${partition}, waiting for manual intervention`);
    if (count(object, 'status.updatedReadyReplicas') === replicas)
      return health('Healthy', 'All GameServerSet replicas are updated and ready');
    const ready = count(object, 'status.readyReplicas');
    return ready < replicas
      ? health('Progressing', `ReadyReplicas ${ready}/${replicas}, still progressing`)
      : undefined;
  }, waiting('Waiting for GameServerSet initialization')),
  'rollouts.kruise.io/Rollout': first((object) => {
    if (!isObserved(object)) return undefined;
    const step = show(object, 'status.canaryStatus.currentStepState');
    const phase = show(object, 'status.phase');
    if (step === 'StepPaused' && phase === 'Progressing')
      return health('Suspended', 'Rollout is Paused need manual intervention');
    if (step === 'Completed' && phase === 'Healthy') return health('Healthy', 'Rollout is Completed');
    return step === 'StepPaused' && (phase === 'Terminating' || phase === 'Disabled')
      ? health('Degraded', 'Rollout is Disabled or Terminating')
      : undefined;
  }, waiting('Rollout is still progressing')),
};
