import { describe, it } from 'vitest';
import { describeBehaviours } from '../support/behaviours.ts';
import { missingCluster, startRealCluster } from '../support/real-cluster.ts';

const missing = missingCluster();
if (missing) {
  console.warn(`SKIPPED: behaviours on a real API server: ${missing}`);
  describe('behaviours on a real API server', () => {
    it.skip(`needs a cluster: ${missing}`, () => undefined);
  });
} else {
  await describeBehaviours('a real API server', async () => {
    const { transport, kubeconfig, stop } = await startRealCluster();
    return { transport, kubeconfig, close: stop };
  });
}
