// AppProjects by the API: what is checked before they are saved, what an update must not take away, and who may do what.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { type Ask, openApi } from '../support/api-accounts.ts';
import { createGround, type Ground } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const HOME = 'https://kubernetes.default.svc';
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: one\n';

let ground: Ground;
let as: Record<'machine' | 'reader' | 'owner' | 'keeper', Ask>;

beforeAll(async () => {
  ground = await createGround(connectSandbox());
  as = await openApi(ground, {
    reader: ['projects, get, shop, allow'],
    owner: ['projects, *, *, allow'],
    keeper: ['projects, *, *, allow', `clusters, update, ${HOME}, allow`, 'repositories, update, *, allow'],
  });
});
afterAll(() => ground.close());

const projectOf = (name: string, spec: Record<string, unknown> = {}, metadata: Record<string, unknown> = {}) => ({
  project: { metadata: { name, ...metadata }, spec },
});

describe('projects', () => {
  it('are made without apiVersion and kind, as Argo CD’s clients send them, and listed for those who may see them', async () => {
    const spec = { sourceRepos: ['*'], destinations: [{ server: HOME, namespace: 'shop' }], roles: null };
    const finalizers = ['resources-finalizer.argocd.argoproj.io'];
    const made = await as.machine('POST', '/api/v1/projects', projectOf('shop', spec, { finalizers }));
    expect(made).toMatchObject({
      status: 200,
      body: { metadata: { name: 'shop', finalizers }, spec: { sourceRepos: ['*'] } },
    });
    expect(at(made.body, 'metadata', 'managedFields')).toBeUndefined();
    expect(at(made.body, 'spec', 'roles')).toBeUndefined();
    const namesFor = async (ask: Ask) => {
      const { body } = await ask('GET', '/api/v1/projects');
      const items = at(body, 'items');
      return Array.isArray(items) ? items.map((item) => at(item, 'metadata', 'name')) : [];
    };
    expect(await namesFor(as.machine)).toEqual(['default', 'shop']);
    expect(await namesFor(as.reader)).toEqual(['shop']);
    expect((await as.reader('GET', '/api/v1/projects/shop')).status).toBe(200);
  });

  it('are the same when they are made again, and another spec needs upsert', async () => {
    const spec = { sourceRepos: ['*'], destinations: [{ server: HOME, namespace: 'shop' }] };
    expect((await as.machine('POST', '/api/v1/projects', projectOf('shop', spec))).status).toBe(200);
    const other = projectOf('shop', { ...spec, description: 'Shop' });
    expect(await as.machine('POST', '/api/v1/projects', other)).toMatchObject({
      status: 400,
      body: {
        code: 3,
        message:
          'existing project spec is different; use upsert flag to force update; difference in keys "description"',
      },
    });
    const forced = await as.machine('POST', '/api/v1/projects', { ...other, upsert: true });
    expect(forced).toMatchObject({ status: 200, body: { spec: { description: 'Shop' } } });
  });

  it.each<[string, Record<string, unknown>, number, string]>([
    [
      'twice the same destination',
      {
        destinations: [
          { server: 'a', namespace: 'b' },
          { server: 'a', namespace: 'b' },
        ],
      },
      400,
      "destination 'a/b' already added",
    ],
    ['a denial of everything', { sourceRepos: ['!*'] }, 400, "source repository has an invalid format, '!*'"],
    [
      'a policy of another role',
      { roles: [{ name: 'ci', policies: ['p, proj:bad:other, applications, get, bad/*, allow'] }] },
      400,
      "policy subject must be: 'proj:bad:ci', not 'proj:bad:other'",
    ],
    [
      'a policy for another project',
      { roles: [{ name: 'ci', policies: ['p, proj:bad:ci, applications, get, shop/*, allow'] }] },
      400,
      "object must be of form 'bad/*'",
    ],
    [
      'a policy over accounts',
      { roles: [{ name: 'ci', policies: ['p, proj:bad:ci, accounts, get, bad/*, allow'] }] },
      400,
      "project resource must be: 'applications'",
    ],
    ['a role of no name', { roles: [{ name: '-' }] }, 400, "invalid role name '-'"],
    ['a role twice', { roles: [{ name: 'ci' }, { name: 'ci' }] }, 409, "role 'ci' already exists"],
    ['a group with a comma', { roles: [{ name: 'ci', groups: ['a,b'] }] }, 400, "group 'a,b' must be quoted"],
    [
      'a window without a target',
      { syncWindows: [{ kind: 'allow', schedule: '* * * * *', duration: '1h' }] },
      400,
      'requires one of application, cluster or namespace',
    ],
    [
      'a window of another kind',
      { syncWindows: [{ kind: 'maybe', schedule: '* * * * *', duration: '1h', applications: ['*'] }] },
      400,
      "kind 'maybe' mismatch: can only be allow or deny",
    ],
    [
      'a schedule that is none',
      { syncWindows: [{ kind: 'allow', schedule: 'now', duration: '1h', applications: ['*'] }] },
      400,
      "cannot parse schedule 'now'",
    ],
    [
      'a service account with a glob',
      { destinationServiceAccounts: [{ server: '*', namespace: '*', defaultServiceAccount: 'a*' }] },
      400,
      "defaultServiceAccount has an invalid format, 'a*'",
    ],
  ])('with %s are refused', async (_, spec, status, message) => {
    const answer = await as.machine('POST', '/api/v1/projects', projectOf('bad', spec));
    expect(answer).toMatchObject({ status, body: { message: expect.stringContaining(message) } });
    expect((await as.machine('GET', '/api/v1/projects/bad')).status).toBe(404);
  });

  it('without a body are refused', async () => {
    expect(await as.machine('POST', '/api/v1/projects', {})).toMatchObject({
      status: 400,
      body: { message: "missing payload 'project' in request" },
    });
  });

  it('need the right to each cluster and repository that an update adds or takes away', async () => {
    const spec = { sourceRepos: ['https://git.example.com/a'], destinations: [{ server: HOME, namespace: '*' }] };
    await as.machine('POST', '/api/v1/projects', projectOf('reach', spec));
    const update = (ask: Ask, changed: Record<string, unknown>) =>
      ask('PUT', '/api/v1/projects/reach', projectOf('reach', { ...spec, ...changed }));
    expect((await update(as.owner, { description: 'Reach' })).status).toBe(200);
    expect(await update(as.owner, { destinations: [] })).toMatchObject({
      status: 403,
      body: { code: 7, message: expect.stringContaining(`permission denied: clusters, update, ${HOME}, sub: owner`) },
    });
    expect(await update(as.owner, { sourceRepos: [] })).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining('permission denied: repositories, update, https://git.example.com/a') },
    });
    // Which kinds may be deployed concerns every destination.
    const kinds = { clusterResourceWhitelist: [{ group: '*', kind: '*' }] };
    expect((await update(as.owner, kinds)).status).toBe(403);
    expect((await update(as.keeper, { ...kinds, sourceRepos: [] })).status).toBe(200);
  });

  it('keep what Applications use', async () => {
    const repository = await ground.createRepository('devops/kept', { 'm/a.yaml': CONFIG_MAP });
    const spec = { sourceRepos: ['*'], destinations: [{ server: HOME, namespace: '*' }] };
    await as.machine('POST', '/api/v1/projects', projectOf('kept', spec));
    await ground.createApplication({
      name: 'kept',
      repository,
      path: 'm',
      destinationNamespace: 'kept',
      project: 'kept',
    });
    const update = (changed: Record<string, unknown>) =>
      as.machine('PUT', '/api/v1/projects/kept', projectOf('kept', { ...spec, ...changed }));
    expect(await update({ sourceRepos: [], destinations: [{ server: HOME, namespace: 'other' }] })).toMatchObject({
      status: 400,
      body: {
        code: 3,
        message:
          'as a result of project update 1 applications source became invalid and 1 applications destination became invalid',
      },
    });
    expect((await update({ destinations: [{ server: HOME, namespace: 'kept' }] })).status).toBe(200);
    expect(await as.machine('DELETE', '/api/v1/projects/kept')).toMatchObject({
      status: 400,
      body: { message: 'project is referenced by 1 applications' },
    });
  });

  it('are deleted when nobody uses them, finalizer or not, and default never', async () => {
    const finalizers = ['resources-finalizer.argocd.argoproj.io'];
    await as.machine('POST', '/api/v1/projects', projectOf('gone', {}, { finalizers }));
    expect(await as.machine('DELETE', '/api/v1/projects/gone')).toEqual({ status: 200, body: {} });
    expect((await as.machine('GET', '/api/v1/projects/gone')).status).toBe(404);
    expect(await as.machine('DELETE', '/api/v1/projects/default')).toMatchObject({
      status: 400,
      body: { message: "name 'default' is reserved and cannot be deleted" },
    });
  });

  it.each([
    ['GET', '/api/v1/projects/default', undefined],
    ['GET', '/api/v1/projects/nosuch', undefined],
    ['PUT', '/api/v1/projects/shop', projectOf('shop')],
    ['DELETE', '/api/v1/projects/shop', undefined],
    ['POST', '/api/v1/projects', projectOf('mine')],
    ['GET', '/api/v1/projects/default/detailed', undefined],
  ])('%s %s needs the right', async (method, path, body) => {
    expect(await as.reader(method, path, body)).toMatchObject({
      status: 403,
      body: { code: 7, message: expect.stringContaining('permission denied: projects, ') },
    });
  });

  it('that nobody has made are 404 to those who may see all', async () => {
    expect(await as.owner('GET', '/api/v1/projects/nosuch')).toMatchObject({
      status: 404,
      body: { code: 5, message: expect.stringContaining('appprojects.argoproj.io "nosuch" not found') },
    });
  });

  it('keep the tokens of their roles through an update, whatever it says of them', async () => {
    await as.machine('POST', '/api/v1/projects', projectOf('roles', { roles: [{ name: 'ci' }] }));
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', namespace: ground.namespace, name: 'roles' };
    const status = { jwtTokensByRole: { ci: { items: [{ iat: 1, id: 'one' }] } } };
    await ground.client.patch(ref, { status }, { type: 'merge' });
    // A role's token that was taken back since this was read.
    const stale = [{ name: 'ci', jwtTokens: [{ iat: 0, id: 'zero' }] }];
    const body = projectOf('roles', { description: 'x', roles: stale });
    expect((await as.machine('PUT', '/api/v1/projects/roles', body)).status).toBe(200);
    expect((await as.machine('GET', '/api/v1/projects/roles')).body).toMatchObject({
      spec: { description: 'x', roles: [{ name: 'ci', jwtTokens: [{ iat: 1, id: 'one' }] }] },
      status,
    });
  });

  it('tell which of their windows are open, what is registered for them, and which global projects they follow', async () => {
    const window = { kind: 'deny', schedule: '* * * * *', duration: '1h', applications: ['*'] };
    const never = { ...window, schedule: '0 0 1 1 *', duration: '1s' };
    await as.machine('POST', '/api/v1/projects', projectOf('more', { syncWindows: [window, never] }));
    expect((await as.machine('GET', '/api/v1/projects/more/syncwindows')).body).toEqual({ windows: [window] });
    expect((await as.machine('GET', '/api/v1/projects/more/globalprojects')).body).toEqual({ items: [] });
    const url = `${ground.gitUrl}/devops/kept`;
    await as.machine('POST', '/api/v1/repositories', {
      repo: url,
      project: 'more',
      username: 'devops',
      password: 'git-password',
    });
    const detailed = await as.machine('GET', '/api/v1/projects/more/detailed');
    expect(detailed).toMatchObject({
      status: 200,
      body: {
        globalProjects: [],
        project: { metadata: { name: 'more' } },
        repositories: [{ repo: url, project: 'more', username: 'devops', type: 'git' }],
        clusters: [],
      },
    });
    expect(JSON.stringify(detailed.body)).not.toContain('git-password');
    expect((await as.machine('GET', '/api/v1/projects/more/links')).body).toEqual({ items: [] });
  });

  it('have the links that argocd-cm has for them, and whose condition holds', async () => {
    const links = [
      '- url: https://chat.example.com/{{.project.metadata.name}}',
      '  title: Chat',
      '  description: Where people talk',
      '- url: https://example.com/prod',
      '  title: Production',
      '  if: project.metadata.name == "prod"',
      '- url: https://example.com/shop',
      '  title: Shop',
      '  icon.class: fa-shop',
      '  if: project.metadata.name startsWith "sh"',
      '- url: "{{"',
      '  title: Broken',
    ].join('\n');
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: ground.namespace, name: 'argocd-cm' };
    await ground.client.patch(ref, { data: { 'project.links': links } }, { type: 'merge' });
    expect((await as.reader('GET', '/api/v1/projects/shop/links')).body).toEqual({
      items: [
        { title: 'Chat', url: 'https://chat.example.com/shop', description: 'Where people talk' },
        { title: 'Shop', url: 'https://example.com/shop', iconClass: 'fa-shop' },
      ],
    });
  });

  it('have Events that say who did what with them', async () => {
    await as.owner('POST', '/api/v1/projects', projectOf('told'));
    await as.owner('PUT', '/api/v1/projects/told', projectOf('told', { description: 'x' }));
    await ground.hawser.idle();
    const { body } = await as.owner('GET', '/api/v1/projects/told/events');
    const items = at(body, 'items');
    const told = Array.isArray(items) ? items.map((item) => [at(item, 'reason'), at(item, 'message')]) : [];
    expect(told.sort()).toEqual([
      ['ResourceCreated', 'owner created project'],
      ['ResourceUpdated', 'owner updated project'],
    ]);
  });

  it('follow the global projects whose selector finds them', async () => {
    await as.machine(
      'POST',
      '/api/v1/projects',
      projectOf('everybody', { sourceRepos: ['https://git.example.com/*'] }),
    );
    await as.machine('POST', '/api/v1/projects', projectOf('team', {}, { labels: { team: 'a' } }));
    const globalProjects = '- projectName: everybody\n  labelSelector:\n    matchLabels: { team: a }\n';
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: ground.namespace, name: 'argocd-cm' };
    await ground.client.patch(ref, { data: { globalProjects } }, { type: 'merge' });
    const namesOf = async (name: string) => {
      const items = at((await as.machine('GET', `/api/v1/projects/${name}/globalprojects`)).body, 'items');
      return Array.isArray(items) && items.map((item) => at(item, 'metadata', 'name'));
    };
    expect([await namesOf('team'), await namesOf('shop'), await namesOf('everybody')]).toEqual([['everybody'], [], []]);
  });
});
