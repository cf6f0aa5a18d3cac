// The behaviours on a real API server.

import { describe, it } from 'vitest';
import { describeBehaviours, type Part } from './behaviours.ts';
import { missingCluster, startRealCluster } from './real-cluster.ts';

/** Each part has an API server of its own. */
export async function describeRealBehaviours(part: Part): Promise<void> {
  const missing = missingCluster();
  if (missing) {
    console.warn(`SKIPPED: behaviours on a real API server: ${missing}`);
    describe('behaviours on a real API server', () => {
      it.skip(`needs a cluster: ${missing}`, () => undefined);
    });
    return;
  }
  await describeBehaviours('a real API server', part, async () => {
    const { transport, kubeconfig, stop } = await startRealCluster();
    return { transport, kubeconfig, close: stop };
  });
}
