// An operation that waits for a person's word (Prune=confirm) keeps nobody busy, and goes on as soon as it is given.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());

  /** A sync that would prune `precious` has begun. */
  async function startPrune(name: string, automated?: object) {
    const namespace = cluster.freshNamespace(name);
    const precious = configMap('precious', 'annotations: {argocd.argoproj.io/sync-options: Prune=confirm}');
    const repository = await ground.createRepository(`devops/${name}`, {
      'm/a.yaml': configMap('plain'),
      'm/b.yaml': precious,
    });
    await ground.createApplication({
      name,
      repository,
      path: 'm',
      destinationNamespace: namespace,
      ...(automated && { automated }),
    });
    await ground.sync(name);
    await ground.push(repository, { 'm/b.yaml': null });
    await ground.application(name);
    if (!automated) await ground.sync(name, { prune: true });
    return {
      ref: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: ground.namespace, name },
      restore: () => ground.push(repository, { 'm/b.yaml': precious }),
      state: async () => (await ground.application(name)).status.operationState,
      precious: () => ground.get('v1', 'ConfigMap', namespace, 'precious'),
    };
  }

  it('it is Running without an end and without an alarm', async () => {
    const app = await startPrune('waiting');
    const state = await app.state();
    expect(state).toMatchObject({
      phase: 'Running',
      message: 'waiting for pruning confirmation of /ConfigMap/precious',
    });
    expect(state?.finishedAt).toBeUndefined();
    expect(ground.alarms()).toEqual([]);
    expect(await app.precious()).toBeDefined();
  });

  it('it goes on by the API, also in another process', async () => {
    const app = await startPrune('confirmed');
    await ground.restart();
    expect(await app.state()).toMatchObject({ phase: 'Running' });
    await ground.request('POST', '/api/v1/applications/confirmed/confirm-deletion');
    expect(await app.state()).toMatchObject({ phase: 'Succeeded' });
    expect(await app.precious()).toBeUndefined();
  });

  it('it goes on by the annotation, at the next look', async () => {
    const app = await startPrune('annotated');
    const annotations = { 'argocd.argoproj.io/deletion-approved': new Date(ground.clock.now() + 1_000).toISOString() };
    await ground.client.patch(app.ref, { metadata: { annotations } }, { type: 'merge' });
    await ground.refresh('annotated');
    expect(await app.state()).toMatchObject({ phase: 'Succeeded' });
    expect(await app.precious()).toBeUndefined();
  });

  it('it is ended by a person', async () => {
    const app = await startPrune('ended');
    await ground.request('DELETE', '/api/v1/applications/ended/operation');
    expect(await app.state()).toMatchObject({ phase: 'Failed', message: 'Operation terminated' });
    expect(await app.precious()).toBeDefined();
  });

  it('it gives way to a push that wants the object again', async () => {
    const app = await startPrune('wanted', { prune: true });
    expect(await app.state()).toMatchObject({ phase: 'Running' });
    await app.restore();
    const { status } = await ground.application('wanted');
    expect(status.sync?.status).toBe('Synced');
    expect(status.operationState?.phase).not.toBe('Running');
    expect(await app.precious()).toBeDefined();
  });
};

function configMap(name: string, metadata = ''): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  ${metadata}\ndata: {key: value}\n`;
}

export default behaviour;
