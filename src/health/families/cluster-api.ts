// Cluster API's kinds (Argo CD: resource_customizations/{cluster.x-k8s.io,controlplane.cluster.x-k8s.io}).

import { health } from '../check.ts';
import {
  type Assess,
  absent,
  conditions,
  type Family,
  first,
  get,
  has,
  judgeConditions,
  present,
  readConditions,
  show,
  stale,
  states,
  waiting,
  when,
} from '../rules.ts';

const paused =
  (kind: string): Assess =>
  (object) =>
    has(object, 'spec.paused') ? health('Suspended', `${kind} is paused`) : undefined;

export const CLUSTER_API: Family = {
  'cluster.x-k8s.io/Cluster': first(
    paused('Cluster'),
    (object) =>
      judgeConditions(['Ready=False', 'Degraded'])(
        readConditions(object).filter(({ fields }) => show(fields, 'severity') !== 'Info'),
        object,
      ),
    states('status.phase', { Provisioned: ['Healthy', 'Cluster is running'], Failed: ['Degraded'] }),
    waiting('Waiting for clusters'),
  ),
  'cluster.x-k8s.io/Machine': (object) => {
    const phase = show(object, 'status.phase');
    if (phase === 'Running') return health('Healthy', 'Machine is running');
    const unready = readConditions(object).find(({ type, status }) => type === 'Ready' && status === 'False');
    return health(phase === 'Failed' ? 'Degraded' : 'Progressing', unready ? unready.message : 'Condition is unknown');
  },
  'cluster.x-k8s.io/MachineDeployment': first(
    paused('MachineDeployment'),
    states('status.phase', {
      Running: ['Healthy', 'Machines are running under this deployment'],
      ScalingUp: ['Progressing', 'Cluster is spawning machines'],
      ScalingDown: ['Progressing', 'Cluster is stopping machines'],
      Failed: ['Degraded', 'MachineDeployment is failed'],
    }),
    waiting('Waiting for machines'),
  ),
  'cluster.x-k8s.io/MachineHealthCheck': first((object) => {
    const healthy = get(object, 'status.currentHealthy');
    if (healthy === undefined) return undefined;
    return health(healthy === get(object, 'status.expectedMachines') ? 'Healthy' : 'Degraded');
  }, waiting('')),
  'cluster.x-k8s.io/MachinePool': (object) => {
    const phase = show(object, 'status.phase');
    const isHealthy = phase === 'Running' || phase === 'Scaling';
    const isDegraded = phase === 'Failed' || phase === 'Unknown';
    const missing = readConditions(object)
      .filter(({ type, status }) => type !== undefined && status === 'False')
      .map(({ type, reason }) => `Not ${type}${reason === undefined ? '' : ` (${reason})`}`);
    const state = phase === undefined ? '' : `MachinePool is ${phase}`;
    const message = missing.length > 0 ? `${state}: ${missing.join(', ')}` : state;
    return health(isHealthy ? 'Healthy' : isDegraded ? 'Degraded' : 'Progressing', message);
  },
  'controlplane.cluster.x-k8s.io/AWSManagedControlPlane': first(
    absent('status', 'Progressing', 'Provisioning...'),
    stale('Waiting for the control plane spec to be reconciled'),
    (object) => {
      const failure = show(object, 'status.failureMessage');
      return failure ? health('Degraded', failure) : undefined;
    },
    absent('status.conditions', 'Progressing', 'Provisioning...'),
    conditions(['EKSControlPlaneUpdating=True', 'Progressing', 'EKS control plane is updating']),
    conditions(['Ready=True', 'Healthy', 'Control plane is ready']),
    (object) => {
      const errors = readConditions(object).filter(
        ({ status, fields }) => status === 'False' && show(fields, 'severity') === 'Error',
      );
      if (errors.length === 0) return undefined;
      return health('Degraded', errors.map(({ message }) => `${message ?? ''} `).join(''));
    },
    when('status.ready', false, 'Progressing', 'Control plane is not ready (.status.ready is false)'),
    present('status', 'Progressing', 'Control plane is not ready'),
  ),
};
