// A CronJob whose time has come makes a Job, and keeps only as many ended ones as it should.

import { beforeAll, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import type { Behaviour } from '../support/behaviours.ts';

const SOON = { timeout: 30_000, interval: 50 };
const MINUTE_MS = 60_000;

const behaviour: Behaviour = (cluster) => {
  let client: KubeClient;
  const namespace = cluster.freshNamespace('cron');

  beforeAll(async () => {
    client = createKubeClient(cluster.transport, { fieldManager: 'kubectl' });
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  });

  const type = { apiVersion: 'batch/v1', kind: 'CronJob' };
  const ref = (name: string) => ({ ...type, namespace, name });
  const jobs = async (name: string) => {
    const { items } = await client.list({ apiVersion: 'batch/v1', kind: 'Job' }, { namespace });
    return items.filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.name === name));
  };
  const cronJob = (name: string, spec: object): KubeObject => {
    const container = { name: 'c', image: 'busybox' };
    const template = { spec: { restartPolicy: 'Never', schedulerName: 'nobody', containers: [container] } };
    const metadata = { labels: { app: name }, annotations: { note: 'kept' } };
    return {
      ...{ ...type, metadata: { name, namespace } },
      spec: { schedule: '* * * * *', jobTemplate: { metadata, spec: { suspend: true, template } }, ...spec },
    };
  };
  /** Makes one that has missed the last minutes, so that its time is now. */
  async function create(name: string, spec: object = {}): Promise<void> {
    await client.create(cronJob(name, { ...spec, suspend: true }));
    const lastScheduleTime = new Date(Date.now() - 3 * MINUTE_MS).toISOString().replace(/\.\d+/, '');
    await client.patch(ref(name), { status: { lastScheduleTime } }, { type: 'merge', subresource: 'status' });
    await client.patch(ref(name), { spec: { suspend: false } }, { type: 'merge' });
  }
  async function finish(job: KubeObject): Promise<void> {
    const now = new Date().toISOString().replace(/\.\d+/, '');
    const condition = (of: string) => ({ type: of, status: 'True', lastProbeTime: now, lastTransitionTime: now });
    const conditions = [condition('Suspended'), condition('SuccessCriteriaMet'), condition('Complete')];
    const status = { startTime: now, completionTime: now, conditions };
    const { name = '' } = job.metadata;
    await client.patch(
      { apiVersion: 'batch/v1', kind: 'Job', namespace, name },
      { status },
      { type: 'merge', subresource: 'status' },
    );
  }

  it('makes a Job of its template, named after the minute, and says so in its status', async () => {
    const from = Math.floor(Date.now() / MINUTE_MS);
    await create('each');
    await expect.poll(async () => (await jobs('each')).length, SOON).toBeGreaterThan(0);
    const [job] = await jobs('each');
    const owner = await client.get(ref('each'));
    const minute = Number(job?.metadata.name?.slice('each-'.length));
    expect(minute).toBeGreaterThanOrEqual(from);
    expect(job?.metadata).toMatchObject({
      labels: { app: 'each' },
      annotations: {
        note: 'kept',
        'batch.kubernetes.io/cronjob-scheduled-timestamp': new Date(minute * MINUTE_MS)
          .toISOString()
          .replace('.000', ''),
      },
      ownerReferences: [
        {
          ...{ ...type, name: 'each', uid: owner?.metadata.uid },
          ...{ controller: true, blockOwnerDeletion: true },
        },
      ],
    });
    await expect
      .poll(async () => at(await client.get(ref('each')), 'status', 'active'), SOON)
      .toMatchObject([
        {
          ...{ apiVersion: 'batch/v1', kind: 'Job', namespace, name: job?.metadata.name, uid: job?.metadata.uid },
          resourceVersion: expect.any(String),
        },
      ]);
  });

  it('lets go of a Job that has ended, remembers when, and deletes what it should not keep', async () => {
    await create('short', { successfulJobsHistoryLimit: 0 });
    // Whoever ends a Job that the controller has not written down yet may find it deleted and not remembered.
    const active = async () => at(await client.get(ref('short')), 'status', 'active');
    await expect.poll(active, SOON).toMatchObject([{ kind: 'Job' }]);
    for (const job of await jobs('short')) await finish(job);
    await expect
      .poll(async () => at(await client.get(ref('short')), 'status', 'lastSuccessfulTime'), SOON)
      .toEqual(expect.any(String));
    await client.patch(ref('short'), { spec: { suspend: true } }, { type: 'merge' });
    for (const job of await jobs('short')) await finish(job);
    await expect.poll(async () => jobs('short'), SOON).toEqual([]);
    await expect.poll(async () => at(await client.get(ref('short')), 'status', 'active'), SOON).toBeUndefined();
  });

  it('starts nothing while it is suspended, or after its deadline', async () => {
    await create('late', { schedule: '0 0 1 1 *', startingDeadlineSeconds: 60 });
    await client.create(cronJob('asleep', { suspend: true }));
    await create('witness');
    await expect.poll(async () => (await jobs('witness')).length, SOON).toBeGreaterThan(0);
    expect([...(await jobs('late')), ...(await jobs('asleep'))]).toEqual([]);
  });

  it('takes its Jobs along when it is deleted', async () => {
    await create('gone');
    await expect.poll(async () => (await jobs('gone')).length, SOON).toBeGreaterThan(0);
    await client.remove(ref('gone'), { propagationPolicy: 'Background' });
    await expect.poll(async () => jobs('gone'), SOON).toEqual([]);
  });
};

export default behaviour;
