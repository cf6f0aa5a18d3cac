// A node for clusters that have none: it takes every Pod of a namespace, says that its containers run, ends those that end, and lets
// deleted ones go. Scheduler and kubelet in one, without containers, as kwok is.

import { at } from '../../src/base/json.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import type { KubeObject } from '../../src/kube/object.ts';

const NODE = 'stand-in';
const POD = { apiVersion: 'v1', kind: 'Pod' };

export interface StandInNode {
  stop(): Promise<void>;
}

/** Starts one for a namespace where the cluster has no node of its own. */
export async function startStandInNode(client: KubeClient, namespace: string): Promise<StandInNode> {
  const { items } = await client.list({ apiVersion: 'v1', kind: 'Node' });
  if (items.length > 0) return { stop: async () => undefined };
  const ref = { apiVersion: 'v1', kind: 'Node', name: NODE };
  await client.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: NODE } });
  await client.patch(ref, { status: nodeStatus() }, { type: 'merge', subresource: 'status' });
  const stopping = new AbortController();
  const { resourceVersion } = await client.list(POD, { namespace });
  const work = followPods(client, namespace, resourceVersion, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await work;
      await client.remove(ref);
    },
  };
}

async function followPods(client: KubeClient, namespace: string, from: string, signal: AbortSignal): Promise<void> {
  try {
    for await (const event of client.watch(POD, { namespace, resourceVersion: from, signal, timeoutMs: 120_000 })) {
      if (event.type === 'ADDED' || event.type === 'MODIFIED') await advance(client, event.object);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** One step in the life of a Pod. What another has done meanwhile comes with the next event. */
async function advance(client: KubeClient, pod: KubeObject): Promise<void> {
  const { namespace = '', name = '', uid = '', deletionTimestamp } = pod.metadata;
  const ref = { ...POD, namespace, name };
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
  const send = (method: string, suffix: string, body: object) =>
    client
      .request(`${path}${suffix}`, {
        method,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      .catch(() => undefined);
  if (deletionTimestamp) {
    // A StatefulSet's next Pod has the same name.
    await send('DELETE', '', { gracePeriodSeconds: 0, preconditions: { uid } });
    return;
  }
  if (at(pod, 'spec', 'nodeName') === undefined) {
    const target = { apiVersion: 'v1', kind: 'Node', name: NODE };
    await send('POST', '/binding', { apiVersion: 'v1', kind: 'Binding', metadata: { name }, target });
    return;
  }
  const phase = at(pod, 'status', 'phase');
  const ends = at(pod, 'spec', 'restartPolicy') !== 'Always';
  const next = phase === 'Pending' ? 'Running' : phase === 'Running' && ends ? 'Succeeded' : undefined;
  if (next === undefined) return;
  await client
    .patch(ref, { metadata: { uid }, status: podStatus(pod, next) }, { type: 'merge', subresource: 'status' })
    .catch(() => undefined);
}

function podStatus(pod: KubeObject, phase: 'Running' | 'Succeeded') {
  const now = timestamp();
  const isReady = phase === 'Running';
  const conditions = ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => {
    const status = isReady || !type.endsWith('Ready') ? 'True' : 'False';
    return { type, status, lastTransitionTime: now };
  });
  const containers = at(pod, 'spec', 'containers');
  const containerStatuses = (Array.isArray(containers) ? containers : []).map((container) => ({
    name: String(at(container, 'name')),
    image: String(at(container, 'image')),
    ...{ imageID: '', restartCount: 0, ready: isReady, started: isReady },
    state: isReady
      ? { running: { startedAt: now } }
      : { terminated: { exitCode: 0, reason: 'Completed', startedAt: now, finishedAt: now } },
  }));
  const podIP = '10.244.0.7';
  return { phase, conditions, containerStatuses, startTime: now, podIP, podIPs: [{ ip: podIP }] };
}

function nodeStatus() {
  const now = timestamp();
  const ready = { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' };
  return {
    conditions: [{ ...ready, lastHeartbeatTime: now, lastTransitionTime: now }],
    allocatable: { cpu: '8', memory: '16Gi', pods: '110' },
    capacity: { cpu: '8', memory: '16Gi', pods: '110' },
  };
}

function timestamp(): string {
  return new Date().toISOString().replace(/\.\d+/, '');
}
