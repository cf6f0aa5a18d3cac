// The home cluster is away while an operation runs: nothing is forgotten, nothing is done twice, and it is gone on with by itself.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ClusterTransport } from '../../src/platform.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const BALANCER = `apiVersion: v1
kind: Service
metadata:
  name: lb
  annotations: {argocd.argoproj.io/sync-wave: "-1"}
spec: {type: LoadBalancer, ports: [{port: 80}]}
`;

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  /** While true, no write of an Application arrives. */
  let isAway = false;
  beforeAll(async () => {
    const { transport } = cluster;
    const broken: ClusterTransport = {
      server: transport.server,
      fetch: async (path, init) => {
        if (isAway && init?.method === 'PATCH' && path.includes('/applications/'))
          throw new TypeError('connection lost');
        return transport.fetch(path, init);
      },
    };
    ground = await createGround(broken, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => {
    isAway = false;
    await ground.close();
  });

  it('whose end could not be recorded is taken up again, and applies nothing anew', async () => {
    const name = 'interrupted';
    const namespace = cluster.freshNamespace(name);
    const repository = await ground.createRepository(`devops/${name}`, {
      'm/lb.yaml': BALANCER,
      'm/a.yaml': CONFIG_MAP,
    });
    await ground.createApplication({ name, repository, path: 'm', destinationNamespace: namespace, automated: {} });
    await ground.hawser.refresh({ application: name });
    const state = async () => (await ground.hawser.getApplication(name)).status.operationState;
    await expect
      .poll(async () => (await state())?.message, { timeout: 20_000 })
      .toBe('waiting for healthy state of /Service/lb');

    isAway = true;
    const lb = { apiVersion: 'v1', kind: 'Service', namespace, name: 'lb' };
    const status = { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } };
    await ground.client.patch(lb, { status }, { type: 'merge', subresource: 'status' });
    await ground.hawser.idle();
    expect(await state()).toMatchObject({ phase: 'Running' });
    const first = await ground.get('v1', 'ConfigMap', namespace, 'settings');
    expect(first).toBeDefined();

    isAway = false;
    ground.clock.moveTo(ground.clock.now() + 5_000);
    await expect.poll(async () => (await state())?.phase, { timeout: 20_000 }).toBe('Succeeded');
    const done = await ground.application(name);
    expect(done.status.sync?.status).toBe('Synced');
    const second = await ground.get('v1', 'ConfigMap', namespace, 'settings');
    expect(second?.metadata.resourceVersion).toBe(first?.metadata.resourceVersion);
  });
};

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: one\n';

export default behaviour;
