// What people want to know of a Pod at a glance: why it is as it is, its containers, its restarts, what it asks for (Argo CD:
// controller/cache/info.go, populatePodInfo, which follows `kubectl get pods`).

import { at, isObject, stringAt } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { parseQuantity } from '../../typed/quantity.ts';
import type { InfoRow } from './node.ts';

export interface PodInfo {
  readonly rows: readonly InfoRow[];
  readonly images: readonly string[];
}

type Fields = Record<string, unknown>;

export function isPod({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): boolean {
  return apiVersion === 'v1' && kind === 'Pod';
}

export function podInfo(pod: KubeObject): PodInfo {
  const containers = listAt(pod, 'spec', 'containers');
  const inits = listAt(pod, 'spec', 'initContainers');
  const { reason, ready, restarts } = readStatus(pod, inits);
  const total = containers.length + inits.filter(isSidecar).length;
  const phase = stringAt(pod, 'status', 'phase') ?? '';
  const rows: InfoRow[] = [
    ...(reason ? [{ name: 'Status Reason', value: reason }] : []),
    { name: 'Node', value: stringAt(pod, 'spec', 'nodeName') ?? '' },
    { name: 'Containers', value: `${ready}/${total}` },
    ...(restarts > 0 ? [{ name: 'Restart Count', value: String(restarts) }] : []),
    ...(isOver(phase) ? [] : ['cpu', 'memory'].map((name) => ({ name, value: String(podRequest(pod, name)) }))),
  ];
  const images = [...inits, ...containers].map(({ image }) => String(image ?? '')).filter((image) => image !== '');
  return { rows, images: [...new Set(images)] };
}

/** What a Pod asks for, in thousandths: its containers together, or its init containers where one wants more (Kubernetes: PodRequests). */
export function podRequest(pod: KubeObject, name: string): bigint {
  const own = (container: Fields) => milli(at(container, 'resources', 'requests', name));
  let running = listAt(pod, 'spec', 'containers').reduce((sum, container) => sum + own(container), 0n);
  let sidecars = 0n;
  let most = 0n;
  for (const init of listAt(pod, 'spec', 'initContainers')) {
    if (isSidecar(init)) {
      sidecars += own(init);
      running += own(init);
    }
    const wanted = isSidecar(init) ? sidecars : own(init) + sidecars;
    if (wanted > most) most = wanted;
  }
  return (running > most ? running : most) + milli(at(pod, 'spec', 'overhead', name));
}

/** In thousandths, rounded up. */
export function milli(quantity: unknown): bigint {
  const nano = parseQuantity(String(quantity ?? '0'))?.nano ?? 0n;
  return (nano + 999_999n) / 1_000_000n;
}

interface Reading {
  reason: string;
  ready: number;
  restarts: number;
}

function readStatus(pod: KubeObject, inits: readonly Fields[]): Reading {
  const phase = stringAt(pod, 'status', 'phase') ?? '';
  const gone = stringAt(pod, 'status', 'reason');
  const reading: Reading = { reason: gone || phase, ready: 0, restarts: 0 };
  const conditions = listAt(pod, 'status', 'conditions');
  if (conditions.some(({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated')) {
    reading.reason = 'SchedulingGated';
  }
  const isInitialized = conditions.some(({ type, status }) => type === 'Initialized' && status === 'True');
  const isInitializing = readInits(pod, inits, reading);
  if (!isInitializing || isInitialized) readContainers(pod, reading);
  if (pod.metadata.deletionTimestamp && gone === 'NodeLost') reading.reason = 'Unknown';
  else if (pod.metadata.deletionTimestamp && !isOver(phase)) reading.reason = 'Terminating';
  return reading;
}

/** Up to the first that is not done. */
function readInits(pod: KubeObject, inits: readonly Fields[], reading: Reading): boolean {
  for (const [index, status] of listAt(pod, 'status', 'initContainerStatuses').entries()) {
    reading.restarts += countOf(status);
    const { terminated, waiting } = stateOf(status);
    if (terminated && terminated.exitCode === 0) continue;
    const init = inits.find(({ name }) => name === status.name);
    if (init && isSidecar(init) && status.started === true) {
      if (status.ready === true) reading.ready++;
      continue;
    }
    if (terminated) reading.reason = `Init:${endOf(terminated)}`;
    else if (waiting?.reason && waiting.reason !== 'PodInitializing') reading.reason = `Init:${waiting.reason}`;
    else reading.reason = `Init:${index}/${inits.length}`;
    return true;
  }
  return false;
}

/** The first container that has something to say wins: they are looked at from the last. */
function readContainers(pod: KubeObject, reading: Reading): void {
  let isRunning = false;
  for (const status of listAt(pod, 'status', 'containerStatuses').reverse()) {
    reading.restarts += countOf(status);
    const { terminated, waiting, running } = stateOf(status);
    if (waiting?.reason) reading.reason = String(waiting.reason);
    else if (terminated) reading.reason = endOf(terminated);
    else if (running && status.ready === true) {
      isRunning = true;
      reading.ready++;
    }
  }
  if (reading.reason === 'Completed' && isRunning) reading.reason = 'Running';
}

function stateOf(status: Fields): { terminated?: Fields; waiting?: Fields; running?: Fields } {
  const { state } = status;
  if (!isObject(state)) return {};
  const { terminated, waiting, running } = state;
  return {
    ...(isObject(terminated) && { terminated }),
    ...(isObject(waiting) && { waiting }),
    ...(isObject(running) && { running }),
  };
}

function endOf({ reason, signal, exitCode }: Fields): string {
  if (reason) return String(reason);
  return signal ? `Signal:${signal}` : `ExitCode:${exitCode ?? 0}`;
}

function countOf({ restartCount }: Fields): number {
  return typeof restartCount === 'number' ? restartCount : 0;
}

function isSidecar({ restartPolicy }: Fields): boolean {
  return restartPolicy === 'Always';
}

function isOver(phase: string): boolean {
  return phase === 'Succeeded' || phase === 'Failed';
}

function listAt(value: unknown, ...path: readonly string[]): Fields[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isObject) : [];
}
