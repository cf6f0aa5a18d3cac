// A sync creates, changes and takes away exactly what differs.

import { expect, it } from 'vitest';
import { managedFieldsOf } from '../../src/kube/managed-fields.ts';
import { refOf } from '../../src/kube/resource.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { configMap, deployment, object, TRACKING } from '../support/objects.ts';
import { differenceOf, messages, openSyncGrounds, writes } from '../support/sync-ground.ts';

const behaviour: Behaviour = (cluster) => {
  const ground = openSyncGrounds(cluster);

  it('creates, then changes only what has changed, and says so in the words of kubectl', async () => {
    const { sync, sent } = await ground();
    const first = await sync([configMap('a', { k: '1' }), deployment('nginx:1')]);
    expect(first).toMatchObject({
      phase: 'Succeeded',
      message: 'successfully synced (all tasks run)',
      superseded: false,
    });
    expect(messages(first)).toEqual({
      'ConfigMap/a': 'configmap/a created',
      'Deployment/web': 'deployment.apps/web created',
    });
    sent();
    const second = await sync([configMap('a', { k: '1' }), deployment('nginx:2')]);
    expect(messages(second)).toEqual({
      'ConfigMap/a': 'configmap/a unchanged',
      'Deployment/web': 'deployment.apps/web configured',
    });
    expect(writes(sent())).toHaveLength(1);
  });

  it('removes what left Git, and what others added to a ConfigMap', async () => {
    const { sync, edit, live, compare } = await ground();
    const secret = (stringData: object) => object('v1', 'Secret', 's', { stringData });
    await sync([configMap('a', { k: '1', old: 'x' }), secret({ p: 'x', old: 'y' })]);
    await edit('ConfigMap', 'a', { data: { added: 'x' } });
    const targets = [configMap('a', { k: '1' }), secret({ p: 'x' })];
    await sync(targets);
    expect((await live('ConfigMap', 'a'))?.data).toEqual({ k: '1' });
    expect((await live('Secret', 's'))?.data).toEqual({ p: 'eA==' });
    expect((await compare(targets)).status).toBe('Synced');
  });

  it('takes away what others gave a binding that Git leaves empty', async () => {
    const { sync, client, compare, namespace } = await ground();
    const binding = object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'b', {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
    });
    await sync([binding]);
    const subjects = [{ kind: 'ServiceAccount', name: 'default', namespace }];
    await client.patch({ ...refOf(binding), namespace }, { subjects }, { type: 'merge', fieldManager: 'somebody' });
    expect(differenceOf(await compare([binding]), 'b')).toMatchObject({
      status: 'OutOfSync',
      removals: { subjects: null },
    });
    await sync([binding]);
    expect(await client.get({ ...refOf(binding), namespace })).not.toHaveProperty('subjects');
    expect((await compare([binding])).status).toBe('Synced');
  });

  it('leaves no owner but itself behind when it has removed an addition', async () => {
    const { sync, edit, live } = await ground();
    await sync([configMap('a', { k: '1' })]);
    await edit('ConfigMap', 'a', { data: { added: 'x' } });
    await sync([configMap('a', { k: '1' })]);
    const found = await live('ConfigMap', 'a');
    expect(found && managedFieldsOf(found).map(({ manager, operation }) => `${manager} ${operation}`)).toEqual([
      'hawser Apply',
    ]);
  });

  it('takes over what kubectl or Argo CD applied, so that what leaves Git goes', async () => {
    const { sync, client, live, namespace, compare } = await ground();
    const before = { ...configMap('a', { k: '1', old: 'x' }), metadata: { name: 'a', namespace } };
    await client.create(before, { fieldManager: 'kubectl-client-side-apply' });
    await client.apply({ ...before, metadata: { name: 'b', namespace } }, { fieldManager: 'argocd-controller' });
    const targets = [configMap('a', { k: '1' }), configMap('b', { k: '1' })];
    expect(differenceOf(await compare(targets), 'a').predicted?.data).toEqual({ k: '1' });
    await sync(targets);
    for (const name of ['a', 'b']) {
      const found = await live('ConfigMap', name);
      expect(found?.data).toEqual({ k: '1' });
      expect(found && managedFieldsOf(found).map(({ manager }) => manager)).toEqual(['hawser']);
    }
    expect((await compare(targets)).status).toBe('Synced');
  });

  it('finds what Argo CD left as it left it', async () => {
    const { sync, client, namespace, compare, sent } = await ground();
    const applied = deployment('nginx:1');
    const annotations = {
      [TRACKING]: `app:apps/Deployment:${namespace}/web`,
      'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(applied),
    };
    const metadata = { name: 'web', namespace, annotations };
    await client.create({ ...applied, metadata }, { fieldManager: 'argocd-controller' });
    expect(await compare([deployment('nginx:1')])).toMatchObject({ status: 'Synced' });
    sent();
    await sync([deployment('nginx:2')]);
    // The adoption is sent again when the Deployment's controller was faster.
    expect(new Set(writes(sent())).size).toBe(2);
    expect(await compare([deployment('nginx:2')])).toMatchObject({ status: 'Synced' });
  });
};

export default behaviour;
