// When the objects of hooks are deleted.

import { expect, it } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { configMap, HOOK, job, POLICY } from '../support/objects.ts';
import { openSyncGrounds } from '../support/sync-ground.ts';

const behaviour: Behaviour = (cluster) => {
  const ground = openSyncGrounds(cluster);

  it('run a hook before the rest, and delete it after success', async () => {
    const made = await ground();
    const hook = job('pre', { [HOOK]: 'PreSync', [POLICY]: 'HookSucceeded' });
    const running = made.sync([configMap('a', { k: '1' }), hook]);
    await made.finish('pre');
    const outcome = await running;
    expect(outcome.results).toMatchObject([
      { kind: 'Job', hookType: 'PreSync', hookPhase: 'Succeeded', message: 'done', syncPhase: 'PreSync' },
      { kind: 'ConfigMap', status: 'Synced' },
    ]);
    expect(outcome.phase).toBe('Succeeded');
    await expect.poll(() => made.live('Job', 'pre'), { timeout: 20_000 }).toBeUndefined();
  });

  it('run a hook anew in the next sync, after the old one is gone', async () => {
    const made = await ground();
    const hook = job('pre', { [HOOK]: 'PreSync' });
    const first = made.sync([hook]);
    await made.finish('pre');
    expect((await first).phase).toBe('Succeeded');
    const old = (await made.live('Job', 'pre'))?.metadata.uid;
    const second = made.sync([hook]);
    await expect.poll(async () => (await made.live('Job', 'pre'))?.metadata.uid, { timeout: 20_000 }).not.toBe(old);
    await made.finish('pre');
    expect((await second).phase).toBe('Succeeded');
  });

  it('keep one that has failed under HookSucceeded, and delete it under HookFailed', async () => {
    const { sync, finish, live, gone } = await ground();
    const hooks = [
      job('kept', { [HOOK]: 'PreSync', [POLICY]: 'HookSucceeded' }),
      job('deleted', { [HOOK]: 'PreSync', [POLICY]: 'HookFailed' }),
    ];
    const running = sync([configMap('a', { k: '1' }), ...hooks]);
    await Promise.all([finish('kept', false), finish('deleted', false)]);
    expect(await running).toMatchObject({ phase: 'Failed' });
    await gone('Job', 'deleted');
    expect((await live('Job', 'kept'))?.metadata.deletionTimestamp).toBeUndefined();
  });

  it('keep one under HookFailed that has succeeded', async () => {
    const { sync, finish, live } = await ground();
    const running = sync([configMap('a', { k: '1' }), job('pre', { [HOOK]: 'PreSync', [POLICY]: 'HookFailed' })]);
    await finish('pre');
    expect(await running).toMatchObject({ phase: 'Succeeded' });
    const left = await live('Job', 'pre');
    expect(left).toBeDefined();
    expect(left?.metadata.finalizers ?? []).not.toContain('argocd.argoproj.io/hook-finalizer');
  });

  it('act by several policies at once', async () => {
    const { sync, finish, live, gone } = await ground();
    const hook = job('pre', { [HOOK]: 'PreSync', [POLICY]: 'BeforeHookCreation,HookSucceeded' });
    const first = sync([configMap('a', { k: '1' }), hook]);
    await finish('pre', false);
    expect(await first).toMatchObject({ phase: 'Failed' });
    const old = (await live('Job', 'pre'))?.metadata.uid;
    const second = sync([configMap('a', { k: '1' }), hook]);
    await expect.poll(async () => (await live('Job', 'pre'))?.metadata.uid ?? old, { timeout: 20_000 }).not.toBe(old);
    await finish('pre');
    expect(await second).toMatchObject({ phase: 'Succeeded' });
    await gone('Job', 'pre');
  });

  it("follow Helm's annotations", async () => {
    const { sync, finish, gone } = await ground();
    const hook = job('migrate', {
      'helm.sh/hook': 'pre-install,pre-upgrade',
      'helm.sh/hook-weight': '-5',
      'helm.sh/hook-delete-policy': 'hook-succeeded',
    });
    const running = sync([configMap('a', { k: '1' }), hook]);
    await finish('migrate');
    expect(await running).toMatchObject({
      phase: 'Succeeded',
      results: [{ name: 'migrate', hookType: 'PreSync', hookPhase: 'Succeeded' }, { name: 'a' }],
    });
    await gone('Job', 'migrate');
  });
};

export default behaviour;
