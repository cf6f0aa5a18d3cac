// selfHeal: what was changed by hand is put back, that object alone, with a growing pause between one time and the next.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const HOOK = `apiVersion: v1
kind: ConfigMap
metadata:
  name: hook
  annotations: {argocd.argoproj.io/hook: PreSync}
`;

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());

  async function deploy(name: string, automated: object) {
    const namespace = cluster.freshNamespace(name);
    const repository = await ground.createRepository(`devops/${name}`, {
      'm/a.yaml': configMap('drifting'),
      'm/b.yaml': configMap('steady'),
      'm/hook.yaml': HOOK,
    });
    await ground.createApplication({ name, repository, path: 'm', destinationNamespace: namespace, automated });
    await ground.refresh(name);
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'drifting' };
    return {
      ref,
      drift: async (value: string) => {
        await ground.client.patch(ref, { data: { key: value } }, { type: 'merge', fieldManager: 'somebody' });
        await ground.refresh(name);
      },
      value: async () => at(await ground.client.get(ref), 'data', 'key'),
      hook: () => ground.get('v1', 'ConfigMap', namespace, 'hook'),
      state: async () => (await ground.application(name)).status.operationState,
    };
  }

  it('puts back that object alone, without hooks and without an entry of the history', async () => {
    const app = await deploy('heals', { selfHeal: true });
    expect(await app.value()).toBe('from git');
    const hook = await app.hook();
    await app.drift('by hand');
    expect(await app.value()).toBe('from git');
    const { status } = await ground.application('heals');
    expect(status.operationState).toMatchObject({
      phase: 'Succeeded',
      operation: {
        initiatedBy: { automated: true },
        sync: { resources: [{ kind: 'ConfigMap', name: 'drifting' }], autoHealAttemptsCount: 1 },
      },
    });
    expect(status.sync?.status).toBe('Synced');
    expect((await app.hook())?.metadata.uid).toBe(hook?.metadata.uid);
    expect(status.history).toHaveLength(1);
  });

  it('without selfHeal what was changed by hand stays, and is shown', async () => {
    const app = await deploy('leaves', {});
    await app.drift('by hand');
    expect(await app.value()).toBe('by hand');
    expect((await ground.application('leaves')).status.sync?.status).toBe('OutOfSync');
  });

  it('pauses longer from time to time, and comes back by an alarm', async () => {
    const app = await deploy('pauses', { selfHeal: true });
    await app.drift('first');
    expect(await app.value()).toBe('from git');
    ground.clock.moveTo(ground.clock.now() - 1_000); // So that the pause of two seconds has surely not passed.
    await app.drift('second');
    expect(await app.value()).toBe('second');
    expect((await ground.application('pauses')).status.sync?.status).toBe('OutOfSync');

    ground.clock.moveTo(ground.clock.now() + 4_000);
    await expect.poll(app.value, { timeout: 20_000 }).toBe('from git');
    expect((await app.state())?.operation.sync?.autoHealAttemptsCount).toBe(2);

    await app.drift('third');
    expect(await app.value()).toBe('third');
    ground.clock.moveTo(ground.clock.now() + 3_000);
    await ground.refresh('pauses');
    expect(await app.value()).toBe('third');
    ground.clock.moveTo(ground.clock.now() + 4_000);
    await expect.poll(app.value, { timeout: 20_000 }).toBe('from git');
  });

  it('makes anew what was deleted', async () => {
    const app = await deploy('makes', { selfHeal: true });
    await ground.client.remove(app.ref);
    await ground.refresh('makes');
    await ground.application('makes');
    expect(await app.value()).toBe('from git');
  });
};

function configMap(name: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  key: from git\n`;
}

export default behaviour;
