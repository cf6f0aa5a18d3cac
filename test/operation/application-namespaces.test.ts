// Applications in other namespaces than hawser's own (application.namespaces): found, pushed to, and worked on by the API like any other,
// where their project permits it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, stringAt } from '../../src/base/json.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createGround, type Ground, NAMESPACE } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const configMap = (value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: ${value}\n`;

let ground: Ground;
let repository: SandboxRepository;
beforeAll(async () => {
  ground = await createGround(connectSandbox());
  repository = await ground.createRepository('devops/app', { 'm/a.yaml': configMap('one') });
  for (const name of ['team-a', 'team-b', 'elsewhere', 'target', 'own']) {
    await ground.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  await ground.client.apply({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'teams', namespace: NAMESPACE },
    spec: { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }], sourceNamespaces: ['team-*'] },
  });
});
afterAll(() => ground.close());

const permit = async (patterns: string) => {
  await ground.client.apply({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'argocd-cmd-params-cm', namespace: NAMESPACE },
    data: { 'application.namespaces': patterns },
  });
  await ground.hawser.resume();
};

function body(namespace: string, name: string, project = 'teams', destination = 'target') {
  const source = { repoURL: `${ground.gitUrl}/${repository.path}`, path: 'm', targetRevision: 'main' };
  return {
    metadata: { name, namespace },
    spec: { project, source, destination: { server: 'https://kubernetes.default.svc', namespace: destination } },
  };
}

const request = (method: string, path: string, sent?: unknown) =>
  ground.request(method, `/api/v1/applications${path}`, sent);
const names = async (query = '') => {
  const items = at((await request('GET', query)).body, 'items');
  return (Array.isArray(items) ? items : []).map(
    (item) => `${stringAt(item, 'metadata', 'namespace')}/${stringAt(item, 'metadata', 'name')}`,
  );
};
const state = async (namespace: string, name: string) => {
  await ground.hawser.idle();
  return (await request('GET', `/${name}?appNamespace=${namespace}`)).body;
};

describe('Applications in other namespaces', () => {
  it.each([['team-a,team-b'], ['team-*'], ['/^team-[ab]$/']])(
    'with %s: are made, synced, pushed to and deleted',
    async (patterns) => {
      await permit(patterns);
      expect((await request('POST', '', body(NAMESPACE, 'app', 'default', 'own'))).status).toBe(200);
      expect((await request('POST', '', body('team-a', 'app'))).status).toBe(200);
      expect(await state('team-a', 'app')).toMatchObject({ status: { sync: { status: 'OutOfSync' } } });
      expect(await names()).toEqual([`${NAMESPACE}/app`, 'team-a/app']);
      expect(await names('?appNamespace=team-a')).toEqual(['team-a/app']);
      expect(await names('?appNamespace=elsewhere')).toEqual([]);

      expect((await request('POST', '/app/sync', { appNamespace: 'team-a' })).status).toBe(200);
      expect(await state('team-a', 'app')).toMatchObject({
        status: { sync: { status: 'Synced' }, operationState: { phase: 'Succeeded' } },
      });
      const live = await ground.get('v1', 'ConfigMap', 'target', 'settings');
      expect(live?.metadata.annotations?.['argocd.argoproj.io/tracking-id']).toBe(
        'team-a_app:/ConfigMap:target/settings',
      );
      // The one of the same name is another one.
      expect(await state(NAMESPACE, 'app')).toMatchObject({ status: { sync: { status: 'OutOfSync' } } });

      const patch = JSON.stringify({ spec: { syncPolicy: { automated: {} } } });
      await request('PATCH', '/app', { patch, patchType: 'merge', appNamespace: 'team-a' });
      await ground.hawser.idle();
      const { applications } = await ground.push(repository, { 'm/a.yaml': configMap(patterns) });
      expect(applications.map(({ name }) => name)).toEqual(['app', 'app']);
      await ground.hawser.idle();
      expect(at(await ground.get('v1', 'ConfigMap', 'target', 'settings'), 'data', 'key')).toBe(patterns);

      expect((await request('DELETE', '/app?appNamespace=team-a')).status).toBe(200);
      await ground.hawser.idle();
      expect(await ground.get('v1', 'ConfigMap', 'target', 'settings')).toBeUndefined();
      expect(await names()).toEqual([`${NAMESPACE}/app`]);
      await request('DELETE', '/app?cascade=false');
      await ground.hawser.idle();
    },
  );

  it('are none where nobody permits them', async () => {
    await permit('team-a');
    const refused = {
      status: 403,
      body: { message: expect.stringContaining("namespace 'elsewhere' is not permitted") },
    };
    expect(await request('POST', '', body('elsewhere', 'app'))).toMatchObject(refused);
    expect(await request('GET', '/app?appNamespace=elsewhere')).toMatchObject(refused);
    expect(await request('POST', '/app/sync', { appNamespace: 'elsewhere' })).toMatchObject(refused);
    const refresh = { application: 'app', appNamespace: 'elsewhere' };
    expect(await ground.request('POST', '/api/refresh', refresh)).toMatchObject(refused);
    expect(await request('POST', '', body('team-a', 'app', 'default'))).toMatchObject({
      status: 400,
      body: {
        message: expect.stringContaining(
          "application 'app' in namespace 'team-a' is not allowed to use project default",
        ),
      },
    });
  });
});
