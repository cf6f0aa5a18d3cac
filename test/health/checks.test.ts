import { describe, expect, it } from 'vitest';
import type { Difference } from '../../src/application/difference.ts';
import type { HealthCode, HealthStatus, ResourceStatus } from '../../src/application/types.ts';
import { aggregateHealth, aggregateStatuses } from '../../src/health/aggregate.ts';
import { resourceHealth } from '../../src/health/health.ts';
import { type KubeObject, keyOf } from '../../src/kube/object.ts';

type Fields = Readonly<Record<string, unknown>>;

function object(apiVersion: string, kind: string, fields: Fields = {}, metadata: Fields = {}): KubeObject {
  return { apiVersion, kind, metadata: { name: 'x', ...metadata }, ...fields };
}

const deployment = (status: Fields, spec: Fields = { replicas: 2 }, generation = 1) =>
  object('apps/v1', 'Deployment', { spec, status: { observedGeneration: 1, ...status } }, { generation });
const daemonSet = (status: Fields, type = 'RollingUpdate', generation = 1) =>
  object(
    'apps/v1',
    'DaemonSet',
    { spec: { updateStrategy: { type } }, status: { observedGeneration: 1, ...status } },
    { generation },
  );
const replicaSet = (status: Fields, generation = 1) =>
  object(
    'apps/v1',
    'ReplicaSet',
    { spec: { replicas: 2 }, status: { observedGeneration: 1, ...status } },
    { generation },
  );
const statefulSet = (status: Fields, updateStrategy: Fields = { type: 'RollingUpdate' }) =>
  object(
    'apps/v1',
    'StatefulSet',
    { spec: { replicas: 2, updateStrategy }, status: { observedGeneration: 1, ...status } },
    { generation: 1 },
  );

const CASES: readonly (readonly [title: string, subject: KubeObject, status: HealthCode, message?: string])[] = [
  ['a paused Deployment', deployment({}, { paused: true }), 'Suspended', 'Deployment is paused'],
  [
    'a Deployment that is not observed yet',
    deployment({}, { replicas: 2 }, 2),
    'Progressing',
    'Waiting for rollout to finish: observed deployment generation less than desired generation',
  ],
  [
    'a Deployment that took too long',
    deployment({ conditions: [{ type: 'Progressing', reason: 'ProgressDeadlineExceeded' }] }),
    'Degraded',
    'Deployment "x" exceeded its progress deadline',
  ],
  [
    'a Deployment on its way',
    deployment({ updatedReplicas: 1 }),
    'Progressing',
    'Waiting for rollout to finish: 1 out of 2 new replicas have been updated...',
  ],
  [
    'a Deployment with old replicas',
    deployment({ updatedReplicas: 2, replicas: 3 }),
    'Progressing',
    'Waiting for rollout to finish: 1 old replicas are pending termination...',
  ],
  [
    'a Deployment that starts',
    deployment({ updatedReplicas: 2, replicas: 2, availableReplicas: 1 }),
    'Progressing',
    'Waiting for rollout to finish: 1 of 2 updated replicas are available...',
  ],
  ['a Deployment that is there', deployment({ updatedReplicas: 2, replicas: 2, availableReplicas: 2 }), 'Healthy'],
  [
    'a Deployment of a version of long ago',
    object('apps/v1beta1', 'Deployment'),
    'Unknown',
    'unsupported Deployment GVK: apps/v1beta1, Kind=Deployment',
  ],
  [
    'a DaemonSet that is not observed yet',
    daemonSet({}, 'RollingUpdate', 2),
    'Progressing',
    'Waiting for rollout to finish: observed daemon set generation less than desired generation',
  ],
  [
    'a DaemonSet that waits to be deleted',
    daemonSet({ updatedNumberScheduled: 1, desiredNumberScheduled: 2 }, 'OnDelete'),
    'Healthy',
    'daemon set 1 out of 2 new pods have been updated',
  ],
  [
    'a DaemonSet on its way',
    daemonSet({ updatedNumberScheduled: 1, desiredNumberScheduled: 2 }),
    'Progressing',
    'Waiting for daemon set "x" rollout to finish: 1 out of 2 new pods have been updated...',
  ],
  [
    'a DaemonSet that starts',
    daemonSet({ updatedNumberScheduled: 2, desiredNumberScheduled: 2, numberAvailable: 1 }),
    'Progressing',
    'Waiting for daemon set "x" rollout to finish: 1 of 2 updated pods are available...',
  ],
  [
    'a DaemonSet that is there',
    daemonSet({ updatedNumberScheduled: 2, desiredNumberScheduled: 2, numberAvailable: 2 }),
    'Healthy',
  ],
  [
    'a ReplicaSet that is not observed yet',
    replicaSet({}, 2),
    'Progressing',
    'Waiting for rollout to finish: observed replica set generation less than desired generation',
  ],
  [
    'a ReplicaSet that cannot make Pods',
    replicaSet({ conditions: [{ type: 'ReplicaFailure', status: 'True', message: 'quota' }] }),
    'Degraded',
    'quota',
  ],
  [
    'a ReplicaSet that starts',
    replicaSet({ availableReplicas: 1 }),
    'Progressing',
    'Waiting for rollout to finish: 1 out of 2 new replicas are available...',
  ],
  ['a ReplicaSet that is there', replicaSet({ availableReplicas: 2 }), 'Healthy'],
  ['a StatefulSet that starts', statefulSet({ readyReplicas: 1 }), 'Progressing', 'Waiting for 1 pods to be ready...'],
  [
    'a StatefulSet that rolls out a part',
    statefulSet({ readyReplicas: 2, updatedReplicas: 0 }, { type: 'RollingUpdate', rollingUpdate: { partition: 1 } }),
    'Progressing',
    'Waiting for partitioned roll out to finish: 0 out of 1 new pods have been updated...',
  ],
  [
    'a StatefulSet that has rolled out its part',
    statefulSet({ readyReplicas: 2, updatedReplicas: 1 }, { type: 'RollingUpdate', rollingUpdate: { partition: 1 } }),
    'Healthy',
    'partitioned roll out complete: 1 new pods have been updated...',
  ],
  [
    'a StatefulSet that waits to be deleted',
    statefulSet({ readyReplicas: 2 }, { type: 'OnDelete' }),
    'Healthy',
    'statefulset has 2 ready pods',
  ],
  [
    'a StatefulSet between revisions',
    statefulSet({ readyReplicas: 2, updatedReplicas: 1, currentRevision: 'a', updateRevision: 'b' }),
    'Progressing',
    'waiting for statefulset rolling update to complete 1 pods at revision b...',
  ],
  [
    'a running Workflow',
    object('argoproj.io/v1alpha1', 'Workflow', { status: { phase: 'Running', message: 'm' } }),
    'Progressing',
    'm',
  ],
  ['a Workflow that nobody has begun', object('argoproj.io/v1alpha1', 'Workflow'), 'Progressing'],
  ['a failed Workflow', object('argoproj.io/v1alpha1', 'Workflow', { status: { phase: 'Error' } }), 'Degraded'],
  [
    'a Workflow in a phase of another day',
    object('argoproj.io/v1alpha1', 'Workflow', { status: { phase: 'Odd' } }),
    'Unknown',
  ],
  ['a claim that is lost', object('v1', 'PersistentVolumeClaim', { status: { phase: 'Lost' } }), 'Degraded'],
  ['a claim without a phase', object('v1', 'PersistentVolumeClaim'), 'Unknown'],
  ['an Ingress of the old group', object('extensions/v1beta1', 'Ingress'), 'Progressing'],
  [
    'a suspended Job',
    object('batch/v1', 'Job', { status: { conditions: [{ type: 'Suspended', status: 'True', message: 'later' }] } }),
    'Suspended',
    'later',
  ],
  [
    'anything that is being deleted',
    object('v1', 'ConfigMap', {}, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    'Progressing',
    'Pending deletion',
  ],
];

describe('the health of', () => {
  for (const [title, subject, status, message] of CASES) {
    it(title, () => {
      expect(resourceHealth(subject)).toEqual(message === undefined ? { status } : { status, message });
    });
  }

  it('a kind without a check is nothing at all', () => {
    expect(resourceHealth(object('v1', 'ConfigMap'))).toBeUndefined();
  });

  it('a hook whose object is deleted is still that of its kind, as long as its finalizer holds it', () => {
    const metadata = { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['argocd.argoproj.io/hook-finalizer'] };
    const status = { conditions: [{ type: 'Complete', status: 'True' }] };
    expect(resourceHealth(object('batch/v1', 'Job', { status }, metadata))).toEqual({ status: 'Healthy' });
  });
});

function difference(live: KubeObject | undefined, target: KubeObject = live ?? object('v1', 'ConfigMap')) {
  return { key: keyOf(target), target, ...(live ? { live } : {}) } satisfies Partial<Difference>;
}

const healthy = object('v1', 'Service');
const progressing = (name: string) =>
  object('v1', 'Service', { spec: { type: 'LoadBalancer' } }, { name, namespace: 'n' });
const degraded = object('v1', 'PersistentVolumeClaim', { status: { phase: 'Lost' } }, { name: 'pvc', namespace: 'n' });

describe('the health of an Application', () => {
  it('is that of its worst object, which it names', () => {
    const { health, resources } = aggregateHealth([
      difference(healthy),
      difference(progressing('a')),
      difference(degraded),
    ]);
    expect(health).toEqual({ status: 'Degraded', message: 'Caused by PersistentVolumeClaim:n/pvc' });
    expect(resources.map((resource) => resource?.status)).toEqual(['Healthy', 'Progressing', 'Degraded']);
  });

  it('names three causes at most', () => {
    const services = ['a', 'b', 'c', 'd', 'e'].map((name) => difference(progressing(name)));
    expect(aggregateHealth(services).health.message).toBe('Caused by Service:n/a, Service:n/b, Service:n/c and 2 more');
  });

  it('is Healthy without objects, and for kinds without a check', () => {
    expect(aggregateHealth([]).health).toEqual({ status: 'Healthy' });
    expect(aggregateHealth([difference(object('v1', 'ConfigMap'))]).health).toEqual({ status: 'Healthy' });
  });

  it('does not suffer from a missing object, unless all are missing', () => {
    expect(aggregateHealth([difference(healthy), difference(undefined)]).health).toEqual({ status: 'Healthy' });
    expect(aggregateHealth([difference(undefined)])).toEqual({
      health: { status: 'Missing' },
      resources: [{ status: 'Missing' }],
    });
  });

  const annotated = (annotations: Record<string, string>) => ({
    ...degraded,
    metadata: { ...degraded.metadata, annotations },
  });
  for (const [title, annotations] of [
    ['is told not to count', { 'argocd.argoproj.io/ignore-healthcheck': 'true' }],
    ['is a hook', { 'argocd.argoproj.io/hook': 'PreSync' }],
  ] as const) {
    it(`does not look at an object that ${title}`, () => {
      const { health, resources } = aggregateHealth([difference(annotated(annotations)), difference(healthy)]);
      expect(health).toEqual({ status: 'Healthy' });
      expect(resources[0]).toBeUndefined();
    });
  }

  it('does not count itself, nor a child that nobody has looked at yet', () => {
    const app = object('argoproj.io/v1alpha1', 'Application', {}, { name: 'root', namespace: 'argocd' });
    const healthOf = () => ({ status: 'Unknown' as const });
    expect(
      aggregateHealth([difference(app)], { self: { name: 'root', namespace: 'argocd' }, healthOf }).health.status,
    ).toBe('Healthy');
    expect(aggregateHealth([difference(app)], { healthOf })).toEqual({
      health: { status: 'Healthy' },
      resources: [{ status: 'Unknown' }],
    });
  });
});

describe('the health of an Application, out of the healths that its status keeps', () => {
  const resource = (name: string, status: HealthCode | undefined, more: Fields = {}): ResourceStatus => ({
    version: 'v1',
    kind: 'Service',
    namespace: 'n',
    name,
    ...(status && { health: { status } }),
    ...more,
  });

  const ROWS: readonly (readonly [title: string, resources: readonly ResourceStatus[], health: HealthStatus])[] = [
    [
      'is that of the worst, which it names',
      [resource('a', 'Healthy'), resource('b', 'Degraded')],
      { status: 'Degraded', message: 'Caused by Service:n/b' },
    ],
    ['does not count what has no health', [resource('a', undefined)], { status: 'Healthy' }],
    [
      'does not count hooks',
      [resource('a', 'Degraded', { hook: true }), resource('b', 'Healthy')],
      { status: 'Healthy' },
    ],
    [
      'does not suffer from one that is missing',
      [resource('a', 'Missing'), resource('b', 'Healthy')],
      { status: 'Healthy' },
    ],
    ['is Missing when all are', [resource('a', 'Missing')], { status: 'Missing' }],
    [
      'does not suffer from a child Application that is Unknown',
      [resource('child', 'Unknown', { group: 'argoproj.io', kind: 'Application' })],
      { status: 'Healthy' },
    ],
  ];
  for (const [title, resources, health] of ROWS) {
    it(title, () => {
      expect(aggregateStatuses(resources)).toEqual(health);
    });
  }
});
