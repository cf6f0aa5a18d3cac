// Storage, brokers and jobs over data, by what their parts report (Argo CD: resource_customizations/{ceph,cassandra}.rook.io, kafka.banzaicloud.io, sparkoperator.k8s.io).

import type { HealthCode } from '../../application/types.ts';
import { isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { health } from '../check.ts';
import { count, each, type Family, first, get, has, show, states, waiting } from '../rules.ts';

export const DATA_SERVICES: Family = {
  'cassandra.rook.io/Cluster': first((object) => {
    if (!has(object, 'status.racks')) return undefined;
    const isGood = each(object, 'status.racks').every(({ members, readyMembers }) => {
      const isKnown = members !== undefined && members !== null && readyMembers !== undefined && readyMembers !== null;
      return !isKnown || members === readyMembers;
    });
    return isGood ? health('Healthy') : undefined;
  }, waiting('Waiting for Cassandra Cluster')),
  'ceph.rook.io/CephCluster': (object) => {
    if (!has(object, 'status')) return health('Progressing', 'Waiting for status to be reported');
    const reported = show(object, 'status.ceph.health');
    const state = show(object, 'status.state');
    const isGood = reported === 'HEALTH_OK';
    const parts: string[] = [];
    if (reported !== undefined) parts.push(`Ceph health is ${reported}${cephDetails(object)}`);
    if (isGood && state !== undefined) parts.push(`Ceph cluster state is ${state}`);
    parts.push(show(object, 'status.message') ?? '');
    return health(cephCode(reported, state), parts.filter((part) => part !== '').join(' - '));
  },
  'kafka.banzaicloud.io/KafkaCluster': first((object) => {
    const state = show(object, 'status.state');
    if (state === 'ClusterRollingUpgrading') return health('Progressing', 'Kafka Cluster is Rolling Upgrading.');
    if (!has(object, 'status.brokersState')) return undefined;
    const isGood = (broker: unknown) =>
      show(broker, 'configurationState') === 'ConfigInSync' &&
      /^Graceful(Up|Down)scaleSucceeded$/.test(show(broker, 'gracefulActionState.cruiseControlState') ?? '');
    if (!each(object, 'status.brokersState').every(isGood))
      return health('Degraded', 'Broker Config is out of Sync or CruiseControlState is not Ready');
    const topic = show(object, 'status.cruiseControlTopicStatus');
    if (topic === 'CruiseControlTopicReady' && state === 'ClusterRunning')
      return health('Healthy', 'Kafka Brokers, CruiseControl and cluster are in Healthy State.');
    const isTopicMissing = topic === undefined || topic === 'CruiseControlTopicNotReady';
    return isTopicMissing && state === 'ClusterReconciling'
      ? health('Progressing', 'Kafka Cluster is Reconciling.')
      : undefined;
  }, waiting('Waiting for KafkaCluster')),
  'sparkoperator.k8s.io/SparkApplication': first(
    (object) => (isSparkRunning(object) ? health('Healthy', 'SparkApplication is Running') : undefined),
    states('status.applicationState.state', {
      '': ['Progressing', 'SparkApplication was added, enqueuing it for submission'],
      SUBMITTED: ['Progressing', 'SparkApplication was submitted successfully'],
      COMPLETED: ['Healthy', 'SparkApplication was Completed'],
      FAILED: ['Degraded', sparkError],
      SUBMISSION_FAILED: ['Degraded', sparkError],
      PENDING_RERUN: ['Progressing', 'SparkApplication is Pending Rerun'],
      INVALIDATING: ['Missing', 'SparkApplication is in InvalidatingState'],
      SUCCEEDING: [
        'Progressing',
        // The break and the spaces are those of Argo CD's script.
        `The driver pod has been completed successfully. The executor pods terminate and are cleaned up.\n${' '.repeat(32)}Under this circumstances, we assume the executor pod are completed.`,
      ],
      FAILING: ['Degraded', sparkError],
      UNKNOWN: [
        'Progressing',
        'SparkApplication is in UnknownState because either driver pod or one or all executor pods in unknown state  ',
      ],
    }),
    waiting('Waiting for Executor pods'),
  ),
};

function cephCode(reported: string | undefined, state: string | undefined): HealthCode {
  if (reported === 'HEALTH_ERR' || reported === 'HEALTH_WARN') return 'Degraded';
  if (reported !== 'HEALTH_OK') return 'Progressing';
  if (state === undefined || state === 'Created' || state === 'Connected') return 'Healthy';
  return state === 'Error' ? 'Degraded' : 'Progressing';
}

function cephDetails(object: KubeObject): string {
  const details = get(object, 'status.ceph.details');
  if (!isObject(details)) return '';
  const messages = Object.keys(details)
    .sort()
    .flatMap((type) => show(details[type], 'message') ?? []);
  return messages.length > 0 ? ` (${messages.join('; ')})` : '';
}

function sparkError(_: string, object: KubeObject): string | undefined {
  return show(object, 'status.applicationState.errorMessage');
}

/** All the executors that were asked for run, or as many as dynamic allocation allows. */
function isSparkRunning(object: KubeObject): boolean {
  const states = get(object, 'status.executorState');
  if (show(object, 'status.applicationState.state') !== 'RUNNING' || !isObject(states)) return false;
  const running = Object.values(states).filter((state) => state === 'RUNNING').length;
  const wanted = get(object, 'spec.executor.instances');
  if (wanted !== undefined && wanted === running) return true;
  const range = executorRange(object);
  if (range) return running >= range.min && running <= range.max;
  return !has(object, 'spec.dynamicAllocation') && wanted === undefined && running >= 1;
}

function executorRange(object: KubeObject): { readonly min: number; readonly max: number } | undefined {
  if (has(object, 'spec.dynamicAllocation.enabled'))
    return {
      min: count(object, 'spec.dynamicAllocation.minExecutors'),
      max: count(object, 'spec.dynamicAllocation.maxExecutors', Number.POSITIVE_INFINITY),
    };
  const settings = get(object, 'spec.sparkConf');
  if (!isObject(settings)) return undefined;
  const prefix = ['spark.streaming.dynamicAllocation', 'spark.dynamicAllocation'].find(
    (name) => settings[`${name}.enabled`] === 'true',
  );
  if (prefix === undefined) return undefined;
  return {
    min: Number(settings[`${prefix}.minExecutors`] ?? 0),
    max: Number(settings[`${prefix}.maxExecutors`] ?? Number.POSITIVE_INFINITY),
  };
}
