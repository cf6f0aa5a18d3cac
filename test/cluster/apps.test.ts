// hawser serve --apps on a real API server: the walk-through without any definition of hawser's in the cluster.

import { afterAll, describe, expect, it } from 'vitest';
import { createKubeClient } from '../../src/kube/client.ts';
import { missingCluster, type RealCluster, startRealCluster } from '../support/real-cluster.ts';
import { describeWalkThrough } from '../walk-through/walk-through.ts';

const missing = missingCluster();
if (missing) {
  console.warn(`SKIPPED: Applications as files on a real API server: ${missing}`);
  describe('Applications as files on a real API server', () => {
    it.skip(`needs a cluster: ${missing}`, () => undefined);
  });
} else {
  let cluster: RealCluster | undefined;
  afterAll(async () => cluster?.stop());
  describeWalkThrough(
    'a real API server that knows no Applications, which are files',
    async () => {
      cluster = await startRealCluster();
      return cluster.transport;
    },
    async () => ({ hasFiles: true }),
  );

  it.skipIf(process.env.HAWSER_TEST_KUBECONFIG !== undefined)('leaves nothing of hawser’s in the cluster', async () => {
    if (!cluster) throw new Error('the walk-through has not begun');
    const client = createKubeClient(cluster.transport, { fieldManager: 'test' });
    const definitions = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' };
    expect((await client.list(definitions)).items).toEqual([]);
    expect(await client.get({ apiVersion: 'v1', kind: 'Namespace', name: 'argocd' })).toBeUndefined();
  });
}
