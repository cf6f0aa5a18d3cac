// The tree of an Application where the cluster is not tidy: among thousands of others' objects, in other clusters, below what is
// cluster-scoped, and with rules of its project.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at, type JsonObject } from '../../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../../src/kube/client.ts';
import type { KubeObject, OwnerReference } from '../../../src/kube/object.ts';
import { type Listening, listen } from '../../../src/node/listen.ts';
import type { ResourceNode } from '../../../src/operation/tree/node.ts';
import type { ApplicationTree } from '../../../src/operation/tree/read-tree.ts';
import { createGround, type Ground, NAMESPACE } from '../../support/ground.ts';
import { connectSandbox, type SandboxTransport } from '../../support/sandbox-transport.ts';

let transport: SandboxTransport;
let ground: Ground;
beforeEach(async () => {
  transport = connectSandbox();
  ground = await createGround(transport);
});
afterEach(() => ground.close());

const PROJECT = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject' };
const makeProject = (name: string, spec: object = {}) =>
  ground.client.create({
    ...PROJECT,
    metadata: { name, namespace: NAMESPACE },
    spec: {
      sourceRepos: ['*'],
      destinations: [{ server: '*', namespace: '*' }],
      clusterResourceWhitelist: [{ group: '*', kind: '*' }],
      ...spec,
    },
  });
const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: nginx}]}
`;
const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: mine}\n';

async function deploy(files: Record<string, string>, app: { project?: string; destination?: JsonObject } = {}) {
  const repository = await ground.createRepository('devops/app', files);
  const { project = 'default', destination } = app;
  await ground.createApplication({ name: 'app', project, repository, path: '.', destinationNamespace: 'there' });
  if (destination) {
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: NAMESPACE, name: 'app' };
    await ground.client.patch(ref, { spec: { destination: { server: null, ...destination } } }, { type: 'merge' });
  }
  await ground.refresh('app');
  const { status } = await ground.sync('app');
  expect(status.operationState?.message).toContain('successfully synced');
}

async function readTree(): Promise<ApplicationTree> {
  const { status, body } = await ground.request('GET', '/api/v1/applications/app/resource-tree');
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body as ApplicationTree;
}

/** `Pod/web-…`, sorted; the random ends of names are cut. */
function namesOf(nodes: readonly ResourceNode[]): string[] {
  return nodes.map(({ kind, name }) => `${kind}/${name.replace(/-[a-z0-9]{5,10}(-[a-z0-9]{5})?$/, '-…')}`).sort();
}

function ownedBy({ apiVersion, kind, metadata }: KubeObject): OwnerReference[] {
  return [{ apiVersion, kind, name: metadata.name ?? '', uid: metadata.uid ?? '' }];
}

function configMap(name: string, metadata: object = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'there', name, ...metadata } };
}

async function define(client: KubeClient, kind: string, scope: 'Cluster' | 'Namespaced') {
  const plural = `${kind.toLowerCase()}s`;
  await client.create({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.example.com` },
    spec: {
      group: 'example.com',
      scope,
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  });
}

describe('the tree', () => {
  it('is read page by page among thousands of others’ objects, and none of these is read as a whole', async () => {
    await deploy({ 'web.yaml': DEPLOYMENT, 'config.yaml': CONFIG });
    for (let index = 0; index < 1_200; index++) await ground.client.create(configMap(`foreign-${index}`));
    const child = configMap('child', {
      ownerReferences: ownedBy((await live('v1', 'ConfigMap', 'mine')) ?? configMap('')),
    });
    await ground.client.create(child);
    transport.requests.length = 0;
    expect(namesOf((await readTree()).nodes)).toEqual([
      'ConfigMap/child',
      'ConfigMap/mine',
      'Deployment/web',
      'Pod/web-…',
      'Pod/web-…',
      'ReplicaSet/web-…',
    ]);
    const lists = transport.requests.filter((request) => /namespaces\/there\/configmaps\?/.test(request));
    expect(lists.length).toBeGreaterThan(1);
    expect(transport.requests.filter((request) => /configmaps\/foreign/.test(request))).toEqual([]);
    // Bounded by kinds, not by objects.
    expect(transport.requests.length).toBeLessThan(120);
  });

  it('goes as deep as ownership does, across kinds that are anybody’s', async () => {
    await define(ground.client, 'Widget', 'Namespaced');
    await deploy({ 'config.yaml': CONFIG });
    let owner = await live('v1', 'ConfigMap', 'mine');
    for (const name of ['one', 'two', 'three']) {
      if (!owner) throw new Error('no owner');
      owner = await ground.client.create({
        apiVersion: 'example.com/v1',
        kind: 'Widget',
        metadata: { name, namespace: 'there', ownerReferences: ownedBy(owner) },
      });
    }
    const { nodes } = await readTree();
    expect(namesOf(nodes)).toEqual(['ConfigMap/mine', 'Widget/one', 'Widget/three', 'Widget/two']);
    expect(nodes.find(({ name }) => name === 'three')?.parentRefs).toMatchObject([
      { group: 'example.com', kind: 'Widget', namespace: 'there', name: 'two' },
    ]);
  });

  it('holds what a cluster-scoped object owns, wherever that is', async () => {
    await define(ground.client, 'Fleet', 'Cluster');
    await deploy({ 'fleet.yaml': 'apiVersion: example.com/v1\nkind: Fleet\nmetadata: {name: fleet}\n' });
    const fleet = await ground.client.get({ apiVersion: 'example.com/v1', kind: 'Fleet', name: 'fleet' });
    if (!fleet) throw new Error('no fleet');
    await ground.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'elsewhere' } });
    await ground.client.create(configMap('ship', { namespace: 'elsewhere', ownerReferences: ownedBy(fleet) }));
    const { nodes } = await readTree();
    expect(namesOf(nodes)).toEqual(['ConfigMap/ship', 'Fleet/fleet']);
    const ship = nodes.find(({ name }) => name === 'ship');
    expect(ship?.namespace).toBe('elsewhere');
    expect(ship?.parentRefs).toEqual([
      { group: 'example.com', version: 'v1', kind: 'Fleet', name: 'fleet', uid: fleet.metadata.uid },
    ]);
    const place = 'resource?namespace=elsewhere&resourceName=ship&group=&kind=ConfigMap&version=v1';
    expect((await ground.request('GET', `/api/v1/applications/app/${place}`)).status).toBe(200);
  });

  it('believes no reference across namespaces', async () => {
    await deploy({ 'config.yaml': CONFIG });
    const mine = await live('v1', 'ConfigMap', 'mine');
    await ground.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'elsewhere' } });
    const ownerReferences = mine ? ownedBy(mine) : [];
    await ground.client.create(configMap('false', { namespace: 'elsewhere', ownerReferences }));
    expect(namesOf((await readTree()).nodes)).toEqual(['ConfigMap/mine']);
    const place = 'resource?namespace=elsewhere&resourceName=false&group=&kind=ConfigMap&version=v1';
    expect((await ground.request('GET', `/api/v1/applications/app/${place}`)).status).toBe(400);
  });

  it('has what is missing in the cluster, without a uid', async () => {
    await deploy({ 'config.yaml': CONFIG });
    await ground.client.remove({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'there', name: 'mine' });
    expect((await readTree()).nodes).toEqual([
      { version: 'v1', kind: 'ConfigMap', namespace: 'there', name: 'mine', health: { status: 'Missing' } },
    ]);
  });

  it('has orphans where the project wants to know of them', async () => {
    await makeProject('tidy', { orphanedResources: { warn: false } });
    await deploy({ 'config.yaml': CONFIG }, { project: 'tidy' });
    const stray = await ground.client.create(configMap('stray'));
    await ground.client.create(configMap('below', { ownerReferences: ownedBy(stray) }));
    const { nodes, orphanedNodes } = await readTree();
    expect(namesOf(nodes)).toEqual(['ConfigMap/mine']);
    expect(namesOf(orphanedNodes)).toEqual(['ConfigMap/below', 'ConfigMap/stray']);
    const place = 'resource?namespace=there&group=&kind=ConfigMap&version=v1&resourceName=';
    expect((await ground.request('GET', `/api/v1/applications/app/${place}below`)).status).toBe(200);
    expect((await ground.request('GET', `/api/v1/applications/app/${place}kube-root-ca.crt`)).status).toBe(400);
  });

  it('leaves out what the project forbids, with everything below it', async () => {
    await makeProject('strict');
    await deploy({ 'web.yaml': DEPLOYMENT }, { project: 'strict' });
    const namespaceResourceBlacklist = [{ group: 'apps', kind: 'ReplicaSet' }];
    const ref = { ...PROJECT, namespace: NAMESPACE, name: 'strict' };
    await ground.client.patch(ref, { spec: { namespaceResourceBlacklist } }, { type: 'merge' });
    const { nodes } = await readTree();
    expect(namesOf(nodes)).toEqual(['Deployment/web']);
    const { items } = await ground.client.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace: 'there' });
    const place = `resource?namespace=there&group=&kind=Pod&version=v1&resourceName=${items[0]?.metadata.name}`;
    expect((await ground.request('GET', `/api/v1/applications/app/${place}`)).status).toBe(400);
  });

  it('is refused without the project, which says what may be seen', async () => {
    await makeProject('gone');
    await deploy({ 'config.yaml': CONFIG }, { project: 'gone' });
    await ground.client.remove({ ...PROJECT, namespace: NAMESPACE, name: 'gone' });
    for (const path of ['resource-tree', 'logs', 'resource?kind=ConfigMap&resourceName=mine&namespace=there']) {
      const { status, body } = await ground.request('GET', `/api/v1/applications/app/${path}`);
      expect(status).toBe(400);
      expect(body).toMatchObject({ code: 9, message: 'Application referencing project gone which does not exist' });
    }
  });

  it('is that of the cluster in which the objects are', async () => {
    const remote = connectSandbox();
    const listening: Listening = await listen(
      async (request) => {
        const { pathname, search } = new URL(request.url);
        const { method, headers, signal } = request;
        const body = method === 'GET' ? {} : { body: await request.text() };
        return remote.fetch(`${pathname}${search}`, { method, headers, signal, ...body });
      },
      { host: '127.0.0.1', port: 0 },
    );
    await ground.client.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'remote', namespace: NAMESPACE, labels: { 'argocd.argoproj.io/secret-type': 'cluster' } },
      data: { name: btoa('remote'), server: btoa(listening.url), config: btoa('{}') },
    });
    await deploy({ 'web.yaml': DEPLOYMENT }, { destination: { name: 'remote' } });
    const { nodes } = await readTree();
    expect(namesOf(nodes)).toEqual(['Deployment/web', 'Pod/web-…', 'Pod/web-…', 'ReplicaSet/web-…']);
    expect(await live('apps/v1', 'Deployment', 'web')).toBeUndefined();
    const client = createKubeClient(remote, { fieldManager: 'test' });
    const place = 'resource/actions?namespace=there&resourceName=web&group=apps&kind=Deployment&version=v1';
    expect((await ground.request('POST', `/api/v1/applications/app/${place}`, 'pause')).status).toBe(200);
    const web = await client.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'there', name: 'web' });
    expect(at(web, 'spec', 'paused')).toBe(true);
    const uid = nodes.find(({ kind }) => kind === 'Deployment')?.uid ?? '';
    const events = `events?resourceNamespace=there&resourceName=web&resourceUID=${uid}`;
    const { body } = await ground.request('GET', `/api/v1/applications/app/${events}`);
    expect(at(body, 'items', 0, 'reason')).toBe('ScalingReplicaSet');
    await listening.close();
  });

  it('takes many objects of a kind from one list', async () => {
    const web = DEPLOYMENT.replace('replicas: 2', 'replicas: 60');
    await deploy({ 'web.yaml': web });
    transport.requests.length = 0;
    const { nodes } = await readTree();
    expect(nodes.filter(({ kind }) => kind === 'Pod')).toHaveLength(60);
    expect(transport.requests.filter((request) => /\/pods\/web-/.test(request))).toEqual([]);
    expect(nodes.find(({ kind }) => kind === 'Pod')?.images).toEqual(['nginx']);
  });
});

describe('rights to one object', () => {
  const PLACE = '/api/v1/applications/app/resource?namespace=there&resourceName=mine&group=&kind=ConfigMap&version=v1';
  const ACTIONS =
    '/api/v1/applications/app/resource/actions?namespace=there&resourceName=web&group=apps&kind=Deployment&version=v1';
  const allow = async (policies: readonly string[], config: Record<string, string> = {}) => {
    await ground.client.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'argocd-cm', namespace: NAMESPACE },
      data: { 'users.anonymous.enabled': 'true', ...config },
    });
    const lines = policies.map((policy) => `p, role:them, applications, ${policy}, default/*, allow`);
    await ground.client.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'argocd-rbac-cm', namespace: NAMESPACE },
      data: { 'policy.default': 'role:them', 'policy.csv': lines.join('\n') },
    });
  };
  const INHERITED = { 'server.rbac.disableApplicationFineGrainedRBACInheritance': 'false' };

  it.each<[string, readonly string[], Record<string, string>, Record<string, number>]>([
    ['get alone', ['get'], {}, { get: 200, patch: 403, delete: 403, action: 403 }],
    ['update of the Application', ['get', 'update'], {}, { patch: 403 }],
    ['update of the Application, inherited', ['get', 'update'], INHERITED, { patch: 200 }],
    ['update of every object', ['get', 'update/*'], {}, { patch: 200, delete: 403 }],
    ['update of this object', ['update//ConfigMap/there/mine'], {}, { get: 403, patch: 200 }],
    ['update of this object, beside what is inherited', ['update//ConfigMap/there/mine'], INHERITED, { patch: 200 }],
    ['update of another object', ['update//ConfigMap/there/other'], {}, { patch: 403 }],
    ['deletion of the Application', ['delete'], {}, { delete: 403 }],
    ['deletion of ConfigMaps', ['delete//ConfigMap/*'], {}, { delete: 200, patch: 403 }],
    ['one action', ['action/apps/Deployment/restart'], {}, { action: 200, actions: 403 }],
    ['actions of another group', ['action/batch/*'], {}, { action: 403 }],
  ])('with %s', async (_, policies, config, expected) => {
    await deploy({ 'web.yaml': DEPLOYMENT, 'config.yaml': CONFIG });
    await allow(policies, config);
    const send = async (method: string, path: string, body?: unknown) => {
      const headers = { 'content-type': 'application/json' };
      const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
      return (await ground.openAnonymously(path, init)).status;
    };
    const calls: Record<string, () => Promise<number>> = {
      get: () => send('GET', PLACE),
      patch: () => send('POST', `${PLACE}&patchType=application/merge-patch%2Bjson`, '{"data":{"a":"b"}}'),
      delete: () => send('DELETE', PLACE),
      actions: () => send('GET', ACTIONS),
      action: () => send('POST', ACTIONS, 'restart'),
    };
    const found: Record<string, number | undefined> = {};
    for (const name of Object.keys(expected)) found[name] = await calls[name]?.();
    expect(found).toEqual(expected);
  });
});

function live(apiVersion: string, kind: string, name: string) {
  return ground.get(apiVersion, kind, 'there', name);
}
