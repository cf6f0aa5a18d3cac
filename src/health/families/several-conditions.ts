// Kinds of which several conditions together make the health (Argo CD: resource_customizations/GROUP/KIND/health.lua).

import type { HealthCode, HealthStatus } from '../../application/types.ts';
import type { KubeObject } from '../../kube/object.ts';
import { health } from '../check.ts';
import {
  type Assess,
  absent,
  type Condition,
  conditions,
  type Family,
  first,
  get,
  has,
  readConditions,
  show,
  states,
} from '../rules.ts';

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

export const SEVERAL_CONDITIONS: Family = {
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
  'services.cloud.sap.com/ServiceBinding': serviceInstance,
  'services.cloud.sap.com/ServiceInstance': serviceInstance,
};

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
