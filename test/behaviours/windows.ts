// Sync windows: a push in a closed one is held where everybody sees it, and is let go by the clock or by a person.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Application } from '../../src/application/types.ts';
import { at } from '../../src/base/json.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const NIGHT = { kind: 'deny', schedule: '0 2 * * *', duration: '4h', timeZone: 'Asia/Seoul', applications: ['*'] };
const YEAR_END = {
  kind: 'deny',
  schedule: '0 0 25 12 *',
  duration: '168h',
  timeZone: 'Asia/Seoul',
  applications: ['*'],
};

const BALANCER = `apiVersion: v1
kind: Service
metadata:
  name: lb
  annotations: {argocd.argoproj.io/sync-wave: "-1"}
spec: {type: LoadBalancer, ports: [{port: 80}]}
`;
const BLOCKED = 'Sync operation blocked by sync window';

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());

  /** A project with these windows, and an automated Application in it whose first commit is deployed. */
  async function deploy(name: string, windows: readonly object[], deployedAt: string) {
    await ground.client.create({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name, namespace: ground.namespace },
      spec: {
        sourceRepos: ['*'],
        destinations: [{ server: '*', namespace: '*' }],
        clusterResourceWhitelist: [{ group: '*', kind: '*' }],
        syncWindows: JSON.parse(JSON.stringify(windows)),
      },
    });
    ground.clock.moveTo(Date.parse(deployedAt));
    const namespace = cluster.freshNamespace(name);
    const repository = await ground.createRepository(`devops/${name}`, { 'm/a.yaml': configMap('one') });
    await ground.createApplication({ name, repository, path: 'm', destinationNamespace: namespace, automated: {} });
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: ground.namespace, name };
    await ground.client.patch(ref, { spec: { project: name } }, { type: 'merge' });
    await ground.refresh(name);
    return {
      repository,
      giveBalancer: () =>
        ground.client.patch(
          { apiVersion: 'v1', kind: 'Service', namespace, name: 'lb' },
          { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } },
          { type: 'merge', subresource: 'status' },
        ),
      push: async (value: string, more: Readonly<Record<string, string | null>> = {}) =>
        (await ground.push(repository, { 'm/a.yaml': configMap(value), ...more })).applications,
      value: async () => at(await ground.get('v1', 'ConfigMap', namespace, 'settings'), 'data', 'key'),
      /** Waits, bounded, for a state of the Application. */
      until: (isReached: (app: Application) => boolean) => untilState(ground, name, isReached),
    };
  }

  it('a push between 02:00 and 06:00 in Seoul is held, and is let go within two seconds of the edge', async () => {
    const app = await deploy('night', [NIGHT], '2026-03-10T12:00:00+09:00');
    expect(await app.value()).toBe('one');

    ground.clock.moveTo(Date.parse('2026-03-11T05:50:00+09:00'));
    expect(await app.push('two')).toMatchObject([
      { verdict: 'window-closed', reason: expect.stringContaining('is held until 2026-03-10T21:00:00Z') },
    ]);
    const held = await ground.application('night');
    expect(held.status.sync?.status).toBe('OutOfSync');
    expect(held.status.conditions).toMatchObject([{ type: 'SyncHeld', message: expect.stringContaining('0 2 * * *') }]);
    ground.clock.moveTo(Date.parse('2026-03-11T05:59:58+09:00'));

    const done = await app.until(
      ({ status }) => status.sync?.status === 'Synced' && status.health?.status === 'Healthy',
    );
    expect(await app.value()).toBe('two');
    expect(done.status.conditions ?? []).toEqual([]);
    const startedMs = Date.parse(done.status.operationState?.startedAt ?? '') - Date.parse('2026-03-11T06:00:00+09:00');
    expect(startedMs).toBeGreaterThanOrEqual(0);
    expect(startedMs).toBeLessThanOrEqual(2_000);
  });

  it('a push in the one week of the year in which nothing is deployed waits for its end', async () => {
    const app = await deploy('year-end', [YEAR_END], '2026-12-24T23:00:00+09:00');
    ground.clock.moveTo(Date.parse('2026-12-26T10:00:00+09:00'));
    const [verdict] = await app.push('two');
    expect(verdict).toMatchObject({
      verdict: 'window-closed',
      reason: expect.stringContaining('until 2026-12-31T15:00:00Z'),
    });
    await ground.application('year-end');
    expect(await app.value()).toBe('one');
    // A newer one takes its place; the alarm is the same.
    await app.push('three');
    await ground.application('year-end');
    expect(await app.value()).toBe('one');

    ground.clock.moveTo(Date.parse('2027-01-01T00:00:00+09:00'));
    await app.until(({ status }) => status.sync?.status === 'Synced');
    expect(await app.value()).toBe('three');
  });

  it('a held push is let go earlier by a person who approves it, once', async () => {
    const app = await deploy('approved', [NIGHT], '2026-03-10T12:00:00+09:00');
    ground.clock.moveTo(Date.parse('2026-03-11T03:00:00+09:00'));
    await app.push('two');
    await ground.application('approved');

    expect((await ground.request('POST', '/api/v1/applications/approved/sync', {})).status).toBe(403);
    expect((await ground.request('POST', '/api/v1/applications/approved/approve-sync')).status).toBe(200);
    const done = await ground.application('approved');
    expect(await app.value()).toBe('two');
    expect(done.status).toMatchObject({
      sync: { status: 'Synced' },
      operationState: {
        phase: 'Succeeded',
        operation: { initiatedBy: { username: 'hawser' }, info: [{ value: 'hawser' }] },
      },
    });
    expect((await ground.request('POST', '/api/v1/applications/approved/approve-sync')).status).toBe(400);

    expect(await app.push('three')).toMatchObject([{ verdict: 'window-closed' }]);
    await ground.application('approved');
    expect(await app.value()).toBe('two');
  });

  it('what is held is found again by a process that starts anew', async () => {
    const app = await deploy('restarted', [NIGHT], '2026-03-10T12:00:00+09:00');
    ground.clock.moveTo(Date.parse('2026-03-11T03:00:00+09:00'));
    await app.push('two');
    await ground.application('restarted');
    await ground.restart();

    ground.clock.moveTo(Date.parse('2026-03-11T06:00:00+09:00'));
    await app.until(({ status }) => status.sync?.status === 'Synced');
    expect(await app.value()).toBe('two');
  });

  it.each([
    { manualSync: true, status: 200, phase: 'Succeeded' },
    { manualSync: false, status: 403, phase: 'Succeeded' },
  ])('a person may sync in a closed window with manualSync $manualSync: $status', async ({ manualSync, status }) => {
    const name = `manual-${manualSync}`;
    const app = await deploy(name, [{ ...NIGHT, manualSync }], '2026-03-10T12:00:00+09:00');
    ground.clock.moveTo(Date.parse('2026-03-11T03:00:00+09:00'));
    await app.push('two');
    await ground.application(name);
    expect((await ground.request('POST', `/api/v1/applications/${name}/sync`, {})).status).toBe(status);
    await ground.application(name);
    expect(await app.value()).toBe(manualSync ? 'two' : 'one');
  });

  it('a dry run changes nothing, and waits for no window', async () => {
    const app = await deploy('dry-run', [NIGHT], '2026-03-10T12:00:00+09:00');
    ground.clock.moveTo(Date.parse('2026-03-11T03:00:00+09:00'));
    await app.push('two');
    const { status } = await ground.sync('dry-run', { dryRun: true });
    expect(status.operationState).toMatchObject({ phase: 'Succeeded', operation: { sync: { dryRun: true } } });
    expect(await app.value()).toBe('one');
  });

  it('nobody approves a sync by a note to it', async () => {
    const app = await deploy('noted', [NIGHT], '2026-03-10T12:00:00+09:00');
    ground.clock.moveTo(Date.parse('2026-03-11T03:00:00+09:00'));
    await app.push('two');
    await ground.application('noted');
    const infos = [{ name: 'Approved in a closed sync window by', value: 'nobody' }];
    expect((await ground.request('POST', '/api/v1/applications/noted/sync', { infos })).status).toBe(403);
    await ground.application('noted');
    expect(await app.value()).toBe('one');
  });

  it("an operation that kubectl puts on the object waits for the window, Running, with Argo CD's words", async () => {
    const app = await deploy('blocked', [NIGHT], '2026-03-10T12:00:00+09:00');
    ground.clock.moveTo(Date.parse('2026-03-11T03:00:00+09:00'));
    await app.push('two');
    await ground.application('blocked');
    const ref = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      namespace: ground.namespace,
      name: 'blocked',
    };
    const operation = { sync: {}, initiatedBy: { username: 'kim' } };
    await ground.client.patch(ref, { operation }, { type: 'merge' });
    await ground.refresh('blocked');
    const waiting = await ground.application('blocked');
    expect(waiting.status.operationState).toMatchObject({
      phase: 'Running',
      message: BLOCKED,
    });
    expect(waiting.status.operationState?.finishedAt).toBeUndefined();

    ground.clock.moveTo(Date.parse('2026-03-11T06:00:00+09:00'));
    const done = await app.until((state) => state.status.operationState?.phase === 'Succeeded');
    expect(done.status.sync?.status).toBe('Synced');
    expect(await app.value()).toBe('two');
  });

  describe('an operation that runs when a window closes', () => {
    /** Waits for the health of its first wave, two minutes before the window. */
    async function startBefore(name: string, window: object) {
      const app = await deploy(name, [window], '2026-03-10T12:00:00+09:00');
      ground.clock.moveTo(Date.parse('2026-03-11T01:58:00+09:00'));
      await ground.push(app.repository, { 'm/a.yaml': configMap('two'), 'm/lb.yaml': BALANCER });
      await app.until(({ status }) => status.operationState?.message?.startsWith('waiting for healthy') ?? false);
      ground.clock.moveTo(Date.parse('2026-03-11T02:00:01+09:00'));
      return app;
    }
    const isBlocked = ({ status }: Application) => status.operationState?.message === BLOCKED;

    it('takes no further step before it opens again', async () => {
      const app = await startBefore('midway', NIGHT);
      await app.until(isBlocked);
      await app.giveBalancer();
      await ground.refresh('midway');
      expect((await ground.application('midway')).status.operationState?.phase).toBe('Running');
      expect(await app.value()).toBe('one');

      ground.clock.moveTo(Date.parse('2026-03-11T06:00:00+09:00'));
      await app.until(({ status }) => status.operationState?.phase === 'Succeeded');
      expect(await app.value()).toBe('two');
    });

    it('goes on when a person approves it', async () => {
      const app = await startBefore('midway-approved', NIGHT);
      await app.until(isBlocked);
      await app.giveBalancer();
      expect((await ground.request('POST', '/api/v1/applications/midway-approved/approve-sync')).status).toBe(200);
      await app.until(({ status }) => status.operationState?.phase === 'Succeeded');
      expect(await app.value()).toBe('two');
    });

    it('gives way to a newer push, which is held', async () => {
      const app = await startBefore('midway-newer', NIGHT);
      await app.until(isBlocked);
      expect(await app.push('three', { 'm/lb.yaml': null })).toMatchObject([{ verdict: 'window-closed' }]);
      const { status } = await ground.application('midway-newer');
      expect(status.operationState).toMatchObject({ phase: 'Failed', message: 'superseded by a newer revision' });
      expect(status.conditions).toMatchObject([{ type: 'SyncHeld' }]);
      expect(await app.value()).toBe('one');
    });

    it('goes on with syncOverrun', async () => {
      const app = await startBefore('overrun', { ...NIGHT, syncOverrun: true });
      await app.giveBalancer();
      await app.until(({ status }) => status.operationState?.phase === 'Succeeded');
      expect(await app.value()).toBe('two');
      expect(await app.push('three')).toMatchObject([{ verdict: 'window-closed' }]);
    });
  });
};

/** The operation of it may run on. */
async function untilState(
  ground: Ground,
  name: string,
  isReached: (app: Application) => boolean,
): Promise<Application> {
  await expect
    .poll(async () => isReached(await ground.hawser.getApplication(name)), { timeout: 20_000, interval: 50 })
    .toBe(true);
  return ground.hawser.getApplication(name);
}

function configMap(value: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: ${value}\n`;
}

export default behaviour;
