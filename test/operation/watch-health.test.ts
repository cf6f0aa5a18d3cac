// Watching what becomes healthy ends, whatever happens, and leaves hawser idle.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { createGround, type Ground, NAMESPACE } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const APPLICATION = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: NAMESPACE, name: 'app' };

let ground: Ground;
beforeEach(async () => {
  ground = await createGround(connectSandbox(), { leaseTimes: { durationMs: 900, renewMs: 100, deadlineMs: 600 } });
});
afterEach(() => ground.close());

/** Of processes that say that they work. */
async function working(): Promise<readonly string[]> {
  const type = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' };
  const { items } = await ground.client.list(type, { namespace: NAMESPACE, labelSelector: 'hawser.dev/lease=replica' });
  return items.map(({ metadata: { name = '' } }) => name);
}

it('ends where the cluster of an Application is not known any more', async () => {
  const repository = await ground.createRepository('devops/app', { 'm/a.yaml': 'kind: List\n' });
  await ground.createApplication({ name: 'app', repository, path: 'm', destinationNamespace: 'app' });
  await ground.refresh('app');
  await ground.client.patch(
    APPLICATION,
    {
      spec: { destination: { server: null, name: 'gone' } },
      status: { health: { status: 'Progressing' } },
    },
    { type: 'merge' },
  );
  await ground.restart();
  await ground.hawser.idle();
  await expect.poll(working).toEqual([]);
});
