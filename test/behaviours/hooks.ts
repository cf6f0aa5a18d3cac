// Hooks: when they run, how they end, and what becomes of their objects.

import { expect, it } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { configMap, HOOK, job } from '../support/objects.ts';
import { openSyncGrounds } from '../support/sync-ground.ts';

const behaviour: Behaviour = (cluster) => {
  const ground = openSyncGrounds(cluster);

  it('take a hook up again that an earlier call began, without running it twice', async () => {
    const made = await ground();
    const hook = {
      ...job('', { [HOOK]: 'PreSync' }),
      metadata: { generateName: 'pre-', annotations: { [HOOK]: 'PreSync' } },
    };
    const first = await made.sync([configMap('a', { k: '1' }), hook], { run: { waitMs: 100 } });
    expect(first).toMatchObject({
      phase: 'Running',
      message: 'waiting for completion of hook batch/Job/pre-0a1b2c3-presync-1767225600',
    });
    const uid = (await made.live('Job', 'pre-0a1b2c3-presync-1767225600'))?.metadata.uid;
    await made.finish('pre-0a1b2c3-presync-1767225600');
    const second = await made.sync([configMap('a', { k: '1' }), hook], { run: { recorded: first.results } });
    expect(second.phase).toBe('Succeeded');
    const found = await made.live('Job', 'pre-0a1b2c3-presync-1767225600');
    expect(found?.metadata).toMatchObject({ uid });
    expect(found?.metadata.finalizers ?? []).not.toContain('argocd.argoproj.io/hook-finalizer');
  });

  it('fail with a hook that fails, leave the rest alone, and run what is for that case', async () => {
    const made = await ground();
    const hook = job('pre', { [HOOK]: 'PreSync' });
    const alarm = configMap('alarm', { k: '1' }, { [HOOK]: 'SyncFail' });
    const running = made.sync([configMap('a', { k: '1' }), hook, alarm]);
    await made.finish('pre', false);
    const outcome = await running;
    expect(outcome.phase).toBe('Failed');
    expect(outcome.results).toMatchObject([
      { name: 'pre', hookPhase: 'Failed', message: 'broken' },
      { name: 'alarm', hookPhase: 'Succeeded' },
    ]);
    expect(await made.live('ConfigMap', 'a')).toBeUndefined();
  });

  it('delete the hooks that run when the operation is terminated', async () => {
    const made = await ground();
    const hook = job('pre', { [HOOK]: 'PreSync' });
    const first = await made.sync([configMap('a', { k: '1' }), hook], { run: { waitMs: 100 } });
    const ended = await made.sync([configMap('a', { k: '1' }), hook], {
      run: { recorded: first.results, isTerminating: () => true },
    });
    expect(ended).toMatchObject({
      phase: 'Failed',
      message: 'Operation terminated',
      results: [{ hookPhase: 'Failed', message: 'Terminated' }],
    });
    await expect.poll(() => made.live('Job', 'pre'), { timeout: 20_000 }).toBeUndefined();
    expect(await made.live('ConfigMap', 'a')).toBeUndefined();
  });

  it('are not cut off by a newer push while a hook runs, and give way after it', async () => {
    const made = await ground();
    const running = made.sync([configMap('a', { k: '1' }), job('pre', { [HOOK]: 'PreSync' })], {
      run: { isSuperseded: async () => (await made.live('Job', 'pre')) !== undefined },
    });
    await made.finish('pre');
    const outcome = await running;
    expect(outcome).toMatchObject({ superseded: true, results: [{ name: 'pre', hookPhase: 'Succeeded' }] });
    expect((await made.live('Job', 'pre'))?.metadata.finalizers ?? []).not.toContain(
      'argocd.argoproj.io/hook-finalizer',
    );
  });
};

export default behaviour;
