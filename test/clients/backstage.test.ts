// @backstage-community/plugin-argocd-node 1.4.0 as it comes from the registry: every method of its ArgoCDService.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, stringAt } from '../../src/base/json.ts';
import { createWorld, findClient, until, type World } from './world.ts';

type Answer = Promise<Record<string, unknown>>;

interface ArgoCDService {
  getArgoInstances(): readonly { name: string; url: string }[];
  getToken(instance: object): Promise<string>;
  listArgoApps(instance: string, options?: object): Promise<{ items: readonly unknown[] }>;
  findApplications(options: object): Promise<readonly unknown[]>;
  getApplication(instance: string, options?: object): Answer;
  getRevisionDetails(instance: string, app: string, revision: string, options?: object): Answer;
  createProject(options: object): Answer;
  createApplication(options: object): Answer;
  createArgoResources(options: object): Answer;
}
type MakeService = new (config: unknown, logger: object) => ArgoCDService;

const client = findClient('backstage');

describe.skipIf(!client)('the ArgoCDService of @backstage-community/plugin-argocd-node 1.4.0', () => {
  let world: World;
  let service: ArgoCDService;
  let Service: MakeService;
  const silent = () => undefined;
  const logger = { info: silent, warn: silent, error: silent, debug: silent };

  beforeAll(async () => {
    if (!client) return;
    world = await createWorld();
    await world.deploy('web', { team: 'blue' });
    Service = (await client.load('@backstage-community/plugin-argocd-node')).ArgoCDService as MakeService;
    const { ConfigReader } = await client.load('@backstage/config');
    const instances = [
      { name: 'hawser', url: `${world.url}/` },
      { name: 'token', url: world.url, token: world.token },
      { name: 'wrong', url: world.url, token: 'a.b.c' },
    ];
    const argocd = { username: 'admin', password: world.password, appLocatorMethods: [{ type: 'config', instances }] };
    service = new Service(new (ConfigReader as new (data: object) => unknown)({ argocd }), logger);
  }, 60_000);
  afterAll(() => world?.close());

  const WEB = {
    metadata: { name: 'web', instance: { name: 'hawser' } },
    status: {
      sync: { status: 'Synced' },
      health: { status: 'Healthy' },
      history: [{ id: 0, revision: expect.any(String) }],
    },
  };

  it('getArgoInstances and getToken', async () => {
    expect(service.getArgoInstances()).toMatchObject([
      { name: 'hawser', url: world.url },
      { name: 'token' },
      { name: 'wrong' },
    ]);
    expect(await service.getToken({ url: world.url })).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    await expect(service.getToken({ url: world.url, username: 'admin', password: 'wrong' })).rejects.toThrow(
      'Unauthorized: Invalid credentials',
    );
  });

  it.each([
    ['all', undefined, 1],
    ['by a selector', { selector: 'team=blue' }, 1],
    ['by name and project', { name: 'web', project: 'default', appNamespace: 'argocd' }, 1],
    ['of another project', { project: 'nosuch' }, 0],
    ['by a selector that finds none', { selector: 'team=red' }, 0],
  ])('listArgoApps: %s', async (_, options, count) => {
    const { items } = await service.listArgoApps('hawser', options);
    expect(items).toHaveLength(count);
    if (count > 0) expect(items).toMatchObject([WEB]);
  });

  it('findApplications', async () => {
    const all =
      (await service.findApplications({ appName: 'web', expand: 'applications' }).catch(() => undefined)) ?? [];
    // One of the three instances has a wrong token: it fails as a whole, as with Argo CD.
    expect(all).toEqual([]);
    const config = {
      argocd: {
        appLocatorMethods: [{ type: 'config', instances: [{ name: 'hawser', url: world.url, token: world.token }] }],
      },
    };
    const { ConfigReader } = (await client?.load('@backstage/config')) ?? {};
    const alone = new Service(new (ConfigReader as new (data: object) => unknown)(config), logger);
    expect(
      await alone.findApplications({
        appName: 'web',
        project: 'default',
        appNamespace: 'argocd',
        expand: 'applications',
      }),
    ).toMatchObject([{ name: 'hawser', url: world.url, appName: ['web'], applications: [WEB] }]);
    expect(await alone.findApplications({ appName: 'nosuch' })).toEqual([]);
  });

  it('getApplication, and what it makes of refusals', async () => {
    expect(
      await service.getApplication('hawser', { appName: 'web', appNamespace: 'argocd', project: 'default' }),
    ).toMatchObject(WEB);
    expect(await service.getApplication('token', { appName: 'web' })).toMatchObject({ metadata: { name: 'web' } });
    await expect(service.getApplication('hawser', { appName: 'nosuch' })).rejects.toMatchObject({
      name: 'NotFoundError',
    });
    await expect(service.getApplication('hawser', { appName: 'web', project: 'other' })).rejects.toMatchObject({
      name: 'NotFoundError',
    });
    await expect(service.getApplication('wrong', { appName: 'web' })).rejects.toMatchObject({
      name: 'AuthenticationError',
    });
    await expect(service.getApplication('hawser', { appName: 'web', appNamespace: 'elsewhere' })).rejects.toMatchObject(
      {
        name: 'NotAllowedError',
      },
    );
  });

  it('getRevisionDetails', async () => {
    const options = { appNamespace: 'argocd', sourceIndex: '0' };
    expect(await service.getRevisionDetails('hawser', 'web', world.commit, options)).toMatchObject({
      revisionID: world.commit,
      author: 'Kim <kim@example.com>',
      date: expect.stringMatching(/^\d{4}-/),
      message: 'Change',
    });
    await expect(service.getRevisionDetails('hawser', 'web', 'main')).rejects.toThrow('failed with 400');
  });

  it('createProject and createApplication', async () => {
    await world.makeNamespace('made');
    const common = {
      instanceUrl: world.url,
      token: world.token,
      projectName: 'made',
      namespace: 'made',
      sourceRepository: world.repoURL,
    };
    expect(await service.createProject(common)).toMatchObject({
      metadata: { name: 'made', uid: expect.any(String) },
      spec: { sourceRepos: [world.repoURL] },
    });
    const application = { ...common, appName: 'made', sourcePath: 'other', label: 'made' };
    expect(await service.createApplication(application)).toMatchObject({
      metadata: { name: 'made', labels: { backstage: 'made' }, uid: expect.any(String) },
      spec: { project: 'made', syncPolicy: { automated: { enabled: true } } },
    });
    await until(async () => (await world.ground.get('v1', 'ConfigMap', 'made', 'other')) !== undefined);
    await expect(service.createProject({ ...common, sourceRepository: 'http://localhost/x' })).rejects.toThrow(
      'failed with 400',
    );
    await expect(
      service.createProject({ ...common, token: world.readerToken, projectName: 'more' }),
    ).rejects.toMatchObject({
      name: 'NotAllowedError',
    });
  });

  it('createArgoResources, and the page that it names is there', async () => {
    await world.makeNamespace('both');
    const options = {
      instanceName: 'hawser',
      appName: 'both',
      namespace: 'both',
      repoUrl: world.repoURL,
      path: 'other',
    };
    const { applicationUrl } = await service.createArgoResources(options);
    expect(applicationUrl).toBe(`${world.url}/applications/argocd/both?view=tree&resource=`);
    await until(async () => (await world.ground.get('v1', 'ConfigMap', 'both', 'other')) !== undefined);
    const page = await fetch(String(applicationUrl), { headers: { authorization: `Bearer ${world.token}` } });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
    expect(await page.text()).toContain('<div id="app"');
  });

  it('an Application whose finalizer it has misspelt is not forgotten: its end waits for whoever knows it, and says so', async () => {
    const { request, get, hawser } = world.ground;
    expect((await request('DELETE', '/api/v1/applications/both')).status).toBe(200);
    await hawser.idle();
    const left = await get('argoproj.io/v1alpha1', 'Application', 'argocd', 'both');
    expect(left?.metadata.finalizers).toEqual(['resources-finalizers.argocd.argoproj.io']);
    expect(stringAt(left, 'metadata', 'deletionTimestamp')).toBeTruthy();
    expect(JSON.stringify(at(left, 'status', 'conditions'))).toContain(
      'it is still held by the finalizers resources-finalizers.argocd.argoproj.io',
    );
    // Its objects are gone, as it was deleted with a cascade.
    expect(await get('v1', 'ConfigMap', 'both', 'other')).toBeUndefined();
  });

  it('every method of the class was tried', () => {
    const own = Object.getOwnPropertyNames(Service.prototype).filter((name) => !/^(build|handle|validate)/.test(name));
    expect(own.sort()).toEqual([
      'constructor',
      'createApplication',
      'createArgoResources',
      'createProject',
      'findApplications',
      'getApplication',
      'getArgoInstances',
      'getRevisionDetails',
      'getToken',
      'listArgoApps',
    ]);
  });
});
