import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applicationManifest } from '../../src/application/manifest.ts';
import { delay } from '../../src/base/delay.ts';
import { isHawserError } from '../../src/base/errors.ts';
import { createKubeClient } from '../../src/kube/client.ts';
import { refOf } from '../../src/kube/resource.ts';
import { LEASE_TIMES, type LeaseTimes } from '../../src/operation/lease-times.ts';
import { prepareHome } from '../../src/operation/prepare-home.ts';
import type { ClusterTransport } from '../../src/platform.ts';
import { createReplica, Network, type Replica, type ReplicaOptions } from '../support/replicas.ts';
import { connectSandbox, type SandboxTransport } from '../support/sandbox-transport.ts';

const NAMESPACE = 'argocd';
const TIMES: LeaseTimes = { durationMs: 900, renewMs: 150, deadlineMs: 600 };

let transport: SandboxTransport;
let replicas: Replica[];

function start(identity: string, options: Partial<ReplicaOptions> = {}, over: ClusterTransport = transport): Replica {
  const replica = createReplica(over, { identity, namespace: NAMESPACE, times: TIMES, ...options });
  replicas.push(replica);
  return replica;
}

async function leases(): Promise<readonly string[]> {
  const client = createKubeClient(transport, { fieldManager: 'test' });
  const { items } = await client.list(
    { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' },
    { namespace: NAMESPACE },
  );
  return items.map(
    ({ metadata, spec }) => `${metadata.name} ${(spec as { holderIdentity?: string }).holderIdentity ?? '-'}`,
  );
}

/** Holds the Application until `release` is called. */
async function holdOpen(replica: Replica, key: string) {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<{ signal: AbortSignal; assertMine(): void }>();
  const ended = replica.holdings.hold(key, async (held) => {
    await held.take();
    begin(held);
    await released;
  });
  return { held: await begun, release, ended };
}

async function until(what: string, look: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  for (const deadline = Date.now() + withinMs; !(await look()); await delay(10)) {
    if (Date.now() > deadline) throw new Error(`${what} did not come about`);
  }
}

beforeEach(async () => {
  replicas = [];
  transport = connectSandbox();
  const client = createKubeClient(transport, { fieldManager: 'test' });
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
});

afterEach(async () => {
  transport.away = false;
  await Promise.all(replicas.map((replica) => replica.stop()));
});

describe('holding an Application', () => {
  it('keeps three replicas apart that want fifty Applications at once', async () => {
    const three = ['a', 'b', 'c'].map((identity) => start(identity, { times: LEASE_TIMES }));
    const keys = Array.from({ length: 50 }, (_, index) => `${NAMESPACE}/app-${index}`);
    const inWork = new Map<string, number>();
    let most = 0;
    let done = 0;
    const work = (replica: Replica, key: string) =>
      replica.holdings.hold(key, async (held) => {
        await held.take();
        inWork.set(key, (inWork.get(key) ?? 0) + 1);
        most = Math.max(most, inWork.get(key) ?? 0);
        await delay(1);
        held.assertMine();
        inWork.set(key, (inWork.get(key) ?? 0) - 1);
        done++;
      });
    await Promise.all(keys.flatMap((key) => three.flatMap((replica) => [work(replica, key), work(replica, key)])));
    expect({ most, done }).toEqual({ most: 1, done: 300 });
  });

  it('costs nothing as long as nothing is taken', async () => {
    const replica = start('a');
    await replica.holdings.hold('argocd/app', async (held) => held.assertMine());
    await replica.stop();
    expect(replica.requests.filter((request) => request.includes('leases'))).toEqual([]);
  });

  it('takes and releases with one request each after the first time, and leaves no Lease of its own when it is idle', async () => {
    const replica = start('a');
    await (await holdAndRelease(replica)).ended;
    await until('the release', async () => (await leases()).includes('hawser-application-app -'));
    const before = replica.requests.length;
    await (await holdAndRelease(replica)).ended;
    await until('the release', async () => (await leases()).includes('hawser-application-app -'));
    const requests = replica.requests.slice(before).filter((request) => request.includes('hawser-application-app'));
    expect(requests.map((request) => request.split('?')[0])).toEqual([
      'PUT /apis/coordination.k8s.io/v1/namespaces/argocd/leases/hawser-application-app',
      'PUT /apis/coordination.k8s.io/v1/namespaces/argocd/leases/hawser-application-app',
    ]);
    await until('the end of its own Lease', async () => (await leases()).join() === 'hawser-application-app -');
  });

  it('asks for nothing and has no alarm when it is idle', async () => {
    const replica = start('a');
    await (await holdAndRelease(replica)).ended;
    await until('the end of its own Lease', async () => (await leases()).join() === 'hawser-application-app -');
    const count = replica.requests.length;
    await delay(3 * TIMES.durationMs);
    expect({ requests: replica.requests.length - count, alarms: replica.alarms() }).toEqual({
      requests: 0,
      alarms: [],
    });
  });

  it('tells whether another process may have worked on the Application since', async () => {
    const [one, other] = [start('a'), start('b')];
    const take = (replica: Replica) => replica.holdings.hold('argocd/app', (held) => held.take());
    const found = [await take(one), await take(one), await take(other), await take(one), await take(one)];
    expect(found.map(({ isUntouched }) => isUntouched)).toEqual([true, true, false, false, true]);
  });

  it('goes on by itself when the holder has released it', async () => {
    const [one, other] = [start('a', { times: LEASE_TIMES }), start('b', { times: LEASE_TIMES })];
    const { release } = await holdOpen(one, 'argocd/app');
    let isDone = false;
    const waiting = other.holdings.hold('argocd/app', async (held) => {
      await held.take();
      isDone = true;
    });
    await delay(500);
    expect(isDone).toBe(false);
    release();
    await waiting;
    expect(other.heirOf).toEqual([]);
  });

  it('keeps the Lease between works that wait for each other, and lets it go for another replica that waits', async () => {
    const network = new Network();
    const [one, other] = [start('a', { network }), start('b', { network })];
    const order: string[] = [];
    const { release } = await holdOpen(one, 'argocd/app');
    const later = [1, 2].map((number) =>
      one.holdings.hold('argocd/app', async (held) => {
        await held.take();
        order.push(`a${number}`);
      }),
    );
    const foreign = other.holdings.hold('argocd/app', async (held) => {
      await other.holdings.announce('argocd/app', 'c0ffee');
      await held.take();
      order.push('b');
    });
    await until('the message', () => network.messages.some(({ kind }) => kind === 'application'));
    release();
    await Promise.all([...later, foreign]);
    expect(order.indexOf('b')).toBeLessThan(2);
    expect(network.messages).toContainEqual({
      kind: 'application',
      identity: 'b',
      application: 'argocd/app',
      after: 'c0ffee',
    });
  });

  it('is forgotten with its Application, whichever replica had it last', async () => {
    const client = createKubeClient(transport, { fieldManager: 'test' });
    await prepareHome(client, NAMESPACE);
    const manifest = applicationManifest({
      ...{ name: 'app', namespace: NAMESPACE, repoURL: 'http://git.test/app', path: '.' },
      destinationNamespace: 'app',
    });
    const { metadata } = await client.create(manifest);
    const [one, other] = [start('a'), start('b')];
    await one.holdings.hold('argocd/app', (held) => held.take(metadata));
    await other.holdings.hold('argocd/app', (held) => held.take());
    await until('the release', async () => (await leases()).includes('hawser-application-app -'));
    await client.remove(refOf(manifest));
    await until('the end of the Lease', async () => !(await leases()).includes('hawser-application-app -'));
    const next = await client.create(manifest);
    const lease = async () => {
      const ref = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: NAMESPACE };
      return (await client.get({ ...ref, name: 'hawser-application-app' }))?.metadata;
    };
    await one.holdings.hold('argocd/app', (held) => held.take(metadata));
    const before = await lease();
    await other.holdings.hold('argocd/app', (held) => held.take(next.metadata));
    const after = await lease();
    expect(after?.ownerReferences?.[0]?.uid).toBe(next.metadata.uid);
    expect(after?.uid).not.toBe(before?.uid);
  });

  it('lets go of what was begun to be taken by a work that has ended', async () => {
    const [one, other] = [start('a'), start('b')];
    const { release } = await holdOpen(one, 'argocd/app');
    const unneeded = other.holdings.hold('argocd/app', async (held) => {
      held.take().catch(() => undefined);
    });
    await unneeded;
    const again = start('c').holdings.hold('argocd/free', async (held) => {
      held.take().catch(() => undefined);
    });
    await again;
    release();
    await until('the end of all', async () =>
      (await leases()).every((lease) => /^hawser-application-(app|free) -$/.test(lease)),
    );
  });

  it('names Leases of long names by a hash', async () => {
    const replica = start('a');
    await replica.holdings.hold(`argocd/${'x'.repeat(250)}`, (held) => held.take());
    await until('the release', async () => /^hawser-application\.[0-9a-f]{40} -$/m.test((await leases()).join('\n')));
    expect(replica.logs.filter((line) => line.startsWith('error'))).toEqual([]);
  });
});

describe('a replica that dies', () => {
  it.each([
    { title: 'with clocks that agree', clockOffsetMs: 0 },
    { title: 'with a clock that is hours ahead', clockOffsetMs: 5 * 3_600_000 },
    { title: 'with a clock that is hours behind', clockOffsetMs: -5 * 3_600_000 },
  ])('loses its Application to one that waits, $title', async ({ clockOffsetMs }) => {
    const [one, other] = [start('a', { clockOffsetMs }), start('b')];
    const { held, release } = await holdOpen(one, 'argocd/app');
    const beganAtMs = performance.now();
    const taken = other.holdings.hold('argocd/app', (mine) => mine.take());
    await delay(TIMES.renewMs);
    one.kill();
    await expect(taken).resolves.toEqual({ isUntouched: false });
    expect(performance.now() - beganAtMs).toBeGreaterThanOrEqual(TIMES.durationMs);
    expect(() => held.assertMine()).toThrow(/lost its Lease/);
    release();
  });

  it('is noticed by its peers, one of which is its heir', async () => {
    const network = new Network();
    const [one, two, three] = [start('a', { network }), start('b', { network }), start('c', { network })];
    await holdOpen(one, 'argocd/app');
    await until('the peers', () => two.alarms().length + three.alarms().length === 2);
    await delay(2 * TIMES.durationMs);
    expect([...two.heirOf, ...three.heirOf]).toEqual([]);
    one.kill();
    await until('the heir', () => two.heirOf.length + three.heirOf.length === 1);
    await until('the end of its Leases', async () => (await leases()).join() === 'hawser-application-app -');
    await delay(2 * TIMES.durationMs);
    expect([...two.heirOf, ...three.heirOf]).toEqual(['a']);
    expect(two.alarms().length + three.alarms().length).toBe(0);
  });

  it('is noticed by who starts later', async () => {
    const one = start('a');
    await holdOpen(one, 'argocd/app');
    one.kill();
    const other = start('b');
    const isDead = await other.holdings.survey();
    expect([isDead('a'), isDead('b'), isDead('nobody')]).toEqual([false, false, true]);
    await until('the heir', () => other.heirOf.length === 1);
  });

  it('takes back at once what it held, when it starts anew under its name', async () => {
    const [one, other] = [start('a'), start('b')];
    await holdOpen(one, 'argocd/app');
    one.kill();
    const again = start('a', { times: { ...TIMES, durationMs: 60_000 } });
    const waiting = other.holdings.hold('argocd/other', (held) => held.take());
    await again.holdings.survey();
    await expect(again.holdings.hold('argocd/app', (held) => held.take())).resolves.toBeDefined();
    await waiting;
    expect(other.heirOf).toEqual([]);
  });

  it('leaves what its heir had not finished to whoever comes after the heir', async () => {
    const network = new Network();
    const one = start('a', { network });
    await holdOpen(one, 'argocd/app');
    const two = start('b', { network });
    await until('the peer', () => two.alarms().length === 1);
    one.kill();
    // The heir works on something else, and dies before it has finished anything of what it has taken over.
    const { release } = await holdOpen(two, 'argocd/other');
    const client = createKubeClient(transport, { fieldManager: 'test' });
    await client.patch(
      { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: NAMESPACE, name: 'hawser-replica-a' },
      { metadata: { annotations: { 'hawser.dev/taken-over-by': 'b' } } },
      { type: 'merge' },
    );
    two.kill();
    release();
    const three = start('c', { network });
    await three.holdings.survey();
    await until('the heir of both', () => three.heirOf.includes('b'));
    await until('the end of their Leases', async () =>
      (await leases()).every((lease) => lease.endsWith(' -') || lease.includes('replica-c')),
    );
    expect(await leases()).not.toContain('hawser-replica-a a');
  });
});

describe('a replica that ends in good order', () => {
  it('is succeeded by its peers, unless it comes back', async () => {
    const network = new Network();
    const [gone, back, other] = [start('a', { network }), start('b', { network }), start('c', { network })];
    await Promise.all([gone.stop(), back.stop()]);
    await until('the farewell', () => other.alarms().length === 2);
    const again = start('b', { network });
    again.holdings.busy()();
    await until('the heir', () => other.heirOf.length === 1);
    await delay(2 * TIMES.durationMs);
    expect(other.heirOf).toEqual(['a']);
  });
});

describe('a replica that cannot renew', () => {
  it('stops its work before others may take it over', async () => {
    const replica = start('a');
    const { held, release, ended } = await holdOpen(replica, 'argocd/app');
    transport.away = true;
    await until('the loss', () => held.signal.aborted, TIMES.durationMs + 500);
    expect(isHawserError(held.signal.reason, 'Conflict')).toBe(true);
    expect(() => held.assertMine()).toThrow(/could not be renewed in time/);
    transport.away = false;
    release();
    await ended;
    await expect(replica.holdings.hold('argocd/app', (next) => next.take())).resolves.toBeDefined();
  });

  it('writes nothing when it goes on after it was stopped, although no timer has told it', async () => {
    const replica = start('a');
    const { held, release } = await holdOpen(replica, 'argocd/app');
    const client = createKubeClient(transport, { fieldManager: 'hawser' }).guardedBy(() => held.assertMine());
    const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'written', namespace: NAMESPACE } };
    await client.apply(settings);
    replica.standStill(30_000);
    const count = transport.requests.length;
    await expect(client.apply({ ...settings, data: { late: 'yes' } })).rejects.toThrow(/lost its Lease/);
    expect(transport.requests.slice(count).filter((request) => request.startsWith('PATCH'))).toEqual([]);
    expect(held.signal.aborted).toBe(true);
    release();
  });

  it('loses everything at once when another process has declared it dead', async () => {
    const replica = start('a');
    const { held, release } = await holdOpen(replica, 'argocd/app');
    const client = createKubeClient(transport, { fieldManager: 'test' });
    const ref = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: NAMESPACE, name: 'hawser-replica-a' };
    await client.patch(ref, { metadata: { annotations: { 'hawser.dev/taken-over-by': 'b' } } }, { type: 'merge' });
    await until('the loss', () => held.signal.aborted);
    expect(() => held.assertMine()).toThrow(/another process has taken over/);
    release();
  });
});

describe('a process that may not use Leases', () => {
  it('works as if it were alone, and says so once', async () => {
    const refusing: ClusterTransport = {
      server: transport.server,
      fetch: async (path, init) =>
        path.includes('/leases')
          ? Response.json({ kind: 'Status', reason: 'Forbidden', message: 'leases is forbidden' }, { status: 403 })
          : transport.fetch(path, init),
    };
    const replica = start('a', {}, refusing);
    const isDead = await replica.holdings.survey();
    for (const key of ['argocd/one', 'argocd/two', 'argocd/one']) {
      await expect(replica.holdings.hold(key, (held) => held.take())).resolves.toEqual({ isUntouched: true });
    }
    expect(isDead('somebody')).toBe(true);
    expect(replica.logs.filter((line) => line.startsWith('warn'))).toEqual([
      expect.stringContaining('hawser may not use Leases'),
    ]);
  });
});

async function holdAndRelease(replica: Replica) {
  const open = await holdOpen(replica, 'argocd/app');
  open.release();
  return open;
}
