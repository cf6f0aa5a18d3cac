// Nothing is written before the API server has said of everything that it would take it.

import { expect, it } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { configMap, HOOK, job, service } from '../support/objects.ts';
import { messages, openSyncGrounds, writes } from '../support/sync-ground.ts';

const behaviour: Behaviour = (cluster) => {
  const ground = openSyncGrounds(cluster);

  it('writes nothing at all when one object is refused by the dry run', async () => {
    const { sync, live, sent } = await ground();
    sent();
    const outcome = await sync([configMap('a', { k: '1' }), service('bad', { ports: [{ port: 99_999 }] })]);
    expect(outcome).toMatchObject({ phase: 'Failed', message: 'one or more objects failed to apply (dry run)' });
    expect(outcome.results).toMatchObject([
      { kind: 'Service', status: 'SyncFailed', message: expect.stringContaining('99999') },
    ]);
    expect(writes(sent())).toEqual([]);
    expect(await live('ConfigMap', 'a')).toBeUndefined();
  });

  it('writes nothing when it is a dry run itself, and tells what it would do', async () => {
    const { sync, sent } = await ground();
    await sync([configMap('a', { k: '1' })]);
    sent();
    const outcome = await sync([configMap('b', { k: '1' })], { settings: { dryRun: true } });
    expect(outcome.phase).toBe('Succeeded');
    expect(messages(outcome)).toEqual({
      'ConfigMap/a': 'pruned (dry run)',
      'ConfigMap/b': 'configmap/b created (dry run)',
    });
    expect(writes(sent())).toEqual([]);
  });

  it('keeps the hook of the last sync when the API server would not make the new one', async () => {
    const { sync, finish, live } = await ground();
    const hook = (restartPolicy: string) =>
      job(
        'pre',
        { [HOOK]: 'PreSync' },
        { template: { spec: { restartPolicy, containers: [{ name: 'c', image: 'busybox' }] } } },
      );
    const first = sync([hook('Never'), configMap('a', { k: '1' })]);
    await finish('pre');
    expect(await first).toMatchObject({ phase: 'Succeeded' });
    const before = (await live('Job', 'pre'))?.metadata.uid;
    expect(await sync([hook('Always'), configMap('a', { k: '2' })])).toMatchObject({
      phase: 'Failed',
      message: 'one or more objects failed to apply (dry run)',
      results: [{ name: 'pre', status: 'SyncFailed', message: expect.stringContaining('restartPolicy') }],
    });
    expect((await live('Job', 'pre'))?.metadata.uid).toBe(before);
    expect(await live('ConfigMap', 'a')).toMatchObject({ data: { k: '1' } });
  });
};

export default behaviour;
