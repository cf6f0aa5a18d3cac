// An Application as a managed kind: its child is looked at as soon as a sync of the parent has made, changed or deleted it.

import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const RESOURCES = 'resources-finalizer.argocd.argoproj.io';
/** The garbage collector of a real cluster learns of the kind Application within 30 s. */
const SOON = { timeout: 60_000, interval: 50 };

const configMap = (name: string) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a: 'b' } });

/** As Argo CD's manual gives it. */
const HEALTH_OF_APPLICATIONS = `
hs = {}
hs.status = "Progressing"
hs.message = ""
if obj.status ~= nil then
  if obj.status.health ~= nil then
    hs.status = obj.status.health.status
    if obj.status.health.message ~= nil then
      hs.message = obj.status.health.message
    end
  end
end
return hs
`;

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  const control = cluster.freshNamespace('argocd');
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: control });
  });
  afterAll(async () => ground.close());

  interface Child {
    readonly name: string;
    readonly repository: string;
    readonly path: string;
    readonly destination: string;
    readonly wave?: number;
  }
  const application = ({ name, repository, path, destination, wave = 0 }: Child) =>
    JSON.stringify({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: {
        name,
        namespace: control,
        finalizers: [RESOURCES],
        annotations: { 'argocd.argoproj.io/sync-wave': String(wave) },
      },
      spec: {
        project: 'default',
        source: { repoURL: `${ground.gitUrl}/${repository}`, path, targetRevision: 'main' },
        destination: { server: 'https://kubernetes.default.svc', namespace: destination },
        syncPolicy: { automated: { prune: true }, syncOptions: ['CreateNamespace=true'] },
      },
    });

  /** A parent that syncs by itself, with the given Applications in its folder. */
  async function parentOf(name: string, files: Readonly<Record<string, string>>) {
    const repository = await ground.createRepository(`devops/${name}`, files);
    await ground.createApplication({
      name,
      path: '.',
      repository,
      destinationNamespace: control,
      automated: { prune: true, selfHeal: true },
    });
    return repository;
  }
  const refOf = (name: string) => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    namespace: control,
    name,
  });
  const isGone = (name: string) =>
    vi.waitFor(async () => expect(await ground.client.get(refOf(name))).toBeUndefined(), SOON);

  it('a child is deployed, follows its parent, and goes with all that it has', async () => {
    const destination = cluster.freshNamespace('child');
    await ground.createRepository('devops/shop', { 'one/a.yaml': configMap('one'), 'two/a.yaml': configMap('two') });
    const child = { name: 'child', repository: 'devops/shop', path: 'one', destination };
    const repository = await parentOf('parent', { 'stays.yaml': configMap('stays') });
    const live = (name: string) => ground.get('v1', 'ConfigMap', destination, name);

    await ground.push(repository, { 'child.yaml': application(child) });
    const made = await ground.application('child');
    expect(made.status).toMatchObject({ sync: { status: 'Synced' }, operationState: { phase: 'Succeeded' } });
    expect(await live('one')).toBeDefined();

    await ground.push(repository, { 'child.yaml': application({ ...child, path: 'two' }) });
    const changed = await ground.application('child');
    expect(changed.status.sync).toMatchObject({ status: 'Synced', comparedTo: { source: { path: 'two' } } });
    expect(await live('one')).toBeUndefined();
    expect(await live('two')).toBeDefined();

    await ground.push(repository, { 'child.yaml': null });
    await isGone('child');
    expect(await live('two')).toBeUndefined();
    expect((await ground.application('parent')).status.sync?.status).toBe('Synced');
  });

  it('a wave of the parent waits for its child, where argocd-cm has the health of Applications', async () => {
    const config = { apiVersion: 'v1', kind: 'ConfigMap', namespace: control, name: 'argocd-cm' };
    await ground.client.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: control, name: config.name },
      data: { 'resource.customizations.health.argoproj.io_Application': HEALTH_OF_APPLICATIONS },
    });
    const destination = cluster.freshNamespace('first');
    const balancer = { apiVersion: 'v1', kind: 'Service', namespace: destination, name: 'balancer' };
    await ground.createRepository('devops/first', {
      'a.yaml': JSON.stringify({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: balancer.name },
        spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
      }),
    });
    const child = { name: 'first', repository: 'devops/first', path: '.', destination };
    const repository = await parentOf('waiting', { 'README.md': '' });
    const wave = { annotations: { 'argocd.argoproj.io/sync-wave': '1' } };
    const second = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'second', ...wave } };
    await ground.push(repository, { 'a.yaml': application(child), 'b.yaml': JSON.stringify(second) });
    await vi.waitFor(async () => {
      const { status } = await ground.hawser.getApplication('waiting');
      expect(status.operationState?.message).toBe('waiting for healthy state of argoproj.io/Application/first');
      expect((await ground.hawser.getApplication('first')).status.sync?.status).toBe('Synced');
    }, SOON);
    expect(await ground.get('v1', 'ConfigMap', control, 'second')).toBeUndefined();

    const status = { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } };
    await ground.client.patch(balancer, { status }, { type: 'merge', subresource: 'status' });

    const parent = await ground.application('waiting');
    expect(parent.status).toMatchObject({
      operationState: { phase: 'Succeeded' },
      sync: { status: 'Synced' },
      health: { status: 'Healthy' },
    });
    expect(await ground.get('v1', 'ConfigMap', control, 'second')).toBeDefined();
    await ground.client.remove(config);
  });

  it('a deletion goes down through the children, the highest wave first', async () => {
    const destination = cluster.freshNamespace('generations');
    await ground.createRepository('devops/leaf', { 'a.yaml': configMap('leaf') });
    await ground.createRepository('devops/middle', {
      'a.yaml': application({ name: 'leaf', repository: 'devops/leaf', path: '.', destination }),
    });
    const middle = { repository: 'devops/middle', path: '.', destination: control };
    const repository = await parentOf('root', { 'README.md': 'empty' });
    await ground.push(repository, {
      'a.yaml': application({ ...middle, name: 'middle', wave: 1 }),
      'b.yaml': application({ name: 'twig', repository: 'devops/leaf', path: '.', destination: `${destination}-2` }),
    });
    expect((await ground.application('leaf')).status.sync?.status).toBe('Synced');
    const leaf = { apiVersion: 'v1', kind: 'ConfigMap', namespace: destination, name: 'leaf' };
    await ground.client.patch(leaf, { metadata: { finalizers: ['example.com/hold'] } }, { type: 'merge' });

    await ground.request('DELETE', '/api/v1/applications/root');

    await vi.waitFor(
      async () => expect((await ground.client.get(leaf))?.metadata.deletionTimestamp).toBeDefined(),
      SOON,
    );
    const twig = await ground.client.get(refOf('twig'));
    expect(twig?.metadata.deletionTimestamp).toBeUndefined();
    await ground.client.patch(leaf, { metadata: { finalizers: null } }, { type: 'merge' });
    for (const name of ['root', 'middle', 'leaf', 'twig']) await isGone(name);
    expect(await ground.get('v1', 'ConfigMap', `${destination}-2`, 'leaf')).toBeUndefined();
  });

  it('an Application that manages itself can be deleted', async () => {
    const destination = cluster.freshNamespace('self');
    const repository = await ground.createRepository('devops/self', { 'a.yaml': configMap('own') });
    const self = { name: 'self', repository: 'devops/self', path: '.', destination };
    await ground.commit(repository, { 'self.yaml': application(self) });
    await ground.client.create(JSON.parse(application(self)));
    await ground.refresh('self');
    expect((await ground.application('self')).status).toMatchObject({
      sync: { status: 'Synced' },
      resources: [{ kind: 'ConfigMap' }, { kind: 'Application', name: 'self' }],
    });

    await ground.request('DELETE', '/api/v1/applications/self');

    await isGone('self');
    expect(await ground.get('v1', 'ConfigMap', destination, 'own')).toBeUndefined();
  });
};

export default behaviour;
