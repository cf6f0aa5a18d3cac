// The commits and sources of an operation are its own: those that it names, those with which it began, of each source.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const HOOK = `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations: {argocd.argoproj.io/hook: PreSync}
spec:
  suspend: true
  template: {spec: {restartPolicy: Never, containers: [{name: c, image: busybox}]}}
`;

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());

  /** Two sources, one object each. */
  async function deploy(name: string, more: Readonly<Record<string, string>> = {}, automated?: object) {
    const namespace = cluster.freshNamespace(name);
    const left = await ground.createRepository(`devops/${name}-left`, {
      'm/a.yaml': configMap('left', 'one'),
      ...more,
    });
    const right = await ground.createRepository(`devops/${name}-right`, { 'm/a.yaml': configMap('right', 'one') });
    await ground.createApplication({
      name,
      repository: left,
      path: 'm',
      destinationNamespace: namespace,
      ...(automated && { automated }),
    });
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: ground.namespace, name };
    const sources = [left, right].map(({ path }) => ({ repoURL: `${ground.gitUrl}/${path}`, path: 'm' }));
    await ground.client.patch(ref, { spec: { source: null, sources } }, { type: 'merge' });
    const value = async (object: string) => at(await ground.get('v1', 'ConfigMap', namespace, object), 'data', 'key');
    return {
      ref,
      push: async (side: 'left' | 'right', text: string) => {
        await ground.push(side === 'left' ? left : right, { 'm/a.yaml': configMap(side, text) });
        return ground.application(name);
      },
      live: async () => [await value('left'), await value('right')],
      hook: () => ground.get('batch/v1', 'Job', namespace, 'migrate'),
    };
  }

  it('revisions name one commit a source, and the status still tells of the newest', async () => {
    const app = await deploy('named');
    const first = (await ground.sync('named')).status.operationState?.syncResult?.revisions;
    await app.push('left', 'two');
    await app.push('right', 'two');
    await ground.sync('named');
    expect(await app.live()).toEqual(['two', 'two']);
    const second = (await ground.application('named')).status.sync?.revisions;

    await ground.sync('named', { revisions: [first?.[0], second?.[1]] });
    expect(await app.live()).toEqual(['one', 'two']);
    const { status } = await ground.application('named');
    expect(status.operationState?.syncResult?.revisions).toEqual([first?.[0], second?.[1]]);
    expect(status.sync).toMatchObject({ status: 'OutOfSync', revisions: second });
    expect(status.history?.at(-1)?.revisions).toEqual([first?.[0], second?.[1]]);
  });

  it('a rollback brings back every source', async () => {
    const app = await deploy('back');
    await ground.sync('back');
    await app.push('left', 'two');
    await app.push('right', 'two');
    await ground.sync('back');
    expect((await ground.request('POST', '/api/v1/applications/back/rollback', { id: 0 })).status).toBe(200);
    await ground.application('back');
    expect(await app.live()).toEqual(['one', 'one']);
  });

  it('an operation that a new process goes on with stays at its commits, and does not run its hooks again', async () => {
    const app = await deploy('resumed', { 'm/hook.yaml': HOOK });
    await ground.request('POST', '/api/v1/applications/resumed/sync', {});
    const state = async () => (await ground.hawser.getApplication('resumed')).status.operationState;
    await expect
      .poll(async () => (await state())?.message, { timeout: 20_000 })
      .toMatch(/^waiting for completion of hook/);
    const begun = await state();
    const uid = (await app.hook())?.metadata.uid;
    await ground.restart();
    expect((await state())?.syncResult?.revisions).toEqual(begun?.syncResult?.revisions);
    expect((await app.hook())?.metadata.uid).toBe(uid);
    expect((await state())?.startedAt).toBe(begun?.startedAt);
    await ground.request('DELETE', '/api/v1/applications/resumed/operation');
    expect((await ground.application('resumed')).status.operationState?.phase).toBe('Failed');
  });

  it('a revision of its own is refused while sync is automated', async () => {
    await deploy('automated', {}, {});
    const { status, body } = await ground.request('POST', '/api/v1/applications/automated/sync', { revision: 'v1' });
    expect(status).toBe(400);
    expect(at(body, 'message')).toBe('Cannot sync to v1: auto-sync currently set to HEAD');
  });
};

function configMap(name: string, value: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  key: ${value}\n`;
}

export default behaviour;
