// What controllers tell of what they do, in Events, and what the API server says of logs that it cannot give.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { refusalStatus } from '../../src/kube/refusal.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { type StandInNode, startStandInNode } from '../support/stand-in-node.ts';

const SOON = { timeout: 30_000, interval: 100 };

const behaviour: Behaviour = (cluster) => {
  let client: KubeClient;
  let node: StandInNode;
  const namespace = cluster.freshNamespace('telling');

  beforeAll(async () => {
    client = createKubeClient(cluster.transport, { fieldManager: 'kubectl' });
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    node = await startStandInNode(client, namespace);
  });
  afterAll(async () => node.stop());

  const template = (app: string, more: object = {}) => ({
    metadata: { labels: { app } },
    spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'c', image: 'busybox' }], ...more },
  });
  const create = (apiVersion: string, kind: string, name: string, spec: object) =>
    client.create({ apiVersion, kind, metadata: { name, namespace }, spec });
  const selector = (app: string) => ({ matchLabels: { app } });

  /** `SuccessfulCreate Created pod: web-…`, of all objects of a kind. */
  const told = async (kind: string) => {
    const fieldSelector = `involvedObject.kind=${kind}`;
    const { items } = await client.list({ apiVersion: 'v1', kind: 'Event' }, { namespace, fieldSelector });
    return items.map(({ reason, message }) => `${reason} ${String(message).replace(/-[a-z0-9]{5,10}\b/g, '-…')}`);
  };
  const tells = (kind: string, expected: readonly string[]) =>
    expect.poll(() => told(kind), SOON).toEqual(expect.arrayContaining([...expected]));

  it('a Deployment and its ReplicaSet tell of Pods that come and go', async () => {
    await create('apps/v1', 'Deployment', 'web', { replicas: 2, selector: selector('web'), template: template('web') });
    await tells('Deployment', ['ScalingReplicaSet Scaled up replica set web-… from 0 to 2']);
    await tells('ReplicaSet', ['SuccessfulCreate Created pod: web-…-…']);
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'web' };
    await client.patch(ref, { spec: { replicas: 1 } }, { type: 'merge' });
    await tells('Deployment', ['ScalingReplicaSet Scaled down replica set web-… from 2 to 1']);
    await tells('ReplicaSet', ['SuccessfulDelete Deleted pod: web-…-…']);
  });

  it('a StatefulSet tells of Pods and claims', async () => {
    const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    await create('apps/v1', 'StatefulSet', 'db', {
      serviceName: 'db',
      selector: selector('db'),
      template: template('db'),
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }],
    });
    await tells('StatefulSet', [
      'SuccessfulCreate Create Claim data-db-0 Pod db-0 in StatefulSet db success',
      'SuccessfulCreate Create Pod db-0 in StatefulSet db successful',
    ]);
  });

  it('a Job tells of its Pod and its end', async () => {
    await create('batch/v1', 'Job', 'once', { template: template('once', { restartPolicy: 'Never' }) });
    await tells('Job', ['SuccessfulCreate Created pod: once-…', 'Completed Job completed']);
  });

  describe('a log', () => {
    beforeAll(async () => {
      const containers = ['app', 'proxy'].map((name) => ({ name, image: 'busybox' }));
      await create('v1', 'Pod', 'pair', { containers });
    });

    it.each([
      ['', 400, 'a container name must be specified for pod pair, choose one of: [app proxy]'],
      ['?container=nope', 400, 'container nope is not valid for pod pair'],
      [
        '?container=app&tailLines=-1',
        422,
        'PodLogOptions "pair" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0',
      ],
      [
        '?container=app&sinceSeconds=0',
        422,
        'PodLogOptions "pair" is invalid: sinceSeconds: Invalid value: 0: must be greater than 0',
      ],
      [
        '?container=app&limitBytes=0',
        422,
        'PodLogOptions "pair" is invalid: limitBytes: Invalid value: 0: must be greater than 0',
      ],
      [
        '?container=app&sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z',
        422,
        'PodLogOptions "pair" is invalid: []: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified',
      ],
    ])('%s is refused', async (query, status, message) => {
      const path = `/api/v1/namespaces/${namespace}/pods/pair/log${query}`;
      const error: unknown = await client.request(path).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect({ status: refusalStatus(error), message: error instanceof Error ? error.message : '' }).toEqual({
        status,
        message,
      });
    });
  });
};

export default behaviour;
