// What keeps a push from being worked on is waited for where it passes, and otherwise written into the Application.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { createGround, type Ground } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const configMap = (value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: ${value}\n`;

let ground: Ground;
/** The API server's answer to what asks for a project. */
let answer: (() => Response) | undefined;

beforeEach(async () => {
  answer = undefined;
  const cluster = connectSandbox();
  const fetch: typeof cluster.fetch = async (path, init) =>
    answer && /\/appprojects\/default$/.test(path) && init?.method !== 'PATCH' ? answer() : cluster.fetch(path, init);
  ground = await createGround({ server: cluster.server, fetch });
});
afterEach(() => ground.close());

async function push() {
  const repository = await ground.createRepository('devops/app', { 'm/a.yaml': configMap('one') });
  await ground.createApplication({
    ...{ name: 'app', repository, path: 'm', destinationNamespace: 'app' },
    automated: { prune: true },
  });
  await ground.refresh('app');
  return (response: () => Response) => {
    answer = response;
    return ground.push(repository, { 'm/a.yaml': configMap('two') });
  };
}

const keyOf = async () => at(await ground.get('v1', 'ConfigMap', 'app', 'settings'), 'data', 'key');

describe('a push', () => {
  it.each([
    'etcdserver: leader changed',
    'etcdserver: request timed out',
    'rpc error: code = Unavailable desc = connection closed',
  ])('is worked on once etcd answers again: %s', async (message) => {
    const deliver = await push();
    const { deliveryId, applications } = await deliver(() =>
      Response.json({ kind: 'Status', message, code: 500 }, { status: 500 }),
    );
    expect(applications).toMatchObject([{ verdict: 'pending' }]);
    await ground.hawser.idle();
    expect(await ground.hawser.deliveries.get(deliveryId)).toMatchObject([{ state: 'open' }]);
    answer = undefined;
    ground.clock.moveTo(ground.clock.now() + 6_000);
    await expect.poll(keyOf).toBe('two');
  });

  it('that hawser itself fails at is told in the Application, and looked at again at the next start', async () => {
    const deliver = await push();
    const { applications } = await deliver(() =>
      Response.json({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'AppProject',
        metadata: { name: 'default' },
        spec: { sourceRepos: ['*'], destinations: [{ server: 5, namespace: 5 }] },
      }),
    );
    expect(applications).toMatchObject([{ verdict: 'error' }]);
    const { status } = await ground.application('app');
    expect(status.sync?.status).toBe('Unknown');
    expect(status.conditions).toMatchObject([{ message: expect.stringContaining('hawser itself failed') }]);
    answer = undefined;
    await ground.restart();
    await ground.hawser.idle();
    expect(await keyOf()).toBe('two');
  });
});

describe('a sync to another revision', () => {
  it('that there is none of leaves the Application as Git and the cluster say', async () => {
    const repository = await ground.createRepository('devops/app', { 'm/a.yaml': configMap('one') });
    await ground.createApplication({ name: 'app', repository, path: 'm', destinationNamespace: 'app' });
    await ground.refresh('app');
    await ground.sync('app');
    const { status } = await ground.sync('app', { revision: 'nope' });
    expect(status.operationState).toMatchObject({ phase: 'Error', message: expect.stringContaining("'nope' is no") });
    expect(status.sync?.status).toBe('Synced');
    expect(status.conditions ?? []).toEqual([]);
    await ground.push(repository, { 'm/a.yaml': configMap('two') });
    await ground.hawser.idle();
    expect((await ground.application('app')).status.sync?.status).toBe('OutOfSync');
  });
});
