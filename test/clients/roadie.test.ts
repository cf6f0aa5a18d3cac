// @roadiehq/backstage-plugin-argo-cd-node 2.0.0 as it comes from the registry: every method of its ArgoService that asks a server.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringAt } from '../../src/base/json.ts';
import { createWorld, findClient, listAt, until, type World } from './world.ts';

type Answer = Promise<Record<string, unknown>>;

/** The methods that are tried; what they take is in the package. */
interface ArgoService {
  getArgoInstanceArray(): readonly { name: string; url: string }[];
  getAppArray(): readonly unknown[];
  getArgoToken(instance: object): Promise<string>;
  getArgoAppData(url: string, instance: string, token: string, options?: object): Answer;
  findArgoApp(options: object): Promise<readonly unknown[]>;
  getRevisionData(url: string, options: object, token: string, revision: string): Answer;
  getArgoProject(options: object): Answer;
  createArgoProject(options: object): Answer;
  updateArgoProject(options: object): Answer;
  createArgoApplication(options: object): Answer;
  updateArgoApp(options: object): Answer;
  resyncAppOnAllArgos(options: object): Promise<readonly unknown[]>;
  syncArgoApp(options: object): Answer;
  deleteApp(options: object): Answer;
  deleteProject(options: object): Answer;
  deleteAppandProject(options: object): Answer;
  createArgoResources(options: object): Promise<boolean>;
  updateArgoProjectAndApp(options: object): Promise<boolean>;
  getArgoApplicationInfo(options: object): Answer;
  terminateArgoAppOperation(options: object): Answer;
}
type MakeService = {
  new (username: string, password: string, config: unknown, logger: object): ArgoService;
  fromConfig(options: { config: unknown; logger: object }): ArgoService;
};

const client = findClient('roadie');

describe.skipIf(!client)('the ArgoService of @roadiehq/backstage-plugin-argo-cd-node 2.0.0', () => {
  let world: World;
  let service: ArgoService;
  let at: { url: string; token: string };
  let Service: MakeService;
  let makeConfig: (data: object) => unknown;
  const errors: string[] = [];
  const logger = {
    info: () => undefined,
    error: (message: string) => void errors.push(message),
    warn: () => undefined,
  };

  beforeAll(async () => {
    if (!client) return;
    world = await createWorld();
    await world.deploy('web', { 'backstage-name': 'web' });
    Service = (await client.load('@roadiehq/backstage-plugin-argo-cd-node')).ArgoService as MakeService;
    const { ConfigReader } = await client.load('@backstage/config');
    makeConfig = (data) => new (ConfigReader as new (data: object) => unknown)(data);
    const instances = [{ name: 'hawser', url: world.url }];
    const argocd = { username: 'admin', password: world.password, waitCycles: 40, waitInterval: 50 };
    const config = makeConfig({ argocd: { ...argocd, appLocatorMethods: [{ type: 'config', instances }] } });
    service = Service.fromConfig({ config, logger });
    at = { url: world.url, token: await service.getArgoToken({ name: 'hawser', url: world.url }) };
  }, 60_000);
  afterAll(() => world?.close());

  const by = () => ({ baseUrl: at.url, argoToken: at.token });
  const project = (name: string, sourceRepo: string | string[] = world.repoURL) => ({
    ...by(),
    projectName: name,
    namespace: name,
    sourceRepo,
  });
  const application = (name: string, sourcePath = 'm') => ({
    ...by(),
    appName: name,
    projectName: name,
    namespace: name,
    sourceRepo: world.repoURL,
    sourcePath,
    labelValue: name,
  });
  const instance = (appName: readonly string[]) => ({ name: 'hawser', url: world.url, appName });
  const version = (object: unknown) => stringAt(object, 'metadata', 'resourceVersion') ?? '';

  it('getArgoInstanceArray, getAppArray', () => {
    expect(service.getArgoInstanceArray()).toMatchObject([{ name: 'hawser', url: world.url }]);
    expect(service.getAppArray()).toHaveLength(1);
  });

  it('getArgoToken: by name and password, and says so where these are wrong', async () => {
    expect(at.token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(await service.getArgoToken({ name: 'hawser', url: world.url, token: 'kept' })).toBe('kept');
    const wrong = { name: 'hawser', url: world.url, username: 'admin', password: 'wrong' };
    await expect(service.getArgoToken(wrong)).rejects.toThrow('Getting unauthorized for Argo CD instance');
  });

  it('getArgoAppData: one, some by a selector, and all', async () => {
    const one = await service.getArgoAppData(at.url, 'hawser', at.token, { name: 'web', namespace: 'argocd' });
    expect(one).toMatchObject({
      instance: 'hawser',
      metadata: { name: 'web' },
      status: {
        sync: { status: 'Synced', revision: world.commit },
        health: { status: 'Healthy' },
        history: [{ id: 0 }],
      },
    });
    const options = { selector: 'backstage-name=web', namespace: 'argocd' };
    const some = await service.getArgoAppData(at.url, 'hawser', at.token, options);
    expect(some.items).toMatchObject([{ metadata: { name: 'web', instance: { name: 'hawser' } } }]);
    expect(listAt(await service.getArgoAppData(at.url, 'hawser', at.token), 'items')).toHaveLength(1);
    await expect(service.getArgoAppData(at.url, 'hawser', 'a.b.c', { name: 'web' })).rejects.toThrow('401');
  });

  it('findArgoApp: by name and by a selector', async () => {
    expect(await service.findArgoApp({ name: 'web' })).toEqual([instance(['web'])]);
    expect(await service.findArgoApp({ selector: 'backstage-name=web' })).toEqual([instance(['web'])]);
    expect(await service.findArgoApp({ name: 'nosuch' })).toEqual([]);
  });

  it('getRevisionData', async () => {
    const options = { name: 'web', namespace: 'argocd', sourceIndex: '0' };
    expect(await service.getRevisionData(at.url, options, at.token, world.commit)).toMatchObject({
      author: 'Kim <kim@example.com>',
      date: expect.stringMatching(/^\d{4}-/),
      message: 'Change',
    });
    await expect(service.getRevisionData(at.url, options, at.token, 'main')).rejects.toThrow('400');
  });

  it('createArgoProject, getArgoProject and updateArgoProject', async () => {
    expect(await service.createArgoProject(project('made'))).toMatchObject({
      metadata: { name: 'made', uid: expect.any(String), finalizers: ['resources-finalizer.argocd.argoproj.io'] },
      spec: { sourceRepos: [world.repoURL], destinations: [{ name: 'local', namespace: 'made' }] },
    });
    const found = await service.getArgoProject({ ...by(), projectName: 'made' });
    expect(found).toMatchObject({ metadata: { name: 'made', resourceVersion: expect.stringMatching(/^\d+$/) } });
    await expect(service.createArgoProject(project('made', 'http://localhost/other'))).rejects.toThrow(
      'Duplicate project detected. Cannot overwrite existing.',
    );
    const wanted = { ...project('made', [world.repoURL, 'http://localhost/x']), resourceVersion: version(found) };
    expect(await service.updateArgoProject(wanted)).toMatchObject({
      spec: { sourceRepos: [world.repoURL, 'http://localhost/x'] },
    });
    await expect(service.getArgoProject({ ...by(), projectName: 'nosuch' })).rejects.toThrow(/"nosuch" not found/);
  });

  it('createArgoApplication and updateArgoApp', async () => {
    await world.makeNamespace('made');
    const made = await service.createArgoApplication(application('made'));
    expect(made).toMatchObject({
      metadata: { name: 'made', labels: { 'backstage-name': 'made' } },
      spec: {
        project: 'made',
        source: { repoURL: world.repoURL, path: 'm' },
        syncPolicy: { automated: { prune: true } },
      },
    });
    await expect(service.createArgoApplication(application('made', 'nowhere'))).rejects.toThrow(
      'Error creating argo app: application spec for made is invalid',
    );
    await until(async () => (await world.ground.get('v1', 'ConfigMap', 'made', 'settings')) !== undefined);
    // With the version of before the automated sync: it is no guard.
    const options = { ...application('made', 'other'), resourceVersion: version(made) };
    expect(await service.updateArgoApp(options)).toMatchObject({ spec: { source: { path: 'other' } } });
    await until(async () => (await world.ground.get('v1', 'ConfigMap', 'made', 'other')) !== undefined);
    await expect(service.updateArgoApp({ ...application('made'), projectName: 'nosuch' })).rejects.toThrow(
      'Error updating argo app: app is not allowed in project "nosuch"',
    );
  });

  it('resyncAppOnAllArgos and syncArgoApp', async () => {
    const found = instance(['web']);
    expect(await service.syncArgoApp({ argoInstance: found, argoToken: at.token, appName: 'web' })).toEqual({
      status: 'Success',
      message: 'Re-synced web on hawser',
    });
    const { status } = await world.ground.application('web');
    expect(status.operationState).toMatchObject({
      phase: 'Succeeded',
      operation: { initiatedBy: { username: 'admin' }, sync: { syncStrategy: { hook: { force: true } } } },
    });
    for (const terminateOperation of [false, true]) {
      const answers = await service.resyncAppOnAllArgos({ appSelector: 'backstage-name=made', terminateOperation });
      expect(answers).toEqual([[{ status: 'Success', message: 'Re-synced made on hawser' }]]);
      await world.ground.hawser.idle();
    }
    const nosuch = { argoInstance: found, argoToken: at.token, appName: 'nosuch' };
    expect(await service.syncArgoApp(nosuch)).toMatchObject({ status: 'Failure' });
  });

  it('getArgoApplicationInfo and terminateArgoAppOperation', async () => {
    expect(await service.getArgoApplicationInfo({ ...by(), argoApplicationName: 'web' })).toMatchObject({
      statusCode: 200,
      metadata: { name: 'web' },
    });
    const byInstance = { argoInstanceName: 'hawser', argoApplicationName: 'nosuch' };
    expect(await service.getArgoApplicationInfo(byInstance)).toMatchObject({ statusCode: 404, code: 5 });
    expect(await service.terminateArgoAppOperation({ argoInstanceName: 'hawser', argoAppName: 'web' })).toMatchObject({
      statusCode: 400,
      message: 'Unable to terminate operation. No operation is in progress',
    });
  });

  it('createArgoResources and updateArgoProjectAndApp', async () => {
    await world.makeNamespace('both');
    const options = { argoInstance: 'hawser', appName: 'both', namespace: 'both', logger };
    const source = { sourceRepo: world.repoURL, sourcePath: 'other' };
    expect(await service.createArgoResources({ ...options, ...source })).toBe(true);
    await until(async () => (await world.ground.get('v1', 'ConfigMap', 'both', 'other')) !== undefined);
    const second = await world.ground.createRepository('devops/second', {
      'p/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: second\n',
    });
    for (const wanted of [
      { ...source, sourcePath: 'm' },
      { sourceRepo: `${world.ground.gitUrl}/${second.path}`, sourcePath: 'p' },
    ]) {
      const update = { ...options, ...wanted, projectName: 'both', labelValue: 'both', argoToken: at.token };
      const instanceConfig = { name: 'hawser', url: world.url };
      expect(await service.updateArgoProjectAndApp({ ...update, instanceConfig })).toBe(true);
      const { spec } = await world.ground.application('both');
      expect(spec.source).toEqual({ repoURL: wanted.sourceRepo, path: wanted.sourcePath });
    }
    const { spec } = await service.getArgoProject({ ...by(), projectName: 'both' });
    expect(spec).toMatchObject({ sourceRepos: [`${world.ground.gitUrl}/${second.path}`] });
  });

  it('deleteAppandProject: the Application with its objects, then the project', async () => {
    const options = { argoAppName: 'both', argoInstanceName: 'hawser', terminateOperation: true };
    expect(await service.deleteAppandProject(options)).toMatchObject({
      terminateOperationDetails: { status: 'failed' },
      deleteAppDetails: {
        status: 'success',
        message: 'application both deletion verified (application no longer exists)',
      },
      deleteProjectDetails: { status: 'pending', message: 'project both is pending deletion.' },
    });
    await until(
      async () => (await world.ground.get('argoproj.io/v1alpha1', 'AppProject', 'argocd', 'both')) === undefined,
    );
    expect(await world.ground.get('v1', 'ConfigMap', 'both', 'second')).toBeUndefined();
    expect(await service.deleteAppandProject({ ...options, terminateOperation: false })).toMatchObject({
      deleteAppDetails: { status: 'success', message: expect.stringContaining('does not exist') },
      deleteProjectDetails: { status: 'success', message: expect.stringContaining('does not exist') },
    });
  });

  it('deleteApp and deleteProject', async () => {
    expect(await service.deleteProject({ ...by(), argoProjectName: 'made' })).toMatchObject({
      statusCode: 400,
      message: expect.stringContaining('project is referenced by 1 applications'),
    });
    expect(await service.deleteApp({ ...by(), argoApplicationName: 'made' })).toMatchObject({ statusCode: 200 });
    await world.ground.hawser.idle();
    expect(await service.deleteApp({ ...by(), argoApplicationName: 'made' })).toMatchObject({ statusCode: 404 });
    expect(await service.deleteProject({ ...by(), argoProjectName: 'made' })).toMatchObject({ statusCode: 200 });
    expect(await service.deleteProject({ ...by(), argoProjectName: 'made' })).toMatchObject({ statusCode: 404 });
  });

  it('every method of the class was tried', () => {
    const own = Object.getOwnPropertyNames(Service.prototype).filter((name) => !name.startsWith('build'));
    expect(own.sort()).toEqual(
      [
        'constructor',
        'createArgoApplication',
        'createArgoProject',
        'createArgoResources',
        'deleteApp',
        'deleteAppandProject',
        'deleteProject',
        'findArgoApp',
        'getAppArray',
        'getArgoAppData',
        'getArgoApplicationInfo',
        'getArgoInstanceArray',
        'getArgoProject',
        'getArgoToken',
        'getRevisionData',
        'resyncAppOnAllArgos',
        'syncArgoApp',
        'terminateArgoAppOperation',
        'updateArgoApp',
        'updateArgoProject',
        'updateArgoProjectAndApp',
      ].sort(),
    );
  });
});
