// An operation that outlasts the wait of one call: it is recorded, and an alarm goes on with it, as often as it takes.

import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const HOOK = `apiVersion: v1
kind: Service
metadata:
  name: hook
  annotations: {argocd.argoproj.io/hook: PreSync}
spec: {type: LoadBalancer, ports: [{port: 80}]}
`;
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata: {key: one}\n';

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd'), waitMs: 200 });
  });
  afterAll(async () => ground.close());

  it('goes on with the same hook until that has ended', async () => {
    const namespace = cluster.freshNamespace('long');
    const repository = await ground.createRepository('devops/long', { 'm/hook.yaml': HOOK, 'm/a.yaml': CONFIG_MAP });
    await ground.createApplication({ name: 'long', repository, path: 'm', destinationNamespace: namespace });
    await ground.request('POST', '/api/v1/applications/long/sync', {});
    const state = async () => (await ground.hawser.getApplication('long')).status.operationState;
    const calls = () => ground.logs.filter((line) => line.includes('"phase":"Running"'));
    await expect.poll(() => calls().length, { timeout: 20_000 }).toBeGreaterThan(2);
    // Each time that it goes on it says so first.
    const begun = await vi.waitFor(async () => {
      const found = await state();
      expect(found).toMatchObject({ phase: 'Running', message: 'waiting for completion of hook /Service/hook' });
      return found;
    }, 20_000);
    expect(begun?.finishedAt).toBeUndefined();
    const hook = await ground.get('v1', 'Service', namespace, 'hook');

    await ground.client.patch(
      { apiVersion: 'v1', kind: 'Service', namespace, name: 'hook' },
      { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } },
      { type: 'merge', subresource: 'status' },
    );
    await expect.poll(async () => (await state())?.phase, { timeout: 20_000 }).toBe('Succeeded');
    expect((await state())?.startedAt).toBe(begun?.startedAt);
    expect((await ground.get('v1', 'Service', namespace, 'hook'))?.metadata.uid).toBe(hook?.metadata.uid);
    expect(await ground.get('v1', 'ConfigMap', namespace, 'settings')).toBeDefined();
  });
};

export default behaviour;
