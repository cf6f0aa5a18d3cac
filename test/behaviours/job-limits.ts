// Jobs that take too long, and Jobs that nobody needs once they have ended.

import { beforeAll, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import type { Behaviour } from '../support/behaviours.ts';

const SOON = { timeout: 30_000, interval: 50 };

const behaviour: Behaviour = (cluster) => {
  let client: KubeClient;
  const namespace = cluster.freshNamespace('jobs');

  beforeAll(async () => {
    client = createKubeClient(cluster.transport, { fieldManager: 'kubectl' });
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  });

  const ref = (name: string) => ({ apiVersion: 'batch/v1', kind: 'Job', namespace, name });
  /** Nothing schedules its Pod, so it never ends by itself. */
  const job = (name: string, spec: object): KubeObject => {
    const { apiVersion, kind } = ref(name);
    const template = {
      spec: { restartPolicy: 'Never', schedulerName: 'nobody', containers: [{ name: 'c', image: 'busybox' }] },
    };
    return { apiVersion, kind, metadata: { name, namespace }, spec: { template, ...spec } };
  };
  const pods = async (name: string) =>
    (await client.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace, labelSelector: `job-name=${name}` })).items;

  it('a Job fails at its deadline, and its Pods go', async () => {
    await client.create(job('slow', { activeDeadlineSeconds: 1, parallelism: 2 }));
    await expect.poll(async () => (await pods('slow')).length, SOON).toBe(2);
    await expect
      .poll(async () => at(await client.get(ref('slow')), 'status'), SOON)
      .toMatchObject({
        conditions: [
          {
            type: 'FailureTarget',
            status: 'True',
            reason: 'DeadlineExceeded',
            message: 'Job was active longer than specified deadline',
          },
          {
            type: 'Failed',
            status: 'True',
            reason: 'DeadlineExceeded',
            message: 'Job was active longer than specified deadline',
          },
        ],
        failed: 2,
        ready: 0,
        startTime: expect.any(String),
        terminating: 0,
        uncountedTerminatedPods: {},
      });
    const { active, completionTime } = Object(at(await client.get(ref('slow')), 'status'));
    expect({ active, completionTime }).toEqual({ active: undefined, completionTime: undefined });
    await expect.poll(async () => pods('slow'), SOON).toEqual([]);
  });

  it('a suspended Job has all the time in the world', async () => {
    await client.create(job('asleep', { activeDeadlineSeconds: 1, suspend: true }));
    await expect
      .poll(async () => at(await client.get(ref('asleep')), 'status', 'conditions'), SOON)
      .toMatchObject([{ type: 'Suspended', status: 'True' }]);
    expect(at(await client.get(ref('asleep')), 'status', 'startTime')).toBeUndefined();
  });

  it('a Job that has ended goes after its time to live, and its Pods before it', async () => {
    await client.create(job('brief', { activeDeadlineSeconds: 1, ttlSecondsAfterFinished: 1 }));
    await expect.poll(async () => client.get(ref('brief')), SOON).toBeUndefined();
    expect(await pods('brief')).toEqual([]);
  });
};

export default behaviour;
