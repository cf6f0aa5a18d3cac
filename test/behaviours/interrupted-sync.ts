// The home cluster is away while an operation runs: nothing is forgotten, nothing is done twice, and it is gone on with by itself.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { createKubeClient } from '../../src/kube/client.ts';
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
  const link = createLink(cluster);
  beforeAll(async () => {
    ground = await createGround(link.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => {
    link.lose('nothing');
    await ground.close();
  });

  /** An automated sync waits for the health of its first wave. */
  async function startSync(name: string) {
    const namespace = cluster.freshNamespace(name);
    const repository = await ground.createRepository(`devops/${name}`, {
      'm/lb.yaml': BALANCER,
      'm/a.yaml': CONFIG_MAP,
    });
    await ground.createApplication({ name, repository, path: 'm', destinationNamespace: namespace, automated: {} });
    await ground.hawser.refresh({ application: name });
    const client = createKubeClient(cluster.transport, { fieldManager: 'test' });
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: ground.namespace, name };
    const state = async () => at(await client.get(ref), 'status', 'operationState');
    await expect
      .poll(async () => at(await state(), 'message'), { timeout: 20_000 })
      .toBe('waiting for healthy state of /Service/lb');
    return {
      phase: async () => at(await state(), 'phase'),
      startedAt: async () => at(await state(), 'startedAt'),
      sync: async () => at(await client.get(ref), 'status', 'sync', 'status'),
      give: () =>
        client.patch(
          { apiVersion: 'v1', kind: 'Service', namespace, name: 'lb' },
          { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } },
          { type: 'merge', subresource: 'status' },
        ),
      find: (apiVersion: string, kind: string, object: string) =>
        client.get({ apiVersion, kind, namespace, name: object }),
    };
  }

  /** The alarm for another try comes after five seconds, by hawser's clock. */
  const passPause = () => ground.clock.moveTo(ground.clock.now() + 6_000);

  it('whose end could not be recorded is taken up again, and applies nothing anew', async () => {
    const app = await startSync('interrupted');
    link.lose('records');
    await app.give();
    await ground.hawser.idle();
    expect(await app.phase()).toBe('Running');
    const first = await app.find('v1', 'ConfigMap', 'settings');
    expect(first).toBeDefined();

    link.lose('nothing');
    passPause();
    await expect.poll(app.phase, { timeout: 20_000 }).toBe('Succeeded');
    expect(await app.sync()).toBe('Synced');
    const second = await app.find('v1', 'ConfigMap', 'settings');
    expect(second?.metadata.resourceVersion).toBe(first?.metadata.resourceVersion);
  });

  it('that loses its watch and everything else goes on where it was', async () => {
    const app = await startSync('lost');
    const startedAt = await app.startedAt();
    const balancer = await app.find('v1', 'Service', 'lb');
    link.lose('everything');
    await ground.hawser.idle();
    expect(await app.phase()).toBe('Running');

    link.lose('nothing');
    await app.give();
    passPause();
    await expect.poll(app.phase, { timeout: 20_000 }).toBe('Succeeded');
    expect(await app.startedAt()).toBe(startedAt);
    expect((await app.find('v1', 'Service', 'lb'))?.metadata.uid).toBe(balancer?.metadata.uid);
    expect(await app.sync()).toBe('Synced');
  });
};

type Loss = 'nothing' | 'records' | 'everything';

/** hawser's connection to the cluster. `records` are writes of Applications; `everything` cuts open watches, too. */
function createLink(cluster: { readonly transport: ClusterTransport }) {
  let lost: Loss = 'nothing';
  let cut = new AbortController();
  const transport: ClusterTransport = {
    get server() {
      return cluster.transport.server;
    },
    fetch: async (path, init) => {
      const isRecord = init?.method === 'PATCH' && path.includes('/applications/');
      if (lost === 'everything' || (lost === 'records' && isRecord)) throw new TypeError('connection lost');
      const response = await cluster.transport.fetch(path, init);
      if (!path.includes('watch=') || !response.body) return response;
      return new Response(response.body.pipeThrough(new TransformStream(), { signal: cut.signal }), response);
    },
  };
  return {
    transport,
    lose: (loss: Loss) => {
      lost = loss;
      if (loss === 'everything') cut.abort(new TypeError('connection lost'));
      else cut = new AbortController();
    },
  };
}

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: one\n';

export default behaviour;
