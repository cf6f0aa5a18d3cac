// OpenShift's kinds and the Operator Lifecycle Manager's (Argo CD: resource_customizations/{apps,route}.openshift.io, operators.coreos.com).

import type { HealthStatus } from '../../application/types.ts';
import type { KubeObject } from '../../kube/object.ts';
import { health } from '../check.ts';
import { type Condition, each, type Family, first, get, has, readConditions, show, waiting } from '../rules.ts';

export const OPENSHIFT: Family = {
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
  'operators.coreos.com/Subscription': subscription,
};

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
