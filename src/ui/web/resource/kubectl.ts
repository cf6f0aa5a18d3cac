// Commands that show the same on a terminal. Pure.

import { shellCommand } from '../parts/shell-word.ts';
import type { ObjectRef } from '../tree/tree-model.ts';

/** `kubectl get deployment.apps web -n shop -o yaml` */
export function kubectlGet(ref: ObjectRef): string {
  return shellCommand('kubectl', 'get', typeOf(ref), ref.name, ['-n', ref.namespace], '-o', 'yaml');
}

export function kubectlDescribe(ref: ObjectRef): string {
  return shellCommand('kubectl', 'describe', typeOf(ref), ref.name, ['-n', ref.namespace]);
}

export interface LogChoice {
  readonly container?: string | undefined;
  readonly isPrevious?: boolean;
}

/** Of a Pod, or of what has Pods: then of one of them. */
export function kubectlLogs(ref: ObjectRef, { container, isPrevious }: LogChoice): string {
  const what = ref.kind === 'Pod' ? ref.name : `${typeOf(ref)}/${ref.name}`;
  return shellCommand(
    ...['kubectl', 'logs', what],
    ['-n', ref.namespace],
    container ? (['-c', container] as const) : false,
    isPrevious ? '--previous' : '-f',
  );
}

function typeOf({ group, kind }: ObjectRef): string {
  return `${kind.toLowerCase()}${group === '' ? '' : `.${group}`}`;
}
