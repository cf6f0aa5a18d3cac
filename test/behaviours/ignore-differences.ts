// What is not to count: rules of an Application, of argocd-cm for all of them, and respecting them in a sync.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { at, type JsonObject } from '../../src/base/json.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: subject}
spec:
  replicas: 1
  paused: true
  selector: {matchLabels: {app: a}}
  template:
    metadata: {labels: {app: a}}
    spec: {containers: [{name: main, image: "nginx:1"}, {name: agent, image: "agent:1"}]}
`;

/** Both images and the number of replicas, by another hand. */
const EDIT = {
  spec: {
    replicas: 3,
    template: {
      spec: {
        containers: [
          { name: 'main', image: 'nginx:1' },
          { name: 'agent', image: 'agent:2' },
        ],
      },
    },
  },
};

const RULES = [
  {
    group: 'apps',
    kind: 'Deployment',
    jsonPointers: ['/spec/replicas', '/spec/nothing/there'],
    // The first fails on every Deployment, which is no reason to leave the second one out.
    jqPathExpressions: [
      '.spec.selector | fromjson | .image',
      '.spec.template.spec.containers[] | select(.name | test("^AG"; "i")).image',
    ],
  },
];

const AGGREGATED = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: NAME}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {nothing: matches}}]}
rules: []
`;

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());

  async function deploy(
    name: string,
    { syncOptions = [], spec = {} }: { syncOptions?: string[]; spec?: JsonObject } = {},
    manifest = DEPLOYMENT,
  ) {
    const namespace = cluster.freshNamespace(name);
    const repository = await ground.createRepository(`devops/${name}`, { 'subject.yaml': manifest });
    await ground.createApplication({
      name,
      path: '.',
      repository,
      destinationNamespace: namespace,
      syncOptions: ['CreateNamespace=true', ...syncOptions],
    });
    const application = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: ground.namespace, name };
    await ground.client.patch(application, { spec }, { type: 'merge' });
    await ground.refresh(name);
    await ground.application(name);
    await ground.sync(name);
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'subject' };
    return {
      edit: () => ground.client.patch(ref, EDIT, { type: 'strategic', fieldManager: 'somebody' }),
      live: () => ground.client.get(ref),
      status: async () => {
        await ground.refresh(name);
        return (await ground.application(name)).status.sync?.status;
      },
      sync: async () => {
        await ground.application(name);
        return ground.sync(name);
      },
    };
  }

  const configure = (data: Record<string, string | null>) =>
    ground.client.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'argocd-cm', namespace: ground.namespace },
      data,
    });

  it('fields that an Application ignores make no difference, and a sync for another reason overwrites them', async () => {
    const app = await deploy('ignore-own', { spec: { ignoreDifferences: RULES } });
    await app.edit();
    expect(await app.status()).toBe('Synced');
    const { body } = await ground.request('GET', '/api/v1/applications/ignore-own/managed-resources');
    expect(at(body, 'items', 0, 'changes')).toEqual([]);
  });

  it('what is not ignored still counts', async () => {
    const app = await deploy('ignore-part', { spec: { ignoreDifferences: [{ ...RULES[0], jsonPointers: [] }] } });
    await app.edit();
    expect(await app.status()).toBe('OutOfSync');
    const { body } = await ground.request('GET', '/api/v1/applications/ignore-part/managed-resources');
    expect(at(body, 'items', 0, 'changes')).toEqual([{ path: '/spec/replicas', before: 3, after: 1 }]);
  });

  it('RespectIgnoreDifferences leaves the ignored fields in a sync as they are', async () => {
    const app = await deploy('ignore-respect', {
      syncOptions: ['RespectIgnoreDifferences=true'],
      spec: { ignoreDifferences: RULES },
    });
    await app.edit();
    await ground.client.patch(
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        namespace: (await app.live())?.metadata.namespace ?? '',
        name: 'subject',
      },
      { spec: { paused: false } },
      { type: 'merge', fieldManager: 'somebody' },
    );
    expect(await app.status()).toBe('OutOfSync');
    await app.sync();
    const live = await app.live();
    expect(at(live, 'spec', 'paused')).toBe(true);
    expect(at(live, 'spec', 'replicas')).toBe(3);
    expect(at(live, 'spec', 'template', 'spec', 'containers', 1, 'image')).toBe('agent:2');
    expect(await app.status()).toBe('Synced');
  });

  it('the fields of a manager do not count', async () => {
    const rules = [{ group: 'apps', kind: 'Deployment', managedFieldsManagers: ['somebody'] }];
    const app = await deploy('ignore-manager', { spec: { ignoreDifferences: rules } });
    await app.edit();
    expect(await app.status()).toBe('Synced');
  });

  it('argocd-cm ignores for all Applications, by kind and for all kinds', async () => {
    const app = await deploy('ignore-system');
    await app.edit();
    expect(await app.status()).toBe('OutOfSync');
    await configure({
      'resource.customizations.ignoreDifferences.apps_Deployment': 'jsonPointers: [/spec/replicas]\n',
      'resource.customizations.ignoreDifferences.all': 'managedFieldsManagers: [somebody]\n',
    });
    expect(await app.status()).toBe('Synced');
    await configure({
      'resource.customizations':
        'apps/Deployment:\n  ignoreDifferences: |\n    jsonPointers: [/spec/replicas, /spec/template/spec/containers]\n',
    });
    expect(await app.status()).toBe('Synced');
    await configure({});
    expect(await app.status()).toBe('OutOfSync');
  });

  it('the rules of an aggregated ClusterRole are its controller’s where argocd-cm says so', async () => {
    const name = cluster.freshNamespace('aggregated');
    const app = await deploy('ignore-aggregated', {}, AGGREGATED.replace('NAME', name));
    const ref = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name };
    const part = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: `${name}-part`, labels: { [name]: 'part' } },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
    };
    await ground.client.create(part);
    await configure({ 'resource.compareoptions': 'ignoreAggregatedRoles: true\n' });
    // What the aggregation controller does; the sandbox has none.
    await ground.client.patch(
      ref,
      { rules: part.rules },
      { type: 'merge', fieldManager: 'clusterrole-aggregation-controller' },
    );
    expect(await app.status()).toBe('Synced');
    await configure({});
    await ground.client.remove({ ...ref, name: `${name}-part` });
  });

  it('an expression that cannot be read makes the comparison Unknown, and says so', async () => {
    const rules = [{ group: 'apps', kind: 'Deployment', jqPathExpressions: ['.spec[['] }];
    const app = await deploy('ignore-broken', { spec: { ignoreDifferences: rules } });
    expect(await app.status()).toBe('Unknown');
    const { status } = await ground.application('ignore-broken');
    expect(status.conditions).toMatchObject([{ type: 'ComparisonError', message: expect.stringContaining('.spec[[') }]);
    // Nobody knows what it was to protect.
    expect((await ground.sync('ignore-broken')).status).toMatchObject({
      operationState: { phase: 'Error', message: expect.stringContaining('.spec[[') },
      conditions: [{ type: 'ComparisonError' }],
    });
  });
};

export default behaviour;
