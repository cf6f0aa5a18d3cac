// A Job hook that its own TTL deletes as soon as it has ended: the hook's finalizer keeps it until it is judged.

import { expect, it } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { configMap, HOOK, job } from '../support/objects.ts';
import { openSyncGrounds } from '../support/sync-ground.ts';

const behaviour: Behaviour = (cluster) => {
  const ground = openSyncGrounds(cluster);

  it('judges a hook that is being deleted by its TTL, and lets it go', async () => {
    const { sync, finish, client, namespace, gone } = await ground();
    const targets = [configMap('a', { k: '1' }), job('pre', { [HOOK]: 'PreSync' }, { ttlSecondsAfterFinished: 0 })];
    const first = await sync(targets, { run: { waitMs: 200 } });
    expect(first).toMatchObject({ phase: 'Running', message: 'waiting for completion of hook batch/Job/pre' });
    await finish('pre');
    const ref = { apiVersion: 'batch/v1', kind: 'Job', namespace, name: 'pre' };
    await expect
      .poll(async () => (await client.get(ref))?.metadata.deletionTimestamp, { timeout: 20_000 })
      .toBeDefined();
    const second = await sync(targets, { run: { recorded: first.results } });
    expect(second).toMatchObject({
      phase: 'Succeeded',
      results: [{ name: 'pre', hookPhase: 'Succeeded', message: 'done' }, { name: 'a' }],
    });
    await gone('Job', 'pre');
  });
};

export default behaviour;
