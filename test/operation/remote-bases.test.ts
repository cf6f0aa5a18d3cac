// Applications whose kustomizations have bases in other repositories.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { createGround, type Ground, NAMESPACE } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

let ground: Ground;
beforeEach(async () => {
  ground = await createGround(connectSandbox());
});
afterEach(() => ground.close());

const configMap = (value: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cm\ndata:\n  of: ${value}\n`;
const overlay = (url: string) => ({ 'app/kustomization.yaml': `resources: ["${url}"]\n`, 'README.md': 'one\n' });

async function deployOverlay(url: string, project = 'default') {
  const repository = await ground.createRepository('devops/overlay', overlay(url));
  await ground.client.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'app', namespace: NAMESPACE },
    spec: {
      project,
      source: { repoURL: `${ground.gitUrl}/${repository.path}`, path: 'app', targetRevision: 'main' },
      destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
      syncPolicy: { automated: { prune: true }, syncOptions: ['CreateNamespace=true'] },
    },
  });
  await ground.refresh('app');
  return repository;
}

async function deployed(): Promise<unknown> {
  const { status } = await ground.application('app');
  if (status.sync?.status !== 'Synced') throw new Error(JSON.stringify([status.sync, status.conditions]));
  return at(await ground.get('v1', 'ConfigMap', 'shop', 'cm'), 'data', 'of');
}

function createBase(value: string, options: { isPrivate?: boolean } = {}) {
  const files = { 'dir/kustomization.yaml': 'resources: [cm.yaml]\n', 'dir/cm.yaml': configMap(value) };
  return ground.createRepository('devops/base', files, options);
}

describe('an Application with a base in another repository', () => {
  it('is deployed, and again by a push of its own where the base has moved, and only then', async () => {
    const base = await createBase('one');
    const url = `${ground.gitUrl}/${base.path}`;
    const repository = await deployOverlay(`${url}//dir?ref=main`);
    expect(await deployed()).toBe('one');

    const beside = await ground.push(repository, { 'README.md': 'two\n' });
    expect(beside.applications).toMatchObject([{ verdict: 'unaffected' }]);

    await ground.commit(base, { 'dir/cm.yaml': configMap('two') });
    const moved = await ground.push(repository, { 'README.md': 'three\n' });
    expect(moved.applications).toMatchObject([{ verdict: 'sync', paths: [`${url}//dir/cm.yaml`] }]);
    expect(await deployed()).toBe('two');
  });

  // Without selfHeal, a commit that was synced once is not synced again by itself, whatever its base is now (Argo CD: autoSync).
  it('shows at a refresh that its base has moved, and is brought up to it by a sync', async () => {
    const base = await createBase('one');
    await deployOverlay(`${ground.gitUrl}/${base.path}//dir`);
    await ground.commit(base, { 'dir/cm.yaml': configMap('two') });
    await ground.refresh('app');
    expect((await ground.application('app')).status.sync?.status).toBe('OutOfSync');
    await ground.sync('app');
    expect(await deployed()).toBe('two');
  });

  it('stays as it is while its base is pinned', async () => {
    const base = await createBase('one');
    const sha = base.refs.get('refs/heads/main');
    const repository = await deployOverlay(`${ground.gitUrl}/${base.path}//dir?ref=${sha}`);
    await ground.commit(base, { 'dir/cm.yaml': configMap('two') });
    const beside = await ground.push(repository, { 'README.md': 'two\n' });
    expect(beside.applications).toMatchObject([{ verdict: 'unaffected' }]);
    await ground.refresh('app');
    expect(await deployed()).toBe('one');
  });

  it('may have its components there, too', async () => {
    const base = await ground.createRepository('devops/base', {
      'component/kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnameSuffix: -component\n',
    });
    const repository = await ground.createRepository('devops/app', {
      'app/kustomization.yaml': 'resources: [cm.yaml]\n',
      'app/cm.yaml': configMap('app'),
    });
    await ground.client.create({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'app', namespace: NAMESPACE },
      spec: {
        project: 'default',
        source: {
          repoURL: `${ground.gitUrl}/${repository.path}`,
          path: 'app',
          kustomize: { components: [`${ground.gitUrl}/${base.path}//component?ref=main`] },
        },
        destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
        syncPolicy: { automated: {}, syncOptions: ['CreateNamespace=true'] },
      },
    });
    await ground.refresh('app');
    expect(await ground.get('v1', 'ConfigMap', 'shop', 'cm-component')).toBeDefined();
  });

  it('tells what is wrong with its base, and prunes nothing', async () => {
    const base = await createBase('one');
    const repository = await deployOverlay(`${ground.gitUrl}/${base.path}//dir?ref=main`);
    await ground.push(repository, overlay(`${ground.gitUrl}/${base.path}//dir?ref=gone`));
    const { status } = await ground.application('app');
    expect(status.conditions).toMatchObject([
      {
        type: 'ComparisonError',
        message: expect.stringMatching(/remote base .*\?ref=gone: 'gone' is no branch or tag/),
      },
    ]);
    expect(await ground.get('v1', 'ConfigMap', 'shop', 'cm')).toBeDefined();
  });

  it.each<[title: string, deployed: boolean]>([
    ['everything', true],
    ['the overlay alone', false],
  ])('reads a private one where its project permits %s: %s', async (_, isDeployed) => {
    const base = await createBase('one', { isPrivate: true });
    const url = `${ground.gitUrl}/${base.path}`;
    await ground.client.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'base', namespace: NAMESPACE, labels: { 'argocd.argoproj.io/secret-type': 'repository' } },
      stringData: { url, username: 'devops', password: 'git-password' },
    });
    await ground.client.create({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: 'shop', namespace: NAMESPACE },
      spec: {
        sourceRepos: [isDeployed ? '*' : `${ground.gitUrl}/devops/overlay`],
        destinations: [{ server: '*', namespace: '*' }],
        clusterResourceWhitelist: [{ group: '*', kind: '*' }],
      },
    });
    await deployOverlay(`${url}//dir`, 'shop');
    if (isDeployed) expect(await deployed()).toBe('one');
    else {
      const { status } = await ground.application('app');
      expect(status.conditions).toMatchObject([
        { type: 'ComparisonError', message: expect.stringMatching(/refused.*sourceRepos of the AppProject/) },
      ]);
      expect(JSON.stringify(status)).not.toContain('git-password');
    }
  });
});
