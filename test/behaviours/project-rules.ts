// What an AppProject forbids is never tried, applied or pruned, and is told in Argo CD's words.

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import type { ClusterTransport } from '../../src/platform.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  let namespace: string;

  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());
  beforeEach(async () => {
    namespace = cluster.freshNamespace('rules');
    await ground.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  });

  const configMap = (name: string, more = '') =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}data: {a: b}\n`;
  const role = 'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: reader}\nrules: []\n';
  const clusterRole = (name: string) =>
    `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: ${name}}\nrules: []\n`;

  async function setProject(name: string, spec: JsonObject) {
    const type = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject' };
    await ground.client.remove({ ...type, namespace: ground.namespace, name });
    await ground.client.create({
      ...type,
      metadata: { name, namespace: ground.namespace },
      spec: { sourceRepos: ['*'], destinations: [{ server: '*', namespace }], ...spec },
    });
  }

  async function create(name: string, files: Record<string, string>, more: { automated?: boolean } = {}) {
    const repository = await ground.createRepository(`devops/${name}`, files);
    await ground.createApplication({
      name,
      project: name,
      path: '.',
      repository,
      destinationNamespace: namespace,
      syncOptions: [],
      ...(more.automated && { automated: { prune: true } }),
    });
    return repository;
  }

  async function sync(name: string) {
    await ground.refresh(name);
    const { status } = await ground.sync(name, { prune: true });
    return {
      status,
      phase: status.operationState?.phase,
      message: status.operationState?.message,
      results: status.operationState?.syncResult?.resources?.map((result) => [
        result.kind,
        result.name,
        result.status,
        result.message,
      ]),
    };
  }

  it("an operation's own source has to be permitted as well", async () => {
    await setProject('own-source', { sourceRepos: [`${ground.gitUrl}/devops/own-source`] });
    await create('own-source', { 'a.yaml': configMap('a') });
    await ground.refresh('own-source');
    expect((await ground.sync('own-source')).status.operationState?.phase).toBe('Succeeded');
    const other = await ground.createRepository('devops/foreign', { 'b.yaml': configMap('b') });
    const ref = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      namespace: ground.namespace,
      name: 'own-source',
    };
    const source = { repoURL: `${ground.gitUrl}/${other.path}`, path: '.', targetRevision: 'main' };
    await ground.client.patch(ref, { operation: { sync: { source } } }, { type: 'merge' });
    await ground.refresh('own-source');
    const { operationState } = (await ground.application('own-source')).status;
    expect(operationState).toMatchObject({
      phase: 'Error',
      message: expect.stringContaining("is not permitted in project 'own-source'"),
    });
    expect(await ground.get('v1', 'ConfigMap', namespace, 'b')).toBeUndefined();
  });

  it('a kind that the project does not permit fails the sync, and nothing of it is applied', async () => {
    await setProject('kinds', { namespaceResourceBlacklist: [{ group: 'rbac.authorization.k8s.io', kind: 'R*' }] });
    await create('kinds', { 'a.yaml': configMap('a'), 'role.yaml': role });
    const { phase, message, results, status } = await sync('kinds');

    expect({ phase, message }).toEqual({
      phase: 'Failed',
      message:
        'one or more synchronization tasks are not valid: resource rbac.authorization.k8s.io:Role is not permitted in project kinds',
    });
    expect(results).toEqual([
      ['Role', 'reader', 'SyncFailed', 'resource rbac.authorization.k8s.io:Role is not permitted in project kinds'],
    ]);
    expect(status.sync?.status).toBe('OutOfSync');
    expect(status.resources?.map(({ kind, status }) => [kind, status])).toEqual([
      ['ConfigMap', 'OutOfSync'],
      ['Role', 'Unknown'],
    ]);
    expect(await ground.get('v1', 'ConfigMap', namespace, 'a')).toBeUndefined();
    expect(await ground.get('rbac.authorization.k8s.io/v1', 'Role', namespace, 'reader')).toBeUndefined();
  });

  it('cluster-scoped kinds need to be listed, by name where the project says so', async () => {
    await setProject('scoped', {
      clusterResourceWhitelist: [{ group: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: `${namespace}-*` }],
    });
    const mine = `${namespace}-reader`;
    const repository = await create('scoped', { 'mine.yaml': clusterRole(mine) });
    expect((await sync('scoped')).phase).toBe('Succeeded');
    expect(await ground.get('rbac.authorization.k8s.io/v1', 'ClusterRole', '', mine)).toBeDefined();

    const others = `others-${namespace}`;
    await ground.push(repository, { 'others.yaml': clusterRole(others) });
    expect((await sync('scoped')).results).toContainEqual([
      'ClusterRole',
      others,
      'SyncFailed',
      'resource rbac.authorization.k8s.io:ClusterRole is not permitted in project scoped',
    ]);
    await ground.client.remove({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: mine });
  });

  it('an object for a namespace that is no destination of the project', async () => {
    await setProject('places', {});
    await create('places', { 'a.yaml': configMap('a', '  namespace: kube-public\n') });
    expect((await sync('places')).results).toEqual([
      ['ConfigMap', 'a', 'SyncFailed', "namespace kube-public is not permitted in project 'places'"],
    ]);
    expect(await ground.get('v1', 'ConfigMap', 'kube-public', 'a')).toBeUndefined();
  });

  it('what became forbidden is not pruned, and is pruned once it is permitted again', async () => {
    await setProject('prunes', {});
    const repository = await create('prunes', { 'a.yaml': configMap('a'), 'role.yaml': role });
    expect((await sync('prunes')).phase).toBe('Succeeded');
    await setProject('prunes', { namespaceResourceWhitelist: [{ group: '', kind: '*' }] });
    await ground.push(repository, { 'role.yaml': null });
    const forbidden = await sync('prunes');
    expect([forbidden.phase, forbidden.status.sync?.status]).toEqual(['Succeeded', 'Synced']);
    expect(await ground.get('rbac.authorization.k8s.io/v1', 'Role', namespace, 'reader')).toBeDefined();

    await setProject('prunes', {});
    expect((await sync('prunes')).phase).toBe('Succeeded');
    expect(await ground.get('rbac.authorization.k8s.io/v1', 'Role', namespace, 'reader')).toBeUndefined();
  });

  it('a source that the project does not permit is no longer compared', async () => {
    await setProject('sources', { sourceRepos: ['*', `!${ground.gitUrl}/devops/*`] });
    await create('sources', { 'a.yaml': configMap('a') }, { automated: true });
    await ground.refresh('sources');
    const { status } = await ground.application('sources');

    expect(status.sync?.status).toBe('Unknown');
    expect(status.conditions?.map(({ type, message }) => [type, message])).toEqual([
      ['InvalidSpecError', `application repo ${ground.gitUrl}/devops/sources is not permitted in project 'sources'`],
    ]);
    expect(await ground.get('v1', 'ConfigMap', namespace, 'a')).toBeUndefined();
  });

  it('what the project does not permit is not shown by a comparison that somebody asks for', async () => {
    await setProject('asked', {});
    await create('asked', { 'a.yaml': configMap('a') });
    await sync('asked');
    const path = '/api/v1/applications/asked/managed-resources';
    expect((await ground.request('GET', path)).status).toBe(200);
    await setProject('asked', { destinations: [{ server: '*', namespace: 'elsewhere' }] });
    const { status, body } = await ground.request('GET', path);
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain("do not match any of the allowed destinations in project 'asked'");
  });

  it('nothing is applied when the project goes while its Application is looked at', async () => {
    await setProject('going', {});
    let reads = 0;
    const { transport } = cluster;
    const gate: ClusterTransport = {
      ...transport,
      fetch: async (path, init) => {
        const isAgain = path.includes('/appprojects/going') && ++reads > 1;
        if (!isAgain) return transport.fetch(path, init);
        return Response.json({ kind: 'Status', status: 'Failure', reason: 'NotFound', code: 404 }, { status: 404 });
      },
    };
    const gated = await createGround(gate, { namespace: cluster.freshNamespace('argocd') });
    try {
      const metadata = { name: 'going', namespace: gated.namespace };
      const spec = { sourceRepos: ['*'], destinations: [{ server: '*', namespace }] };
      await ground.client.create({ apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata, spec });
      const repository = await gated.createRepository('devops/going', { 'a.yaml': clusterRole(namespace) });
      const app = { name: 'going', project: 'going', path: '.', repository, destinationNamespace: namespace };
      await gated.createApplication({ ...app, syncOptions: [], automated: {} });
      await gated.refresh('going');
      const { status } = await gated.application('going');
      expect(status.conditions).toMatchObject([
        { type: 'InvalidSpecError', message: expect.stringContaining('going') },
      ]);
      expect(
        await ground.client.get({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: namespace }),
      ).toBeUndefined();
    } finally {
      await gated.close();
    }
  });

  it('tells once of a rule that has no effect here', async () => {
    const account = { server: '*', namespace, defaultServiceAccount: 'deployer' };
    await setProject('accounts', { destinationServiceAccounts: [account] });
    await create('accounts', { 'a.yaml': configMap('a') });
    expect((await sync('accounts')).phase).toBe('Succeeded');
    expect(ground.logs.filter((line) => line.includes('destinationServiceAccounts'))).toHaveLength(1);
  });

  it('deploys nothing where the project demands signed commits', async () => {
    await setProject('signed', { signatureKeys: [{ keyID: '4AEE18F83AFDEB23' }] });
    await create('signed', { 'a.yaml': configMap('a') }, { automated: true });
    await ground.refresh('signed');
    const { status } = await ground.application('signed');
    expect(status.conditions?.map(({ message }) => message).join()).toContain('demands signed commits');
    expect(await ground.get('v1', 'ConfigMap', namespace, 'a')).toBeUndefined();
  });

  it('automated sync tells what is forbidden, and that it will try again', async () => {
    await setProject('automatic', { namespaceResourceWhitelist: [{ group: '', kind: 'ConfigMap' }] });
    await create('automatic', { 'a.yaml': configMap('a'), 'role.yaml': role }, { automated: true });
    await ground.refresh('automatic');
    const { status } = await ground.application('automatic');
    expect(status.operationState).toMatchObject({ phase: 'Running', retryCount: 1 });
    expect(status.operationState?.message).toMatch(
      /^one or more synchronization tasks are not valid: .*Retrying attempt #1/,
    );
  });

  it('a namespace that CreateNamespace would make has to be permitted, too', async () => {
    const other = `${namespace}-new`;
    await setProject('making', { destinations: [{ server: '*', namespace: other }] });
    const repository = await ground.createRepository('devops/making', { 'a.yaml': configMap('a') });
    await ground.createApplication({
      name: 'making',
      project: 'making',
      path: '.',
      repository,
      destinationNamespace: other,
      syncOptions: ['CreateNamespace=true'],
    });
    expect((await sync('making')).results).toEqual([
      ['Namespace', other, 'SyncFailed', 'resource :Namespace is not permitted in project making'],
    ]);
    expect(await ground.get('v1', 'Namespace', '', other)).toBeUndefined();
  });
};

export default behaviour;
