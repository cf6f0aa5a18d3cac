// Knative and KServe: conditions that are told one by one (Argo CD: resource_customizations/{operator,serving}.knative.dev, serving.kserve.io).

import type { HealthStatus } from '../../application/types.ts';
import type { KubeObject } from '../../kube/object.ts';
import { health } from '../check.ts';
import { type Assess, type Condition, type Family, first, has, readConditions, show, waiting } from '../rules.ts';

export const KNATIVE: Family = {
  'operator.knative.dev/KnativeEventing': knativeOperator('KnativeEventing', ['Ready', 'InstallSucceeded'], ['Ready']),
  'operator.knative.dev/KnativeServing': knativeOperator(
    'KnativeServing',
    ['Ready', 'InstallSucceeded', 'DependenciesInstalled', 'DeploymentsAvailable'],
    ['Ready', 'DeploymentsAvailable'],
  ),
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
};

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
