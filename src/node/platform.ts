// The platform on Node: files for what must last, memory and timers for the rest.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { messageOf } from '../base/errors.ts';
import { createLocks } from '../base/locks.ts';
import { createMemoryCache } from '../base/memory-cache.ts';
import { createMetrics } from '../base/metrics.ts';
import { METRIC_TABLE } from '../operation/metric-table.ts';
import { observePlatform } from '../operation/observed-platform.ts';
import type { Clock, ClusterTransport, Log, NamedCluster, Platform, Settings } from '../platform.ts';
import { createAlarms, type NodeAlarms } from './alarms.ts';
import { connectCluster } from './connect-cluster.ts';
import { createConnectedFetch } from './connected-fetch.ts';
import { lockDataFolder } from './data-lock.ts';
import { createDiskCache } from './disk-cache.ts';
import { openJournal } from './file-journal.ts';
import { readIdentity } from './identity.ts';
import { processMetrics } from './process-metrics.ts';
import { createUiAssets } from './ui-assets.ts';
import { createWorkScope } from './work-scope.ts';

export interface NodePlatformOptions {
  readonly home: ClusterTransport;
  /** The cluster that Applications deploy to, where they lie elsewhere. */
  readonly inCluster?: ClusterTransport;
  /** Contexts of the kubeconfig, as destinations by name. */
  readonly namedClusters?: readonly NamedCluster[];
  readonly settings: Settings;
  readonly log: Log;
  /** Where the journal and the cache are kept. Without it the cache is memory and the journal lies in `journalFolder`. */
  readonly dataFolder: string;
  readonly memoryCache?: boolean;
  readonly onAlarm?: (name: string) => void;
  /** An alarm was set, moved or cancelled, or has fired. */
  readonly onAlarmsChange?: () => void;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

export interface NodePlatform extends Platform {
  readonly alarms: NodeAlarms;
  close(): Promise<void>;
}

export async function createNodePlatform(options: NodePlatformOptions): Promise<NodePlatform> {
  const { home, settings, log, dataFolder, namedClusters, onAlarm = () => undefined } = options;
  const clock = options.clock ?? { now: () => Date.now() };
  const lock = await lockDataFolder(dataFolder);
  const journal = await openJournal(join(dataFolder, 'journal')).catch((error: unknown) => {
    lock.release();
    throw error;
  });
  const identity = await readIdentity(dataFolder);
  if (journal.damagedLines > 0) log.error('lines of the journal cannot be read', { lines: journal.damagedLines });
  const alarms = createAlarms(clock, onAlarm, options.onAlarmsChange);
  return observePlatform({
    settings,
    metrics: createMetrics(METRIC_TABLE),
    scope: createWorkScope(),
    processMetrics,
    identity,
    log,
    home,
    ...(options.inCluster && { inCluster: options.inCluster }),
    connectCluster,
    ...(namedClusters && { namedClusters }),
    clock,
    journal,
    alarms,
    cache: options.memoryCache ? createMemoryCache() : createDiskCache(join(dataFolder, 'cache')),
    locks: createLocks(),
    fetch: createConnectedFetch(),
    random: (length) => new Uint8Array(randomBytes(length)),
    assets: createUiAssets(),
    background: (work) => {
      work.catch((error: unknown) => log.error('background work failed', { error: messageOf(error) }));
    },
    close: async () => {
      alarms.close();
      await journal.close();
      lock.release();
    },
  });
}
