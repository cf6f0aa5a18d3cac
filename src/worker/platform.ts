// The platform in workerd. Everything runs in one Durable Object: one actor, so that locks hold and records last.

import { messageOf } from '../base/errors.ts';
import { createLocks } from '../base/locks.ts';
import { createMetrics } from '../base/metrics.ts';
import { refusingBesideArgoCd } from '../operation/beside-argo-cd.ts';
import { METRIC_TABLE } from '../operation/metric-table.ts';
import { observePlatform } from '../operation/observed-platform.ts';
import type { Alarms, Clock, Platform } from '../platform.ts';
import { createObjectAlarms } from './alarms.ts';
import type { DurableState, Fetcher, WorkerEnvironment } from './bindings.ts';
import { createTieredCache } from './cache.ts';
import { connectCluster, connectHome, connectNamed } from './cluster.ts';
import type { WorkerConfiguration } from './configuration.ts';
import { createConnectedFetch } from './connected-fetch.ts';
import type { FarCache } from './far-cache.ts';
import { type Gate, gatedFetch, gatedTransport, narrowGate, OPEN } from './gate.ts';
import type { Invocations } from './invocations.ts';
import { createDurableJournal } from './journal.ts';
import { createConsoleLog } from './log.ts';
import { createProcessMetrics } from './process-metrics.ts';
import type { UnfinishedWork } from './unfinished-work.ts';
import { createWorkScope } from './work-scope.ts';

/** An isolate has 128 MB for everything. */
const CACHE_BYTES = 24 << 20;

export interface WorkerPlatformParts {
  readonly state: DurableState;
  readonly environment: WorkerEnvironment;
  readonly configuration: WorkerConfiguration;
  /** The same in all lives of the object (identity.ts). */
  readonly identity: string;
  readonly clock: Clock;
  /** What outlives the object. */
  readonly far: FarCache | undefined;
  /** Default: the object's own. */
  readonly alarms?: Alarms;
  /** All that the object asks of others belongs to one of them; without them it is neither bounded nor counted. */
  readonly invocations?: Invocations;
  /** Is told of what goes on after an answer. */
  readonly work?: UnfinishedWork;
}

/** So many connections are left by clusters that hang. */
const KEPT_FREE = 2;

/** Throws `InvalidInput` where no cluster is configured. */
export function createWorkerPlatform(parts: WorkerPlatformParts): Platform {
  const { state, environment, configuration, identity, clock, far, invocations, work } = parts;
  const { alarms = createObjectAlarms(state.storage, clock) } = parts;
  const { settings, logLevel, kubeToken } = configuration;
  const { namespace, alongside } = settings;
  const log = createConsoleLog({ clock, level: logLevel });
  const scope = createWorkScope();
  const gate: Gate = invocations
    ? (send, passing) => invocations.run(send, { ...passing, line: scope?.current()?.fields.application })
    : OPEN;
  const toClusters = invocations ? narrowGate(gate, invocations.connections - KEPT_FREE) : OPEN;
  const home = gatedTransport(connectHome(environment, kubeToken), gate);
  const background = (piece: Promise<unknown>) => {
    const logged = piece.catch((error: unknown) => log.error('background work failed', { error: messageOf(error) }));
    work?.add(logged);
    state.waitUntil(logged);
  };
  const processMetrics = createProcessMetrics(clock.now());
  return observePlatform<Platform>({
    settings,
    metrics: createMetrics(METRIC_TABLE),
    processMetrics: () => [...processMetrics(), ...(invocations?.metricFamilies() ?? [])],
    ...(scope && { scope }),
    identity,
    clock,
    log,
    cache: createTieredCache({ far, nearBytes: CACHE_BYTES, clock, log, background, gate }),
    journal: createDurableJournal(state.storage),
    alarms,
    locks: createLocks(),
    fetch: gatedFetch(createConnectedFetch(environment), gate),
    home: alongside ? home : refusingBesideArgoCd(home, { namespace, clock, log }),
    connectCluster: (connection) => gatedTransport(connectCluster(connection, environment), toClusters),
    namedClusters: connectNamed(environment).map(({ name, transport }) => ({
      name,
      transport: gatedTransport(transport, toClusters),
    })),
    random: randomBytes,
    ...(environment.ASSETS && { assets: readingFrom(environment.ASSETS, gate) }),
    background,
  });
}

/** What one call of Web Crypto gives at most. */
const DRAW_BYTES = 65_536;

/** Of a cryptographic source. */
export function randomBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += DRAW_BYTES) crypto.getRandomValues(bytes.subarray(at, at + DRAW_BYTES));
  return bytes;
}

/** Which host is asked means nothing to a binding. */
function readingFrom(files: Fetcher, gate: Gate): NonNullable<Platform['assets']> {
  return async (name) => {
    const response = await gate(() => files.fetch(`https://assets/${name}`));
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
  };
}
