// Pods: scheduled on the one node, ready after a moment, gone after another. Scheduler and kubelet in one, without containers.

import { isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { NODE_NAME } from '../bootstrap.ts';
import { type Cluster, timestamp } from '../cluster.ts';
import { find, keyOf, type Obj, objectsAt, setStatus, specOf, splitKey, statusOf } from './act.ts';
import type { Controller } from './controllers.ts';
import { tell } from './event.ts';
import { PODS } from './replica-set.ts';

/** An image whose name contains this cannot be pulled. */
const MISSING_IMAGE = 'does-not-exist';

export const POD_CONTROLLER: Controller = {
  name: 'pod',
  keysOf: ({ storage, object, type }) => (storage === PODS && type !== 'DELETED' ? [`${keyOf(object)}`] : []),
  reconcile(key, context) {
    const pod = find(context.cluster, PODS, key);
    if (!pod) return;
    if (pod.metadata.deletionTimestamp) {
      if (statusOf(pod).phase === 'Running')
        tellOfContainers(context.cluster, pod, [['Killing', (name) => `Stopping container ${name}`]]);
      return context.later(TERMINATION, key, context.readyDelayMs);
    }
    if (!specOf(pod).nodeName) {
      if (specOf(pod).schedulerName === 'default-scheduler') schedule(context.cluster, pod);
      return;
    }
    if (statusOf(pod).phase === 'Pending' && !isStuck(pod)) return context.later(START, key, context.readyDelayMs);
    if (statusOf(pod).phase === 'Running' && endOf(pod)) context.later(END, key, context.readyDelayMs);
  },
};

/** Stages of a Pod's life that come after a while: run by timers alone. */
const START: Controller = {
  name: 'pod-start',
  keysOf: () => [],
  reconcile(key, { cluster }) {
    const pod = find(cluster, PODS, key);
    if (!pod || pod.metadata.deletionTimestamp || statusOf(pod).phase !== 'Pending') return;
    if (imagesOf(pod).some((image) => image.includes(MISSING_IMAGE))) {
      setStatus(cluster, PODS, pod, waiting(cluster, pod), 'kubelet');
      tellOfContainers(cluster, pod, PULL_FAILURE, (image) => image.includes(MISSING_IMAGE));
    } else {
      setStatus(cluster, PODS, pod, running(cluster, pod), 'kubelet');
      tellOfContainers(cluster, pod, START_UP);
    }
  },
};

const END: Controller = {
  name: 'pod-end',
  keysOf: () => [],
  reconcile(key, { cluster }) {
    const pod = find(cluster, PODS, key);
    const end = pod && endOf(pod);
    if (!pod || !end || statusOf(pod).phase !== 'Running') return;
    setStatus(cluster, PODS, pod, ended(cluster, pod, end), 'kubelet');
  },
};

const TERMINATION: Controller = {
  name: 'pod-termination',
  keysOf: () => [],
  reconcile(key, { cluster }) {
    const { namespace, name } = splitKey(key);
    const pod = find(cluster, PODS, key);
    if (!pod?.metadata.deletionTimestamp) return;
    if ((pod.metadata.finalizers ?? []).length === 0) cluster.store.remove(PODS, namespace, name);
  },
};

type Sentence = readonly [reason: string, message: (name: string, image: string) => string, type?: 'Warning'];

const START_UP: readonly Sentence[] = [
  ['Pulled', (_, image) => `Container image "${image}" already present on machine`],
  ['Created', (name) => `Created container: ${name}`],
  ['Started', (name) => `Started container ${name}`],
];

const PULL_FAILURE: readonly Sentence[] = [
  ['Pulling', (_, image) => `Pulling image "${image}"`],
  ['Failed', (_, image) => `Failed to pull image "${image}": not found`, 'Warning'],
  ['BackOff', (_, image) => `Back-off pulling image "${image}"`],
];

function tellOfContainers(
  cluster: Cluster,
  pod: KubeObject,
  sentences: readonly Sentence[],
  isMeant: (image: string) => boolean = () => true,
): void {
  for (const container of objectsAt(pod, 'spec', 'containers')) {
    const [name, image] = [String(container.name ?? ''), String(container.image ?? '')];
    if (!isMeant(image)) continue;
    for (const [reason, message, type = 'Normal'] of sentences) {
      const fieldPath = `spec.containers{${name}}`;
      tell(cluster, pod, { type, reason, message: message(name, image), component: 'kubelet', fieldPath });
    }
  }
}

function imagesOf(pod: KubeObject): string[] {
  return objectsAt(pod, 'spec', 'containers').map(({ image }) => String(image ?? ''));
}

function isStuck(pod: KubeObject): boolean {
  return objectsAt(pod, 'status', 'containerStatuses').some(({ state }) => {
    const wait = isObject(state) ? state.waiting : undefined;
    return isObject(wait) && wait.reason === 'ImagePullBackOff';
  });
}

function schedule(cluster: Cluster, pod: KubeObject): void {
  const now = timestamp(cluster);
  const bound = { ...pod, spec: { ...specOf(pod), nodeName: NODE_NAME } };
  const conditions = [
    condition(pod, 'PodReadyToStartContainers', 'False', now),
    condition(pod, 'Initialized', 'True', now),
    { ...condition(pod, 'Ready', 'False', now), ...notReady(pod) },
    { ...condition(pod, 'ContainersReady', 'False', now), ...notReady(pod) },
    condition(pod, 'PodScheduled', 'True', now),
  ];
  const { namespace, name } = pod.metadata;
  const message = `Successfully assigned ${namespace}/${name} to ${NODE_NAME}`;
  tell(cluster, pod, { reason: 'Scheduled', message, component: 'default-scheduler' });
  cluster.store.put(PODS, {
    ...bound,
    status: {
      ...statusOf(pod),
      observedGeneration: pod.metadata.generation ?? 1,
      phase: 'Pending',
      conditions,
      hostIP: '127.0.0.1',
      hostIPs: [{ ip: '127.0.0.1' }],
      startTime: now,
      containerStatuses: containersOf(pod).map((container) => ({
        ...container,
        state: { waiting: { reason: 'ContainerCreating' } },
        ready: false,
        started: false,
      })),
    },
  });
}

function notReady(pod: KubeObject): Obj {
  const names = objectsAt(pod, 'spec', 'containers').map(({ name }) => name);
  return { reason: 'ContainersNotReady', message: `containers with unready status: [${names.join(' ')}]` };
}

function condition(pod: KubeObject, type: string, status: string, now: string): Obj {
  return {
    type,
    observedGeneration: pod.metadata.generation ?? 1,
    status,
    lastProbeTime: null,
    lastTransitionTime: now,
  };
}

function containersOf(pod: KubeObject): Obj[] {
  return objectsAt(pod, 'spec', 'containers').map(({ name, image }) => ({
    name,
    state: {},
    lastState: {},
    ready: false,
    restartCount: 0,
    image,
    imageID: '',
  }));
}

function withConditions(pod: KubeObject, cluster: Cluster, ready: boolean, extra: Obj): Obj[] {
  const now = timestamp(cluster);
  return objectsAt(pod, 'status', 'conditions').map((own) => {
    const isReadiness = own.type === 'Ready' || own.type === 'ContainersReady';
    if (!isReadiness && own.type !== 'PodReadyToStartContainers') return own;
    const status = (isReadiness ? ready : true) ? 'True' : 'False';
    const { reason: _, message: __, ...kept } = own;
    return {
      ...kept,
      status,
      lastTransitionTime: own.status === status ? own.lastTransitionTime : now,
      ...(isReadiness ? extra : {}),
    };
  });
}

function addressOf(pod: KubeObject): string {
  const uid = pod.metadata.uid ?? '';
  return `10.244.0.${(Number.parseInt(uid.slice(0, 6) || '1', 16) % 253) + 2}`;
}

function running(cluster: Cluster, pod: KubeObject): Obj {
  const podIP = addressOf(pod);
  return {
    ...statusOf(pod),
    phase: 'Running',
    conditions: withConditions(pod, cluster, true, {}),
    podIP,
    podIPs: [{ ip: podIP }],
    containerStatuses: containersOf(pod).map((container) => ({
      ...container,
      state: { running: { startedAt: timestamp(cluster) } },
      ready: true,
      started: true,
      imageID: `sandbox://${container.image}`,
      containerID: `sandbox://${pod.metadata.uid}-${container.name}`,
    })),
  };
}

function waiting(cluster: Cluster, pod: KubeObject): Obj {
  return {
    ...statusOf(pod),
    conditions: withConditions(pod, cluster, false, notReady(pod)),
    containerStatuses: containersOf(pod).map((container) => {
      const isMissing = String(container.image).includes(MISSING_IMAGE);
      const message = `Back-off pulling image "${container.image}": ErrImagePull: not found`;
      return {
        ...container,
        state: { waiting: isMissing ? { reason: 'ImagePullBackOff', message } : { reason: 'ContainerCreating' } },
        started: false,
      };
    }),
  };
}

/** Pods of Jobs end; one whose command says `false` or `exit 1` fails. */
function endOf(pod: KubeObject): 'Succeeded' | 'Failed' | undefined {
  if (specOf(pod).restartPolicy === 'Always') return undefined;
  const fails = objectsAt(pod, 'spec', 'containers').some(({ command, args }) => {
    const words = [...(Array.isArray(command) ? command : []), ...(Array.isArray(args) ? args : [])].join(' ');
    return /(^|\s)(false|exit [1-9]\d*)(\s|;|$)/.test(words);
  });
  return fails ? 'Failed' : 'Succeeded';
}

function ended(cluster: Cluster, pod: KubeObject, end: 'Succeeded' | 'Failed'): Obj {
  const now = timestamp(cluster);
  const reason = end === 'Succeeded' ? 'Completed' : 'Error';
  return {
    ...statusOf(pod),
    phase: end,
    conditions: withConditions(pod, cluster, false, { reason: end === 'Succeeded' ? 'PodCompleted' : 'PodFailed' }),
    containerStatuses: containersOf(pod).map((container) => ({
      ...container,
      state: {
        terminated: { exitCode: end === 'Succeeded' ? 0 : 1, reason, startedAt: now, finishedAt: now },
      },
      started: false,
    })),
  };
}
