// When owner and child vanish under the three propagation policies: in a prune, and in the deletion of an Application.

import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { KubeObject } from '../../src/kube/object.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const HOLD = 'example.com/hold';
const SOON = { timeout: 30_000, interval: 50 };

const deployment = JSON.stringify({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } },
  },
});

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());

  /** A Deployment of an Application, and the ReplicaSet that its controller makes of it, held by a finalizer. */
  async function deployed(name: string, syncOptions: readonly string[] = []) {
    const namespace = cluster.freshNamespace(name);
    const repository = await ground.createRepository(`devops/${name}`, { 'a.yaml': deployment, 'b.yaml': '' });
    await ground.createApplication({
      name,
      path: '.',
      repository,
      destinationNamespace: namespace,
      syncOptions: ['CreateNamespace=true', ...syncOptions],
    });
    await ground.sync(name);
    const child = () => replicaSet(namespace);
    const ref = await vi.waitFor(async () => {
      const found = await child();
      expect(found?.metadata.ownerReferences).toMatchObject([{ kind: 'Deployment', blockOwnerDeletion: true }]);
      return { apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace, name: found?.metadata.name ?? '' };
    }, SOON);
    const hold = (isHeld: boolean) =>
      ground.client.patch(ref, { metadata: { finalizers: isHeld ? [HOLD] : null } }, { type: 'merge' });
    await hold(true);
    return { repository, child, owner: () => ground.get('apps/v1', 'Deployment', namespace, 'web'), hold };
  }
  async function replicaSet(namespace: string): Promise<KubeObject | undefined> {
    const { items } = await ground.client.list({ apiVersion: 'apps/v1', kind: 'ReplicaSet' }, { namespace });
    return items[0];
  }
  type Deployed = Awaited<ReturnType<typeof deployed>>;

  async function ownerWaitsForChild({ owner, child, hold }: Deployed): Promise<void> {
    await vi.waitFor(async () => {
      expect((await child())?.metadata.deletionTimestamp).toBeDefined();
      const { deletionTimestamp, finalizers } = (await owner())?.metadata ?? {};
      expect(deletionTimestamp).toBeDefined();
      expect(finalizers).toEqual(['foregroundDeletion']);
    }, SOON);
    await hold(false);
    await vi.waitFor(async () => {
      expect(await child()).toBeUndefined();
      expect(await owner()).toBeUndefined();
    }, SOON);
  }

  async function ownerGoesFirst({ owner, child, hold }: Deployed): Promise<void> {
    await vi.waitFor(async () => {
      expect(await owner()).toBeUndefined();
      expect((await child())?.metadata.deletionTimestamp).toBeDefined();
    }, SOON);
    await hold(false);
    await vi.waitFor(async () => expect(await child()).toBeUndefined(), SOON);
  }

  async function childIsSetFree({ owner, child }: Deployed): Promise<void> {
    await vi.waitFor(async () => expect(await owner()).toBeUndefined(), SOON);
    const { deletionTimestamp, ownerReferences = [] } = (await child())?.metadata ?? {};
    expect({ deletionTimestamp, ownerReferences }).toEqual({ deletionTimestamp: undefined, ownerReferences: [] });
  }

  const prunes = [
    ['without an option', 'prune', [], 'the owner waits for the child', ownerWaitsForChild],
    [
      'foreground',
      'prune-foreground',
      ['PrunePropagationPolicy=foreground'],
      'the owner waits for the child',
      ownerWaitsForChild,
    ],
    ['background', 'prune-background', ['PrunePropagationPolicy=background'], 'the owner goes first', ownerGoesFirst],
    ['orphan', 'prune-orphan', ['PrunePropagationPolicy=orphan'], 'the child is set free', childIsSetFree],
  ] as const;
  it.each(prunes)('a prune, %s: $3', async (_, name, options, __, check) => {
    const made = await deployed(name, options);
    await ground.commit(made.repository, { 'a.yaml': null });
    const syncing = ground.sync(name, { prune: true });
    await check(made);
    const { status } = await syncing;
    expect(status.operationState).toMatchObject({
      phase: 'Succeeded',
      syncResult: { resources: [{ name: 'web', status: 'Pruned' }] },
    });
    expect(status.sync?.status).toBe('Synced');
  });

  it('a prune that outlasts its sync leaves the Application Synced once the object is gone', async () => {
    const made = await deployed('prune-slow');
    await ground.commit(made.repository, { 'a.yaml': null });
    const { status } = await ground.sync('prune-slow', { prune: true });
    expect(status).toMatchObject({ operationState: { phase: 'Succeeded' }, sync: { status: 'OutOfSync' } });

    await made.hold(false);

    await vi.waitFor(async () => {
      const app = await ground.hawser.getApplication('prune-slow');
      expect(app.status).toMatchObject({ sync: { status: 'Synced' }, resources: [] });
    }, SOON);
  });

  const deletions = [
    ['', 'delete', 'the owner waits for the child', ownerWaitsForChild],
    ['?propagationPolicy=foreground', 'delete-foreground', 'the owner waits for the child', ownerWaitsForChild],
    ['?cascade=true&propagationPolicy=background', 'delete-background', 'the owner goes first', ownerGoesFirst],
  ] as const;
  it.each(deletions)('DELETE%s: $2, and the Application is gone at last', async (query, name, _, check) => {
    const made = await deployed(name);
    expect(await ground.request('DELETE', `/api/v1/applications/${name}${query}`)).toMatchObject({ status: 200 });
    await check(made);
    await isGone(name);
  });

  it('DELETE with the policy orphan leaves both', async () => {
    const made = await deployed('delete-orphan');
    await ground.request('DELETE', '/api/v1/applications/delete-orphan?propagationPolicy=orphan');
    await isGone('delete-orphan');
    expect((await made.owner())?.metadata.deletionTimestamp).toBeUndefined();
    expect((await made.child())?.metadata.ownerReferences).toMatchObject([{ kind: 'Deployment' }]);
  });

  it.each([
    ['?propagationPolicy=sideways', 'invalid propagation policy: sideways'],
    ['?cascade=false&propagationPolicy=foreground', 'cannot set propagation policy when cascading is disabled'],
    ['?cascade=maybe', 'cascade: must be true or false'],
  ])('DELETE%s is refused', async (query, message) => {
    const name = `refused-${query.length}`;
    const repository = await ground.createRepository(`devops/${name}`, { 'a.yaml': '' });
    await ground.createApplication({ name, path: '.', repository, destinationNamespace: 'default' });
    const answer = await ground.request('DELETE', `/api/v1/applications/${name}${query}`);
    expect(answer).toMatchObject({ status: 400, body: { message: expect.stringContaining(message) } });
  });

  async function isGone(name: string): Promise<void> {
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: ground.namespace, name };
    await vi.waitFor(async () => expect(await ground.client.get(ref)).toBeUndefined(), SOON);
  }
};

export default behaviour;
