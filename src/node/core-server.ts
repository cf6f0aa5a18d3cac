// A whole hawser inside a command (`--core`, `hawser diff -f`): the API without a server, straight on a cluster. It takes the Leases that a
// server takes, so that both can work side by side, and looks at nothing but what the command asks for.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../app.ts';
import { createKubeClient } from '../kube/client.ts';
import { refusingBesideArgoCd } from '../operation/beside-argo-cd.ts';
import { createHawser } from '../operation/create.ts';
import type { Hawser } from '../operation/hawser.ts';
import { requireApplications } from '../operation/prepare-home.ts';
import { FIELD_MANAGER } from '../operation/road.ts';
import type { ClusterTransport, Log, NamedCluster } from '../platform.ts';
import { createSourceReaders } from '../source/reader.ts';
import { connectKubeconfig, readKubeconfigContexts } from './kubeconfig.ts';
import { createLog } from './log.ts';
import { createNodePlatform } from './platform.ts';

export interface CoreOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Where the Applications are. */
  readonly namespace: string;
  /** Ctrl-C: what goes on is left to the next hawser. */
  readonly signal?: AbortSignal;
}

export interface Core {
  readonly address: {
    readonly url: string;
    readonly token: string;
    readonly isCore: true;
    readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
    readonly signal?: AbortSignal;
  };
  readonly hawser: Hawser;
  /** Resolves when all that was begun has ended, or was interrupted. */
  close(): Promise<void>;
}

/** Over the cluster of the kubeconfig, with its rights. Throws `InvalidInput` where Applications are not known there. */
export async function openCore(options: CoreOptions): Promise<Core> {
  const { kubeconfig, context, namespace } = options;
  const connected = await connectKubeconfig({ ...(kubeconfig && { kubeconfig }), ...(context && { context }) });
  const log = createLog({ format: 'text', level: 'error' });
  const home = refusingBesideArgoCd(connected, { namespace, clock: { now: () => Date.now() }, log });
  await requireApplications(createKubeClient(home, { fieldManager: FIELD_MANAGER }));
  const namedClusters = await readKubeconfigContexts(kubeconfig);
  return openCoreOver(home, { ...options, namedClusters, log });
}

export interface CoreOverOptions {
  readonly namespace: string;
  readonly namedClusters?: readonly NamedCluster[];
  readonly log: Log;
  readonly signal?: AbortSignal;
}

/** Over a cluster that is connected. */
export async function openCoreOver(home: ClusterTransport, options: CoreOverOptions): Promise<Core> {
  const { namespace, namedClusters, log, signal } = options;
  // A server's folder is locked, and what it knows is its own.
  const dataFolder = mkdtempSync(join(tmpdir(), 'hawser-core-'));
  const stopping = new AbortController();
  let onAlarm: (name: string) => void = () => undefined;
  const platform = await createNodePlatform({
    ...{ home, dataFolder, memoryCache: true, log, onAlarm: (name) => onAlarm(name) },
    ...(namedClusters && { namedClusters }),
    settings: { namespace, loopback: false, insecureWebhooks: false },
  });
  const hawser = createHawser({ platform, readSources: createSourceReaders(platform), stopping: stopping.signal });
  onAlarm = (name) => platform.background(hawser.alarm(name));
  // Who has the kubeconfig has its rights; nobody else reaches this server, which listens nowhere.
  const token = randomBytes(24).toString('hex');
  const app = createApp({ ...hawser, token: async () => token }, platform);
  return {
    address: {
      ...{ url: home.server.replace(/\/+$/, ''), token, isCore: true },
      fetch: async (url, init) => app.fetch(new Request(url, init)),
      ...(signal && { signal }),
    },
    hawser,
    close: async () => {
      // What an --async sync has begun is nobody else's to do.
      if (!signal?.aborted) await hawser.idle();
      stopping.abort();
      await hawser.idle();
      await platform.close();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
