// Argo's own kinds, and others that roll out an application (Argo CD: resource_customizations/{argoproj.io,flagger.app,core.spinkube.dev,openfaas.com}).

import type { HealthStatus } from '../../application/types.ts';
import type { KubeObject } from '../../kube/object.ts';
import { health } from '../check.ts';
import {
  always,
  conditions,
  count,
  each,
  type Family,
  first,
  get,
  has,
  readConditions,
  show,
  states,
  waiting,
} from '../rules.ts';

const rolloutFailed = conditions(
  ['InvalidSpec', 'Degraded'],
  ['Progressing:RolloutAborted|ProgressDeadlineExceeded', 'Degraded'],
);

const eventBusMessage = ({ message, reason }: { message: string | undefined; reason: string | undefined }) =>
  message ?? reason;

export const ARGO: Family = {
  'argoproj.io/ApplicationSet': first(
    conditions(['ErrorOccurred=True', 'Degraded']),
    conditions(['ResourcesUpToDate=False', 'Degraded']),
    conditions(['RolloutProgressing=True', 'Progressing']),
    conditions(['ResourcesUpToDate=True', 'Healthy']),
    waiting('Waiting for the status to be reported'),
  ),
  'argoproj.io/CronWorkflow': first(
    conditions(['SpecError|SubmissionError=True', 'Degraded'], ['Completed=True', 'Healthy']),
    always('Healthy', 'CronWorkflow is healthy.'),
  ),
  'argoproj.io/EventBus': first(
    conditions(['Deployed=False', 'Degraded', eventBusMessage], ['Deployed=True', 'Healthy', eventBusMessage]),
    waiting('Waiting for initialization'),
  ),
  'argoproj.io/Rollout': (object) => {
    if (!isGenerationObserved(object) || !isWorkloadObserved(object))
      return health('Progressing', 'Waiting for rollout spec update to be observed');
    const message = () => show(object, 'status.message');
    return first(
      states(
        'status.phase',
        {
          Paused: ['Suspended', message],
          Progressing: ['Progressing', message],
          Healthy: ['Healthy', message],
          Degraded: ['Degraded', message],
          // Argo CD takes any other phase by its name, and refuses what is no health.
          Suspended: ['Suspended', message],
          Missing: ['Missing', message],
          Unknown: ['Unknown', message],
        },
        ['Unknown', 'Lua returned an invalid health status'],
      ),
      rolloutFailed,
      () => rolloutProgress(object),
    )(object);
  },
  'flagger.app/Canary': (object) => {
    const phase = show(object, 'status.phase');
    if (get(object, 'status') === undefined) return health('Unknown', 'No status');
    const weight = Number(show(object, 'status.canaryWeight') ?? 0);
    let text = weight > 0 ? `Canary Weight: ${show(object, 'status.canaryWeight')} %` : '';
    for (const { message = '' } of readConditions(object)) text += text === '' ? message : ` --- ${message}`;
    const code = CANARY_PHASES[phase ?? ''] ?? 'Unknown';
    return health(code, `${phase ?? ''} --- ${text}`);
  },
  'core.spinkube.dev/SpinApp': (object) => {
    if (!has(object, 'status')) return health('Progressing', 'Waiting for status to be available');
    const found = readConditions(object);
    const failed = found.find(
      ({ type, status, reason, message = '' }) =>
        type === 'Progressing' &&
        status === 'False' &&
        (reason === 'ProgressDeadlineExceeded' || /timeout|failed/i.test(message)),
    );
    if (failed) return health('Degraded', failed.message ?? 'Application deployment has failed');
    const available = found.findLast(({ type }) => type === 'Available');
    if (available?.status !== 'True')
      return health('Degraded', available ? (available.message ?? 'Application is not available') : '');
    const ready = count(object, 'status.readyReplicas');
    const wanted = count(object, 'spec.replicas', 1);
    if (ready < wanted) return health('Progressing', `Waiting for replicas to be ready (${ready}/${wanted})`);
    const progressing = found.findLast(({ type, status }) => type === 'Progressing' && status === 'True');
    if (progressing) return health('Progressing', progressing.message ?? 'Application progress status');
    return health('Healthy', `Application is healthy with ${ready}/${wanted} replicas ready`);
  },
  'openfaas.com/Function': first((object) => {
    const isUp = count(object, 'status.replicas') > 0;
    return conditions(
      ['Ready=False', 'Degraded'],
      ['Stalled=True', 'Degraded'],
      isUp ? ['Ready=True', 'Healthy'] : ['Ready=True', 'Suspended', 'No replicas available'],
    )(object);
  }, waiting('Waiting for Function')),
};

const CANARY_PHASES: Readonly<Record<string, HealthStatus['status']>> = {
  Failed: 'Degraded',
  Progressing: 'Progressing',
  Finalising: 'Progressing',
  Promoting: 'Progressing',
  Succeeded: 'Healthy',
  Initialized: 'Healthy',
};

/** The observed generation is text, and was a hash long ago: what is no number is taken as seen. */
function isGenerationObserved(object: KubeObject): boolean {
  if (get(object, 'status') === undefined) return false;
  const observed = numberIn(show(object, 'status.observedGeneration'));
  const generation = object.metadata.generation ?? 0;
  return observed === undefined || observed >= generation;
}

function isWorkloadObserved(object: KubeObject): boolean {
  const { annotations } = object.metadata;
  if (get(object, 'spec.workloadRef') === undefined || annotations === undefined) return true;
  const generation = numberIn(annotations['rollout.argoproj.io/workload-generation']);
  return generation === numberIn(show(object, 'status.workloadObservedGeneration'));
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*-?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}

/** Before Argo Rollouts told a phase: from replicas and selectors. */
function rolloutProgress(object: KubeObject): HealthStatus {
  const isPaused = each(object, 'status.pauseConditions').length > 0 || has(object, 'spec.paused');
  if (isPaused) return health('Suspended', 'Rollout is paused');
  const current = show(object, 'status.currentPodHash');
  if (current === undefined)
    return health('Progressing', 'Waiting for rollout to finish: status has not been reconciled.');
  const updated = count(object, 'status.updatedReplicas');
  if (updated < count(object, 'spec.replicas', 1))
    return health('Progressing', 'Waiting for roll out to finish: More replicas need to be updated');
  if (count(object, 'status.availableReplicas') < updated)
    return health('Progressing', 'Waiting for roll out to finish: updated replicas are still becoming available');
  const canary = get(object, 'status.canary');
  const stable = show(object, 'status.stableRS') ?? (canary === undefined ? '' : show(canary, 'stableRS'));
  if (get(object, 'spec.strategy.blueGreen') !== undefined) {
    if (show(object, 'status.blueGreen.activeSelector') !== current)
      return health('Progressing', 'active service cutover pending');
    if (stable !== '' && stable !== current) return health('Progressing', 'waiting for analysis to complete');
  } else if (get(object, 'spec.strategy.canary') !== undefined) {
    if (count(object, 'status.replicas') > updated)
      return health('Progressing', 'Waiting for roll out to finish: old replicas are pending termination');
    if (stable === '' || stable !== current) return health('Progressing', 'Waiting for rollout to finish steps');
  }
  return health('Healthy');
}
