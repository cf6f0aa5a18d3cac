// Crossplane's managed resources and packages, and Upbound's (Argo CD: resource_customizations/{_.crossplane.io,_.upbound.io,*.aws.crossplane.io,…}).

import { isObject } from '../../base/json.ts';
import { health } from '../check.ts';
import {
  type Assess,
  always,
  conditions,
  conditionsAt,
  type Family,
  first,
  get,
  itsReason,
  readConditions,
  waiting,
} from '../rules.ts';

/** A managed resource of provider-aws: Ready and Synced, both. */
function managedResource(name: string): Assess {
  return first(
    (object) => {
      if (get(object, 'status.conditions') === undefined) return undefined;
      const found = readConditions(object);
      const ready = found.findLast(({ type }) => type === 'Ready');
      const synced = found.filter(({ type }) => type === 'Synced');
      const isReady = ready?.status === 'True';
      const isSynced = synced.at(-1)?.status === 'True';
      const isPaused = synced.some(({ reason }) => reason === 'ReconcilePaused');
      if (isReady && isSynced) return health('Healthy', ready.reason);
      if (!isSynced && isPaused) return health('Suspended', 'ReconcilePaused');
      if (!isReady && isSynced && !isPaused) return health('Progressing', `Waiting for ${name} to be available`);
      return health('Degraded', synced.findLast(({ reason }) => reason === 'ReconcileError')?.message);
    },
    waiting(`Waiting for ${name} to be created`),
  );
}

/** What every kind of a group says, by the conditions that mean ready and the kinds that never have a status. */
function anyKind(readyTypes: string, withoutStatus: ReadonlySet<string>): Assess {
  const failed = conditions(['LastAsyncOperation=False', 'Degraded'], ['Synced=False', 'Degraded']);
  const ready = conditions([`${readyTypes}=True`, 'Healthy', 'Resource is up-to-date.']);
  return (object) => {
    const status = get(object, 'status');
    const isEmpty = isObject(status) && Object.keys(status).length === 0;
    if (status === undefined || (isEmpty && withoutStatus.has(object.kind)))
      return health('Healthy', 'Resource is up-to-date.');
    const isProviderConfig = object.kind === 'ProviderConfig' || object.kind === 'ClusterProviderConfig';
    if (get(status, 'conditions') === undefined && isProviderConfig && get(status, 'users') !== undefined)
      return health('Healthy', 'Resource is in use.');
    return failed(object) ?? ready(object) ?? health('Progressing', 'Provisioning ...');
  };
}

export const CROSSPLANE: Family = {
  '_.crossplane.io/_': anyKind(
    'Ready|Healthy|Offered|Established|ValidPipeline|RevisionHealthy',
    new Set([
      'Composition',
      'CompositionRevision',
      'DeploymentRuntimeConfig',
      'ClusterProviderConfig',
      'ProviderConfig',
      'ProviderConfigUsage',
      'ControllerConfig',
    ]),
  ),
  '_.upbound.io/_': anyKind('Ready', new Set(['ClusterProviderConfig', 'ProviderConfig', 'ProviderConfigUsage'])),
  'cloudfront.aws.crossplane.io/Distribution': managedResource('distribution'),
  'iam.aws.crossplane.io/Policy': managedResource('Policy'),
  'iam.aws.crossplane.io/Role': managedResource('Role'),
  'iam.aws.crossplane.io/RolePolicyAttachment': managedResource('RolePolicyAttachment'),
  'rds.aws.crossplane.io/DBCluster': managedResource('DBCluster'),
  'rds.aws.crossplane.io/DBInstance': managedResource('DBInstance'),
  'route53.aws.crossplane.io/ResourceRecordSet': managedResource('resourcrecordset'),
  's3.aws.crossplane.io/Bucket': managedResource('Bucket'),
  'pkg.crossplane.io/Provider': first((object) => {
    if (get(object, 'status.conditions') === undefined) return undefined;
    const found = readConditions(object);
    const parts = ['Installed', 'Healthy'].map((name) => found.findLast(({ type }) => type === name));
    const isGood = parts.every((part) => part?.status === 'True');
    return health(isGood ? 'Healthy' : 'Degraded', parts.map((part) => part?.reason ?? '').join(' '));
  }, waiting('Waiting for provider to be installed')),
  'stacks.crossplane.io/ClusterStackInstall': first(
    conditionsAt('status.conditionedStatus.conditions', ['Ready=True', 'Healthy', itsReason]),
    (object) => {
      const ready = readConditions(object, 'status.conditionedStatus.conditions').findLast(
        ({ type }) => type === 'Ready',
      );
      return ready && health('Progressing', ready.reason);
    },
    waiting('Waiting for stack to be installed'),
  ),
  '_.cnrm.cloud.google.com/_': first(
    (object) => {
      const observed = get(object, 'status.observedGeneration');
      const isStale = observed !== undefined && observed !== object.metadata.generation;
      return isStale ? health('Progressing', 'Update in progress') : undefined;
    },
    (object) => {
      const isContext = object.kind === 'ConfigConnector' || object.kind === 'ConfigConnectorContext';
      const isHealthy = get(object, 'status.healthy');
      if (!isContext || isHealthy === undefined) return undefined;
      return isHealthy === true
        ? health('Healthy', `${object.kind} is healthy`)
        : health('Degraded', `${object.kind} is not healthy`);
    },
    conditions(
      ['*=True:UpToDate', 'Healthy'],
      ['*:UpdateFailed|DependencyNotFound', 'Degraded'],
      ['*:DependencyNotReady', 'Suspended'],
    ),
    always('Progressing', 'Update in progress'),
  ),
};
