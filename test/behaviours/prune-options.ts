// Prune=false and Prune=confirm.

import { expect, it } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { configMap, OPTIONS } from '../support/objects.ts';
import { openSyncGrounds } from '../support/sync-ground.ts';

const behaviour: Behaviour = (cluster) => {
  const ground = openSyncGrounds(cluster);

  it('waits for a confirmation where one is needed, without holding the call', async () => {
    const { sync, live } = await ground();
    await sync([configMap('a', {}), configMap('b', {}, { [OPTIONS]: 'Prune=confirm' })]);
    const waiting = await sync([configMap('a', {})]);
    expect(waiting).toMatchObject({ phase: 'Running', message: 'waiting for pruning confirmation of /ConfigMap/b' });
    const confirmed = await sync([configMap('a', {})], { settings: { pruneConfirmed: true } });
    expect(confirmed.phase).toBe('Succeeded');
    expect(await live('ConfigMap', 'b')).toBeUndefined();
  });

  it('leaves everything where the Application says Prune=false', async () => {
    const { sync, live } = await ground();
    await sync([configMap('a', {}), configMap('b', {})]);
    const outcome = await sync([configMap('a', {})], { compare: { syncOptions: ['Prune=false'] } });
    expect(outcome).toMatchObject({
      phase: 'Succeeded',
      results: [{ name: 'b', status: 'PruneSkipped', message: 'ignored (no prune)' }, { name: 'a' }],
    });
    expect(await live('ConfigMap', 'b')).toBeDefined();
  });

  it('prunes an object that says Prune=true under an Application with Prune=false', async () => {
    const { sync, live } = await ground();
    await sync([configMap('a', {}), configMap('b', {}, { [OPTIONS]: 'Prune=true' })]);
    await sync([configMap('a', {})], { compare: { syncOptions: ['Prune=false'] } });
    expect(await live('ConfigMap', 'b')).toBeUndefined();
  });
};

export default behaviour;
