// Once a push is worked on, hawser asks for nothing more.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { delay } from '../../src/base/delay.ts';
import { createGround, type Ground, NAMESPACE } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

let ground: Ground;
let requests: string[];
beforeEach(async () => {
  requests = [];
  const cluster = connectSandbox();
  const fetch: typeof cluster.fetch = (path, init) => {
    requests.push(`${init?.method ?? 'GET'} ${path}`);
    return cluster.fetch(path, init);
  };
  const leaseTimes = { durationMs: 900, renewMs: 100, deadlineMs: 600 };
  ground = await createGround({ server: cluster.server, fetch }, { leaseTimes });
});
afterEach(() => ground.close());

it('asks for nothing when a push is done, and has no Lease and no alarm', async () => {
  const configMap = (key: string) => ({
    'm/a.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: ${key}\n`,
  });
  const repository = await ground.createRepository('devops/app', configMap('one'));
  const app = { name: 'app', repository, path: 'm', destinationNamespace: 'app', automated: {} };
  await ground.createApplication(app);
  await ground.restart();
  await ground.push(repository, configMap('two'));
  await ground.hawser.idle();
  // What was seen of the refs is written after a second, the replica's Lease removed at its next renewal.
  await delay(2_500);
  requests = [];
  await delay(1_500);
  expect(requests).toEqual([]);
  expect(ground.alarms()).toEqual([]);
  const type = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' };
  const { items } = await ground.client.list(type, { namespace: NAMESPACE, labelSelector: 'hawser.dev/lease=replica' });
  expect(items).toEqual([]);
});
