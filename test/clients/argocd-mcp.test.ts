// argocd-mcp 0.9.0 as it comes from the registry, over its own protocol: every tool that it has. It never looks at a status: what counts is
// what stands in the answers.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, isObject, stringAt } from '../../src/base/json.ts';
import { createWorld, findClient, listAt, until, type World } from './world.ts';

/** Of @modelcontextprotocol/sdk, which argocd-mcp brings. */
interface McpClient {
  connect(transport: unknown): Promise<void>;
  listTools(): Promise<unknown>;
  callTool(call: { name: string; arguments: Record<string, unknown> }): Promise<unknown>;
  close(): Promise<void>;
}
type MakeClient = new (info: { name: string; version: string }) => McpClient;
type MakeTransport = new (options: { command: string; args: string[]; env: Record<string, string> }) => unknown;

const client = findClient('argocd-mcp');

const READING = [
  'get_application',
  'get_application_events',
  'get_application_managed_resources',
  'get_application_resource_tree',
  'get_application_workload_logs',
  'get_appproject',
  'get_resource_actions',
  'get_resource_events',
  'get_resources',
  'list_applications',
  'list_clusters',
];
const WRITING = [
  'create_application',
  'delete_application',
  'run_resource_action',
  'sync_application',
  'update_application',
];

describe.skipIf(!client)('argocd-mcp 0.9.0', () => {
  let world: World;
  let mcp: McpClient;
  let reader: McpClient;
  const called = new Set<string>();

  async function start(token: string, env: Record<string, string> = {}): Promise<McpClient> {
    if (!client) throw new Error('it is not installed');
    const sdk = await client.load('@modelcontextprotocol/sdk/client/index.js');
    const stdio = await client.load('@modelcontextprotocol/sdk/client/stdio.js');
    const made = new (sdk.Client as MakeClient)({ name: 'test', version: '1' });
    const transport = new (stdio.StdioClientTransport as MakeTransport)({
      command: process.execPath,
      args: [client.resolve('argocd-mcp'), 'stdio'],
      env: { PATH: process.env.PATH ?? '', ARGOCD_BASE_URL: world.url, ARGOCD_API_TOKEN: token, ...env },
    });
    await made.connect(transport);
    return made;
  }

  beforeAll(async () => {
    world = await createWorld();
    await world.deploy('web', { team: 'blue' });
    mcp = await start(world.token);
    reader = await start(world.readerToken, { MCP_READ_ONLY: 'true' });
  }, 60_000);
  afterAll(async () => {
    await mcp?.close();
    await reader?.close();
    await world?.close();
  });

  /** What the tool made of the answer; throws where it failed. */
  async function call(name: string, args: Record<string, unknown> = {}, by = mcp): Promise<unknown> {
    called.add(name);
    const result = await by.callTool({ name, arguments: args });
    const text = stringAt(result, 'content', 0, 'text') ?? '';
    if (at(result, 'isError') === true) throw new Error(`${name}: ${text}`);
    return JSON.parse(text);
  }

  const application = { applicationName: 'web', applicationNamespace: 'argocd' };

  /** A node of the tree as the tools want it: every member a text. */
  async function refOf(kind: string): Promise<Record<string, string>> {
    const tree = await call('get_application_resource_tree', application);
    const node = listAt(tree, 'nodes').find((one) => at(one, 'kind') === kind);
    const member = (key: string) => stringAt(node, key) ?? '';
    return Object.fromEntries(
      ['uid', 'kind', 'namespace', 'name', 'version', 'group'].map((key) => [key, member(key)]),
    );
  }

  it('has the tools that are tried here, eleven of which only read', async () => {
    const names = async (by: McpClient) =>
      listAt(await by.listTools(), 'tools')
        .map((tool) => stringAt(tool, 'name'))
        .sort();
    expect(await names(mcp)).toEqual([...READING, ...WRITING].sort());
    expect(await names(reader)).toEqual(READING);
  });

  it('list_applications', async () => {
    const all = await call('list_applications');
    expect(all).toMatchObject({
      items: [
        {
          metadata: {
            name: 'web',
            namespace: 'argocd',
            labels: { team: 'blue' },
            creationTimestamp: expect.any(String),
          },
          spec: { project: 'default', source: { repoURL: world.repoURL, path: 'm' } },
          status: {
            sync: { status: 'Synced' },
            health: { status: 'Healthy' },
            summary: { images: ['example.com/web:1'] },
          },
        },
      ],
    });
    expect(listAt(await call('list_applications', { search: 'we' }), 'items')).toHaveLength(1);
    expect(listAt(await call('list_applications', { search: 'nothing' }), 'items')).toHaveLength(0);
    expect(listAt(await call('list_applications', { limit: 1, offset: 1 }), 'items')).toHaveLength(0);
  });

  it('list_clusters', async () => {
    const home = { server: 'https://kubernetes.default.svc', name: 'in-cluster' };
    expect(await call('list_clusters')).toMatchObject({ items: [home] });
    expect(await call('list_clusters', { name: 'in-cluster' })).toMatchObject({ items: [home] });
    expect(listAt(await call('list_clusters', { name: 'mars' }), 'items')).toEqual([]);
  });

  it('get_application', async () => {
    expect(await call('get_application', application)).toMatchObject({
      metadata: { name: 'web', uid: expect.any(String) },
      status: { sync: { revision: world.commit } },
    });
    expect(await call('get_application', { applicationName: 'web' })).toMatchObject({ metadata: { name: 'web' } });
    expect(await call('get_application', { applicationName: 'nosuch' })).toMatchObject({ code: 5 });
  });

  it('get_appproject', async () => {
    expect(await call('get_appproject', { projectName: 'default' })).toMatchObject({
      metadata: { name: 'default' },
      spec: { sourceRepos: ['*'] },
    });
  });

  it('get_application_resource_tree', async () => {
    const tree = await call('get_application_resource_tree', application);
    const kinds = listAt(tree, 'nodes').map((node) => stringAt(node, 'kind'));
    expect(kinds.sort()).toEqual(['ConfigMap', 'Deployment', 'Pod', 'ReplicaSet', 'Secret']);
    const pod = listAt(tree, 'nodes').find((node) => at(node, 'kind') === 'Pod');
    expect(pod).toMatchObject({
      version: 'v1',
      namespace: 'web',
      uid: expect.any(String),
      resourceVersion: expect.any(String),
      createdAt: expect.any(String),
      parentRefs: [{ group: 'apps', kind: 'ReplicaSet', namespace: 'web' }],
      health: { status: 'Healthy' },
      images: ['example.com/web:1'],
    });
  });

  it('get_application_managed_resources', async () => {
    const all = await call('get_application_managed_resources', { applicationName: 'web' });
    expect(
      listAt(all, 'items')
        .map((item) => stringAt(item, 'kind'))
        .sort(),
    ).toEqual(['ConfigMap', 'Deployment', 'Secret']);
    expect(JSON.stringify(all)).not.toContain(btoa('not-for-everybody'));
    const filters = { kind: 'ConfigMap', namespace: 'web', name: 'settings', version: 'v1' };
    const one = await call('get_application_managed_resources', {
      applicationName: 'web',
      ...filters,
      appNamespace: 'argocd',
      project: 'default',
    });
    expect(listAt(one, 'items')).toHaveLength(1);
    expect(JSON.parse(stringAt(one, 'items', 0, 'liveState') ?? '')).toMatchObject({ data: { key: 'one' } });
    expect(
      listAt(await call('get_application_managed_resources', { applicationName: 'web', group: 'apps' }), 'items'),
    ).toMatchObject([{ kind: 'Deployment' }]);
  });

  it('get_application_workload_logs', async () => {
    for (const kind of ['Pod', 'Deployment']) {
      const lines = await call('get_application_workload_logs', {
        ...application,
        resourceRef: await refOf(kind),
        container: 'server',
      });
      expect(listAt(lines)[0], kind).toMatchObject({
        content: expect.stringMatching(/./),
        podName: expect.stringMatching(/^web-/),
        timeStampStr: expect.stringMatching(/^\d{4}-/),
      });
      expect(listAt(lines).at(-1), kind).toMatchObject({ last: true });
    }
  });

  it('get_application_events and get_resource_events', async () => {
    const ofApplication = await call('get_application_events', application);
    expect(at(ofApplication, 'metadata')).toBeDefined();
    await until(async () => listAt(await call('get_application_events', application), 'items').length > 0);
    expect(listAt(await call('get_application_events', application), 'items')[0]).toMatchObject({
      involvedObject: { kind: 'Application', name: 'web' },
      reason: expect.any(String),
    });
    const { uid, namespace, name } = await refOf('Pod');
    const ofPod = await call('get_resource_events', {
      ...application,
      resourceUID: uid,
      resourceNamespace: namespace,
      resourceName: name,
    });
    expect(listAt(ofPod, 'items').length).toBeGreaterThan(0);
    expect(listAt(ofPod, 'items')[0]).toMatchObject({ involvedObject: { kind: 'Pod', name } });
  });

  it('get_resources', async () => {
    const all = await call('get_resources', application);
    const kinds = listAt(all).map((text) => stringAt(JSON.parse(String(text)), 'kind'));
    expect(kinds.sort()).toEqual(['ConfigMap', 'Deployment', 'Pod', 'ReplicaSet', 'Secret']);
    expect(JSON.stringify(all)).not.toContain(btoa('not-for-everybody'));
    const [one] = listAt(await call('get_resources', { ...application, resourceRefs: [await refOf('Deployment')] }));
    expect(JSON.parse(String(one))).toMatchObject({ kind: 'Deployment', spec: { replicas: 1 } });
  });

  it('get_resource_actions and run_resource_action', async () => {
    const resourceRef = await refOf('Deployment');
    const actions = await call('get_resource_actions', { ...application, resourceRef });
    expect(listAt(actions, 'actions').map((action) => stringAt(action, 'name'))).toEqual(
      expect.arrayContaining(['restart', 'pause', 'resume', 'scale']),
    );
    expect(await call('run_resource_action', { ...application, resourceRef, action: 'restart' })).toEqual({});
    const live = await world.ground.get('apps/v1', 'Deployment', 'web', 'web');
    const annotations = at(live, 'spec', 'template', 'metadata', 'annotations');
    expect(isObject(annotations) && annotations['kubectl.kubernetes.io/restartedAt']).toMatch(/^\d{4}-/);
    expect(await call('run_resource_action', { ...application, resourceRef, action: 'nosuch' })).toMatchObject({
      message: expect.stringContaining('nosuch'),
    });
  });

  const made = (path: string) => ({
    metadata: { name: 'made', namespace: 'argocd' },
    spec: {
      project: 'default',
      source: { repoURL: world.repoURL, path, targetRevision: 'main' },
      syncPolicy: {
        syncOptions: ['CreateNamespace=true'],
        retry: { limit: 1, backoff: { duration: '1s', maxDuration: '2s', factor: 2 } },
      },
      destination: { server: 'https://kubernetes.default.svc', namespace: 'made' },
    },
  });

  it('create_application and update_application', async () => {
    const created = await call('create_application', { application: made('m') });
    expect(created).toMatchObject({
      metadata: { name: 'made', uid: expect.any(String) },
      spec: { source: { path: 'm' } },
    });
    const updated = await call('update_application', { applicationName: 'made', application: made('other') });
    expect(updated).toMatchObject({
      metadata: { uid: stringAt(created, 'metadata', 'uid') },
      spec: { source: { path: 'other' } },
    });
    const wrong = await call('create_application', {
      application: { ...made('nowhere'), metadata: { name: 'wrong', namespace: 'argocd' } },
    });
    expect(wrong).toMatchObject({ code: 3, message: expect.stringContaining('Unable to generate manifests') });
  });

  it('sync_application', async () => {
    // Without options it sends no body at all.
    expect(await call('sync_application', { applicationName: 'made' })).toMatchObject({
      operation: { initiatedBy: { username: 'ci' } },
    });
    await world.ground.application('made');
    expect(at(await world.ground.get('v1', 'ConfigMap', 'made', 'other'), 'data', 'key')).toBe('two');
    const options = { dryRun: false, prune: true, revision: 'main', syncOptions: ['CreateNamespace=true'] };
    expect(
      await call('sync_application', { applicationName: 'made', applicationNamespace: 'argocd', ...options }),
    ).toMatchObject({
      operation: { sync: { prune: true, revision: 'main', syncOptions: ['CreateNamespace=true'] } },
    });
    const { status } = await world.ground.application('made');
    expect(status.operationState).toMatchObject({ phase: 'Succeeded', operation: { initiatedBy: { username: 'ci' } } });
    expect(
      await call('sync_application', { applicationName: 'made', applicationNamespace: 'elsewhere' }),
    ).toMatchObject({
      code: 7,
    });
  });

  it('delete_application', async () => {
    const options = { cascade: true, propagationPolicy: 'Foreground' };
    expect(
      await call('delete_application', { applicationName: 'made', applicationNamespace: 'argocd', ...options }),
    ).toEqual({});
    await world.ground.hawser.idle();
    expect(await call('get_application', { applicationName: 'made' })).toMatchObject({ code: 5 });
    expect(await world.ground.get('v1', 'ConfigMap', 'made', 'other')).toBeUndefined();
  });

  it('with the token of somebody who may only read: reads, and changes nothing', async () => {
    expect(listAt(await call('list_applications', {}, reader), 'items')).toHaveLength(1);
    const writing = await start(world.readerToken);
    expect(await call('sync_application', { applicationName: 'web' }, writing)).toMatchObject({ code: 7 });
    expect(await call('delete_application', { applicationName: 'web' }, writing)).toMatchObject({ code: 7 });
    await writing.close();
    const stranger = await start('nobody.knows.this');
    expect(await call('get_application', application, stranger)).toMatchObject({ code: 16 });
    await stranger.close();
  });

  it('every tool was called', () => {
    expect([...called].sort()).toEqual([...READING, ...WRITING].sort());
  });
});
