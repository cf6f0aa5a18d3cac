// A failed operation is tried again with a growing pause, by an alarm; a newer push takes its place.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Application } from '../../src/application/types.ts';
import { at } from '../../src/base/json.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';
import { finishJob } from '../support/jobs.ts';
import { HOOK, job } from '../support/objects.ts';

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());

  /** An automated Application that cannot be synced as long as its namespace is missing. */
  async function deploy(name: string, retry: object) {
    const namespace = cluster.freshNamespace(name);
    const repository = await ground.createRepository(`devops/${name}`, { 'm/a.yaml': configMap('one') });
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: ground.namespace, name };
    await ground.createApplication({
      name,
      repository,
      path: 'm',
      destinationNamespace: namespace,
      automated: {},
      syncOptions: [],
    });
    await ground.client.patch(
      ref,
      { spec: { syncPolicy: { retry: JSON.parse(JSON.stringify(retry)) } } },
      { type: 'merge' },
    );
    await ground.refresh(name);
    return {
      ref,
      namespace,
      setRetry: (policy: object) =>
        ground.client.patch(
          ref,
          { spec: { syncPolicy: { retry: JSON.parse(JSON.stringify(policy)) } } },
          { type: 'merge' },
        ),
      push: async (value: string) => ground.push(repository, { 'm/a.yaml': configMap(value) }),
      pushText: async (text: string) => ground.push(repository, { 'm/a.yaml': text }),
      value: async () => at(await ground.get('v1', 'ConfigMap', namespace, 'settings'), 'data', 'key'),
      makeNamespace: () => ground.client.create(namespaceObject(namespace)),
      state: async () => (await ground.application(name)).status.operationState,
      until: async (isReached: (app: Application) => boolean) => {
        await expect
          .poll(async () => isReached(await ground.hawser.getApplication(name)), { timeout: 20_000, interval: 50 })
          .toBe(true);
        return ground.application(name);
      },
    };
  }

  it('it is Running with the time of its failure, says when it is tried again, and is', async () => {
    const app = await deploy('again', { limit: 3, backoff: { duration: '1s', factor: 2 } });
    const first = await app.state();
    expect(first).toMatchObject({ phase: 'Running', retryCount: 1, operation: { initiatedBy: { automated: true } } });
    expect(first?.message).toMatch(/Retrying attempt #1 at \d+:\d\d[AP]M\.$/);
    expect(first?.finishedAt).toBeDefined();
    await app.makeNamespace();
    const done = await app.until(({ status }) => status.operationState?.phase === 'Succeeded');
    expect(done.status.sync?.status).toBe('Synced');
    expect(done.status.operationState?.startedAt).toBe(first?.startedAt);
    expect(await app.value()).toBe('one');
  });

  it('it fails for good after the last attempt, and is not tried again at the same commit', async () => {
    const app = await deploy('in-vain', { limit: 2, backoff: { duration: '10ms', factor: 1 } });
    const done = await app.until(({ status }) => status.operationState?.phase === 'Failed');
    expect(done.status.operationState).toMatchObject({ retryCount: 2 });
    expect(done.status.operationState?.message).toMatch(/\(retried 2 times\)\.$/);
    expect(done.status.conditions).toMatchObject([{ type: 'SyncError' }]);
    await app.makeNamespace();
    await ground.refresh('in-vain');
    expect((await app.state())?.phase).toBe('Failed');
    await app.push('two');
    expect((await app.state())?.phase).toBe('Succeeded');
    expect(await app.value()).toBe('two');
  });

  it('a newer push takes the place of an attempt that waits', async () => {
    const app = await deploy('newer', { limit: 5, backoff: { duration: '1h', maxDuration: '2h' } });
    expect((await app.state())?.phase).toBe('Running');
    await app.makeNamespace();
    await app.push('two');
    expect(await app.state()).toMatchObject({ phase: 'Succeeded' });
    expect(await app.value()).toBe('two');
  });

  it('a push back to what is live ends an attempt that waits', async () => {
    const app = await deploy('back', { limit: 5, backoff: { duration: '1h', maxDuration: '2h' } });
    await app.makeNamespace();
    await app.push('two');
    await app.pushText(configMap('three').replace('name: settings', 'name: Not_a_name'));
    expect(await app.state()).toMatchObject({ phase: 'Running', retryCount: 1 });
    await app.push('two');
    expect(await app.state()).toMatchObject({ phase: 'Failed', message: 'superseded by a newer revision' });
    expect((await ground.application('back')).status.sync?.status).toBe('Synced');
  });

  it('a hook whose name was made up at the start runs again in the next attempt', async () => {
    const app = await deploy('hook-again', { limit: 0 });
    await app.makeNamespace();
    await app.setRetry({ limit: 1, backoff: { duration: '10ms', factor: 1 } });
    const hook = job('', { [HOOK]: 'PreSync' });
    const { metadata, ...rest } = hook;
    const { name: _, ...unnamed } = metadata;
    const made = { ...rest, metadata: { ...unnamed, generateName: 'pre-' } };
    await app.pushText(`${configMap('two')}---\n${JSON.stringify(made)}\n`);
    const hookOf = async (notUid?: string) => {
      let found: KubeObject | undefined;
      const look = async () => {
        const { items } = await ground.client.list(
          { apiVersion: 'batch/v1', kind: 'Job' },
          { namespace: app.namespace },
        );
        found = items.find((item) => item.metadata.uid !== notUid && !item.metadata.deletionTimestamp);
        return found !== undefined;
      };
      await expect.poll(look, { timeout: 20_000, interval: 50 }).toBe(true);
      return found;
    };
    const first = await hookOf();
    await finishJob(ground.client, app.namespace, first?.metadata.name ?? '', false);
    const second = await hookOf(first?.metadata.uid);
    await finishJob(ground.client, app.namespace, second?.metadata.name ?? '', true);
    const done = await app.until(({ status }) => status.operationState?.phase !== 'Running');
    expect(done.status.operationState).toMatchObject({ phase: 'Succeeded', retryCount: 1 });
    expect(await app.value()).toBe('two');
  });

  it('a process that starts anew knows when the next attempt is due', async () => {
    const app = await deploy('restarted', { limit: 5, backoff: { duration: '1s', factor: 1 } });
    await app.makeNamespace();
    await ground.restart();
    const done = await app.until(({ status }) => status.operationState?.phase === 'Succeeded');
    expect(done.status.operationState?.retryCount).toBeGreaterThanOrEqual(1);
  });

  it('an attempt that cannot even be compared leaves the operation at its commit', async () => {
    const app = await deploy('pinned', { limit: 0 });
    await ground.client.patch(app.ref, { spec: { syncPolicy: { automated: null } } }, { type: 'merge' });
    await ground.sync('pinned', { retryStrategy: { limit: 2, backoff: { duration: '1s', factor: 1 } } });
    expect(await app.state()).toMatchObject({ phase: 'Running', retryCount: 1 });
    await ground.client.patch(app.ref, { spec: { source: { path: 'nowhere' } } }, { type: 'merge' });
    await app.until(({ status }) => status.operationState?.retryCount === 2);
    await app.makeNamespace();
    await ground.client.patch(app.ref, { spec: { source: { path: 'm' } } }, { type: 'merge' });
    await app.push('two');
    await app.until(({ status }) => status.operationState?.phase === 'Succeeded');
    expect(await app.value()).toBe('one');
  });

  it.each([
    { refresh: true, value: 'two' },
    { refresh: false, value: 'one' },
  ])('with refresh $refresh an attempt that a person asked for is at commit $value', async ({ refresh, value }) => {
    const name = `refresh-${refresh}`;
    const app = await deploy(name, { limit: 0 });
    await ground.client.patch(app.ref, { spec: { syncPolicy: { automated: null } } }, { type: 'merge' });
    const retryStrategy = { limit: 1, refresh, backoff: { duration: '1s' } };
    await ground.sync(name, { retryStrategy });
    expect(await app.state()).toMatchObject({ phase: 'Running', retryCount: 1 });
    await app.makeNamespace();
    await app.push('two');
    await app.until(({ status }) => status.operationState?.phase === 'Succeeded');
    expect(await app.value()).toBe(value);
  });
};

function namespaceObject(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

function configMap(value: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: ${value}\n`;
}

export default behaviour;
