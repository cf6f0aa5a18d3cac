// One replica of hawser in this process: its own data folder, its own connection to the cluster, its HTTP server for its peers.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../src/app.ts';
import { listen } from '../../src/node/listen.ts';
import { createNodePlatform } from '../../src/node/platform.ts';
import { createHawser } from '../../src/operation/create.ts';
import type { Hawser } from '../../src/operation/hawser.ts';
import type { LeaseTimes } from '../../src/operation/lease-times.ts';
import type { ClusterTransport, Log } from '../../src/platform.ts';
import { createSourceReaders } from '../../src/source/reader.ts';

export interface HawserReplica {
  readonly url: string;
  readonly hawser: Hawser;
  readonly logs: readonly string[];
  /** Nothing of it reaches the cluster, its peers or its files any more. */
  kill(): void;
  close(): Promise<void>;
}

export interface HawserReplicaOptions {
  readonly home: ClusterTransport;
  readonly namespace: string;
  readonly token: string;
  readonly leaseTimes: LeaseTimes;
  /** The URLs of all, asked for when somebody is told; its own is among them. */
  readonly peers: string[];
}

export async function startHawserReplica(options: HawserReplicaOptions): Promise<HawserReplica> {
  const { home, namespace, token, leaseTimes, peers } = options;
  const folder = await mkdtemp(join(tmpdir(), 'hawser-replica-'));
  const logs: string[] = [];
  const write =
    (level: string): Log['info'] =>
    (message, fields) => {
      logs.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
    };
  const log: Log = { info: write('info'), warn: write('warn'), error: write('error') };
  let isAlive = true;
  const lost = () => {
    throw new TypeError('fetch failed: the process is dead');
  };
  const transport: ClusterTransport = {
    server: home.server,
    fetch: (path, init) => (isAlive ? home.fetch(path, init) : lost()),
  };
  const stopping = new AbortController();
  const node = await createNodePlatform({
    home: transport,
    log,
    dataFolder: folder,
    memoryCache: true,
    settings: { namespace, loopback: true, insecureWebhooks: false, token, peers },
    onAlarm: (name) => {
      if (isAlive) node.background(hawser.alarm(name));
    },
  });
  const platform = {
    ...node,
    fetch: (url: string, init: RequestInit, more: object) => (isAlive ? node.fetch(url, init, more) : lost()),
  };
  const hawser: Hawser = createHawser({
    platform,
    readSources: createSourceReaders(platform),
    stopping: stopping.signal,
    leaseTimes,
  });
  const app = createApp(hawser, platform);
  const listening = await listen((request) => (isAlive ? app.fetch(request) : new Response('', { status: 502 })), {
    host: '127.0.0.1',
    port: 0,
  });
  peers.push(listening.url);
  return {
    url: listening.url,
    hawser,
    logs,
    kill: () => {
      isAlive = false;
    },
    close: async () => {
      stopping.abort();
      await hawser.idle();
      await listening.close();
      await node.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
