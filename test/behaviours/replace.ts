// Replace=true: the object is replaced by Git's, not merged with it.

import { expect, it } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { configMap, OPTIONS, service } from '../support/objects.ts';
import { messages, openSyncGrounds } from '../support/sync-ground.ts';

const behaviour: Behaviour = (cluster) => {
  const ground = openSyncGrounds(cluster);

  it('replaces where that is asked for: what Git does not have goes', async () => {
    const { sync, edit, live } = await ground();
    const replaced = (data: object) => configMap('a', data, { [OPTIONS]: 'Replace=true' });
    expect(messages(await sync([replaced({ k: '1' })]))).toEqual({ 'ConfigMap/a': 'configmap/a created' });
    await edit('ConfigMap', 'a', { metadata: { labels: { theirs: 'x' } } });
    expect(messages(await sync([replaced({ k: '2' })]))).toEqual({ 'ConfigMap/a': 'configmap/a replaced' });
    const found = await live('ConfigMap', 'a');
    expect(found?.data).toEqual({ k: '2' });
    expect(found?.metadata.labels).toBeUndefined();
  });

  it('merges an object all the same that says Replace=false under an Application with Replace=true', async () => {
    const { sync, edit, live } = await ground();
    const compare = { syncOptions: ['Replace=true'] };
    const targets = (data: object) => [configMap('a', data), configMap('b', data, { [OPTIONS]: 'Replace=false' })];
    await sync(targets({ k: '1' }), { compare });
    for (const name of ['a', 'b']) await edit('ConfigMap', name, { metadata: { labels: { theirs: 'x' } } });
    expect(messages(await sync(targets({ k: '2' }), { compare }))).toEqual({
      'ConfigMap/a': 'configmap/a replaced',
      'ConfigMap/b': 'configmap/b configured',
    });
    expect((await live('ConfigMap', 'a'))?.metadata.labels).toBeUndefined();
    expect((await live('ConfigMap', 'b'))?.metadata.labels).toEqual({ theirs: 'x' });
  });

  it('makes it anew by force, unless the API server says beforehand that it would not', async () => {
    const { sync, live } = await ground();
    const forced = { [OPTIONS]: 'Replace=true,Force=true' };
    await sync([service('a', {}, forced)]);
    const first = await live('Service', 'a');
    expect(await sync([service('a', { ports: [{ port: 99_999 }] }, forced)])).toMatchObject({ phase: 'Failed' });
    expect((await live('Service', 'a'))?.metadata.uid).toBe(first?.metadata.uid);
    expect(await sync([service('a', { ports: [{ port: 81 }] }, forced)])).toMatchObject({ phase: 'Succeeded' });
    expect((await live('Service', 'a'))?.metadata.uid).not.toBe(first?.metadata.uid);
  });
};

export default behaviour;
