// `ServerSideApply=false`: objects are applied as `kubectl apply` does, and compared by what was applied last; `ServerSideDiff=false`
// compares without a dry run.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/kube/object.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const CLIENT_SIDE = 'ServerSideApply=false';

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  let namespace: string;
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());
  beforeEach(() => {
    namespace = cluster.freshNamespace('client-side');
  });

  const configMap = (data: string, options = '') =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n${options && `  annotations: {argocd.argoproj.io/sync-options: "${options}"}\n`}data: ${data}\n`;
  const deployment = (env: string, more = '') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: nginx:1.27
          ports: [{containerPort: 80}]
          resources: {requests: {cpu: 1000m, memory: 1024Mi}}
          env: ${env}
${more}`;
  const definition = (group: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.${group}}
spec:
  group: ${group}
  names: {kind: Widget, listKind: WidgetList, plural: widgets, singular: widget}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`;
  const settings = () => ground.get('v1', 'ConfigMap', namespace, 'settings');
  const web = () => ground.get('apps/v1', 'Deployment', namespace, 'web');
  const ref = (kind: 'ConfigMap' | 'Deployment') =>
    kind === 'ConfigMap'
      ? { apiVersion: 'v1', kind, namespace, name: 'settings' }
      : { apiVersion: 'apps/v1', kind, namespace, name: 'web' };
  const managers = (live: KubeObject | undefined) =>
    (live?.metadata.managedFields ?? []).map((entry) => {
      const { manager, operation } = entry as { manager: string; operation: string };
      return `${manager} ${operation}`;
    });

  async function create(name: string, files: Record<string, string>, syncOptions: readonly string[] = [CLIENT_SIDE]) {
    const repository = await ground.createRepository(`devops/${name}`, files);
    await ground.createApplication({
      name,
      path: '.',
      repository,
      destinationNamespace: namespace,
      syncOptions: ['CreateNamespace=true', ...syncOptions],
    });
    await ground.refresh(name);
    return repository;
  }

  async function statusOf(name: string) {
    await ground.refresh(name);
    return (await ground.application(name)).status.sync?.status;
  }

  it('makes an object with the annotation that kubectl reads, and owns it as an updater', async () => {
    await create('making', { 'a.yaml': configMap('{a: "<1>"}') });
    const { status } = await ground.sync('making');
    const live = await settings();

    const id = `making:/ConfigMap:${namespace}/settings`;
    expect(live?.metadata.annotations?.[LAST_APPLIED]).toBe(
      `{"apiVersion":"v1","data":{"a":"\\u003c1\\u003e"},"kind":"ConfigMap","metadata":{"annotations":{"argocd.argoproj.io/tracking-id":"${id}"},"name":"settings","namespace":"${namespace}"}}\n`,
    );
    expect(managers(live)).toEqual(['hawser Update']);
    expect(status.sync?.status).toBe('Synced');
    expect(status.operationState?.phase).toBe('Succeeded');
  });

  it('takes away what left Git, and leaves what others put in', async () => {
    const repository = await create('patching', { 'a.yaml': deployment('[{name: A, value: a}, {name: B, value: b}]') });
    await ground.sync('patching');
    const sidecar = { name: 'sidecar', image: 'envoy:1' };
    const patch = {
      metadata: { labels: { team: 'mesh' } },
      spec: { replicas: 3, template: { spec: { containers: [sidecar] } } },
    };
    await ground.client.patch(ref('Deployment'), patch, { type: 'strategic', fieldManager: 'mesh' });
    expect(await statusOf('patching')).toBe('Synced');

    await ground.push(repository, { 'a.yaml': deployment('[{name: B, value: c}]') });
    expect((await ground.application('patching')).status.sync?.status).toBe('OutOfSync');
    const { status } = await ground.sync('patching');
    const live = await web();

    expect(status.sync?.status).toBe('Synced');
    expect(live?.metadata.labels).toEqual({ team: 'mesh' });
    expect(live?.spec).toMatchObject({
      replicas: 3,
      template: {
        spec: {
          containers: expect.arrayContaining([
            expect.objectContaining({ name: 'web', env: [{ name: 'B', value: 'c' }] }),
            expect.objectContaining(sidecar),
          ]),
        },
      },
    });
  });

  it('finds no drift in quantities in another form, and in defaults', async () => {
    await create('quantities', { 'a.yaml': deployment('[{name: A, value: ""}]') });
    await ground.sync('quantities');
    const before = await web();

    expect(await statusOf('quantities')).toBe('Synced');
    const { status } = await ground.sync('quantities');
    expect(status.operationState?.syncResult?.resources?.find(({ kind }) => kind === 'Deployment')?.message).toBe(
      'deployment.apps/web unchanged',
    );
    expect((await web())?.metadata.managedFields?.[0]).toEqual(before?.metadata.managedFields?.[0]);
    expect((await web())?.metadata.generation).toBe(before?.metadata.generation);
  });

  it('takes over what kubectl applied, with what it had applied and Git does not have', async () => {
    await create('taking-over', { 'a.yaml': configMap('{a: "1"}') });
    await ground.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    const bare = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace } };
    const applied = { ...bare, data: { a: '1', old: '2' } };
    await ground.client.create(
      {
        ...bare,
        metadata: { ...bare.metadata, annotations: { [LAST_APPLIED]: JSON.stringify(applied) } },
        data: { ...applied.data, byHand: '3' },
      },
      { fieldManager: 'kubectl-client-side-apply' },
    );
    expect(await statusOf('taking-over')).toBe('OutOfSync');
    await ground.sync('taking-over');

    expect((await settings())?.data).toEqual({ a: '1', byHand: '3' });
    expect(await statusOf('taking-over')).toBe('Synced');
  });

  it('does not miss, without the annotation, what Git says; what it does not say nobody knows', async () => {
    await create('two-way', { 'a.yaml': configMap('{a: "1"}') });
    await ground.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace } };
    await ground.client.create({ ...object, data: { a: '0', b: '2' } });
    await ground.sync('two-way');
    const live = await settings();

    expect(live?.data).toEqual({ a: '1', b: '2' });
    expect(live?.metadata.annotations?.[LAST_APPLIED]).toContain('"data":{"a":"1"}');
  });

  it('follows the option of an object before that of its Application', async () => {
    const other = configMap('{a: "1"}', 'ServerSideApply=true').replace('name: settings', 'name: server-side');
    await create('mixed', { 'a.yaml': configMap('{a: "1"}'), 'b.yaml': other });
    await ground.sync('mixed');
    expect(managers(await ground.get('v1', 'ConfigMap', namespace, 'server-side'))).toEqual(['hawser Apply']);
    expect(managers(await settings())).toEqual(['hawser Update']);
  });

  it('merges custom resources as plain JSON: their lists are whole', async () => {
    const group = `${namespace}.example.com`;
    const widget = (spec: string) => `apiVersion: ${group}/v1\nkind: Widget\nmetadata: {name: one}\nspec: ${spec}\n`;
    const repository = await create('widgets', {
      'crd.yaml': definition(group),
      'a.yaml': widget('{parts: [{name: a}, {name: b}], size: 1, color: red}'),
    });
    await ground.sync('widgets');
    const live = () => ground.get(`${group}/v1`, 'Widget', namespace, 'one');
    const one = { apiVersion: `${group}/v1`, kind: 'Widget', namespace, name: 'one' };
    await ground.client.patch(one, { spec: { added: true } }, { type: 'merge', fieldManager: 'controller' });
    expect(await statusOf('widgets')).toBe('Synced');

    await ground.push(repository, { 'a.yaml': widget('{parts: [{name: b}], size: 2}') });
    await ground.application('widgets');
    await ground.sync('widgets');
    expect((await live())?.spec).toEqual({ parts: [{ name: 'b' }], size: 2, added: true });
    expect(await statusOf('widgets')).toBe('Synced');
  });

  it.each([
    ['by a dry run', ''],
    ['without one', CLIENT_SIDE],
  ])('compares fields of custom resources as the types that argocd-cm says they have, %s', async (_, options) => {
    const group = `${namespace}.example.com`;
    const name = `known-types-${options.length}`;
    const types = '[{field: spec.limits.cpu, type: core/Quantity}, {field: spec.wait, type: meta/v1/Duration}]';
    await ground.client.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'argocd-cm', namespace: ground.namespace },
      data: { [`resource.customizations.knownTypeFields.${group}_Widget`]: types },
    });
    const annotations = `{argocd.argoproj.io/sync-options: "${options || 'PruneLast=true'}"}`;
    const git = `apiVersion: ${group}/v1\nkind: Widget\nmetadata: {name: one, annotations: ${annotations}}\n`;
    await create(
      name,
      { 'crd.yaml': definition(group), 'a.yaml': `${git}spec: {limits: {cpu: 2000m}, wait: 90s, size: 1}\n` },
      [],
    );
    await ground.sync(name);
    const one = { apiVersion: `${group}/v1`, kind: 'Widget', namespace, name: 'one' };
    const same = { spec: { limits: { cpu: '2' }, wait: '1m30s' } };
    await ground.client.patch(one, same, { type: 'merge', fieldManager: 'controller' });
    expect(await statusOf(name)).toBe('Synced');
    await ground.client.patch(one, { spec: { limits: { cpu: '3' } } }, { type: 'merge', fieldManager: 'controller' });
    expect(await statusOf(name)).toBe('OutOfSync');
    await ground.client.remove({ apiVersion: 'v1', kind: 'ConfigMap', namespace: ground.namespace, name: 'argocd-cm' });
  });

  it('tries every patch before it writes anything, and makes anew by force what cannot be patched', async () => {
    const repository = await create('immutable', { 'a.yaml': deployment('[]'), 'b.yaml': configMap('{a: "1"}') });
    await ground.sync('immutable');
    const { uid } = (await web())?.metadata ?? {};
    const selector = (options: string) =>
      deployment('[]')
        .replace('{matchLabels: {app: web}}', '{matchLabels: {app: web, tier: front}}')
        .replace('{labels: {app: web}}', '{labels: {app: web, tier: front}}')
        .replace('{name: web}', `{name: web, annotations: {argocd.argoproj.io/sync-options: "${options}"}}`);
    await ground.push(repository, { 'a.yaml': selector('PruneLast=true'), 'b.yaml': configMap('{a: "2"}') });
    await ground.application('immutable');
    const failed = await ground.sync('immutable');

    expect(failed.status.operationState?.phase).toBe('Failed');
    expect((await settings())?.data).toEqual({ a: '1' });

    await ground.push(repository, { 'a.yaml': selector('Force=true') });
    await ground.application('immutable');
    const { status } = await ground.sync('immutable');
    const live = await web();
    expect(status.operationState?.phase).toBe('Succeeded');
    expect(live?.metadata.uid).not.toBe(uid);
    expect(live?.metadata.annotations?.[LAST_APPLIED]).toContain('"tier":"front"');
  });

  it('may be compared by a dry run all the same, and leaves what others added', async () => {
    const options = '{argocd.argoproj.io/compare-options: ServerSideDiff=true}';
    const git = (data: string) =>
      configMap(data).replace('name: settings', `name: settings\n  annotations: ${options}`);
    const repository = await create('dry-run', { 'a.yaml': git('{a: "1"}') });
    await ground.sync('dry-run');
    await ground.client.patch(ref('ConfigMap'), { data: { b: '2' } }, { type: 'merge', fieldManager: 'hand' });
    expect(await statusOf('dry-run')).toBe('Synced');
    await ground.push(repository, { 'a.yaml': git('{a: "3"}') });
    expect((await ground.application('dry-run')).status.sync?.status).toBe('OutOfSync');
    await ground.sync('dry-run');
    expect((await settings())?.data).toEqual({ a: '3', b: '2' });
    expect(await statusOf('dry-run')).toBe('Synced');
  });

  it('takes a list in which a key stands twice, which server-side apply does not', async () => {
    const twice = '[{name: A, value: a}, {name: A, value: b}]';
    const repository = await create('twice', { 'a.yaml': deployment(twice) });
    const { status } = await ground.sync('twice');
    expect(status.operationState?.phase).toBe('Succeeded');
    expect(status.sync?.status).toBe('Synced');

    await ground.push(repository, { 'a.yaml': deployment('[{name: A, value: b}]') });
    await ground.application('twice');
    expect((await ground.sync('twice')).status.operationState?.phase).toBe('Succeeded');
  });

  describe('going over to server-side apply', () => {
    const labelled = (labels: string, annotations: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  labels: ${labels}\n  annotations: {${annotations}}\n`;
    const option = (text: string) => `argocd.argoproj.io/sync-options: "${text}"`;
    const labels = (live: KubeObject | undefined) => live?.metadata.labels;

    async function goOver(name: string, syncOptions: readonly string[]) {
      const repository = await create(
        name,
        { 'a.yaml': labelled('{a: "1", b: "2"}', option(CLIENT_SIDE)) },
        syncOptions,
      );
      await ground.sync(name);
      await ground.push(repository, { 'a.yaml': labelled('{a: "1"}', '') });
      await ground.application(name);
      await ground.sync(name);
      return settings();
    }

    it('moves the fields, so that what leaves Git goes', async () => {
      const live = await goOver('moving', []);
      expect(labels(live)).toEqual({ a: '1' });
      expect(managers(live)).toEqual(['hawser Apply']);
      expect(live?.metadata.annotations).not.toHaveProperty([LAST_APPLIED]);
      expect(await statusOf('moving')).toBe('Synced');
    });

    it('leaves them where ClientSideApplyMigration=false asks for it', async () => {
      const live = await goOver('staying', ['ClientSideApplyMigration=false']);
      expect(labels(live)).toEqual({ a: '1', b: '2' });
      expect(managers(live).sort()).toEqual(['hawser Apply', 'hawser Update']);
    });

    it('moves those of the manager that an annotation names', async () => {
      await ground.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
      const metadata = { name: 'settings', namespace, labels: { a: '0', b: '2' } };
      await ground.client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata }, { fieldManager: 'deployer' });
      const named = 'argocd.argoproj.io/client-side-apply-migration-manager: deployer';
      await create('named', { 'a.yaml': labelled('{a: "1"}', named) }, []);
      await ground.sync('named');
      const live = await settings();
      expect(labels(live)).toEqual({ a: '1' });
      expect(managers(live)).toEqual(['hawser Apply']);
    });
  });

  it('compares by managedFields, without a dry run, what is applied server-side with ServerSideDiff=false', async () => {
    const options = 'annotations: {argocd.argoproj.io/compare-options: ServerSideDiff=false}';
    const git = deployment('[{name: A, value: a}]').replace('{name: web}', `\n  name: web\n  ${options}`);
    const repository = await create('by-fields', { 'a.yaml': git }, []);
    await ground.sync('by-fields');
    expect(await statusOf('by-fields')).toBe('Synced');

    await ground.client.patch(ref('Deployment'), { spec: { replicas: 2 } }, { type: 'merge', fieldManager: 'scaler' });
    expect(await statusOf('by-fields')).toBe('Synced');
    await ground.client.patch(
      ref('Deployment'),
      { spec: { template: { spec: { containers: [{ name: 'web', image: 'nginx:1.28' }] } } } },
      { type: 'strategic', fieldManager: 'hand' },
    );
    expect(await statusOf('by-fields')).toBe('OutOfSync');
    await ground.sync('by-fields');
    expect(await statusOf('by-fields')).toBe('Synced');

    await ground.push(repository, { 'a.yaml': git.replace('env: [{name: A, value: a}]', 'env: []') });
    expect((await ground.application('by-fields')).status.sync?.status).toBe('OutOfSync');
  });
};

export default behaviour;
