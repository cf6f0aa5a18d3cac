// Applications that read what lies elsewhere: in submodules, and in Git LFS.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createGround, type Ground, NAMESPACE } from '../support/ground.ts';
import { type LfsServer, startLfsServer } from '../support/lfs-server.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

let ground: Ground;
let lfs: LfsServer;
beforeEach(async () => {
  ground = await createGround(connectSandbox());
  lfs = await startLfsServer();
});
afterEach(() => Promise.all([ground.close(), lfs.close()]));

const configMap = (name: string, value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  of: ${value}\n`;
const modules = (url: string) => `[submodule "lib"]\n\tpath = app/lib\n\turl = ${url}\n`;
const head = (repository: SandboxRepository) => repository.refs.get('refs/heads/main') ?? '';
const gitlink = (repository: SandboxRepository) => ({ content: head(repository), mode: '160000' as const });

async function deploy(repository: SandboxRepository, path = 'app', name = path, project = 'default') {
  await ground.client.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      project,
      source: {
        repoURL: `${ground.gitUrl}/${repository.path}`,
        path,
        targetRevision: 'main',
        directory: { recurse: true },
      },
      destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
      syncPolicy: { automated: { prune: true }, syncOptions: ['CreateNamespace=true'] },
    },
  });
  await ground.refresh(name);
}

async function dataOf(name: string): Promise<unknown> {
  const found = await ground.get('v1', 'ConfigMap', 'shop', name);
  return found && at(found, 'data', 'of');
}

async function conditionsOf(name: string) {
  return (await ground.application(name)).status.conditions?.map(({ type, message }) => `${type}: ${message}`);
}

const createLib = (options: { isPrivate?: boolean } = {}) =>
  ground.createRepository('devops/lib', { 'cm.yaml': configMap('lib', 'one') }, options);

function createMain(lib: SandboxRepository, url = '../lib') {
  const files = {
    '.gitmodules': modules(url),
    'app/lib': gitlink(lib),
    'app/own.yaml': configMap('own', 'one'),
    'other/cm.yaml': configMap('other', 'one'),
  };
  return ground.createRepository('devops/main', files);
}

describe('an Application whose folder holds a submodule', () => {
  it('is deployed with it, and again where another commit of it is pinned; others are not concerned', async () => {
    const lib = await createLib();
    const main = await createMain(lib);
    await deploy(main);
    await deploy(main, 'other');
    expect([await dataOf('own'), await dataOf('lib')]).toEqual(['one', 'one']);

    await ground.commit(lib, { 'cm.yaml': configMap('lib', 'two') });
    const beside = await ground.push(main, { 'README.md': 'read me\n' });
    expect(beside.applications.map(({ verdict }) => verdict)).toEqual(['unaffected', 'unaffected']);
    await ground.application('app');
    expect(await dataOf('lib')).toBe('one');

    const { applications } = await ground.push(main, { 'app/lib': gitlink(lib) });
    const verdicts = applications.map(({ name, verdict, paths }) => ({ name, verdict, paths }));
    expect(verdicts).toContainEqual({ name: 'app', verdict: 'sync', paths: ['app/lib'] });
    expect(verdicts).toContainEqual(expect.objectContaining({ name: 'other', verdict: 'unaffected' }));
    await ground.application('app');
    expect(await dataOf('lib')).toBe('two');
  });

  it('says what is wrong with it and prunes nothing, and goes on when .gitmodules is right again', async () => {
    const lib = await createLib();
    const main = await createMain(lib);
    await deploy(main);
    await ground.push(main, { '.gitmodules': modules('../nothing'), 'app/own.yaml': configMap('own', 'two') });
    expect(await conditionsOf('app')).toEqual([
      expect.stringMatching(/^ComparisonError: .*the submodule app\/lib \(\.\.\/nothing\)/),
    ]);
    expect(await dataOf('lib')).toBe('one');
    await ground.push(main, { '.gitmodules': modules('../lib') });
    expect(await conditionsOf('app')).toEqual([]);
    expect([await dataOf('own'), await dataOf('lib')]).toEqual(['two', 'one']);
  });

  it.each<[title: string, sourceRepos: string[], isDeployed: boolean]>([
    ['permits it', ['*'], true],
    ['does not permit it', ['MAIN'], false],
  ])('has a private one where its project %s', async (_, sourceRepos, isDeployed) => {
    const lib = await createLib({ isPrivate: true });
    const main = await createMain(lib);
    const url = `${ground.gitUrl}/${main.path}`;
    await ground.client.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'lib', namespace: NAMESPACE, labels: { 'argocd.argoproj.io/secret-type': 'repository' } },
      stringData: { url: `${ground.gitUrl}/${lib.path}`, username: 'devops', password: 'git-password' },
    });
    await ground.client.create({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: 'shop', namespace: NAMESPACE },
      spec: {
        sourceRepos: sourceRepos.map((pattern) => pattern.replace('MAIN', url)),
        destinations: [{ server: '*', namespace: '*' }],
        clusterResourceWhitelist: [{ group: '*', kind: '*' }],
      },
    });
    await deploy(main, 'app', 'app', 'shop');
    expect(await dataOf('lib')).toBe(isDeployed ? 'one' : undefined);
    if (!isDeployed) expect(await conditionsOf('app')).toEqual([expect.stringMatching(/submodule app\/lib.*refused/)]);
  });

  it('is deployed without it where argocd-cmd-params-cm leaves submodules out', async () => {
    await ground.client.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'argocd-cmd-params-cm', namespace: NAMESPACE },
      data: { 'reposerver.enable.git.submodule': 'false' },
    });
    await deploy(await createMain(await createLib()));
    expect([await dataOf('own'), await dataOf('lib')]).toEqual(['one', undefined]);
  });
});

describe('an Application with a file in Git LFS', () => {
  const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12\n`;

  it('fails and prunes nothing, saying what to set', async () => {
    const main = await ground.createRepository('devops/main', { 'app/cm.yaml': configMap('cm', 'one') });
    await deploy(main);
    await ground.push(main, { 'app/cm.yaml': POINTER });
    expect(await conditionsOf('app')).toEqual([
      expect.stringMatching(/^ComparisonError: .*app\/cm\.yaml is in Git LFS.*enableLfs: "true"/),
    ]);
    expect(await dataOf('cm')).toBe('one');
  });

  it('is deployed where the Secret of its repository enables it', async () => {
    const main = await ground.createRepository('devops/main', {
      '.lfsconfig': `[lfs]\n\turl = ${lfs.url}/devops/main.git/info/lfs\n`,
      'app/cm.yaml': lfs.add(configMap('cm', 'large')),
    });
    await ground.client.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'main', namespace: NAMESPACE, labels: { 'argocd.argoproj.io/secret-type': 'repository' } },
      stringData: { url: `${ground.gitUrl}/${main.path}`, enableLfs: 'true' },
    });
    await deploy(main);
    expect(await dataOf('cm')).toBe('large');
    await ground.push(main, { 'app/cm.yaml': lfs.add(configMap('cm', 'larger')) });
    await ground.application('app');
    expect(await dataOf('cm')).toBe('larger');
  });
});

describe('an Application with a base in another repository that has a submodule', () => {
  const kustomization = (url: string) => ({ 'app/kustomization.yaml': `resources: ["${url}"]\n` });
  const createBase = (lib: SandboxRepository) =>
    ground.createRepository('devops/base', { '.gitmodules': modules('../lib'), 'app/lib': gitlink(lib) });

  it('is deployed with that', async () => {
    const lib = await createLib();
    await ground.commit(lib, { 'kustomization.yaml': 'resources: [cm.yaml]\n' });
    const base = await createBase(lib);
    const url = `${ground.gitUrl}/${base.path}//app/lib?ref=main`;
    await deployKustomization(await ground.createRepository('devops/main', kustomization(url)));
    expect(await conditionsOf('app')).toEqual([]);
    expect(await dataOf('lib')).toBe('one');
  });

  it('has nothing of it where its URL leaves submodules out', async () => {
    const base = await createBase(await createLib());
    const url = `${ground.gitUrl}/${base.path}//app/lib?ref=main&submodules=false`;
    await deployKustomization(await ground.createRepository('devops/main', kustomization(url)));
    expect(await conditionsOf('app')).toEqual([expect.stringMatching(/^ComparisonError: .*kustomization/)]);
  });

  async function deployKustomization(repository: SandboxRepository): Promise<void> {
    await ground.createApplication({
      repository,
      name: 'app',
      path: 'app',
      destinationNamespace: 'shop',
      automated: {},
      syncOptions: ['CreateNamespace=true'],
    });
    await ground.refresh('app');
  }
});
