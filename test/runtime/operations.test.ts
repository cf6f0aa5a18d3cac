// Operations: their order, hooks and waves, what is pruned, their end by a person or a failure, retries, rollbacks, windows, deletion; and
// that another life goes on with what one has begun.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { at } from '../../src/base/json.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { finishJob } from '../support/jobs.ts';
import { HOOK, job, OPTIONS, configMap as object, POLICY, WAVE } from '../support/objects.ts';
import { createRuntimeGround, NAMESPACE, type RuntimeGround } from './support/ground.ts';

const SOON = { timeout: 30_000, interval: 50 };
const file = (...objects: readonly KubeObject[]) => objects.map((one) => JSON.stringify(one)).join('\n---\n');
const configMap = (name: string, key = 'one', annotations?: Readonly<Record<string, string>>) =>
  object(name, { key }, annotations);

let ground: RuntimeGround;
beforeAll(async () => {
  ground = await createRuntimeGround();
});
afterAll(() => ground?.close());

const live = (namespace: string, name: string, kind = 'ConfigMap', apiVersion = 'v1') =>
  ground.get(apiVersion, kind, namespace, name);
const isThere = async (namespace: string, name: string, kind?: string, apiVersion?: string) =>
  (await live(namespace, name, kind, apiVersion)) !== undefined;
const keyOf = async (namespace: string, name: string) => at(await live(namespace, name), 'data', 'key');
const begin = async (name: string, body: object = {}) => {
  const answer = await ground.request('POST', `/api/v1/applications/${name}/sync`, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
};
const operation = async (name: string) => (await ground.application(name)).status.operationState;

describe('a sync', () => {
  it('goes by waves', async () => {
    const waves = { late: '2', early: '-1', middle: '0' };
    const objects = Object.entries(waves).map(([name, wave]) => configMap(name, 'one', { [WAVE]: wave }));
    await ground.deploy('waves', { 'all.yaml': file(...objects) });
    const written = ground.sandbox.requests
      .filter((request) => /^PATCH .*\/namespaces\/waves\/configmaps\//.test(request) && !request.includes('dryRun'))
      .map((request) => /configmaps\/([a-z]+)/.exec(request)?.[1]);
    expect(written).toEqual(['early', 'middle', 'late']);
  });

  it('waits for its hooks, before and after', async () => {
    const before = job('before', { [HOOK]: 'PreSync', [POLICY]: 'HookSucceeded' });
    const after = job('after', { [HOOK]: 'PostSync', [POLICY]: 'BeforeHookCreation' });
    await ground.deploy('hooks', { 'all.yaml': file(configMap('a'), before, after) }, { isSynced: false });
    await begin('hooks');
    await vi.waitFor(async () => expect((await operation('hooks'))?.message).toMatch(/hook batch\/Job\/before/), SOON);
    expect(await isThere('hooks', 'a')).toBe(false);
    await finishJob(ground.client, 'hooks', 'before');
    await vi.waitFor(async () => expect((await operation('hooks'))?.message).toMatch(/hook batch\/Job\/after/), SOON);
    expect(await isThere('hooks', 'a')).toBe(true);
    await finishJob(ground.client, 'hooks', 'after');
    expect((await ground.settled('hooks')).status.operationState).toMatchObject({ phase: 'Succeeded' });
    expect(await isThere('hooks', 'before', 'Job', 'batch/v1')).toBe(false);
    expect(await isThere('hooks', 'after', 'Job', 'batch/v1')).toBe(true);
  });

  it('fails with a hook that fails, and runs what is for that case', async () => {
    const before = job('before', { [HOOK]: 'PreSync' });
    const alarm = configMap('alarm', 'one', { [HOOK]: 'SyncFail' });
    await ground.deploy('failing', { 'all.yaml': file(configMap('a'), before, alarm) }, { isSynced: false });
    await begin('failing');
    await finishJob(ground.client, 'failing', 'before', false);
    const { operationState } = (await ground.settled('failing')).status;
    expect(operationState?.phase).toBe('Failed');
    expect(operationState?.syncResult?.resources).toMatchObject([
      { kind: 'Namespace' },
      { name: 'before', hookPhase: 'Failed', message: 'broken' },
      { name: 'alarm', hookPhase: 'Succeeded' },
    ]);
    expect(await isThere('failing', 'a')).toBe(false);
  });

  it('is ended by a person', async () => {
    const before = job('before', { [HOOK]: 'PreSync' });
    await ground.deploy('ended', { 'all.yaml': file(configMap('a'), before) }, { isSynced: false });
    await begin('ended');
    await vi.waitFor(async () => expect(await isThere('ended', 'before', 'Job', 'batch/v1')).toBe(true), SOON);
    expect((await ground.request('DELETE', '/api/v1/applications/ended/operation')).status).toBe(200);
    expect((await ground.settled('ended')).status.operationState).toMatchObject({
      phase: 'Failed',
      message: 'Operation terminated',
    });
    expect(await isThere('ended', 'a')).toBe(false);
    expect(await ground.request('DELETE', '/api/v1/applications/ended/operation')).toMatchObject({ status: 400 });
  });

  it('is of some objects alone, or only tried', async () => {
    await ground.deploy('chosen', { 'all.yaml': file(configMap('a'), configMap('b')) }, { isSynced: false });
    const tried = await ground.sync('chosen', { dryRun: true });
    expect(tried.status.operationState).toMatchObject({ phase: 'Succeeded', operation: { sync: { dryRun: true } } });
    expect(await isThere('chosen', 'a')).toBe(false);
    const chosen = await ground.sync('chosen', { resources: [{ kind: 'ConfigMap', name: 'b' }] });
    expect(chosen.status.sync?.status).toBe('OutOfSync');
    expect([await isThere('chosen', 'a'), await isThere('chosen', 'b')]).toEqual([false, true]);
  });

  it('prunes when it is asked to, what may be pruned', async () => {
    const kept = configMap('kept', 'one', { [OPTIONS]: 'Prune=false' });
    const repository = await ground.deploy('pruned', {
      'a.yaml': file(configMap('a')),
      'b.yaml': file(kept, configMap('b')),
    });
    await ground.done(await ground.push(repository, { 'b.yaml': null }));
    await ground.sync('pruned');
    expect([await isThere('pruned', 'b'), await isThere('pruned', 'kept')]).toEqual([true, true]);
    const { status } = await ground.sync('pruned', { prune: true });
    expect([await isThere('pruned', 'b'), await isThere('pruned', 'kept')]).toEqual([false, true]);
    const results = status.operationState?.syncResult?.resources?.map(({ name, status }) => `${name} ${status}`);
    expect(results?.sort()).toEqual(['a Synced', 'b Pruned', 'kept PruneSkipped']);
  });

  it('is asked for once at a time', async () => {
    const before = job('before', { [HOOK]: 'PreSync' });
    await ground.deploy('once', { 'all.yaml': file(configMap('a'), before) }, { isSynced: false });
    await begin('once');
    expect(await ground.request('POST', '/api/v1/applications/once/sync', {})).toMatchObject({
      status: 400,
      body: { code: 9, message: expect.stringContaining('another operation is already in progress') },
    });
    await finishJob(ground.client, 'once', 'before');
    expect((await ground.settled('once')).status.sync?.status).toBe('Synced');
  });

  it('that fails is tried again by an alarm, without any request', async () => {
    const retry = { limit: 20, backoff: { duration: '500ms', factor: 1 } };
    await ground.createApplication({
      ...{ name: 'retried', path: '.', destinationNamespace: 'later', syncOptions: [], automated: {} },
      repository: await ground.createRepository('devops/retried', { 'a.yaml': file(configMap('a')) }),
    });
    await ground.patchApplication('retried', { spec: { syncPolicy: { retry } } });
    await ground.request('POST', '/api/refresh', { application: 'retried' });
    await vi.waitFor(async () => expect((await operation('retried'))?.retryCount ?? 0).toBeGreaterThan(1), SOON);
    await ground.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'later' } });
    expect((await ground.settled('retried')).status.operationState?.phase).toBe('Succeeded');
  });
});

describe('a life that ends while a hook runs', () => {
  it.each(['end', 'kill'] as const)(
    'by %s leaves a sync that the next one finishes, without being asked',
    async (how) => {
      const name = `resumed-${how}`;
      const before = job('before', { [HOOK]: 'PreSync' });
      await ground.deploy(name, { 'all.yaml': file(configMap('a'), before) }, { isSynced: false });
      await begin(name);
      await vi.waitFor(async () => expect(await isThere(name, 'before', 'Job', 'batch/v1')).toBe(true), SOON);
      // A hook that was made and is not recorded yet is made anew.
      await vi.waitFor(async () => expect((await operation(name))?.message).toMatch(/^waiting for/), SOON);
      const uid = (await live(name, 'before', 'Job', 'batch/v1'))?.metadata.uid;
      await ground.restart(how, () => finishJob(ground.client, name, 'before'));
      const { status } = await ground.settled(name);
      expect(status.operationState).toMatchObject({ phase: 'Succeeded' });
      expect(await isThere(name, 'a')).toBe(true);
      expect((await live(name, 'before', 'Job', 'batch/v1'))?.metadata.uid).toBe(uid);
    },
  );
});

describe('a rollback', () => {
  it('brings back what was deployed, and is kept from by automated sync', async () => {
    const repository = await ground.deploy('back', { 'a.yaml': file(configMap('a')) });
    const first = repository.refs.get('refs/heads/main');
    await ground.done(await ground.push(repository, { 'a.yaml': file(configMap('a', 'two')) }));
    await ground.sync('back');
    expect(await keyOf('back', 'a')).toBe('two');
    const rollback = (id: number) => ground.request('POST', '/api/v1/applications/back/rollback', { id });
    expect((await rollback(0)).status).toBe(200);
    const { status } = await ground.settled('back');
    expect(await keyOf('back', 'a')).toBe('one');
    expect(status).toMatchObject({
      sync: { status: 'OutOfSync' },
      operationState: { syncResult: { revision: first } },
    });
    expect(status.history).toHaveLength(3);
    expect(await rollback(99)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('99') },
    });
    await ground.patchApplication('back', { spec: { syncPolicy: { automated: {} } } });
    expect(await rollback(0)).toMatchObject({
      status: 400,
      body: { code: 9, message: expect.stringContaining('auto-sync is enabled') },
    });
  });
});

describe('a sync window', () => {
  const project = (syncWindows: object[]) =>
    ground.client.apply({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: 'windowed', namespace: NAMESPACE },
      spec: {
        ...{ sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }], syncWindows },
        clusterResourceWhitelist: [{ group: '', kind: 'Namespace' }],
      },
    });

  it('holds what comes while it is closed, and lets it pass when it is open', async () => {
    await project([]);
    const more = { project: 'windowed', automated: {} };
    const repository = await ground.deploy('windowed', { 'a.yaml': file(configMap('a')) }, more);
    await project([{ kind: 'deny', schedule: '* * * * *', duration: '1h', applications: ['*'] }]);
    const answer = await ground.push(repository, { 'a.yaml': file(configMap('a', 'two')) });
    expect(await ground.done(answer)).toMatchObject({ applications: [{ name: 'windowed', verdict: 'window-closed' }] });
    expect(await keyOf('windowed', 'a')).toBe('one');
    expect(await ground.request('POST', '/api/v1/applications/windowed/sync', {})).toMatchObject({
      status: 403,
      body: { code: 7, message: expect.stringContaining('cannot sync: blocked by sync window') },
    });
    expect((await ground.request('GET', '/api/v1/applications/windowed/syncwindows')).body).toMatchObject({
      activeWindows: [{ kind: 'deny', schedule: '* * * * *', duration: '1h' }],
    });
    await project([]);
    await ground.refresh('windowed');
    expect((await ground.settled('windowed')).status.sync?.status).toBe('Synced');
    expect(await keyOf('windowed', 'a')).toBe('two');
  });
});

describe('an Application that is deleted', () => {
  const application = (name: string) => ground.get('argoproj.io/v1alpha1', 'Application', NAMESPACE, name);
  const isGone = (name: string) => vi.waitFor(async () => expect(await application(name)).toBeUndefined(), SOON);
  const hold = (name: string, finalizers: string[] | null) =>
    ground.client.patch(
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: name, name: 'held' },
      { metadata: { finalizers } },
      { type: 'merge' },
    );

  it('takes with it what it has made, and names who holds that up', async () => {
    await ground.deploy('deleted', { 'a.yaml': file(configMap('a'), configMap('held')) });
    await hold('deleted', ['example.com/hold']);
    expect((await ground.request('DELETE', '/api/v1/applications/deleted?cascade=true')).status).toBe(200);
    await vi.waitFor(async () => {
      const told = (await ground.application('deleted')).status.conditions?.map(({ message }) => message).join() ?? '';
      expect(told).toContain('example.com/hold');
    }, SOON);
    expect(await isThere('deleted', 'a')).toBe(false);
    await hold('deleted', null);
    await ground.request('POST', '/api/refresh', { application: 'deleted' });
    await isGone('deleted');
    expect(await isThere('deleted', 'held')).toBe(false);
  });

  it('leaves everything without a cascade', async () => {
    await ground.deploy('left', { 'a.yaml': file(configMap('a')) });
    expect((await ground.request('DELETE', '/api/v1/applications/left?cascade=false')).status).toBe(200);
    await isGone('left');
    expect(await isThere('left', 'a')).toBe(true);
  });
});
