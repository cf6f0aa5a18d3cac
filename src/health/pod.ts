// Argo CD: gitops-engine pkg/health/health_pod.go

import { ANNOTATION, annotationOf } from '../application/annotations.ts';
import { isHook } from '../application/hook.ts';
import type { HealthStatus } from '../application/types.ts';
import { at, isObject } from '../base/json.ts';
import type { KubeObject } from '../kube/object.ts';
import { conditionsOf, health, type KindCheck, listAt, numberAt, quoted, textAt } from './check.ts';

export const pod: KindCheck = {
  versions: ['v1'],
  check: (object) => {
    const policy = textAt(object, 'spec', 'restartPolicy');
    // A hook's Pod ends: an image that cannot be pulled yet must not fail the hook before its time.
    const isLongRunning =
      policy === 'Always' || (annotationOf(object, ANNOTATION.ignoreRestartPolicy) === 'true' && !isHook(object));
    const stuck = isLongRunning ? stuckMessages(object) : [];
    if (stuck.length > 0) return health('Degraded', stuck.join(', '));

    const message = textAt(object, 'status', 'message');
    switch (textAt(object, 'status', 'phase')) {
      case 'Pending':
        return health('Progressing', message);
      case 'Succeeded':
        return health('Healthy', message);
      case 'Failed':
        return health('Degraded', message || failureMessage(object));
      case 'Running':
        if (isLongRunning) return runningHealth(object, message);
        if (policy === 'OnFailure' || policy === 'Never') return health('Progressing', message);
        return health('Unknown', message);
      default:
        return health('Unknown', message);
    }
  },
};

/** Messages of containers that wait with an error. */
function stuckMessages(object: KubeObject): string[] {
  return listAt(object, 'status', 'containerStatuses')
    .filter((container) => /^Err|Error$|BackOff$/.test(textAt(container, 'state', 'waiting', 'reason')))
    .map((container) => textAt(container, 'state', 'waiting', 'message'));
}

function failureMessage(object: KubeObject): string {
  const containers = [
    ...listAt(object, 'status', 'initContainerStatuses'),
    ...listAt(object, 'status', 'containerStatuses'),
  ];
  for (const container of containers) {
    const message = textAt(container, 'state', 'terminated', 'message');
    if (message !== '') return message;
    const reason = textAt(container, 'state', 'terminated', 'reason');
    if (reason === 'OOMKilled') return reason;
    const exitCode = numberAt(container, 'state', 'terminated', 'exitCode');
    if (exitCode !== 0) return `container ${quoted(textAt(container, 'name'))} failed with exit code ${exitCode}`;
  }
  return '';
}

function runningHealth(object: KubeObject, message: string): HealthStatus {
  const isReady = conditionsOf(object).some(({ type, status }) => type === 'Ready' && status === 'True');
  if (isReady) return health('Healthy', message);
  const hasEnded = listAt(object, 'status', 'containerStatuses').some((container) =>
    isObject(at(container, 'lastState', 'terminated')),
  );
  return health(hasEnded ? 'Degraded' : 'Progressing', message);
}
