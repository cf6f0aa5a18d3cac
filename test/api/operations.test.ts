// Operations over the API: syncs as Argo CD's clients ask for them, of Git or of what they bring, and what is refused.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, stringAt } from '../../src/base/json.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createGround, type Ground, NAMESPACE } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const configMap = (value: string, name = 'settings') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  key: ${value}\n`;
const localMap = (value: string, name = 'settings') =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { key: value } });
const localSecret = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'local' },
  stringData: { password: 'not-for-everybody' },
});

let ground: Ground;
let repository: SandboxRepository;
beforeAll(async () => {
  ground = await createGround(connectSandbox());
  repository = await ground.createRepository('devops/app', { 'm/a.yaml': configMap('one') });
});
afterAll(() => ground.close());

async function make(name: string, more: { isAutomated?: boolean } = {}) {
  await ground.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  await ground.createApplication({ name, repository, path: 'm', destinationNamespace: name, ...more });
  await ground.refresh(name);
  const value = async (object = 'settings') => at(await ground.get('v1', 'ConfigMap', name, object), 'data', 'key');
  return { value };
}

const post = (name: string, verb: string, body?: unknown) =>
  ground.request('POST', `/api/v1/applications/${name}/${verb}`, body);

describe('a sync', () => {
  it.each([
    ['without a body', undefined],
    ['as argocd-mcp asks for it', { appNamespace: NAMESPACE, prune: false, syncOptions: ['ApplyOutOfSyncOnly=true'] }],
    [
      'as Roadie asks for it',
      { prune: false, dryRun: false, strategy: { hook: { force: true } }, resources: null, appNamespace: null },
    ],
    [
      'as argocd asks for it',
      { name: 'x', revision: '', syncOptions: { items: [] }, infos: null, retryStrategy: null },
    ],
    ['with Go’s numbers', { retryStrategy: { limit: '2', backoff: { duration: '1s', factor: '2' } } }],
  ])('%s is done', async (title, body) => {
    const name = `sync-${title.replaceAll(/[^a-z]/g, '')}`.slice(0, 40);
    const { value } = await make(name);
    const { status, body: begun } = await post(name, 'sync', body);
    expect(status).toBe(200);
    expect(at(begun, 'operation', 'initiatedBy')).toEqual({ username: 'hawser' });
    const done = await ground.application(name);
    expect(done.status.operationState).toMatchObject({
      phase: 'Succeeded',
      operation: { initiatedBy: { username: 'hawser' } },
    });
    expect(await value()).toBe('one');
  });

  it('takes options and attempts from the spec where it names none', async () => {
    const { metadata, spec } = {
      metadata: { name: 'defaults' },
      spec: { syncPolicy: { syncOptions: ['CreateNamespace=true'], retry: { limit: 1 } } },
    };
    await make(metadata.name);
    const patch = JSON.stringify({ spec });
    await ground.request('PATCH', '/api/v1/applications/defaults', { patch, patchType: 'merge' });
    const { body: begun } = await post('defaults', 'sync', {});
    expect(at(begun, 'operation')).toMatchObject({
      sync: { syncOptions: ['CreateNamespace=true'] },
      retry: { limit: 1 },
    });
    await ground.hawser.idle();
  });

  it.each([
    [
      'of a position that is not there',
      'several',
      { revisions: ['main'], sourcePositions: [3] },
      400,
      3,
      'source position is out of range',
    ],
    [
      'of fewer positions than revisions',
      'several',
      { revisions: ['main', 'main'], sourcePositions: [1] },
      400,
      3,
      'source position is out of range',
    ],
    [
      'of another branch than automated sync brings',
      'automated',
      { revision: 'other' },
      400,
      9,
      'Cannot sync to other: auto-sync currently set to main',
    ],
    [
      'of what a client brings beside automated sync',
      'automated',
      { manifests: [localMap('x')] },
      400,
      9,
      'cannot use local sync when Automatic Sync Policy is enabled',
    ],
    [
      'of manifests that are none',
      'refused',
      { manifests: ['kind: ConfigMap'] },
      400,
      3,
      "Object 'apiVersion' is missing",
    ],
    [
      'in a namespace that may hold none',
      'refused',
      { appNamespace: 'nowhere' },
      403,
      7,
      "namespace 'nowhere' is not permitted",
    ],
    [
      'with a retry that is none',
      'refused',
      { retryStrategy: { limit: 1, backoff: { duration: 'soon' } } },
      400,
      3,
      'soon',
    ],
    ['with resources that are none', 'refused', { resources: [{ name: 'x' }] }, 400, 3, 'resources.0.kind'],
  ])('%s is refused', async (_, name, body, status, code, message) => {
    if (!(await ground.get('argoproj.io/v1alpha1', 'Application', NAMESPACE, name))) {
      await make(name, { isAutomated: name === 'automated' });
      const { repoURL } = { repoURL: `${ground.gitUrl}/${repository.path}` };
      const source = { repoURL, path: 'm', targetRevision: 'main' };
      const spec =
        name === 'several'
          ? { sources: [source, { ...source, ref: 'values' }] }
          : name === 'automated'
            ? { source, syncPolicy: { automated: {} } }
            : { source };
      const patch = JSON.stringify({ spec });
      const { status: patched } = await ground.request('PATCH', `/api/v1/applications/${name}`, {
        patch,
        patchType: 'merge',
      });
      expect(patched).toBe(200);
      await ground.hawser.idle();
    }
    const answer = await post(name, 'sync', body);
    expect(answer).toMatchObject({ status, body: { code, message: expect.stringContaining(message) } });
  });

  it('of one of several sources at a revision leaves the others at theirs', async () => {
    await make('positions');
    const source = { repoURL: `${ground.gitUrl}/${repository.path}`, path: 'm', targetRevision: 'main' };
    const spec = { source: null, sources: [source, { ...source, path: 'n', ref: 'other' }] };
    await ground.commit(repository, { 'n/b.yaml': configMap('two', 'second') }, 'side');
    const patch = JSON.stringify({
      spec: { ...spec, sources: [source, { ...source, path: 'n', targetRevision: 'side' }] },
    });
    expect(
      (await ground.request('PATCH', '/api/v1/applications/positions', { patch, patchType: 'merge' })).status,
    ).toBe(200);
    await ground.hawser.idle();
    await ground.commit(repository, { 'n/b.yaml': configMap('three', 'second') }, 'newer');
    const { body: begun } = await post('positions', 'sync', { revisions: ['newer'], sourcePositions: ['2'] });
    expect(at(begun, 'operation', 'sync', 'revisions')).toEqual(['', 'newer']);
    await ground.application('positions');
    expect(at(await ground.get('v1', 'ConfigMap', 'positions', 'second'), 'data', 'key')).toBe('three');
    expect(at(await ground.get('v1', 'ConfigMap', 'positions', 'settings'), 'data', 'key')).toBe('one');
  });
});

describe('a local sync', () => {
  it('applies what the client brings, and shows afterwards how that differs from Git', async () => {
    const { value } = await make('local');
    await ground.sync('local');
    const manifests = [localMap('mine'), `${configMap('more', 'extra')}---\n${configMap('more', 'third')}`];
    const done = await ground.sync('local', { manifests });
    expect(await value()).toBe('mine');
    expect(await value('extra')).toBe('more');
    expect(await value('third')).toBe('more');
    expect(done.status).toMatchObject({
      operationState: { phase: 'Succeeded', operation: { initiatedBy: { username: 'hawser' } } },
      sync: { status: 'OutOfSync', revision: expect.stringMatching(/^[0-9a-f]{40}$/) },
    });
    expect(done.status.history).toHaveLength(1);
    expect(done.status.operationState?.operation.sync?.manifests).toHaveLength(3);

    // Git counts again with the next sync; what is not there is pruned.
    await ground.sync('local', { prune: true });
    expect(await value()).toBe('one');
    expect(await value('extra')).toBeUndefined();
  });

  it('changes nothing as a dry run, beside automated sync too', async () => {
    const { value } = await make('rehearsed');
    await ground.sync('rehearsed');
    const done = await ground.sync('rehearsed', { manifests: [localMap('mine')], dryRun: true });
    expect(done.status.operationState).toMatchObject({
      phase: 'Succeeded',
      syncResult: { resources: [{ name: 'settings' }] },
    });
    expect(await value()).toBe('one');
  });

  it('shows nobody the Secrets that it brings', async () => {
    await make('secret');
    await ground.sync('secret', { manifests: [localSecret] });
    const { body: app } = await ground.request('GET', '/api/v1/applications/secret');
    const [shown = ''] = at(app, 'status', 'operationState', 'operation', 'sync', 'manifests') as string[];
    expect(JSON.parse(shown)).toMatchObject({ kind: 'Secret', data: { password: '++++++++' } });
    expect(JSON.stringify(app)).not.toContain('not-for-everybody');
    expect(stringAt(await ground.get('v1', 'Secret', 'secret', 'local'), 'data', 'password')).toBe(
      btoa('not-for-everybody'),
    );
  });

  it('keeps to the project’s rules', async () => {
    await make('ruled');
    const namespace = JSON.stringify({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'x', namespace: 'kube-system' },
    });
    await ground.client.apply({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: 'narrow', namespace: NAMESPACE },
      spec: { sourceRepos: ['*'], destinations: [{ server: '*', namespace: 'ruled' }] },
    });
    const patch = JSON.stringify({ spec: { project: 'narrow' } });
    await ground.request('PATCH', '/api/v1/applications/ruled', { patch, patchType: 'merge' });
    await ground.hawser.idle();
    const done = await ground.sync('ruled', { manifests: [namespace] });
    expect(done.status.operationState?.phase).not.toBe('Succeeded');
    expect(await ground.get('v1', 'ConfigMap', 'kube-system', 'x')).toBeUndefined();
  });
});

describe('a comparison of what a client brings', () => {
  it('is the API server’s, and comes by GET or POST', async () => {
    await make('compared');
    await ground.sync('compared');
    const manifest = localMap('two');
    const got = await ground.request(
      'GET',
      `/api/v1/applications/compared/server-side-diff?targetManifests=${encodeURIComponent(manifest)}`,
    );
    const posted = await post('compared', 'server-side-diff', { targetManifests: [manifest] });
    for (const { status, body } of [got, posted]) {
      expect(status).toBe(200);
      expect(body).toMatchObject({ modified: true, items: [{ kind: 'ConfigMap', name: 'settings', modified: true }] });
      expect(JSON.parse(stringAt(body, 'items', 0, 'predictedLiveState') ?? '')).toMatchObject({
        data: { key: 'two' },
      });
    }
  });
});

describe('the end of an operation', () => {
  it('is refused where none runs', async () => {
    await make('idle');
    expect(await ground.request('DELETE', '/api/v1/applications/idle/operation')).toMatchObject({
      status: 400,
      body: { code: 3, message: 'Unable to terminate operation. No operation is in progress' },
    });
  });
});
