// What left Git goes, and only that.

import { expect, it } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { configMap, OPTIONS, object, TRACKING, WAVE } from '../support/objects.ts';
import { openSyncGrounds } from '../support/sync-ground.ts';

const behaviour: Behaviour = (cluster) => {
  const ground = openSyncGrounds(cluster);

  it('deletes what left Git', async () => {
    const { sync, live } = await ground();
    await sync([configMap('a', {}), configMap('b', {})]);
    const outcome = await sync([configMap('a', {})]);
    expect(outcome.results).toMatchObject([{ name: 'b', status: 'Pruned', message: 'pruned' }, { name: 'a' }]);
    expect(await live('ConfigMap', 'b')).toBeUndefined();
  });

  it('leaves it when pruning is off, and stays OutOfSync', async () => {
    const { sync, compare, live } = await ground();
    await sync([configMap('a', {}), configMap('b', {})]);
    const outcome = await sync([configMap('a', {})], { settings: { prune: false } });
    expect(outcome).toMatchObject({
      phase: 'Succeeded',
      results: [{ name: 'b', status: 'PruneSkipped', message: 'ignored (requires pruning)' }, {}],
    });
    expect(await live('ConfigMap', 'b')).toBeDefined();
    expect(await compare([configMap('a', {})])).toMatchObject({ status: 'OutOfSync' });
  });

  const keepers: readonly { title: string; patch: object }[] = [
    {
      title: 'an object that names another Application',
      patch: { metadata: { annotations: { [TRACKING]: 'other:/ConfigMap:x/b' } } },
    },
    { title: 'an object that names nobody any more', patch: { metadata: { annotations: { [TRACKING]: null } } } },
    {
      title: 'an object that was copied with the tracking id of another',
      patch: { metadata: { annotations: { [TRACKING]: 'app:/ConfigMap:x/original' } } },
    },
    { title: 'an object that says Prune=false', patch: { metadata: { annotations: { [OPTIONS]: 'Prune=false' } } } },
    {
      title: 'an object that has an owner',
      patch: { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Namespace', name: 'default', uid: '0' }] } },
    },
  ];
  for (const { title: what, patch } of keepers) {
    it(`never deletes ${what}`, async () => {
      const { sync, edit, live, sent } = await ground();
      await sync([configMap('a', {}), configMap('b', {})]);
      await edit('ConfigMap', 'b', patch);
      sent();
      expect((await sync([configMap('a', {})])).phase).toBe('Succeeded');
      expect(sent().filter((line) => line.startsWith('DELETE'))).toEqual([]);
      // An owner that does not exist lets the garbage collector do what we do not.
      if (!what.includes('owner')) expect(await live('ConfigMap', 'b')).toBeDefined();
    });
  }

  it('does not delete what was given away between the comparison and the deletion', async () => {
    const { sync, edit, live } = await ground();
    await sync([configMap('a', {}), configMap('b', {})]);
    const outcome = await sync([configMap('a', {}, { [WAVE]: '-1' })], {
      run: {
        onStep: async ({ results }) => {
          if (results.length === 1)
            await edit('ConfigMap', 'b', { metadata: { annotations: { [TRACKING]: 'other:/ConfigMap:x/b' } } });
        },
      },
    });
    expect(outcome).toMatchObject({
      phase: 'Failed',
      message: expect.stringContaining('no longer the object of this Application'),
    });
    expect(await live('ConfigMap', 'b')).toBeDefined();
  });

  it('waits a little for what its finalizers hold', async () => {
    const { sync, edit, compare } = await ground();
    await sync([configMap('a', {}), configMap('b', {})]);
    await edit('ConfigMap', 'b', { metadata: { finalizers: ['example.com/hold'] } });
    const pruning = sync([configMap('a', {})]);
    setTimeout(() => edit('ConfigMap', 'b', { metadata: { finalizers: null } }), 300);
    expect((await pruning).phase).toBe('Succeeded');
    expect(await compare([configMap('a', {})])).toMatchObject({ status: 'Synced', differences: [{}] });
  });

  it('forget nothing whose API server is away for a moment, and which discovery leaves out', async () => {
    let isAway = false;
    const made = await ground({
      gate: (transport) => ({
        ...transport,
        fetch: async (path, init) => {
          if (!isAway) return transport.fetch(path, init);
          if (path.startsWith('/apis/policy/')) {
            const status = { kind: 'Status', status: 'Failure', reason: 'ServiceUnavailable', code: 503 };
            return Response.json(status, { status: 503 });
          }
          const response = await transport.fetch(path, init);
          if (path !== '/apis') return response;
          const list = (await response.json()) as { items: { metadata: { name: string } }[] };
          const items = list.items.filter(({ metadata }) => metadata.name !== 'policy');
          return Response.json({ ...list, items }, { headers: response.headers });
        },
      }),
    });
    const budget = object('policy/v1', 'PodDisruptionBudget', 'web', {
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
    });
    await made.sync([budget]);
    isAway = true;
    await made.client.resources({ fresh: true });
    const { differences } = await made.compare([]);
    expect(differences).toMatchObject([{ key: { kind: 'PodDisruptionBudget' }, status: 'Unknown' }]);
    isAway = false;
    await made.client.resources({ fresh: true });
    expect((await made.compare([])).differences).toMatchObject([{ requiresPruning: true }]);
  });
};

export default behaviour;
