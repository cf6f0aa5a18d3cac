import { afterAll, describe, it } from 'vitest';
import { missingCluster, type RealCluster, startRealCluster } from '../support/real-cluster.ts';
import { describeWalkThrough } from '../walk-through/walk-through.ts';

const missing = missingCluster();
if (missing) {
  console.warn(`SKIPPED: the walk-through on a real API server: ${missing}`);
  describe('the walk-through on a real API server', () => {
    it.skip(`needs a cluster: ${missing}`, () => undefined);
  });
} else {
  let cluster: RealCluster | undefined;
  afterAll(async () => cluster?.stop());
  describeWalkThrough('a real API server', async () => {
    cluster = await startRealCluster();
    return cluster.transport;
  });
}
