// A sandbox cluster that is ready for Applications, for whoever has no cluster at hand.

import { createKubeClient } from '../kube/client.ts';
import { prepareHome } from '../operation/prepare-home.ts';
import type { ClusterTransport } from '../platform.ts';
import { openReading } from './open-reading.ts';
import { createSandbox } from './sandbox.ts';

export async function createDemoCluster(namespace: string): Promise<ClusterTransport> {
  const sandbox = createSandbox({
    clock: { now: () => Date.now() },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  });
  const server = 'http://sandbox';
  const transport: ClusterTransport = {
    server,
    fetch: (path, init) => sandbox.fetch(new Request(`${server}${path}`, init)),
  };
  const client = createKubeClient(transport, { fieldManager: 'hawser' });
  await prepareHome(client, namespace);
  await openReading(client, namespace);
  return transport;
}
