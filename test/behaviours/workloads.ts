// Workloads become healthy: what their controllers write, and in which order they make and replace Pods.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { resourceHealth } from '../../src/health/health.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { type StandInNode, startStandInNode } from '../support/stand-in-node.ts';

const SOON = { timeout: 30_000, interval: 50 };

const behaviour: Behaviour = (cluster) => {
  let client: KubeClient;
  let node: StandInNode;
  const namespace = cluster.freshNamespace('workloads');

  beforeAll(async () => {
    client = createKubeClient(cluster.transport, { fieldManager: 'kubectl' });
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    node = await startStandInNode(client, namespace);
  });
  afterAll(async () => node.stop());

  const template = (app: string, image: string) => ({
    metadata: { labels: { app } },
    spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'c', image }] },
  });
  const workload = (kind: string, name: string, image: string, spec: object = {}): KubeObject => ({
    ...{ apiVersion: 'apps/v1', kind, metadata: { name, namespace } },
    spec: { selector: { matchLabels: { app: name } }, template: template(name, image), ...spec },
  });
  const read = async ({ apiVersion, kind, metadata }: KubeObject) => {
    const found = await client.get({ apiVersion, kind, namespace, name: metadata.name ?? '' });
    if (!found) throw new Error(`no ${kind} ${metadata.name}`);
    return found;
  };
  const healthOf = async (object: KubeObject) => resourceHealth(await read(object))?.status;
  const becomes = (object: KubeObject, health: string) => expect.poll(() => healthOf(object), SOON).toBe(health);
  const statusOf = async (object: KubeObject) => at(await read(object), 'status');
  const images = async (app: string) => {
    const { items } = await client.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace, labelSelector: `app=${app}` });
    return items
      .filter(({ metadata }) => !metadata.deletionTimestamp)
      .map((pod) => String(at(pod, 'spec', 'containers', 0, 'image')))
      .sort();
  };

  it('a Deployment rolls out, and out again', async () => {
    const web = workload('Deployment', 'web', 'web:1', { replicas: 3 });
    await client.create(web);
    await becomes(web, 'Healthy');
    expect(await statusOf(web)).toMatchObject({
      observedGeneration: 1,
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      conditions: [
        { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' },
        { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
      ],
    });
    await client.apply({ ...workload('Deployment', 'web', 'web:2', { replicas: 3 }) }, { force: true });
    await expect.poll(() => images('web'), SOON).toEqual(['web:2', 'web:2', 'web:2']);
    await becomes(web, 'Healthy');
    expect((await read(web)).metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '2' });
    const { items } = await client.list({ apiVersion: 'apps/v1', kind: 'ReplicaSet' }, { namespace });
    expect(items.map((set) => at(set, 'spec', 'replicas')).sort()).toEqual([0, 3]);
  });

  it('a StatefulSet makes its Pods one after the other and replaces them from the last', async () => {
    const db = workload('StatefulSet', 'db', 'db:1', { replicas: 2, serviceName: 'db' });
    const made: string[] = [];
    const { resourceVersion } = await client.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace });
    const stopping = new AbortController();
    const watching = (async () => {
      const options = {
        namespace,
        labelSelector: 'app=db',
        resourceVersion,
        signal: stopping.signal,
        timeoutMs: 60_000,
      };
      for await (const event of client.watch({ apiVersion: 'v1', kind: 'Pod' }, options)) {
        if (event.type === 'ADDED' || event.type === 'DELETED')
          made.push(`${event.type} ${event.object.metadata.name}`);
      }
    })().catch(() => undefined);
    await client.create(db);
    await expect.poll(async () => at(await statusOf(db), 'readyReplicas'), SOON).toBe(2);
    await becomes(db, 'Healthy');
    const before = await statusOf(db);
    expect(before).toMatchObject({
      ...{ observedGeneration: 1, replicas: 2, readyReplicas: 2, currentReplicas: 2, updatedReplicas: 2 },
      ...{ availableReplicas: 2, collisionCount: 0 },
    });
    expect(at(before, 'currentRevision')).toBe(at(before, 'updateRevision'));
    await client.apply(workload('StatefulSet', 'db', 'db:2', { replicas: 2, serviceName: 'db' }), { force: true });
    await expect.poll(() => images('db'), SOON).toEqual(['db:2', 'db:2']);
    await becomes(db, 'Healthy');
    await expect
      .poll(async () => at(await statusOf(db), 'currentRevision'), SOON)
      .not.toBe(at(before, 'currentRevision'));
    expect(made).toEqual([
      ...['ADDED db-0', 'ADDED db-1'],
      ...['DELETED db-1', 'ADDED db-1', 'DELETED db-0', 'ADDED db-0'],
    ]);
    await client.patch(
      { apiVersion: 'apps/v1', kind: 'StatefulSet', namespace, name: 'db' },
      { spec: { replicas: 1 } },
      { type: 'merge' },
    );
    await expect.poll(() => made.at(-1), SOON).toBe('DELETED db-1');
    await becomes(db, 'Healthy');
    stopping.abort();
    await watching;
  });

  it('a DaemonSet has a Pod on every node', async () => {
    const agent = workload('DaemonSet', 'agent', 'agent:1');
    await client.create(agent);
    await expect.poll(async () => at(await statusOf(agent), 'numberAvailable'), SOON).toBe(1);
    await becomes(agent, 'Healthy');
    expect(await statusOf(agent)).toEqual({
      ...{ currentNumberScheduled: 1, desiredNumberScheduled: 1, numberAvailable: 1, numberMisscheduled: 0 },
      ...{ numberReady: 1, observedGeneration: 1, updatedNumberScheduled: 1 },
    });
    await client.apply(workload('DaemonSet', 'agent', 'agent:2'), { force: true });
    await expect.poll(() => images('agent'), SOON).toEqual(['agent:2']);
    await becomes(agent, 'Healthy');
  });

  it('a Job completes', async () => {
    const metadata = { name: 'once', namespace };
    const { spec } = template('once', 'once:1');
    const job: KubeObject = {
      ...{ apiVersion: 'batch/v1', kind: 'Job', metadata },
      spec: { completions: 2, template: { spec: { ...spec, restartPolicy: 'Never' } } },
    };
    await client.create(job);
    await becomes(job, 'Healthy');
    expect(await statusOf(job)).toEqual({
      conditions: [
        expect.objectContaining({ type: 'SuccessCriteriaMet', status: 'True', reason: 'CompletionsReached' }),
        expect.objectContaining({ type: 'Complete', status: 'True', reason: 'CompletionsReached' }),
      ],
      ...{ startTime: expect.any(String), completionTime: expect.any(String), succeeded: 2, ready: 0, terminating: 0 },
      uncountedTerminatedPods: {},
    });
  });

  it('a Service is found by the Pods that are ready', async () => {
    const metadata = { name: 'web', namespace };
    const service: KubeObject = {
      ...{ apiVersion: 'v1', kind: 'Service', metadata },
      spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
    };
    await client.create(service);
    await becomes(service, 'Healthy');
    const slice = async () => {
      const labelSelector = 'kubernetes.io/service-name=web';
      const { items } = await client.list(
        { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' },
        { namespace, labelSelector },
      );
      return items[0];
    };
    const count = (endpoints: unknown) => (Array.isArray(endpoints) ? endpoints.length : 0);
    await expect.poll(async () => count(at(await slice(), 'endpoints')), SOON).toBe(3);
    expect(await slice()).toMatchObject({
      addressType: 'IPv4',
      ports: [{ port: 8080, protocol: 'TCP', name: '' }],
      endpoints: [1, 2, 3].map(() => ({
        conditions: { ready: true, serving: true, terminating: false },
        targetRef: { kind: 'Pod', namespace },
      })),
    });
  });

  it('a claim is bound to the volume that was made for it, which goes after it', async () => {
    const volume = `${namespace}-disk`;
    const common = { storageClassName: '', accessModes: ['ReadWriteOnce'] };
    await client.create({
      ...{ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: volume } },
      spec: {
        ...common,
        capacity: { storage: '2Gi' },
        hostPath: { path: '/none' },
        claimRef: { namespace, name: 'disk' },
      },
    });
    const claim: KubeObject = {
      ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'disk', namespace } },
      spec: { ...common, volumeName: volume, resources: { requests: { storage: '1Gi' } } },
    };
    await client.create(claim);
    await becomes(claim, 'Healthy');
    expect(await statusOf(claim)).toMatchObject({
      phase: 'Bound',
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '2Gi' },
    });
    await expect
      .poll(async () => {
        const bound = await client.get({ apiVersion: 'v1', kind: 'PersistentVolume', name: volume });
        return [at(bound, 'status', 'phase'), at(bound, 'spec', 'claimRef', 'uid')];
      }, SOON)
      .toEqual(['Bound', (await read(claim)).metadata.uid]);
    await client.remove({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: 'disk' });
    const ref = { apiVersion: 'v1', kind: 'PersistentVolume', name: volume };
    await client.remove(ref);
    await expect.poll(() => client.get(ref), SOON).toBeUndefined();
  });
};

export default behaviour;
