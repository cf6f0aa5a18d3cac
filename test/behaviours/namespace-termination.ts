// A Namespace that is being deleted says what still holds it.

import { expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { createKubeClient } from '../../src/kube/client.ts';
import type { Behaviour } from '../support/behaviours.ts';

const SOON = { timeout: 60_000, interval: 100 };
const HOLD = 'example.com/hold';

const behaviour: Behaviour = (cluster) => {
  it('tells which resources and finalizers are left, and goes with the last', async () => {
    const client = createKubeClient(cluster.transport, { fieldManager: 'kubectl' });
    const name = cluster.freshNamespace('ending');
    const ref = { apiVersion: 'v1', kind: 'Namespace', name };
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    const held = { finalizers: [HOLD], namespace: name };
    await client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one', ...held } });
    await client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'two', ...held } });
    await client.create({
      ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
      ...{ metadata: { name: 'one', ...held }, spec: { podSelector: {} } },
    });
    await client.remove(ref);
    await expect
      .poll(async () => at(await client.get(ref), 'status'), SOON)
      .toEqual({
        phase: 'Terminating',
        conditions: [
          {
            ...{ type: 'NamespaceDeletionDiscoveryFailure', status: 'False', reason: 'ResourcesDiscovered' },
            ...{ message: 'All resources successfully discovered', lastTransitionTime: expect.any(String) },
          },
          {
            ...{ type: 'NamespaceDeletionGroupVersionParsingFailure', status: 'False', reason: 'ParsedGroupVersions' },
            ...{ message: 'All legacy kube types successfully parsed', lastTransitionTime: expect.any(String) },
          },
          {
            ...{ type: 'NamespaceDeletionContentFailure', status: 'False', reason: 'ContentDeleted' },
            message: 'All content successfully deleted, may be waiting on finalization',
            lastTransitionTime: expect.any(String),
          },
          {
            ...{ type: 'NamespaceContentRemaining', status: 'True', reason: 'SomeResourcesRemain' },
            message:
              'Some resources are remaining: configmaps. has 2 resource instances, networkpolicies.networking.k8s.io has 1 resource instances',
            lastTransitionTime: expect.any(String),
          },
          {
            ...{ type: 'NamespaceFinalizersRemaining', status: 'True', reason: 'SomeFinalizersRemain' },
            message: `Some content in the namespace has finalizers remaining: ${HOLD} in 3 resource instances`,
            lastTransitionTime: expect.any(String),
          },
        ],
      });
    await expect(
      client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'late', namespace: name } }),
    ).rejects.toThrow('because it is being terminated');
    for (const [apiVersion, kind, object] of [
      ['v1', 'ConfigMap', 'one'],
      ['v1', 'ConfigMap', 'two'],
      ['networking.k8s.io/v1', 'NetworkPolicy', 'one'],
    ] as const) {
      const of = { apiVersion, kind, namespace: name, name: object };
      await client.patch(of, { metadata: { finalizers: null } }, { type: 'merge' });
    }
    await expect.poll(async () => client.get(ref), SOON).toBeUndefined();
  });
};

export default behaviour;
