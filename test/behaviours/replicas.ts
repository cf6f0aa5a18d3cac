// Several replicas of hawser on one cluster: one of them works on an Application, and when it dies another one goes on.

import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { delay } from '../../src/base/delay.ts';
import { at } from '../../src/base/json.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import type { LeaseTimes } from '../../src/operation/lease-times.ts';
import type { ClusterTransport } from '../../src/platform.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground, TOKEN } from '../support/ground.ts';
import { type HawserReplica, startHawserReplica } from '../support/hawser-replica.ts';

const TIMES: LeaseTimes = { durationMs: 1_500, renewMs: 400, deadlineMs: 1_000 };
const WITHIN = { timeout: 20_000, interval: 50 };

/** Waits for its address, which a test gives it. */
const BALANCER = `apiVersion: v1
kind: Service
metadata:
  name: lb
  annotations: {argocd.argoproj.io/sync-wave: "-1"}
spec: {type: LoadBalancer, ports: [{port: 80}]}
`;
const configMap = (of: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app}\ndata: {of: "${of}"}\n`;

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  let replicas: HawserReplica[] = [];
  let peers: string[] = [];
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterEach(async () => {
    await Promise.all(replicas.map((replica) => replica.close()));
    replicas = [];
    peers = [];
  });
  afterAll(async () => ground.close());

  let requests = 0;
  const home: ClusterTransport = {
    get server() {
      return cluster.transport.server;
    },
    fetch: (path, init) => {
      requests++;
      return cluster.transport.fetch(path, init);
    },
  };

  async function start(count: number): Promise<readonly HawserReplica[]> {
    const options = { home, namespace: ground.namespace, token: TOKEN, leaseTimes: TIMES, peers };
    for (let index = 0; index < count; index++) replicas.push(await startHawserReplica(options));
    return replicas;
  }

  async function deploy(name: string, files: Readonly<Record<string, string>>) {
    const namespace = cluster.freshNamespace(name);
    const repository = await ground.createRepository(`devops/${name}`, files);
    await ground.createApplication({ name, repository, path: '.', destinationNamespace: namespace, automated: {} });
    const read = () => ground.get('argoproj.io/v1alpha1', 'Application', ground.namespace, name);
    const state = async (...path: string[]) => at(await read(), 'status', ...path);
    return {
      repository,
      namespace,
      state,
      syncs: async () => ((await state('history')) as readonly unknown[] | undefined)?.length ?? 0,
      /** It waits for the address. */
      waits: () =>
        expect.poll(() => state('operationState', 'message'), WITHIN).toBe('waiting for healthy state of /Service/lb'),
      give: () =>
        ground.client.patch(
          { apiVersion: 'v1', kind: 'Service', namespace, name: 'lb' },
          { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } },
          { type: 'merge', subresource: 'status' },
        ),
      of: async () => at(await ground.get('v1', 'ConfigMap', namespace, 'app'), 'data', 'of'),
    };
  }

  const lease = (name: string): Promise<KubeObject | undefined> =>
    ground.get('coordination.k8s.io/v1', 'Lease', ground.namespace, name);
  const holder = async (name: string) => at(await lease(`hawser-application-${name}`), 'spec', 'holderIdentity');

  it('go on with the operation of one that has died, as the same operation', async () => {
    const app = await deploy('orphan', { 'lb.yaml': BALANCER, 'a.yaml': configMap('one') });
    const [first, second, third] = await start(3);
    await first?.hawser.refresh({ application: 'orphan' });
    await app.waits();
    const startedAt = await app.state('operationState', 'startedAt');
    const dead = first?.hawser.identity;
    expect(await holder('orphan')).toBe(dead);
    first?.kill();
    await expect.poll(() => holder('orphan'), WITHIN).not.toBe(dead);
    await app.give();
    await expect.poll(() => app.state('operationState', 'phase'), WITHIN).toBe('Succeeded');
    expect(await app.state('operationState', 'startedAt')).toBe(startedAt);
    expect({ of: await app.of(), syncs: await app.syncs() }).toEqual({ of: 'one', syncs: 1 });
    const heirs = [second, third].filter((one) =>
      one?.logs.some((line) => line.includes('what a dead replica has left')),
    );
    expect(heirs).toHaveLength(1);
    await expect.poll(() => lease(`hawser-replica-${dead}`), WITHIN).toBeUndefined();
  });

  it('sync once what several are asked for at the same time', async () => {
    const app = await deploy('once', { 'a.yaml': configMap('one') });
    const all = await start(3);
    await Promise.all(all.map(({ hawser }) => hawser.refresh({ application: 'once', wait: true })));
    await Promise.all(all.map(({ hawser }) => hawser.idle()));
    expect({ of: await app.of(), syncs: await app.syncs() }).toEqual({ of: 'one', syncs: 1 });
  });

  it('ask for nothing any more when they have done their work', async () => {
    await deploy('quiet', { 'a.yaml': configMap('one') });
    const all = await start(3);
    await Promise.all(all.map(({ hawser }) => hawser.resume()));
    // Whoever was busy is looked at once more by the others.
    await delay(TIMES.renewMs + 2 * TIMES.durationMs);
    requests = 0;
    await delay(2 * TIMES.durationMs);
    expect(requests).toBe(0);
  });

  it('end an operation that another one carries out, when they are asked to', async () => {
    const app = await deploy('ended', { 'lb.yaml': BALANCER, 'a.yaml': configMap('one') });
    const [first, second] = await start(2);
    await first?.hawser.refresh({ application: 'ended' });
    await app.waits();
    const ended = await second?.hawser.getApplication('ended');
    if (ended) await second?.hawser.terminateOperation(ended, 'admin');
    await expect.poll(() => app.state('operationState', 'phase'), WITHIN).toBe('Failed');
    expect(await app.state('operationState', 'message')).toMatch(/terminated/i);
    expect(await app.of()).toBeUndefined();
  });

  it('give way to a newer commit that another one was told of', async () => {
    const app = await deploy('newer', { 'lb.yaml': BALANCER, 'a.yaml': configMap('one') });
    const [first, second] = await start(2);
    await first?.hawser.refresh({ application: 'newer' });
    await app.waits();
    expect(await holder('newer')).toBe(first?.hawser.identity);
    await ground.commit(app.repository, {
      'lb.yaml': BALANCER.replace('LoadBalancer', 'ClusterIP'),
      'a.yaml': configMap('two'),
    });
    const after = app.repository.refs.get('refs/heads/main');
    await second?.hawser.receivePush({
      kind: 'git',
      key: crypto.randomUUID().replaceAll('-', ''),
      deliveryId: crypto.randomUUID(),
      provider: 'gogs',
      webUrls: [`${ground.gitUrl}/${app.repository.path}`],
      otherUrls: [],
      ref: 'refs/heads/main',
      after: String(after),
      defaultBranch: 'main',
    });
    await expect.poll(() => app.of(), WITHIN).toBe('two');
    await expect.poll(() => app.state('operationState', 'phase'), WITHIN).toBe('Succeeded');
    expect(await app.syncs()).toBe(1);
  });
};

export default behaviour;
