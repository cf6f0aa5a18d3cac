// CreateNamespace=true and managedNamespaceMetadata.

import { expect, it } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { configMap } from '../support/objects.ts';
import { messages, openSyncGrounds } from '../support/sync-ground.ts';

const behaviour: Behaviour = (cluster) => {
  const ground = openSyncGrounds(cluster);

  it('makes the destination namespace first, with its labels, and keeps it in step', async () => {
    const { sync, client, namespace } = await ground({ makesNamespace: false });
    const compare = (labels: Record<string, string>) => ({
      syncOptions: ['CreateNamespace=true'],
      managedNamespaceMetadata: { labels },
    });
    const first = await sync([configMap('a', { k: '1' })], { compare: compare({ team: 'a', old: 'x' }) });
    expect(first.phase).toBe('Succeeded');
    expect(messages(first)).toMatchObject({ [`Namespace/${namespace}`]: `namespace/${namespace} created` });
    await sync([configMap('a', { k: '1' })], { compare: compare({ team: 'b' }) });
    const labels = (await client.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace }))?.metadata.labels;
    expect(labels).toMatchObject({ team: 'b' });
    expect(labels).not.toHaveProperty('old');
  });
};

export default behaviour;
