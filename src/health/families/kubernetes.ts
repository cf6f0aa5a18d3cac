// Kubernetes' own kinds that Argo CD judges by a script, before any built-in check (Argo CD: resource_customizations/{apiextensions.k8s.io,batch,policy}).

import { health } from '../check.ts';
import {
  always,
  conditions,
  each,
  type Family,
  first,
  get,
  lastCondition,
  readConditions,
  show,
  waiting,
} from '../rules.ts';

export const KUBERNETES: Family = {
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
    always('Degraded', 'CRD is not established'),
  ),
  'batch/CronJob': (object) => {
    if (get(object, 'spec.suspend') === true) return health('Healthy', 'CronJob is Suspended');
    if (get(object, 'status') === undefined) return health('Progressing', 'Waiting for CronJob');
    const scheduled = show(object, 'status.lastScheduleTime');
    const succeeded = show(object, 'status.lastSuccessfulTime');
    if (scheduled === undefined) return health('Healthy', 'CronJob has not been scheduled yet');
    if (succeeded === undefined)
      return health('Healthy', 'The CronJob never completed successfully. It may not be healthy');
    if (each(object, 'status.active').length > 0)
      return health('Healthy', 'The job is running. Its last execution may not have been successful');
    return succeeded < scheduled
      ? health('Degraded', 'CronJob has not completed its last execution successfully')
      : health('Healthy', 'CronJob has completed its last execution successfully');
  },
  'policy/PodDisruptionBudget': first(
    conditions(['*=False:!InsufficientPods', 'Degraded', ({ reason }) => `PodDisruptionBudget has ${reason ?? ''}`]),
    lastCondition('Healthy', ({ reason }) => `PodDisruptionBudget has ${reason ?? ''}`),
    waiting('Waiting for status'),
  ),
};
