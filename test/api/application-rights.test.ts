// Rights that depend on what is asked for: where an Application comes from and goes to, whose manifests are synced, and what a setting wants.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccountGround, createAccountGround } from '../support/account-ground.ts';
import { NAMESPACE } from '../support/ground.ts';

const APPLICATIONS = '/api/v1/applications';
const ACCOUNTS = ['reader', 'blue', 'mover', 'syncer', 'overrider', 'back'];
const POLICY = `
p, role:blue, applications, *, blue/*, allow
g, blue, role:blue
p, role:mover, applications, *, blue/*, allow
p, role:mover, applications, create, red/*, allow
p, role:mover, applications, update, red/*, allow
g, mover, role:mover
p, role:syncer, applications, get, */*, allow
p, role:syncer, applications, sync, */*, allow
g, syncer, role:syncer
p, role:overrider, applications, override, */*, allow
g, overrider, role:syncer
g, overrider, role:overrider
p, role:back, applications, get, */*, allow
p, role:back, applications, rollback, */*, allow
g, back, role:back
g, reader, role:readonly
`;

let here: AccountGround;
let repoURL: string;
const tokens = new Map<string, string>();
beforeAll(async () => {
  here = await createAccountGround({ accounts: Object.fromEntries(ACCOUNTS.map((name) => [name, 'login'])) });
  await here.set('argocd-rbac-cm', { 'policy.csv': POLICY });
  for (const name of ACCOUNTS) tokens.set(name, await here.login(name));
  const { ground } = here;
  const repository = await ground.createRepository('devops/app', {
    'm/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: one\n',
  });
  repoURL = `${ground.gitUrl}/${repository.path}`;
  await ground.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'app' } });
  for (const name of ['blue', 'red']) {
    await ground.client.apply({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name, namespace: NAMESPACE },
      spec: { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }] },
    });
  }
});
afterAll(() => here.close());

const body = (name: string, project: string, path = 'm') => ({
  metadata: { name },
  spec: {
    project,
    source: { repoURL, path, targetRevision: 'main' },
    destination: { server: 'https://kubernetes.default.svc', namespace: 'app' },
  },
});

async function statusOf(by: string, method: string, path: string, sent?: unknown): Promise<number> {
  const token = tokens.get(by) ?? '';
  const answer = await here.request(method, `${APPLICATIONS}${path}`, { token, body: sent });
  await here.ground.hawser.idle();
  return answer.status;
}

describe('who may do what with Applications', () => {
  it('makes them in the projects that are open to one, and changes none of others', async () => {
    expect(await statusOf('blue', 'POST', '', body('app', 'red'))).toBe(403);
    expect(await statusOf('reader', 'POST', '', body('app', 'blue'))).toBe(403);
    expect(await statusOf('blue', 'POST', '', body('app', 'blue'))).toBe(200);
    expect(await statusOf('mover', 'POST', '', body('red', 'red'))).toBe(200);
    // The one of the other project has this name already.
    expect(await statusOf('blue', 'POST', '?upsert=true', body('red', 'blue'))).toBe(403);
    expect(await statusOf('blue', 'PUT', '/red', body('red', 'blue'))).toBe(403);
    expect(await statusOf('reader', 'PUT', '/app', body('app', 'blue'))).toBe(403);
  });

  it('moves them only where one may make and change them, and out of where one may change them', async () => {
    const patch = JSON.stringify({ spec: { project: 'red' } });
    expect(await statusOf('blue', 'PUT', '/app', body('app', 'red'))).toBe(403);
    expect(await statusOf('blue', 'PUT', '/app/spec', body('app', 'red').spec)).toBe(403);
    expect(await statusOf('blue', 'PATCH', '/app', { patch, patchType: 'merge' })).toBe(403);
    expect(await statusOf('mover', 'PATCH', '/app', { patch, patchType: 'merge' })).toBe(200);
    expect(await statusOf('blue', 'GET', '/app')).toBe(403);
    expect(await statusOf('mover', 'PUT', '/app', body('app', 'blue'))).toBe(200);
    expect(await statusOf('blue', 'GET', '/app')).toBe(200);
  });

  it('shows no Application to whoever may not see it, in a list either', async () => {
    const items = async (by: string) => {
      const answer = await here.request('GET', APPLICATIONS, { token: tokens.get(by) ?? '' });
      return ((await answer.json()) as { items: { metadata: { name: string } }[] }).items.map(
        ({ metadata }) => metadata.name,
      );
    };
    expect(await items('blue')).toEqual(['app']);
    expect(await items('reader')).toEqual(['app', 'red']);
    expect(await statusOf('blue', 'GET', '/nosuch')).toBe(403);
    expect(await statusOf('reader', 'GET', '/nosuch')).toBe(404);
  });

  it('syncs what is not in Git only with the right to override', async () => {
    const manifests = [JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } })];
    expect(await statusOf('reader', 'POST', '/app/sync', {})).toBe(403);
    expect(await statusOf('syncer', 'POST', '/app/sync', {})).toBe(200);
    expect(await statusOf('syncer', 'POST', '/app/sync', { manifests })).toBe(403);
    expect(await statusOf('overrider', 'POST', '/app/sync', { manifests })).toBe(200);
  });

  it('syncs another revision without that right, unless the setting wants it', async () => {
    const other = { revision: 'refs/heads/main' };
    expect(await statusOf('syncer', 'POST', '/app/sync', other)).toBe(200);
    await here.set('argocd-cm', { 'application.sync.requireOverridePrivilegeForRevisionSync': 'true' });
    expect(await statusOf('syncer', 'POST', '/app/sync', other)).toBe(403);
    expect(await statusOf('syncer', 'POST', '/app/sync', { revision: 'main' })).toBe(200);
    expect(await statusOf('overrider', 'POST', '/app/sync', other)).toBe(200);
  });

  it('rolls back with the right to sync, or to roll back where the setting wants that', async () => {
    expect(await statusOf('back', 'POST', '/app/rollback', { id: 0 })).toBe(403);
    expect(await statusOf('syncer', 'POST', '/app/rollback', { id: 0 })).toBe(200);
    expect(await statusOf('syncer', 'POST', '/app/rollback', { id: 0, disableAutoSync: true })).toBe(403);
    await here.set('argocd-cm', { 'server.rbac.rollback.enforce.enable': 'true' });
    expect(await statusOf('syncer', 'POST', '/app/rollback', { id: 0 })).toBe(403);
    expect(await statusOf('back', 'POST', '/app/rollback', { id: '0' })).toBe(200);
  });

  it('compares with objects that are not the Application’s only where one may sync', async () => {
    const diffOf = (name: string, namespace = 'app') => {
      const manifest = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace } });
      return `/app/server-side-diff?targetManifests=${encodeURIComponent(manifest)}`;
    };
    expect(await statusOf('reader', 'GET', diffOf('settings'))).toBe(200);
    expect(await statusOf('reader', 'GET', diffOf('another'))).toBe(403);
    expect(await statusOf('reader', 'GET', diffOf('settings', 'kube-system'))).toBe(403);
    expect(await statusOf('syncer', 'GET', diffOf('another'))).toBe(200);
    expect(await statusOf('reader', 'POST', '/app/server-side-diff', { targetManifests: [] })).toBe(403);
    expect(await statusOf('syncer', 'POST', '/app/server-side-diff', { targetManifests: [] })).toBe(200);
    expect(await statusOf('reader', 'POST', '/app/plan', {})).toBe(200);
    expect(await statusOf('reader', 'POST', '/app/plan', { manifests: [] })).toBe(403);
    expect(await statusOf('syncer', 'POST', '/app/plan', { manifests: [] })).toBe(200);
  });

  it('says in the record and the log who did it', async () => {
    const { status } = await here.ground.application('app');
    expect(status.history?.at(-1)?.initiatedBy).toEqual({ username: 'back' });
    expect(await statusOf('blue', 'DELETE', '/app')).toBe(200);
    expect(here.ground.logs.join('\n')).toContain('"by":"blue"');
  });
});
