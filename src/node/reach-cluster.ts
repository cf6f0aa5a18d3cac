// The first word with the API server of a kubeconfig, before anything listens.

import { reachCluster as reach } from '../kube/reach-cluster.ts';
import type { ClusterTransport } from '../platform.ts';

/** Throws as kube/reach-cluster.ts does, with what can be done about a kubeconfig. */
export async function reachCluster(cluster: ClusterTransport): Promise<void> {
  await reach(cluster, {
    credentials: "the kubeconfig's credentials",
    refused: 'kubectl auth whoami with the same kubeconfig tells more',
    silent: 'is it running, and is it the right context? kubectl cluster-info tells',
    noApiServer: 'look at the server of the context in the kubeconfig',
  });
}
