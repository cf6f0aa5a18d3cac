// Rollback to an entry of the history: its commit and source, rendered with today's rules; what came later is pruned where that is asked for.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());

  /** Deployed twice: `one` with an object `old`, then `two` with an object `new` instead. */
  async function deployTwice(name: string, automated?: object) {
    const namespace = cluster.freshNamespace(name);
    const repository = await ground.createRepository(`devops/${name}`, {
      'm/a.yaml': configMap('settings', 'one'),
      'm/old.yaml': configMap('old', 'x'),
    });
    await ground.createApplication({
      name,
      repository,
      path: 'm',
      destinationNamespace: namespace,
      ...(automated && { automated }),
    });
    await ground.refresh(name);
    if (!automated) await ground.sync(name);
    const change = {
      'm/a.yaml': configMap('settings', 'two'),
      'm/old.yaml': null,
      'm/new.yaml': configMap('new', 'x'),
    };
    await ground.push(repository, change);
    await ground.application(name);
    if (!automated) await ground.sync(name, { prune: true });
    const value = async (object: string) => at(await ground.get('v1', 'ConfigMap', namespace, object), 'data', 'key');
    return { repository, live: async () => [await value('settings'), await value('old'), await value('new')] };
  }

  const rollback = (name: string, body: object = {}) =>
    ground.request('POST', `/api/v1/applications/${name}/rollback`, body);

  it('brings back its commit, and prunes what is in neither', async () => {
    const app = await deployTwice('back');
    expect(await app.live()).toEqual(['two', undefined, 'x']);
    const before = await ground.application('back');
    const [first, second] = before.status.history ?? [];

    expect((await rollback('back', { id: first?.id, prune: true })).status).toBe(200);
    const { status } = await ground.application('back');
    expect(await app.live()).toEqual(['one', 'x', undefined]);
    expect(status.operationState).toMatchObject({
      phase: 'Succeeded',
      operation: { sync: { revision: first?.revision, syncStrategy: { apply: {} } } },
    });
    expect(status.history?.map(({ id, revision }) => [id, revision])).toEqual([
      [0, first?.revision],
      [1, second?.revision],
      [2, first?.revision],
    ]);
    // Git's own word is another one, and the status says so.
    expect(status.sync).toMatchObject({ status: 'OutOfSync', revision: second?.revision });
  });

  it('is not undone by another delivery of the push that it took back', async () => {
    const app = await deployTwice('kept');
    await rollback('kept', { prune: true });
    await ground.application('kept');
    await ground.push(app.repository, {});
    await ground.application('kept');
    await ground.refresh('kept');
    expect(await app.live()).toEqual(['one', 'x', undefined]);
  });

  it('without prune leaves what came later, and says that it is to be pruned', async () => {
    const app = await deployTwice('unpruned');
    await rollback('unpruned');
    const { status } = await ground.application('unpruned');
    expect(await app.live()).toEqual(['one', 'x', 'x']);
    const result = status.operationState?.syncResult?.resources?.find(({ name }) => name === 'new');
    expect(result).toMatchObject({ status: 'PruneSkipped' });
  });

  it('is refused while sync is automated, unless it is to be turned off', async () => {
    const app = await deployTwice('automated', { prune: true });
    const refused = await rollback('automated', { id: 0 });
    expect(refused.status).toBe(400);
    expect(at(refused.body, 'message')).toContain('rollback cannot be initiated when auto-sync is enabled');
    expect(await app.live()).toEqual(['two', undefined, 'x']);

    expect((await rollback('automated', { id: 0, prune: true, disableAutoSync: true })).status).toBe(200);
    const { spec } = await ground.application('automated');
    expect(spec.syncPolicy?.automated).toMatchObject({ enabled: false, prune: true });
    expect(await app.live()).toEqual(['one', 'x', undefined]);
    await ground.push(app.repository, {});
    await ground.refresh('automated');
    expect(await app.live()).toEqual(['one', 'x', undefined]);
  });

  it('takes the source of that time, whatever the spec says now', async () => {
    const app = await deployTwice('moved');
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: ground.namespace, name: 'moved' };
    await ground.push(app.repository, { 'elsewhere/a.yaml': configMap('settings', 'three') });
    await ground.client.patch(ref, { spec: { source: { path: 'elsewhere' } } }, { type: 'merge' });
    await ground.sync('moved', { prune: true });
    expect(await app.live()).toEqual(['three', undefined, undefined]);
    await rollback('moved', { id: 0, prune: true });
    const { status } = await ground.application('moved');
    expect(await app.live()).toEqual(['one', 'x', undefined]);
    expect(status.operationState?.syncResult?.source?.path).toBe('m');
    expect(status.sync).toMatchObject({ status: 'OutOfSync', comparedTo: { source: { path: 'elsewhere' } } });
  });

  it.each([
    { body: { id: 7 }, message: 'does not have deployment with id 7' },
    { body: { id: 'first' }, message: 'id: must be a whole number' },
  ])('with $body says what is wrong', async ({ body, message }) => {
    const name = `wrong-${typeof body.id}`;
    await deployTwice(name);
    const answer = await rollback(name, body);
    expect(answer.status).toBe(400);
    expect(at(answer.body, 'message')).toContain(message);
  });

  it('finds as many entries as revisionHistoryLimit keeps', async () => {
    const app = await deployTwice('limited');
    const ref = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      namespace: ground.namespace,
      name: 'limited',
    };
    await ground.client.patch(ref, { spec: { revisionHistoryLimit: 2 } }, { type: 'merge' });
    await ground.push(app.repository, { 'm/a.yaml': configMap('settings', 'three') });
    await ground.sync('limited');
    expect((await ground.application('limited')).status.history?.map(({ id }) => id)).toEqual([1, 2]);
    expect((await rollback('limited', { id: 0 })).status).toBe(400);
  });
};

function configMap(name: string, value: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  key: ${value}\n`;
}

export default behaviour;
