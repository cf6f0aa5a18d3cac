// The real API server of the cluster suite: the one that HAWSER_TEST_KUBECONFIG names, or one that is started here.

import { connectKubeconfig } from '../../src/node/kubeconfig.ts';
import type { ClusterTransport } from '../../src/platform.ts';
import { type ControlPlane, missingControlPlane, startControlPlane } from './control-plane.ts';

export interface RealCluster {
  readonly kubeconfig: string;
  readonly transport: ClusterTransport;
  stop(): Promise<void>;
}

/** Why there is no real API server for the tests, or undefined when there is one. */
export function missingCluster(): string | undefined {
  return process.env.HAWSER_TEST_KUBECONFIG ? undefined : missingControlPlane();
}

export async function startRealCluster(): Promise<RealCluster> {
  const given = process.env.HAWSER_TEST_KUBECONFIG;
  const own: ControlPlane | undefined = given ? undefined : await startControlPlane();
  const kubeconfig = given ?? own?.kubeconfig ?? '';
  return {
    kubeconfig,
    transport: await connectKubeconfig({ kubeconfig }),
    stop: async () => own?.stop(),
  };
}
