// Several clusters and namespaces: Applications go where they are told, by the name or the address of a cluster, and one that is away keeps
// nobody else waiting.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { at, stringAt } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { type ClusterGate, openClusterGate } from '../support/cluster-gate.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';
import { createRuntimeGround, type RuntimeGround } from './support/ground.ts';

const SOON = { timeout: 30_000, interval: 50 };
const EAST_TOKEN = 'token-of-east';
const configMap = (key: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {key: ${key}}\n`;

describe('a second cluster', () => {
  const far = connectSandbox();
  const farClient = createKubeClient(far, { fieldManager: 'test' });
  let ground: RuntimeGround;
  let east: ClusterGate;

  beforeAll(async () => {
    east = await openClusterGate(() => far, EAST_TOKEN);
    ground = await createRuntimeGround();
  });
  afterAll(async () => {
    await ground?.close();
    await east?.close();
  });

  const dataOf = async (client: KubeClient, namespace: string) =>
    at(await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'a' }), 'data');
  /** Told in the Application's `destination`: by its name, or by its address. */
  const deployTo = (name: string, destination: Record<string, string | null>, more: object = {}) =>
    ground.deploy(name, { 'a.yaml': configMap('one') }, { spec: { destination }, ...more });

  it('is added by the API, and listed without its credentials', async () => {
    const config = { bearerToken: EAST_TOKEN };
    const added = await ground.request('POST', '/api/v1/clusters', { name: 'east', server: east.url, config });
    expect(added).toMatchObject({ status: 200, body: { name: 'east', server: east.url } });
    const listed = await ground.request('GET', '/api/v1/clusters');
    const items = at(listed.body, 'items');
    expect(Array.isArray(items) && items.map((item) => stringAt(item, 'name')).sort()).toEqual(['east', 'in-cluster']);
    expect(JSON.stringify([added, listed])).not.toContain(EAST_TOKEN);
  });

  it('is deployed to by its name and by its address, in as many namespaces as there are Applications', async () => {
    await deployTo('by-name', { name: 'east', server: null });
    await deployTo('by-address', { server: east.url });
    await deployTo('at-home', {});
    for (const namespace of ['by-name', 'by-address']) {
      expect(await dataOf(farClient, namespace)).toEqual({ key: 'one' });
      expect(await dataOf(ground.client, namespace)).toBeUndefined();
    }
    expect(await dataOf(ground.client, 'at-home')).toEqual({ key: 'one' });
    expect(await dataOf(farClient, 'at-home')).toBeUndefined();
  });

  it('that is away is told as one condition, and keeps nobody else waiting', async () => {
    const files = { 'a.yaml': configMap('one') };
    const shared = await ground.createRepository('devops/shared', files);
    for (const [name, destination] of [
      ['far-shared', { name: 'east', server: null }],
      ['near-shared', {}],
    ] as const) {
      const place = { repository: shared, path: '.', destinationNamespace: name, automated: {} };
      await ground.createApplication({ ...place, name });
      await ground.patchApplication(name, { spec: { destination } });
      await ground.refresh(name);
    }
    await east.close();
    const answer = await ground.push(shared, { 'a.yaml': configMap('two') });
    await vi.waitFor(async () => expect(await dataOf(ground.client, 'near-shared')).toEqual({ key: 'two' }), SOON);
    await vi.waitFor(async () => {
      const { status } = await ground.application('far-shared');
      expect(status.sync?.status).toBe('Unknown');
      expect(status.conditions).toHaveLength(1);
      expect(status.conditions?.[0]?.message).toContain(east.url);
    }, SOON);
    await east.open();
    await ground.done(answer);
    expect((await ground.settled('far-shared')).status).toMatchObject({ sync: { status: 'Synced' } });
    expect(await dataOf(farClient, 'far-shared')).toEqual({ key: 'two' });
  });

  it('that takes the token no more says so, and tells it nobody', async () => {
    east.token = 'another';
    await ground.refresh('by-name');
    const { status } = await ground.application('by-name');
    expect(status.sync?.status).toBe('Unknown');
    expect(status.conditions?.map(({ message }) => message).join()).toMatch(/401|Unauthorized|credentials/);
    expect(JSON.stringify(status) + ground.logs().join('\n')).not.toContain(EAST_TOKEN);
    east.token = EAST_TOKEN;
    await ground.refresh('by-name');
    expect((await ground.application('by-name')).status).toMatchObject({ sync: { status: 'Synced' } });
  });

  it('that nobody knows is an error of the Application', async () => {
    await deployTo('to-nobody', { name: 'west', server: null }, { isSynced: false, automated: {} });
    const { status } = await ground.application('to-nobody');
    expect(status.sync?.status).toBe('Unknown');
    expect(status.conditions).toMatchObject([{ message: expect.stringContaining('west') }]);
  });
});
