// The row of a Pod: what `STATUS` and `READY` say.
//
// Source: k8s.io/kubernetes, pkg/printers/internalversion/printers.go (printPod).

import { at, isObject, stringAt } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Cluster } from '../cluster.ts';
import { age } from './age.ts';
import type { Cell } from './table.ts';

type Obj = Record<string, unknown>;

function objects(value: unknown, ...path: readonly string[]): Obj[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isObject) : [];
}

export function podCells(pod: KubeObject, cluster: Cluster): Cell[] {
  const statuses = objects(pod, 'status', 'containerStatuses');
  const ready = statuses.filter((status) => status.ready === true && at(status, 'state', 'running')).length;
  const restarts = statuses.reduce((sum, { restartCount }) => sum + Number(restartCount ?? 0), 0);
  return [
    pod.metadata.name ?? '',
    `${ready}/${objects(pod, 'spec', 'containers').length}`,
    podReason(pod),
    String(restarts),
    age(pod.metadata.creationTimestamp, cluster),
    stringAt(pod, 'status', 'podIPs', 0, 'ip') ?? '<none>',
    stringAt(pod, 'spec', 'nodeName') ?? '<none>',
    stringAt(pod, 'status', 'nominatedNodeName') ?? '<none>',
    readinessGates(pod),
  ];
}

function podReason(pod: KubeObject): string {
  const phase = stringAt(pod, 'status', 'phase') ?? '';
  let reason = stringAt(pod, 'status', 'reason') ?? phase;
  const initializing = initReason(pod);
  if (initializing === undefined) reason = containerReason(pod, reason);
  else reason = initializing;
  const isTerminal = phase === 'Succeeded' || phase === 'Failed';
  return pod.metadata.deletionTimestamp && !isTerminal ? 'Terminating' : reason;
}

/** What the first init container that is not done says. */
function initReason(pod: KubeObject): string | undefined {
  const statuses = objects(pod, 'status', 'initContainerStatuses');
  for (const [index, status] of statuses.entries()) {
    const terminated = at(status, 'state', 'terminated');
    if (isObject(terminated) && terminated.exitCode === 0) continue;
    if (isObject(terminated)) return `Init:${terminated.reason ?? `ExitCode:${terminated.exitCode}`}`;
    const waiting = stringAt(status, 'state', 'waiting', 'reason');
    if (waiting !== undefined && waiting !== 'PodInitializing') return `Init:${waiting}`;
    return `Init:${index}/${objects(pod, 'spec', 'initContainers').length}`;
  }
  return undefined;
}

function containerReason(pod: KubeObject, phase: string): string {
  let reason = phase;
  let failed = '';
  let isRunning = false;
  for (const status of objects(pod, 'status', 'containerStatuses').reverse()) {
    const waiting = stringAt(status, 'state', 'waiting', 'reason');
    const terminated = at(status, 'state', 'terminated');
    if (waiting) reason = waiting;
    else if (isObject(terminated)) {
      reason = String(terminated.reason ?? `ExitCode:${terminated.exitCode}`);
      if (terminated.exitCode !== 0) failed = reason;
    } else if (status.ready === true) isRunning = true;
  }
  if (reason !== 'Completed') return reason;
  const isReady = objects(pod, 'status', 'conditions').some(
    ({ type, status }) => type === 'Ready' && status === 'True',
  );
  if (isRunning && isReady) return 'Running';
  return failed || (isRunning ? 'NotReady' : reason);
}

function readinessGates(pod: KubeObject): string {
  const gates = objects(pod, 'spec', 'readinessGates');
  if (gates.length === 0) return '<none>';
  const conditions = objects(pod, 'status', 'conditions');
  const met = gates.filter((gate) =>
    conditions.some(({ type, status }) => type === gate.conditionType && status === 'True'),
  ).length;
  return `${met}/${gates.length}`;
}
