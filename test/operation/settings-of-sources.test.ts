// What argocd-cm and argocd-cmd-params-cm say about rendering, on the whole road: from the ConfigMap to the Application's status.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Source } from '../../src/application/types.ts';
import { createGround, type Ground, NAMESPACE } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

let ground: Ground;
beforeEach(async () => {
  ground = await createGround(connectSandbox());
});
afterEach(() => ground.close());

const configMap = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  a: b\n`;

async function configure(data: Readonly<Record<string, string>>, name = 'argocd-cm'): Promise<void> {
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: NAMESPACE, name };
  if (await ground.client.get(ref)) await ground.client.patch(ref, { data }, { type: 'merge' });
  else
    await ground.client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: NAMESPACE }, data });
}

/** An automated Application of a repository with these files. */
async function deploy(files: Readonly<Record<string, string>>, source: Partial<Source> = {}, name = 'app') {
  const repository = await ground.createRepository(`devops/${name}`, files);
  await ground.client.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      project: 'default',
      source: { repoURL: `${ground.gitUrl}/${repository.path}`, path: 'app', targetRevision: 'main', ...source },
      destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
      syncPolicy: { automated: { prune: true }, syncOptions: ['CreateNamespace=true'] },
    },
  });
  return repository;
}

async function statusOf(name = 'app') {
  await ground.refresh(name);
  return (await ground.application(name)).status;
}

const names = (status: Awaited<ReturnType<typeof statusOf>>) =>
  (status.resources ?? []).map(({ kind, name }) => `${kind}/${name}`).sort();

/** Its generator reads a file beside its folder, which kustomize forbids without a flag. */
const OUTSIDE = {
  'shared/settings.properties': 'a=b\n',
  'app/kustomization.yaml':
    'configMapGenerator:\n- name: settings\n  files: [../shared/settings.properties]\ngeneratorOptions:\n  disableNameSuffixHash: true\n',
};

describe('kustomize.buildOptions', () => {
  it('let an overlay read files beside its folder, from the next refresh on', async () => {
    await deploy(OUTSIDE);
    const before = await statusOf();
    expect(before.sync?.status).toBe('Unknown');
    expect(before.conditions?.[0]?.type).toBe('ComparisonError');
    await configure({ 'kustomize.buildOptions': '--load-restrictor LoadRestrictionsNone' });
    const after = await statusOf();
    expect(after.sync?.status).toBe('Synced');
    expect(after.conditions ?? []).toEqual([]);
    expect(names(after)).toEqual(['ConfigMap/settings']);
  });

  it('of a version are for the sources that name it', async () => {
    await configure({ 'kustomize.buildOptions.v5.8.1': '--load-restrictor=LoadRestrictionsNone' });
    await deploy(OUTSIDE);
    await deploy(OUTSIDE, { kustomize: { version: 'v5.8.1' } }, 'chosen');
    expect((await statusOf()).sync?.status).toBe('Unknown');
    expect((await statusOf('chosen')).sync?.status).toBe('Synced');
    const told = ground.logs.filter((line) => line.includes('spec.source.kustomize.version has no effect'));
    expect(told).toHaveLength(1);
  });

  it('that are wrong are a condition of kustomizations alone, and nothing is pruned', async () => {
    const kustomization = { 'app/kustomization.yaml': 'resources: [a.yaml]\n', 'app/a.yaml': configMap('a') };
    await deploy(kustomization);
    await deploy({ 'app/b.yaml': configMap('b') }, {}, 'plain');
    expect((await statusOf()).sync?.status).toBe('Synced');
    await configure({ 'kustomize.buildOptions': '--load_restrictor none' });
    const { sync, conditions } = await statusOf();
    expect(sync?.status).toBe('Unknown');
    expect(conditions).toMatchObject([
      {
        type: 'ComparisonError',
        message: expect.stringContaining('argocd-cm: kustomize.buildOptions: unknown flag: --load_restrictor'),
      },
    ]);
    expect((await statusOf('plain')).sync?.status).toBe('Synced');
    expect(await ground.get('v1', 'ConfigMap', 'shop', 'a')).toBeDefined();
  });

  it('that have changed count with the next push, wherever that is', async () => {
    const repository = await deploy({
      'app/kustomization.yaml': 'resources: [a.yaml]\n',
      'app/a.yaml': configMap('a'),
    });
    expect((await statusOf()).sync?.status).toBe('Synced');
    const pushed = async (text: string) => {
      await ground.hawser.idle();
      return (await ground.push(repository, { 'docs/a.md': text })).applications;
    };
    expect(await pushed('one')).toMatchObject([{ verdict: 'unaffected' }]);
    await configure({ 'kustomize.buildOptions': '--nonsense' });
    expect(await pushed('two')).toMatchObject([{ verdict: 'sync', paths: ['argocd-cm'] }]);
    expect((await ground.application('app')).status.sync?.status).toBe('Unknown');
    await configure({ 'kustomize.buildOptions': '--enable-managedby-label' });
    expect(await pushed('three')).toMatchObject([{ verdict: 'sync' }]);
    expect((await ground.application('app')).status.sync?.status).toBe('Synced');
    const found = await ground.get('v1', 'ConfigMap', 'shop', 'a');
    expect(found?.metadata.labels).toMatchObject({ 'app.kubernetes.io/managed-by': 'kustomize-v5.8.1' });
    expect(await pushed('four')).toMatchObject([{ verdict: 'unaffected' }]);
  });

  it('tell that another kustomize is not run', async () => {
    await configure({ 'kustomize.path.v4.4.0': '/custom-tools/kustomize' });
    await deploy({ 'app/a.yaml': configMap('a') });
    expect((await statusOf()).sync?.status).toBe('Synced');
    const told = ground.logs.filter((line) => line.includes('kustomize.path.v4.4.0 of argocd-cm has no effect'));
    expect(told).toHaveLength(1);
  });
});

describe('a tool that is switched off', () => {
  it('leaves its folder one of plain manifests', async () => {
    await configure({ 'kustomize.enable': 'false' });
    const files = { 'app/a.yaml': configMap('a'), 'app/README.md': 'text' };
    await deploy({ ...files, 'base/kustomization.yaml': 'resources: []\n' }, { kustomize: { namePrefix: 'x-' } });
    const { sync, sourceType, ...status } = await statusOf();
    expect(sync?.status).toBe('Synced');
    expect(sourceType).toBe('Directory');
    expect(names(status)).toEqual(['ConfigMap/a']);
    expect(ground.logs.filter((line) => line.includes('spec.source.kustomize has no effect'))).toHaveLength(1);
  });

  it('is Helm: what of a chart’s folder is a manifest is applied', async () => {
    await configure({ 'helm.enable': 'false' });
    await deploy({
      'app/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
      'app/a.yaml': configMap('a'),
      'app/templates/b.yaml': configMap('b'),
    });
    const status = await statusOf();
    expect(status.sourceType).toBe('Directory');
    expect(names(status)).toEqual(['ConfigMap/a']);
  });

  it('is Jsonnet: its files are left out', async () => {
    const program = "{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' } }";
    await deploy({ 'app/a.yaml': configMap('a'), 'app/b.jsonnet': program });
    expect(names(await statusOf())).toEqual(['ConfigMap/a', 'ConfigMap/b']);
    await configure({ 'jsonnet.enable': 'false' });
    // The same commit is not synced twice by itself.
    const { resources = [] } = await statusOf();
    expect(resources.filter(({ requiresPruning }) => requiresPruning).map(({ name }) => name)).toEqual(['b']);
  });
});

describe('reposerver.max.combined.directory.manifests.size', () => {
  const SIZE = 'reposerver.max.combined.directory.manifests.size';

  it('bounds a directory’s manifests', async () => {
    await configure({ [SIZE]: '100' }, 'argocd-cmd-params-cm');
    await deploy({ 'app/a.yaml': configMap('a'), 'app/b.yaml': configMap('b') });
    const { conditions } = await statusOf();
    expect(conditions?.[0]?.message).toContain('exceeded max combined manifest file size of 100 bytes');
    await configure({ [SIZE]: '1k' }, 'argocd-cmd-params-cm');
    expect((await statusOf()).sync?.status).toBe('Synced');
  });
});

describe('a source', () => {
  it('that is hydrated elsewhere is refused by name', async () => {
    await deploy({ 'app/a.yaml': configMap('a') });
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: NAMESPACE, name: 'app' };
    const sourceHydrator = {
      drySource: { repoURL: 'http://localhost/dry', path: 'app', targetRevision: 'main' },
      syncSource: { targetBranch: 'hydrated', path: 'app' },
    };
    await ground.client.patch(ref, { spec: { sourceHydrator } }, { type: 'merge' });
    const { conditions } = await statusOf();
    expect(conditions).toMatchObject([
      { type: 'InvalidSpecError', message: expect.stringContaining('spec.sourceHydrator') },
    ]);
  });

  it('reads files of any name where the filter of extensions is off', async () => {
    const directory = { disableExtensionFilter: true, include: '*.sealed' };
    await deploy({ 'app/a.yaml.sealed': configMap('a'), 'app/b.yaml': configMap('b') }, { directory });
    const status = await statusOf();
    expect(names(status)).toEqual(['ConfigMap/a']);
  });
});
