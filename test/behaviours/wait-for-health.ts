// WaitForHealth=true: a sync has succeeded only when everything that it applied is healthy, and fails when that takes too long.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const BALANCER =
  'apiVersion: v1\nkind: Service\nmetadata:\n  name: lb\nspec: {type: LoadBalancer, ports: [{port: 80}]}\n';

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd'), waitMs: 700 });
  });
  afterAll(async () => ground.close());

  async function deploy(name: string, syncOptions: readonly string[]) {
    const namespace = cluster.freshNamespace(name);
    const repository = await ground.createRepository(`devops/${name}`, { 'm/lb.yaml': BALANCER });
    await ground.createApplication({
      name,
      repository,
      path: 'm',
      destinationNamespace: namespace,
      syncOptions: ['CreateNamespace=true', ...syncOptions],
    });
    const start = () => ground.request('POST', `/api/v1/applications/${name}/sync`, {});
    const message = async () => (await ground.hawser.getApplication(name)).status.operationState?.message;
    return {
      start,
      message,
      phase: async () => (await ground.hawser.getApplication(name)).status.operationState?.phase,
      state: async () => (await ground.application(name)).status.operationState,
      give: () =>
        ground.client.patch(
          { apiVersion: 'v1', kind: 'Service', namespace, name: 'lb' },
          { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } },
          { type: 'merge', subresource: 'status' },
        ),
    };
  }

  it('it is Running until the last wave is healthy', async () => {
    const app = await deploy('waits', ['WaitForHealth=true']);
    await app.start();
    await expect.poll(app.message, { timeout: 20_000 }).toBe('waiting for healthy state of /Service/lb');
    await app.give();
    await expect.poll(app.phase, { timeout: 20_000 }).toBe('Succeeded');
  });

  it('it fails when not everything is healthy within WaitForHealthTimeout', async () => {
    const app = await deploy('too-long', ['WaitForHealth=true', 'WaitForHealthTimeout=1s']);
    await app.start();
    await expect.poll(app.phase, { timeout: 20_000 }).toBe('Failed');
    expect(await app.state()).toMatchObject({
      message: 'not everything was healthy within 1s: waiting for healthy state of /Service/lb',
    });
  });

  it('the timeout counts over several calls of one operation', async () => {
    const app = await deploy('calls', ['WaitForHealth=true', 'WaitForHealthTimeout=2s']);
    await app.start();
    await expect
      .poll(app.message, { timeout: 20_000 })
      .toBe('not everything was healthy within 2s: waiting for healthy state of /Service/lb');
    expect(ground.logs.filter((line) => line.includes('"phase":"Running"')).length).toBeGreaterThan(1);
  });

  it('a timeout that is no duration is an error, and nothing is applied', async () => {
    const app = await deploy('no-duration', ['WaitForHealth=true', 'WaitForHealthTimeout=soon']);
    await app.start();
    const state = await app.state();
    expect(state).toMatchObject({ phase: 'Error', message: expect.stringContaining('soon') });
    expect(state?.syncResult?.resources ?? []).toEqual([]);
  });

  it('without it nobody waits for the last wave, as in Argo CD', async () => {
    const app = await deploy('plain', []);
    await app.start();
    expect(await app.state()).toMatchObject({ phase: 'Succeeded' });
  });
};

export default behaviour;
