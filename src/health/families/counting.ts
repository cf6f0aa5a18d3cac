// Kinds whose conditions or parts are counted, or told one by one (Argo CD: resource_customizations/GROUP/KIND/health.lua).

import type { HealthCode, HealthStatus } from '../../application/types.ts';
import { isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { health } from '../check.ts';
import {
  type Assess,
  absent,
  type Condition,
  conditions,
  count,
  each,
  type Family,
  first,
  get,
  has,
  isObserved,
  readConditions,
  show,
  states,
  waiting,
} from '../rules.ts';

/** `1: Ready | True`, a line for each. */
function listed(found: readonly Condition[]): string {
  return found.map(({ type, status }, index) => `${index + 1}: ${type} | ${status}\n`).join('');
}

/** Knative's operators: all of these conditions True, none of the others unknown. */
function knativeOperator(kind: string, good: readonly string[], bad: readonly string[]): Assess {
  return first(
    (object) => {
      if (!has(object, 'status.conditions')) return undefined;
      const found = readConditions(object);
      const isGood = ({ type = '', status }: Condition) => status === 'True' && good.includes(type);
      const isBad = ({ type = '', status }: Condition) =>
        status === 'Unknown' || (status === 'False' && bad.includes(type));
      if (found.some(isBad)) return health('Progressing', listed(found));
      return found.filter(isGood).length === good.length
        ? health('Healthy', `${kind} is healthy.`)
        : health('Degraded', listed(found));
    },
    waiting(`Waiting for ${kind}`),
  );
}

/** Everything that a condition says, in a row, up to the first that is False. */
const grafanaPart: Assess = (object) => {
  let code: HealthCode = 'Progressing';
  let text = '';
  for (const { type, status, reason, message } of readConditions(object)) {
    if (status === undefined) continue;
    if (text !== '') text += ', ';
    if (reason !== undefined) {
      text += reason;
      if (type !== undefined) text += ` for ${type}${message === undefined ? '' : ` because ${message}`}`;
    }
    if (status === 'False') return health('Degraded', text);
    if (status === 'True') code = 'Healthy';
  }
  return health(code, text);
};

interface ScaledKind {
  readonly degraded: (condition: Condition) => boolean;
  readonly waitsFor: string;
}

/** KEDA: ready, unless paused or failing; the last condition that counts gives the message. */
function keda({ degraded, waitsFor }: ScaledKind): Assess {
  const isReady = ({ type, status }: Condition) => type === 'Ready' && status === 'True';
  const isPaused = ({ type, status }: Condition) => type === 'Paused' && status === 'True';
  return (object) => {
    const found = readConditions(object);
    const message = found.findLast((each) => isReady(each) || isPaused(each) || degraded(each))?.message;
    if (found.some(degraded)) return health('Degraded', message);
    if (!found.some(isReady)) return health('Progressing', waitsFor);
    return health(found.some(isPaused) ? 'Suspended' : 'Healthy', message);
  };
}

const INSUFFICIENT = health('Progressing', 'Current resource status is insufficient');

/** Karmada: what the member clusters report, one status for each of them. */
function karmada(needsClusters: boolean): Assess {
  return (object) => {
    const wanted = get(object, 'spec.clusters');
    const reported = each(object, 'status.aggregatedStatus');
    const isMeant = Array.isArray(wanted) ? wanted.length > 0 : !needsClusters;
    if (!isMeant || !has(object, 'status.aggregatedStatus') || reported.length === 0) return INSUFFICIENT;
    if (Array.isArray(wanted) && wanted.length !== reported.length) return INSUFFICIENT;
    const isBad = (status: Record<string, unknown>) =>
      status.health === 'Unhealthy' || (status.health === 'Unknown' && status.applied !== true);
    return reported.some(isBad) ? health('Degraded', 'Current resource status is unhealthy') : health('Healthy');
  };
}

const serviceInstance: Assess = (object) => {
  const { generation, deletionTimestamp } = object.metadata;
  if (deletionTimestamp) return health('Progressing', 'Resource is being deleted');
  if (typeof get(object, 'status.conditions') !== 'object') return health('Progressing', 'Waiting for status');
  for (const { type, status, message, observedGeneration } of readConditions(object)) {
    if (observedGeneration !== undefined && generation !== undefined && observedGeneration !== generation)
      return health('Progressing', 'Waiting for spec update to be observed');
    if ((type === 'Succeeded' && status === 'False') || (type === 'Failed' && status === 'True'))
      return health('Degraded', message);
  }
  return health('Healthy', 'Ready to use');
};

export const COUNTING: Family = {
  'apiextensions.k8s.io/CustomResourceDefinition': first(
    ({ metadata }) => (metadata.deletionTimestamp ? health('Progressing', 'CRD is terminating') : undefined),
    (object) =>
      readConditions(object).length === 0 ? health('Progressing', 'Status conditions not found') : undefined,
    conditions(
      ['Terminating=True', 'Progressing', ({ message }) => `CRD is terminating: ${message ?? ''}`],
      ['NamesAccepted=False', 'Degraded', ({ message }) => `CRD names have not been accepted: ${message ?? ''}`],
      ['NonStructuralSchema=True', 'Degraded', ({ message }) => `Schema violations found: ${message ?? ''}`],
      ['Established=!True:Installing', 'Progressing', 'CRD is being installed'],
    ),
    conditions(['Established=True', 'Healthy', 'CRD is healthy']),
    () => health('Degraded', 'CRD is not established'),
  ),
  'apps.openshift.io/DeploymentConfig': first((object) => {
    if (!has(object, 'status.conditions') || !has(object, 'status.replicas')) return undefined;
    const good = readConditions(object).filter(
      ({ type, status, reason }) =>
        status === 'True' &&
        (type === 'Available' || (type === 'Progressing' && reason === 'NewReplicationControllerAvailable')),
    ).length;
    if (good === 2 || get(object, 'status.replicas') === 0)
      return health('Healthy', 'replication controller successfully rolled out');
    return good === 1 ? undefined : health('Degraded', 'Deployment config is degraded');
  }, waiting('replication controller is waiting for pods to run')),
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
  'grafana.integreatly.org/GrafanaDashboard': grafanaPart,
  'grafana.integreatly.org/GrafanaFolder': grafanaPart,
  'k8s.keycloak.org/Keycloak': first(
    absent('status.conditions', 'Progressing', 'Waiting for Keycloak status conditions to exist'),
    (object) => {
      // Oldest first; what has no time comes last.
      const time = ({ fields }: Condition) => show(fields, 'lastTransitionTime') ?? '\u{10ffff}';
      const decisive = readConditions(object)
        .toSorted((a, b) => (time(a) < time(b) ? -1 : time(a) > time(b) ? 1 : 0))
        .find(({ type, status }) => status === 'True' && (type === 'Ready' || type === 'HasErrors'));
      if (!decisive) return health('Progressing');
      return decisive.type === 'Ready'
        ? health('Healthy')
        : health('Degraded', `Has Errors: ${decisive.message ?? ''}`);
    },
  ),
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
  'keda.sh/ScaledJob': keda({
    degraded: ({ type, status }) => type === 'Ready' && (status === 'False' || status === 'Unknown'),
    waitsFor: 'Waiting for ScaledJob',
  }),
  'keda.sh/ScaledObject': keda({
    degraded: ({ type, status }) =>
      (type === 'Ready' && status === 'False') || (type === 'Fallback' && status === 'True'),
    waitsFor: 'Creating HorizontalPodAutoscaler Object',
  }),
  'kubevirt.io/VirtualMachine': (object) => {
    const found = readConditions(object);
    if (found.some(({ type, status }) => type === 'Paused' && status === 'True')) return health('Suspended', 'Paused');
    const ready = found.findLast(({ type }) => type === 'Ready');
    const isCreated = has(object, 'status.created');
    const [code, text]: [HealthCode, string] = !ready
      ? ['Progressing', 'No status available']
      : ready.status === 'True'
        ? ['Healthy', 'Running']
        : isCreated
          ? ['Progressing', 'Starting']
          : ['Suspended', 'Stopped'];
    return health(code, show(object, 'status.printableStatus') ?? text);
  },
  'kubevirt.io/VirtualMachineInstance': first(
    states('status.phase', {
      Failed: ['Degraded', (phase) => phase],
      Pending: ['Progressing', (phase) => phase],
      Scheduling: ['Progressing', (phase) => phase],
      Scheduled: ['Progressing', (phase) => phase],
      Succeeded: ['Suspended', (phase) => phase],
      Unknown: ['Unknown', (phase) => phase],
    }),
    conditions(['Paused=True', 'Suspended']),
    (object) => {
      const ready = readConditions(object).findLast(({ type }) => type === 'Ready');
      if (!ready) return undefined;
      return ready.status === 'True' ? health('Healthy', 'Running') : health('Degraded', ready.message);
    },
    (object) => health('Progressing', show(object, 'status.phase') ?? 'No status available'),
  ),
  'opentelemetry.io/OpenTelemetryCollector': openTelemetry,
  'operator.knative.dev/KnativeEventing': knativeOperator('KnativeEventing', ['Ready', 'InstallSucceeded'], ['Ready']),
  'operator.knative.dev/KnativeServing': knativeOperator(
    'KnativeServing',
    ['Ready', 'InstallSucceeded', 'DependenciesInstalled', 'DeploymentsAvailable'],
    ['Ready', 'DeploymentsAvailable'],
  ),
  'operators.coreos.com/Subscription': subscription,
  'policy.open-cluster-management.io/CertificatePolicy': first(
    states('status.compliant', { Compliant: ['Healthy', 'All certificates found comply with the policy'] }, [
      'Degraded',
      'At least once certificate does not comply with the policy',
    ]),
    waiting('Waiting for the status to be reported'),
  ),
  'policy.open-cluster-management.io/ConfigurationPolicy': first(
    absent('status.compliant', 'Progressing', 'Waiting for the status to be reported'),
    (object) =>
      isObserved(object, 'status.lastEvaluatedGeneration')
        ? undefined
        : health('Progressing', 'Waiting for the status to be updated'),
    absent('status.compliancyDetails', 'Progressing', 'Waiting for compliance'),
    (object) => {
      const messages = each(object, 'status.compliancyDetails')
        .flatMap((detail) => readConditions(detail, 'conditions'))
        .flatMap(({ type, message }) => (type === undefined || message === undefined ? [] : [`${type} - ${message}`]));
      const isCompliant = show(object, 'status.compliant') === 'Compliant';
      return health(isCompliant ? 'Healthy' : 'Degraded', messages.join('; '));
    },
  ),
  'policy.open-cluster-management.io/Policy': policy,
  'proclaim.dogmatiq.io/DNSSDServiceInstance': (object) => {
    const found = readConditions(object);
    const last = (name: string) => found.findLast(({ type }) => type === name);
    const [adopted, advertised, discovered] = [last('Adopted'), last('Advertised'), last('Discoverable')];
    if (adopted?.status === 'False') return health('Degraded', adopted.message);
    if (advertised?.reason === 'AdvertiseError' || advertised?.reason === 'UnadvertiseError')
      return health('Degraded', advertised.message);
    if (discovered?.reason === 'DiscoveryError') return health('Unknown', discovered.message);
    return health(discovered?.status === 'True' ? 'Healthy' : 'Progressing', discovered?.message);
  },
  'route.openshift.io/Route': first((object) => {
    if (!has(object, 'status.ingress')) return undefined;
    const ingresses = each(object, 'status.ingress');
    const admitted = ingresses
      .flatMap((ingress) => readConditions(ingress, 'conditions'))
      .filter(({ type }) => type === 'Admitted');
    if (admitted.filter(({ status }) => status === 'True').length === ingresses.length)
      return health('Healthy', 'Route is healthy');
    return admitted.some(({ status }) => status === 'False') ? health('Degraded', 'Route is degraded') : undefined;
  }, waiting('Route is still getting admitted')),
  'services.cloud.sap.com/ServiceBinding': serviceInstance,
  'services.cloud.sap.com/ServiceInstance': serviceInstance,
  'serving.knative.dev/Service': (object) => {
    if (!has(object, 'status.conditions')) return health('Progressing', 'Waiting for status update.');
    const found = readConditions(object);
    const good = found.filter(
      ({ type = '', status }) => status === 'True' && ['ConfigurationsReady', 'RoutesReady', 'Ready'].includes(type),
    );
    const open = found.filter(({ status }) => status === 'False' || status === 'Unknown');
    if (good.length === 3 && open.length === 0) return health('Healthy', 'Knative Service is healthy.');
    const text = open
      .map(({ type, status, reason, message }) => {
        const since = reason ? `, since ${reason}.` : '';
        return `${type} is ${status}${since}${message ? ` ${message}` : ''}\n`;
      })
      .join('');
    return health(open.some(({ status }) => status === 'False') ? 'Degraded' : 'Progressing', text);
  },
  'serving.kserve.io/InferenceService': inferenceService,
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
  'work.karmada.io/ClusterResourceBinding': karmada(true),
  'work.karmada.io/ResourceBinding': karmada(false),
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

function openTelemetry(object: KubeObject): HealthStatus {
  if (!has(object, 'status')) return health('Progressing', 'Waiting for OpenTelemetry Collector status');
  const mode = show(object, 'spec.mode');
  const replicas = show(object, 'status.scale.statusReplicas');
  if (replicas === undefined)
    return mode === 'sidecar'
      ? health('Healthy', 'Collector is running in sidecar mode')
      : health('Progressing', 'Scale status not available');
  const [, readyText, totalText] = /(\d+)\/(\d+)/.exec(replicas) ?? [];
  if (readyText === undefined) return health('Progressing', `Unable to parse replica status: ${replicas}`);
  const [ready, total] = [Number(readyText), Number(totalText)];
  if (ready === 0)
    return mode === 'daemonset' && total === 0
      ? health('Healthy', 'DaemonSet has no eligible nodes (0/0)')
      : health('Degraded', 'No replicas are ready');
  return ready === total
    ? health('Healthy', 'All replicas are ready')
    : health('Progressing', 'Replicas are starting up');
}

/** OLM: its conditions and its state told line by line; an upgrade that waits for a person's approval is no fault. */
function subscription(object: KubeObject): HealthStatus {
  if (!has(object, 'status.conditions'))
    return health('Progressing', 'An install plan for a subscription is pending installation');
  const found = readConditions(object);
  const isPlanPending = ({ type, status }: Condition) => type === 'InstallPlanPending' && status === 'True';
  const awaitsApproval =
    show(object, 'spec.installPlanApproval') === 'Manual' &&
    found.some((condition) => isPlanPending(condition) && condition.reason === 'RequiresApproval') &&
    has(object, 'status.installedCSV');
  let text = '';
  let isPending = false;
  let isDegraded = false;
  for (const [index, condition] of found.entries()) {
    const { type = '', status, reason } = condition;
    if (awaitsApproval && type === 'InstallPlanPending') continue;
    text += `${index + 1}: ${type} | ${status}\n`;
    if (isPlanPending(condition)) isPending = true;
    else if (type === 'InstallPlanMissing' && reason !== 'ReferencedInstallPlanNotFound') isDegraded = true;
    else if (['CatalogSourcesUnhealthy', 'InstallPlanFailed', 'ResolutionFailed'].includes(type) && status === 'True')
      isDegraded = true;
  }
  const state = show(object, 'status.state');
  const isApproved = state === 'UpgradePending' && awaitsApproval;
  if (state === undefined) text += '.status.state not yet known\n';
  else {
    const note = isApproved ? ' (manual InstallPlan approval pending; treated as healthy)' : '';
    text += `.status.state is '${state}'${note}\n`;
  }
  if (state === undefined || state === '' || state === 'UpgradeAvailable') isPending = true;
  if (state === 'UpgradePending' && !isApproved) isPending = true;
  if (state === 'UpgradeFailed') isDegraded = true;
  return health(isDegraded ? 'Degraded' : isPending ? 'Progressing' : 'Healthy', text);
}

function policy(object: KubeObject): HealthStatus {
  const compliance = show(object, 'status.compliant');
  if (has(object, 'spec.disabled')) return health('Healthy', 'Policy is disabled');
  if (compliance === undefined) {
    const isUnplaced = !has(object, 'status.status') && each(object, 'status.placement').length > 0;
    return isUnplaced
      ? health('Healthy', 'No clusters match this policy')
      : health('Progressing', 'Waiting for the status to be reported');
  }
  const names = (path: string, name: string) =>
    each(object, path)
      .filter((entry) => entry.compliant !== 'Compliant')
      .flatMap((entry) => show(entry, name) ?? []);
  const tell = (what: string, bad: readonly string[]) =>
    bad.length === 0 ? `All ${what} are compliant` : `NonCompliant ${what}: ${bad.join(', ')}`;
  const text = has(object, 'status.status')
    ? tell('clusters', names('status.status', 'clustername'))
    : has(object, 'status.details')
      ? tell('templates', names('status.details', 'templateMeta.name'))
      : undefined;
  return health(compliance === 'Compliant' ? 'Healthy' : 'Degraded', text);
}

function inferenceService(object: KubeObject): HealthStatus {
  if (!has(object, 'status.conditions'))
    return health('Progressing', 'Waiting for InferenceService to report status...');
  const found = readConditions(object);
  const stopped = found.find(({ type, status }) => type === 'Stopped' && status === 'True');
  if (stopped) return health('Suspended', 'InferenceService is Stopped');
  const hasModel = has(object, 'status.modelStatus');
  const transition = show(object, 'status.modelStatus.transitionStatus');
  const isModelReady = !hasModel || transition === 'UpToDate';
  const isModelBroken = !isModelReady && transition !== 'InProgress';
  const isOpen = ({ type, status }: Condition) => status === 'Unknown' || (status === 'False' && type !== 'Stopped');
  if (isModelReady && !found.some(isOpen)) return health('Healthy', 'InferenceService is healthy.');
  let text = isModelReady ? '' : `0: transitionStatus | ${transition ?? ''}`;
  for (const [index, { type, status, reason, message }] of found.entries()) {
    if (status === 'True' || type === 'Stopped') continue;
    text += ` | ${index + 1}: ${type} | ${status}${reason ? ` | ${reason}` : ''}${message ? ` | ${message}` : ''}`;
  }
  return health(isModelBroken ? 'Degraded' : 'Progressing', text);
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
