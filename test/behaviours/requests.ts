// How much hawser asks of the API server: nothing twice, and nothing of what is not its own.

import { expect, it } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { configMap, service } from '../support/objects.ts';
import { openSyncGrounds } from '../support/sync-ground.ts';

const behaviour: Behaviour = (cluster) => {
  const ground = openSyncGrounds(cluster);

  it('asks again only for what was not Synced a moment ago', async () => {
    const { compare, sync, sent } = await ground();
    await sync([configMap('a', { k: '1' }), configMap('b', { k: '1' })]);
    const targets = [configMap('a', { k: '1' }), configMap('b', { k: '2' })];
    const earlier = await compare(targets);
    await sync(targets);
    sent();
    expect(await compare(targets, { earlier })).toMatchObject({ status: 'Synced', differences: [{}, {}] });
    // An apply of the very same has just been answered: to read it is enough.
    expect(sent()).toHaveLength(1);
  });

  it('sends one request an object that is new, and one for what an apply is known not to change', async () => {
    const { compare, sync, sent } = await ground();
    const targets = Array.from({ length: 40 }, (_, index) => configMap(`cm-${index}`, { k: String(index) }));
    await compare(targets);
    expect(sent().filter((line) => line.includes('/configmaps'))).toHaveLength(40);
    await sync(targets);
    sent();
    expect((await compare(targets)).status).toBe('Synced');
    expect(sent().every((line) => line.startsWith('GET '))).toBe(true);
  });

  it('sends the same requests however many objects of others are in the namespace', async () => {
    const { client, namespace, compare, sync, sent } = await ground();
    const targets = Array.from({ length: 30 }, (_, index) => configMap(`cm-${index}`, { k: String(index) }));
    await sync(targets);
    sent();
    await compare(targets, { fresh: true });
    const alone = sent().sort();
    for (let index = 0; index < 60; index++) {
      const foreign = configMap(`foreign-${index}`, {});
      await client.create({ ...foreign, metadata: { ...foreign.metadata, namespace } });
    }
    sent();
    await compare(targets, { fresh: true });
    expect(sent().sort()).toEqual(alone);
    expect(alone).toHaveLength(60);
  });

  it('asks for nothing twice: one read an object that it has applied itself', async () => {
    const { sync, sent } = await ground();
    const targets = [configMap('a', { k: '1' }), configMap('b', { k: '1' }), service('web', {})];
    await sync(targets);
    sent();
    await sync(targets);
    const requests = sent();
    expect(requests.filter((line) => line.startsWith('GET '))).toHaveLength(3);
    expect(requests).toHaveLength(3);
  });
};

export default behaviour;
