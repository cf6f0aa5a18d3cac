// Sync options that have no file of their own.

import { expect, it } from 'vitest';
import type { KubeClient } from '../../src/kube/client.ts';
import { refOf } from '../../src/kube/resource.ts';
import { waitUntilServed } from '../../src/sync/crd-ready.ts';
import type { Behaviour } from '../support/behaviours.ts';
import {
  type Annotations,
  configMap,
  deployment,
  OPTIONS,
  WAVE,
  widget,
  widgetDefinition,
} from '../support/objects.ts';
import { messages, openSyncGrounds, writes } from '../support/sync-ground.ts';

const behaviour: Behaviour = (cluster) => {
  const ground = openSyncGrounds(cluster);

  it('Validate=false: nothing is held against unknown fields', async () => {
    const { sync, live } = await ground();
    const odd = { ...configMap('a', { k: '1' }), spek: {} };
    const clientSide = ['ServerSideApply=false'];
    expect(await sync([odd], { compare: { syncOptions: clientSide } })).toMatchObject({
      phase: 'Failed',
      results: [{ message: expect.stringContaining('unknown field "spek"') }],
    });
    const outcome = await sync([odd], { compare: { syncOptions: [...clientSide, 'Validate=false'] } });
    expect(outcome).toMatchObject({ phase: 'Succeeded' });
    expect(await live('ConfigMap', 'a')).toMatchObject({ data: { k: '1' } });
  });

  it('SkipDryRunOnMissingResource=true: the kind of an object may come while the sync runs', async () => {
    const { sync, client } = await ground();
    const suffix = Date.now().toString(36);
    const crd = widgetDefinition(suffix);
    const targets = (annotations: Annotations) => [
      configMap('a', {}),
      widget(suffix, 'w', { size: 1 }, { ...annotations, [WAVE]: '1' }),
    ];
    expect(await sync(targets({}))).toMatchObject({
      phase: 'Failed',
      message: expect.stringContaining('one or more synchronization tasks are not valid'),
    });
    let isMade = false;
    const outcome = await sync(targets({ [OPTIONS]: 'SkipDryRunOnMissingResource=true' }), {
      run: {
        onStep: async () => {
          if (isMade) return;
          isMade = true;
          await waitUntilServed(client, await client.create(crd, { fieldManager: 'somebody' }));
        },
      },
    });
    expect(outcome).toMatchObject({ phase: 'Succeeded', results: [{ name: 'a' }, { name: 'w', status: 'Synced' }] });
    await client.remove(refOf(crd));
  });

  it('FailOnSharedResource=true: nothing is written when another Application has one of the objects', async () => {
    const { sync, sent } = await ground();
    await sync([configMap('a', {})], { compare: { instance: 'other' } });
    sent();
    const outcome = await sync([configMap('a', { k: '1' }), configMap('b', {})], {
      compare: { syncOptions: ['FailOnSharedResource=true'] },
    });
    expect(outcome).toMatchObject({
      phase: 'Failed',
      message: 'Shared resource found: ConfigMap/a is part of application other, too',
    });
    expect(writes(sent())).toEqual([]);
  });

  it('ApplyOutOfSyncOnly=true: what is as Git says is left out', async () => {
    const { sync } = await ground();
    await sync([configMap('a', { k: '1' }), configMap('b', { k: '1' })]);
    const outcome = await sync([configMap('a', { k: '2' }), configMap('b', { k: '1' })], {
      compare: { syncOptions: ['ApplyOutOfSyncOnly=true'] },
    });
    expect(messages(outcome)).toEqual({ 'ConfigMap/a': 'configmap/a configured' });
  });

  const policies: readonly { policy: string; leavesReplicaSet: boolean }[] = [
    { policy: 'foreground', leavesReplicaSet: false },
    { policy: 'background', leavesReplicaSet: false },
    { policy: 'orphan', leavesReplicaSet: true },
  ];
  for (const { policy, leavesReplicaSet } of policies) {
    it(`PrunePropagationPolicy=${policy}: what a pruned Deployment owns ${leavesReplicaSet ? 'stays' : 'goes'}`, async () => {
      const { sync, client, namespace, gone } = await ground();
      const sets = { apiVersion: 'apps/v1', kind: 'ReplicaSet' };
      await sync([deployment('nginx:1', 0), configMap('kept', {})]);
      const first = await firstOf(client, sets, namespace);
      await sync([configMap('kept', {})], { compare: { syncOptions: [`PrunePropagationPolicy=${policy}`] } });
      await gone('Deployment', 'web');
      const ref = { ...sets, namespace, name: first.metadata.name ?? '' };
      if (leavesReplicaSet) {
        const left = await client.get(ref);
        expect(left?.metadata.uid).toBe(first.metadata.uid);
        expect(left?.metadata.ownerReferences ?? []).toEqual([]);
      } else await expect.poll(() => client.get(ref), { timeout: 20_000 }).toBeUndefined();
    });
  }

  async function firstOf(client: KubeClient, type: { apiVersion: string; kind: string }, namespace: string) {
    for await (const event of client.watch(type, { namespace, timeoutMs: 20_000 })) {
      const [found] = event.type === 'RELISTED' ? event.objects : [event.object];
      if (found) return found;
    }
    throw new Error(`no ${type.kind} came into being`);
  }
};

export default behaviour;
