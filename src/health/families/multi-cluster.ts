// Policies and bindings over many clusters (Argo CD: resource_customizations/{policy.open-cluster-management.io,work.karmada.io}).

import type { HealthStatus } from '../../application/types.ts';
import type { KubeObject } from '../../kube/object.ts';
import { health } from '../check.ts';
import {
  type Assess,
  absent,
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

const INSUFFICIENT = health('Progressing', 'Current resource status is insufficient');

export const MULTI_CLUSTER: Family = {
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
  'work.karmada.io/ClusterResourceBinding': karmada(true),
  'work.karmada.io/ResourceBinding': karmada(false),
};

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
