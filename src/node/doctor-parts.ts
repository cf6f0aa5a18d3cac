// What `hawser doctor` needs of this machine: a way to the cluster, a way to Git servers, the disk.

import { stat, statfs } from 'node:fs/promises';
import { createKubeClient } from '../kube/client.ts';
import type { ClusterConnection, ClusterTransport, ConnectedFetch } from '../platform.ts';
import { createConnectedFetch } from './connected-fetch.ts';
import { defaultDataFolder } from './data-folder.ts';
import { connectKubeconfig } from './kubeconfig.ts';

export function doctorParts() {
  return {
    connect: async (options: { readonly kubeconfig?: string; readonly context?: string }) => {
      const home = await connectKubeconfig(options);
      return { home, client: createKubeClient(home, { fieldManager: 'hawser' }) };
    },
    openFetch: async (): Promise<ConnectedFetch> => createConnectedFetch(),
    openConnect: async (): Promise<(connection: ClusterConnection) => ClusterTransport> =>
      (await import('./connect-cluster.ts')).connectCluster,
    defaultDataFolder: defaultDataFolder(),
    freeBytes: async (folder: string): Promise<number | undefined> => {
      const found = await stat(folder).catch(() => undefined);
      if (!found) return undefined;
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
  };
}
