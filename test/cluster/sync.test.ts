import { afterAll, describe, it } from 'vitest';
import { missingCluster, type RealCluster, startRealCluster } from '../support/real-cluster.ts';
import { describeSync } from '../sync/cluster-suite.ts';

const missing = missingCluster();
if (missing) {
  console.warn(`SKIPPED: syncing with a real API server: ${missing}`);
  describe('syncing with a real API server', () => {
    it.skip(`needs a cluster: ${missing}`, () => undefined);
  });
} else {
  let cluster: RealCluster | undefined;
  afterAll(async () => cluster?.stop());
  describeSync('a real API server', async () => {
    cluster = await startRealCluster();
    return cluster.transport;
  });
}
