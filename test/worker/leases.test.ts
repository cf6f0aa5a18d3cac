// Who a Worker is among the replicas of hawser: the same in its next life, which goes on at once with what the one before was killed in; and
// another one than a Worker of the same name elsewhere, which waits.

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { at, stringAt } from '../../src/base/json.ts';
import type { ClusterTransport } from '../../src/platform.ts';
import { createWorkerGround, type GroundWorker, type WorkerGround } from './support/worker-ground.ts';

const SOON = { timeout: 30_000 };
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: one\n';

describe('two Workers on one cluster', () => {
  let ground: WorkerGround;
  beforeAll(async () => {
    ground = await createWorkerGround();
    await ground.commit('devops/app', { 'm/settings.yaml': CONFIG_MAP });
    await ground.createApplication('app', 'devops/app', 'm');
  });
  afterAll(() => ground?.close());

  /** The cluster, and what was asked of it. Writes of the Application's object never come back while they hang. */
  function through(hangs: boolean) {
    const asked: string[] = [];
    const hanging = Promise.withResolvers<void>();
    const cluster: ClusterTransport = {
      ...ground.cluster,
      fetch: async (path, init) => {
        const request = `${init?.method ?? 'GET'} ${path}`;
        asked.push(request);
        if (hangs && /^PATCH .*\/namespaces\/app\/configmaps/.test(request) && !path.includes('dryRun')) {
          hanging.resolve();
          await new Promise(() => undefined);
        }
        return ground.cluster.fetch(path, init);
      },
    };
    return { cluster, hanging: hanging.promise, watches: () => asked.filter((one) => /leases\?.*watch=/.test(one)) };
  }

  async function holders(kind: 'application' | 'replica'): Promise<readonly string[]> {
    const { items } = await ground.client.list({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' });
    const isReplica = ({ metadata }: (typeof items)[number]) => metadata.name?.includes('worker-') === true;
    const wanted = items.filter((item) => isReplica(item) === (kind === 'replica'));
    return wanted.map((item) => stringAt(item, 'spec', 'holderIdentity') ?? '').filter((holder) => holder !== '');
  }

  const sync = (worker: GroundWorker) => worker.post('/api/v1/applications/app/sync', {});
  const phase = async () => {
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: 'argocd', name: 'app' };
    return at(await ground.client.get(ref), 'status', 'operationState', 'phase');
  };

  it('have names of their own, and each takes up its own work after its end without waiting for itself', async () => {
    const stuck = through(true);
    const first = await ground.start({ cluster: stuck.cluster });
    expect((await sync(first)).status).toBe(200);
    await stuck.hanging;
    const [name] = await holders('application');
    expect(name).toMatch(/^worker-[0-9a-f]{8}-[0-9a-f]{8}$/);

    const free = through(false);
    const second = await ground.start({ cluster: free.cluster, storage: join(ground.storage, '../another') });
    await second.post('/api/refresh', { application: 'app' });
    await vi.waitFor(() => expect(free.watches()).not.toEqual([]), SOON);
    expect(await holders('application')).toEqual([name]);
    await vi.waitFor(async () => expect((await holders('replica')).length).toBe(2), SOON);
    expect(new Set(await holders('replica')).size).toBe(2);
    await second.kill();

    await first.kill();
    const next = through(false);
    const again = await ground.start({ cluster: next.cluster });
    await again.open('/healthz');
    await expect.poll(phase, SOON).toBe('Succeeded');
    expect(next.watches()).toEqual([]);
    expect(again.lines.filter(({ level }) => level === 'error')).toEqual([]);
    await again.close();
  });
});
