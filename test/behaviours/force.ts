// Force=true: what cannot be changed is deleted and made anew.

import { expect, it } from 'vitest';
import type { KubeObject } from '../../src/kube/object.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { type Annotations, job, OPTIONS } from '../support/objects.ts';
import { differenceOf, messages, openSyncGrounds } from '../support/sync-ground.ts';

const behaviour: Behaviour = (cluster) => {
  const ground = openSyncGrounds(cluster);

  it('deletes and makes anew what cannot be changed, only when it is told to', async () => {
    const { sync, live, compare } = await ground();
    const fixed = (name: string, annotations: Annotations = {}): KubeObject => {
      const made = job('fixed', annotations);
      const containers = [{ name, image: 'busybox' }];
      return { ...made, spec: { suspend: true, template: { spec: { restartPolicy: 'Never', containers } } } };
    };
    await sync([fixed('a')]);
    const before = await live('Job', 'fixed');
    expect(await sync([fixed('b')])).toMatchObject({ phase: 'Failed', results: [{ status: 'SyncFailed' }] });
    expect((await live('Job', 'fixed'))?.metadata.uid).toBe(before?.metadata.uid);
    const forced = fixed('b', { [OPTIONS]: 'Force=true' });
    expect(differenceOf(await compare([forced]), 'fixed')).toMatchObject({
      status: 'OutOfSync',
      dryRun: { outcome: 'recreates' },
    });
    expect(messages(await sync([forced]))).toEqual({ 'Job/fixed': 'job.batch/fixed created' });
    expect((await live('Job', 'fixed'))?.metadata.uid).not.toBe(before?.metadata.uid);
  });

  it('deletes nothing that the API server would not make again', async () => {
    const { sync, live } = await ground();
    await sync([job('fixed', {})]);
    const before = await live('Job', 'fixed');
    const template = { spec: { restartPolicy: 'Always', containers: [{ name: 'other', image: 'busybox' }] } };
    const outcome = await sync([job('fixed', { [OPTIONS]: 'Force=true' }, { template })]);
    expect(outcome).toMatchObject({
      phase: 'Failed',
      results: [{ status: 'SyncFailed', message: expect.stringContaining('restartPolicy') }],
    });
    expect((await live('Job', 'fixed'))?.metadata.uid).toBe(before?.metadata.uid);
  });
};

export default behaviour;
