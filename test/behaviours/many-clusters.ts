// Destinations other than home: clusters of Secrets, by name and by address; one of them being away holds up no other.

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { ResourceStatus } from '../../src/application/types.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { type ClusterGate, openClusterGate } from '../support/cluster-gate.ts';
import { createGround, type Ground } from '../support/ground.ts';

const TOKEN = 'token-of-east-0123456789';

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  let east: ClusterGate;
  let namespace: string;

  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
    east = await openClusterGate(() => cluster.transport, TOKEN);
  });
  afterAll(async () => {
    await ground.close();
    await east.close();
  });
  beforeEach(async () => {
    namespace = cluster.freshNamespace('clusters');
    east.token = TOKEN;
    await register('east', { name: 'east', server: east.url, config: config({ bearerToken: TOKEN }) });
  });

  const config = (value: unknown) => JSON.stringify(value);
  const configMap = (name: string, value = 'one') =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata: {key: ${value}}\n`;

  async function register(name: string, stringData: Record<string, string>) {
    const metadata = { name: `cluster-${name}`, namespace: ground.namespace };
    const labels = { 'argocd.argoproj.io/secret-type': 'cluster' };
    await ground.client.remove({ apiVersion: 'v1', kind: 'Secret', ...metadata });
    await ground.client.create({ apiVersion: 'v1', kind: 'Secret', metadata: { ...metadata, labels }, stringData });
  }

  async function unregister(name: string) {
    await ground.client.remove({
      apiVersion: 'v1',
      kind: 'Secret',
      namespace: ground.namespace,
      name: `cluster-${name}`,
    });
  }

  /** An Application whose destination is set afterwards, as kubectl would. */
  async function create(
    name: string,
    destination: Record<string, string>,
    more: { repository?: string; automated?: boolean } = {},
  ) {
    const path = `devops/${more.repository ?? name}`;
    const repository =
      ground.git.get(path) ??
      (await ground.createRepository(path, { 'a/a.yaml': configMap('a'), 'b/a.yaml': configMap('b') }));
    await ground.createApplication({
      name,
      path: name.endsWith('west') ? 'b' : 'a',
      repository,
      destinationNamespace: namespace,
      syncOptions: ['CreateNamespace=true'],
      ...(more.automated && { automated: {} }),
    });
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: ground.namespace, name };
    const whole = { server: null, name: null, ...destination };
    await ground.client.patch(ref, { spec: { destination: whole } }, { type: 'merge' });
    return repository;
  }

  const dataOf = async (name: string) => (await ground.get('v1', 'ConfigMap', namespace, name))?.data;
  const conditionsOf = async (name: string) =>
    (await ground.application(name)).status.conditions?.map(({ type, message }) => `${type}: ${message}`) ?? [];

  it('is reached by its name, with the credentials of its Secret', async () => {
    await create('by-name', { name: 'east' });
    east.requests.length = 0;
    await ground.refresh('by-name');
    const { status } = await ground.sync('by-name');

    expect(status.sync?.status).toBe('Synced');
    expect(await dataOf('a')).toEqual({ key: 'one' });
    expect(east.requests).toContain(`PATCH /api/v1/namespaces/${namespace}/configmaps/a`);
  });

  it('is reached by its address, with or without a slash at its end', async () => {
    await create('by-address', { server: `${east.url}/` });
    await ground.refresh('by-address');
    expect((await ground.sync('by-address')).status.sync?.status).toBe('Synced');
  });

  it('that nobody knows is an InvalidSpecError in Argo CD’s words, until its Secret is there', async () => {
    await create('unknown', { name: 'south' });
    await ground.refresh('unknown');
    expect((await conditionsOf('unknown'))[0]).toContain(
      'InvalidSpecError: there are no clusters with this name: south',
    );

    await register('south', { name: 'south', server: east.url, config: config({ bearerToken: TOKEN }) });
    await ground.refresh('unknown');
    expect((await ground.application('unknown')).status.sync?.status).toBe('OutOfSync');
    await unregister('south');
  });

  it('whose name is given twice is refused with both addresses', async () => {
    await register('twin', { name: 'east', server: 'https://twin.invalid', config: '{}' });
    await create('twins', { name: 'east' });
    await ground.refresh('twins');
    expect((await conditionsOf('twins'))[0]).toContain('there are 2 clusters with the same name: [');
    await unregister('twin');
  });

  it('that is home goes by the name that a Secret gives it', async () => {
    await create('renamed', { name: 'headquarters' });
    await register('home', { name: 'headquarters', server: 'https://kubernetes.default.svc', config: '{}' });
    await ground.refresh('renamed');
    expect((await ground.sync('renamed')).status.sync?.status).toBe('Synced');
    await unregister('home');
  });

  it('follows its Secret when the token changes', async () => {
    await create('rotated', { name: 'east' });
    await ground.refresh('rotated');
    east.token = 'token-after-rotation';
    await ground.refresh('rotated');
    expect((await ground.application('rotated')).status.sync?.status).toBe('Unknown');

    await register('east', { name: 'east', server: east.url, config: config({ bearerToken: east.token }) });
    await ground.refresh('rotated');
    expect((await ground.application('rotated')).status.sync?.status).toBe('OutOfSync');
  });

  it('that is away leaves the others alone: its part of a push waits, is taken up again by itself, and nothing else is repeated', async () => {
    const repository = await create('away-east', { name: 'east' }, { repository: 'away', automated: true });
    await create('away-west', { name: 'in-cluster' }, { repository: 'away', automated: true });
    for (const name of ['away-east', 'away-west']) await ground.refresh(name);
    expect((await ground.application('away-east')).status.sync?.status).toBe('Synced');

    await east.close();
    const answer = await ground.push(repository, {
      'a/a.yaml': configMap('a', 'two'),
      'b/a.yaml': configMap('b', 'two'),
    });
    expect(answer.applications.map(({ name, verdict }) => `${name}: ${verdict}`).sort()).toEqual([
      'away-east: sync',
      'away-west: sync',
    ]);
    const west = await ground.application('away-west');
    expect(west.status.sync?.status).toBe('Synced');
    expect(await dataOf('b')).toEqual({ key: 'two' });
    const away = await ground.application('away-east');
    expect(away.status.sync?.status).toBe('Unknown');
    expect((await conditionsOf('away-east')).join()).toMatch(/ComparisonError: .*ECONNREFUSED/);
    expect(away.status.resources?.map(({ name }: ResourceStatus) => name)).toEqual(['a']);

    await east.open();
    ground.clock.moveTo(ground.clock.now() + 6_000);
    await expect.poll(() => dataOf('a'), { timeout: 20_000 }).toEqual({ key: 'two' });
    expect((await ground.application('away-east')).status.sync?.status).toBe('Synced');
    expect((await ground.application('away-west')).metadata.resourceVersion).toBe(west.metadata.resourceVersion);
  });

  it('that was away when hawser ended gets its part of the push from the next process', async () => {
    const repository = await create('ended-east', { name: 'east' }, { repository: 'ended', automated: true });
    await ground.refresh('ended-east');
    await ground.application('ended-east');
    await east.close();
    await ground.push(repository, { 'a/a.yaml': configMap('a', 'three') });
    await ground.application('ended-east');
    await ground.restart();
    await east.open();
    await ground.hawser.resume();
    await expect.poll(() => dataOf('a'), { timeout: 20_000 }).toEqual({ key: 'three' });
  });

  it('that takes requests and never answers holds up neither the others nor the end of hawser', async () => {
    const repository = await create('silent-east', { name: 'east' }, { repository: 'silent', automated: true });
    await create('silent-west', { name: 'in-cluster' }, { repository: 'silent', automated: true });
    for (const name of ['silent-east', 'silent-west']) await ground.refresh(name);
    await expect.poll(() => dataOf('b'), { timeout: 20_000 }).toEqual({ key: 'one' });

    east.silent = true;
    const files = { 'a/a.yaml': configMap('a', 'four'), 'b/a.yaml': configMap('b', 'four') };
    const answer = await ground.push(repository, files);
    expect(answer.applications.map(({ verdict }) => verdict)).toEqual(['sync', 'sync']);
    await expect.poll(() => dataOf('b'), { timeout: 20_000 }).toEqual({ key: 'four' });
    await ground.restart();

    // What the next process has asked meanwhile is lost with the connection, and asked again.
    east.silent = false;
    await east.close();
    await east.open();
    await expect.poll(() => dataOf('a'), { timeout: 20_000 }).toEqual({ key: 'four' });
  });

  it('of a project alone is a destination of that project without being listed, and of no other that wants only its own', async () => {
    const project = (name: string, spec: Record<string, unknown>) =>
      ground.client.create({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'AppProject',
        metadata: { name, namespace: ground.namespace },
        spec: { sourceRepos: ['*'], clusterResourceWhitelist: [{ group: '*', kind: '*' }], ...spec },
      });
    await project('own', { destinations: [], permitOnlyProjectScopedClusters: true });
    await project('other', { destinations: [{ server: '*', namespace: '*' }], permitOnlyProjectScopedClusters: true });
    await register('east', { name: 'east', server: east.url, project: 'own', config: config({ bearerToken: TOKEN }) });
    await create('scoped', { name: 'east' });
    const ref = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      namespace: ground.namespace,
      name: 'scoped',
    };
    await ground.client.patch(ref, { spec: { project: 'own' } }, { type: 'merge' });
    await ground.refresh('scoped');
    expect((await ground.application('scoped')).status.sync?.status).toBe('OutOfSync');

    await ground.client.patch(ref, { spec: { project: 'other' } }, { type: 'merge' });
    await ground.refresh('scoped');
    expect((await conditionsOf('scoped'))[0]).toContain(
      "do not match any of the allowed destinations in project 'other'",
    );
  });

  it('of some namespaces only refuses objects outside of them', async () => {
    const registration = { name: 'east', server: east.url, config: config({ bearerToken: TOKEN }) };
    await register('east', { ...registration, namespaces: 'elsewhere, another' });
    await create('narrow', { name: 'east' });
    await ground.refresh('narrow');
    expect(await conditionsOf('narrow')).toEqual([
      `ComparisonError: Failed to load live state: namespace "${namespace}" for ConfigMap "a" is not managed`,
    ]);
  });

  it.each([
    ['awsAuthConfig', { awsAuthConfig: { clusterName: 'x', roleARN: 'secret-role-arn' } }, 'awsAuthConfig'],
    [
      'two kinds of credentials',
      { bearerToken: 'secret-token-1', username: 'u', password: 'secret-password' },
      'but not both',
    ],
    ['a token with a line break', { bearerToken: 'secret-token-2\n' }, 'a line break?'],
    ['a CA and insecure', { tlsClientConfig: { insecure: true, caData: btoa('secret-ca') } }, 'insecure flag'],
    ['no JSON', '{"bearerToken": "secret-token-3"', 'is no JSON object'],
    [
      'an exec plugin that is not there',
      { execProviderConfig: { command: '/nosuch/plugin', args: ['secret-argument'] } },
      '/nosuch/plugin',
    ],
    ['a token that is not accepted', { bearerToken: 'secret-token-4' }, 'Unauthorized'],
  ])('with %s says so without a word of the Secret', async (_, value, expected) => {
    const name = `broken-${cluster.freshNamespace('x')}`;
    const text = typeof value === 'string' ? value : config(value);
    await register('broken', { name: 'broken', server: east.url, config: text });
    await create(name, { name: 'broken' });
    const answer = await ground.refresh(name);
    const app = await ground.application(name);
    const managed = await ground.request('GET', `/api/v1/applications/${name}/managed-resources`);
    const seen = JSON.stringify([answer, app.status, managed, ground.logs]);

    expect(seen).toContain(expected);
    expect(app.status.sync?.status).toBe('Unknown');
    expect(seen).not.toMatch(/secret-(token|password|ca|role|argument)/);
    expect(seen).not.toContain(TOKEN);
    await unregister('broken');
  });
};

export default behaviour;
