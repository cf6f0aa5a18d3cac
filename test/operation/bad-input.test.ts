// What goes wrong on the road gets one clear error, and nothing is lost.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createGround, type Ground, NAMESPACE } from '../support/ground.ts';
import { connectSandbox, type SandboxTransport } from '../support/sandbox-transport.ts';

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: one\n';
const CHART = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'chart/templates/cm.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  key: {{ .Values.key | quote }}\n',
  'chart/values.yaml': 'key: one\n',
};

let ground: Ground;
let cluster: SandboxTransport;
beforeEach(async () => {
  cluster = connectSandbox();
  ground = await createGround(cluster);
});
afterEach(async () => {
  cluster.away = false;
  await ground.close();
});

async function deploy(files: Record<string, string>, path: string, name = 'app'): Promise<SandboxRepository> {
  const repository = await ground.createRepository(`devops/${name}`, files);
  await ground.createApplication({ name, repository, path, destinationNamespace: name, automated: { prune: true } });
  await ground.refresh(name);
  expect((await ground.application(name)).status.sync?.status).toBe('Synced');
  return repository;
}

async function comparisonError(name = 'app'): Promise<string> {
  const app = await ground.application(name);
  expect(app.status.sync?.status).toBe('Unknown');
  return app.status.conditions?.find(({ type }) => type === 'ComparisonError')?.message ?? '';
}

const keyOf = async (name: string) => at(await ground.get('v1', 'ConfigMap', 'app', name), 'data', 'key');

describe('a push', () => {
  it('to a repository that no Application has is accepted, and the answer says so', async () => {
    const repository = await ground.createRepository('devops/unknown', { 'a.yaml': CONFIG_MAP });
    const answer = await ground.push(repository, { 'a.yaml': `${CONFIG_MAP}# changed\n` });
    expect(answer.applications).toEqual([]);
    expect(answer.reason).toContain('no Application has');
    expect(answer.reason).toContain('/devops/unknown');
  });

  it('with a template error leaves the cluster untouched and names file, line and column', async () => {
    const repository = await deploy(CHART, 'chart');
    await ground.push(repository, { 'chart/templates/cm.yaml': 'apiVersion: v1\nkind: {{ fail "on purpose" }}\n' });
    expect(await comparisonError()).toContain('web/templates/cm.yaml:2:9');
    expect(await keyOf('web')).toBe('one');
  });

  it('with an unknown template function names it', async () => {
    const repository = await deploy(CHART, 'chart');
    await ground.push(repository, { 'chart/templates/cm.yaml': 'a: {{ nosuchfunction }}\n' });
    expect(await comparisonError()).toContain('function "nosuchfunction" not defined');
  });

  it('with broken YAML in a plain directory names the file', async () => {
    const repository = await deploy({ 'm/a.yaml': CONFIG_MAP }, 'm');
    await ground.push(repository, { 'm/b.yaml': `${CONFIG_MAP}x: y: z\n` });
    expect(await comparisonError()).toContain('m/b.yaml');
  });

  it("with an invalid manifest shows the API server's message on that resource", async () => {
    const repository = await deploy({ 'm/a.yaml': CONFIG_MAP }, 'm');
    const service = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  ports:\n  - port: 70000\n';
    await ground.push(repository, { 'm/service.yaml': service });
    const app = await ground.application('app');
    const result = app.status.operationState?.syncResult?.resources?.find(({ kind }) => kind === 'Service');
    expect(result?.message).toContain(
      'spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive',
    );
    expect(app.status.operationState).toMatchObject({ phase: 'Running', retryCount: 1 });
    expect(app.status.operationState?.message).toMatch(/dry run\)\. Retrying attempt #1 at \d+:\d\d[AP]M\.$/);
  });

  it('of an object of a kind that the cluster does not have says so', async () => {
    const repository = await deploy({ 'm/a.yaml': CONFIG_MAP }, 'm');
    await ground.push(repository, { 'm/x.yaml': 'apiVersion: example.com/v1\nkind: Gadget\nmetadata:\n  name: x\n' });
    const app = await ground.application('app');
    const texts = JSON.stringify([app.status.operationState, app.status.conditions]);
    expect(texts).toMatch(/Gadget/);
    expect(app.status.sync?.status).not.toBe('Synced');
  });

  it('that deletes the tracked branch prunes nothing', async () => {
    const repository = await deploy({ 'm/a.yaml': CONFIG_MAP }, 'm');
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: NAMESPACE, name: 'app' };
    await ground.client.patch(ref, { spec: { source: { targetRevision: 'release' } } }, { type: 'merge' });
    await ground.refresh('app');
    expect(await comparisonError()).toContain('release');
    expect(await keyOf('settings')).toBe('one');
    expect((await ground.application('app')).status.resources).toHaveLength(1);
    await ground.commit(repository, { 'm/a.yaml': CONFIG_MAP.replace('one', 'two') }, 'release');
    await ground.refresh('app');
    expect((await ground.application('app')).status.sync?.status).toBe('Synced');
    expect(await keyOf('settings')).toBe('two');
  });

  it('that deletes the tracked branch ends what was asked for, and what runs, with the reason', async () => {
    await deploy({ 'm/a.yaml': CONFIG_MAP }, 'm');
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: NAMESPACE, name: 'app' };
    const manual = { source: { targetRevision: 'gone' }, syncPolicy: { automated: null } };
    await ground.client.patch(ref, { spec: manual }, { type: 'merge' });
    await ground.refresh('app');
    expect((await ground.request('POST', '/api/v1/applications/app/sync', {})).status).toBe(200);
    const { operation, status } = await ground.application('app');
    expect(operation).toBeUndefined();
    expect(status.operationState).toMatchObject({ phase: 'Error', message: expect.stringContaining("'gone' is no") });

    const { operationState } = status;
    await ground.client.patch(
      ref,
      {
        status: {
          operationState: { phase: 'Terminating', operation: { sync: {} }, startedAt: operationState?.startedAt ?? '' },
        },
      },
      { type: 'merge' },
    );
    await ground.refresh('app');
    expect((await ground.application('app')).status.operationState?.phase).toBe('Failed');
    expect(await keyOf('settings')).toBe('one');
  });

  it('that removes the path prunes nothing', async () => {
    const repository = await deploy({ 'm/a.yaml': CONFIG_MAP, 'other/b.yaml': CONFIG_MAP }, 'm');
    await ground.push(repository, { 'm/a.yaml': null });
    expect(await comparisonError()).toContain('m: app path does not exist');
    expect(await keyOf('settings')).toBe('one');
  });

  it('while the cluster is away stays recorded and is finished at the next wake', async () => {
    const repository = await deploy({ 'm/a.yaml': CONFIG_MAP }, 'm');
    const settings = await ground.hawser.webhookSettings();
    expect(settings.secrets).toHaveProperty('webhook.gogs.secret');
    await ground.commit(repository, { 'm/a.yaml': CONFIG_MAP.replace('one', 'two') });
    cluster.away = true;
    const answer = await ground.hawser.receivePush({
      kind: 'git',
      key: 'd-away',
      deliveryId: 'd-away',
      provider: 'gogs',
      webUrls: [`${ground.gitUrl}/devops/app`],
      otherUrls: [],
      ref: 'refs/heads/main',
      defaultBranch: 'main',
    });
    expect(answer.reason).toContain('pending');
    await ground.hawser.idle();
    cluster.away = false;
    expect(await keyOf('settings')).toBe('one');
    await ground.request('POST', '/api/refresh', { repoURL: 'http://example.com/another' });
    await ground.hawser.idle();
    expect(await keyOf('settings')).toBe('two');
  });

  it('while the Git server is away lets an operation be withdrawn that could not begin', async () => {
    await deploy({ 'm/a.yaml': CONFIG_MAP }, 'm');
    ground.gitAway(true);
    expect((await ground.request('POST', '/api/v1/applications/app/sync', {})).status).toBe(200);
    expect((await ground.application('app')).operation).toBeDefined();
    expect((await ground.request('DELETE', '/api/v1/applications/app/operation')).status).toBe(200);
    const { operation, status } = await ground.application('app');
    expect(operation).toBeUndefined();
    expect(status.operationState).toMatchObject({ phase: 'Failed', message: 'Operation terminated' });
    ground.gitAway(false);
  });

  it('while the Git server is away stays recorded and is finished at the next wake', async () => {
    const repository = await deploy({ 'm/a.yaml': CONFIG_MAP }, 'm');
    await ground.commit(repository, { 'm/a.yaml': CONFIG_MAP.replace('one', 'two') });
    ground.gitAway(true);
    const answer = await ground.hawser.receivePush({
      kind: 'git',
      key: 'd-git',
      deliveryId: 'd-git',
      provider: 'gogs',
      webUrls: [`${ground.gitUrl}/devops/app`],
      otherUrls: [],
      ref: 'refs/heads/main',
      defaultBranch: 'main',
    });
    expect(answer.applications).toMatchObject([{ name: 'app', verdict: 'pending' }]);
    await ground.hawser.idle();
    expect(await comparisonError()).not.toBe('');
    ground.gitAway(false);
    await ground.request('POST', '/api/refresh', { repoURL: 'http://example.com/another' });
    await ground.hawser.idle();
    expect(await keyOf('settings')).toBe('two');
    expect((await ground.application('app')).status.conditions ?? []).toEqual([]);
  });

  it('beside another one of the same Application waits for it, and the newer commit wins', async () => {
    const repository = await deploy({ 'm/a.yaml': CONFIG_MAP }, 'm');
    const pushes = ['two', 'three', 'four'].map((value) =>
      ground.push(repository, { 'm/a.yaml': CONFIG_MAP.replace('one', value) }),
    );
    await Promise.all(pushes);
    const app = await ground.application('app');
    expect(await keyOf('settings')).toBe('four');
    expect(app.status.sync).toMatchObject({ status: 'Synced', revision: repository.refs.get('refs/heads/main') });
    const revisions = app.status.history?.map(({ revision }) => revision) ?? [];
    expect(revisions.every((revision, index) => revision !== revisions[index + 1])).toBe(true);
  });
});

describe('an Application', () => {
  it.each([
    ['without source', { source: null }, 'spec.source and spec.sources are both missing'],
    ['with two destinations', { destination: { name: 'in-cluster' } }, "can't have both name and server defined"],
    [
      'of an unknown cluster',
      { destination: { server: 'https://elsewhere:6443' } },
      'cluster "https://elsewhere:6443" not found',
    ],
    ['of an unknown project', { project: 'nosuch' }, 'project nosuch which does not exist'],
    ['with a path out of the repository', { source: { path: '../etc' } }, 'leads out of the repository'],
    ['with an SSH address', { source: { repoURL: 'git@example.com:devops/app.git' } }, 'HTTPS'],
    ['with a plugin', { source: { plugin: {} } }, 'plugins'],
  ])('%s says what is wrong', async (_, spec, expected) => {
    await deploy({ 'm/a.yaml': CONFIG_MAP }, 'm');
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: NAMESPACE, name: 'app' };
    await ground.client.patch(ref, { spec }, { type: 'merge' });
    await ground.refresh('app');
    const app = await ground.application('app');
    expect(app.status.conditions?.map(({ message }) => message).join('\n')).toContain(expected);
    expect(app.status.sync?.status).toBe('Unknown');
    expect(await keyOf('settings')).toBe('one');
  });
});
