// The platform in workerd. Everything runs in one Durable Object: one actor, so that locks hold and records last.

import { messageOf } from '../base/errors.ts';
import { createLocks } from '../base/locks.ts';
import { createMemoryCache } from '../base/memory-cache.ts';
import { createMetrics } from '../base/metrics.ts';
import { refusingBesideArgoCd } from '../operation/beside-argo-cd.ts';
import { METRIC_TABLE } from '../operation/metric-table.ts';
import { observePlatform } from '../operation/observed-platform.ts';
import type { Alarms, Clock, Log, LogFields, Platform, Settings } from '../platform.ts';
import type { DurableState, DurableStorage, Fetcher, WorkerEnvironment } from './bindings.ts';
import { connectCluster, connectHome } from './cluster.ts';
import { createConnectedFetch } from './connected-fetch.ts';
import { createDurableJournal } from './journal.ts';
import { createWorkScope } from './work-scope.ts';

/** An isolate has 128 MB for everything. */
const CACHE_BYTES = 24 << 20;

export function createWorkerPlatform(state: DurableState, environment: WorkerEnvironment): Platform {
  const clock: Clock = { now: () => Date.now() };
  const log = createConsoleLog(clock);
  const settings = readSettings(environment);
  const { namespace, alongside } = settings;
  const home = connectHome(environment);
  const scope = createWorkScope();
  return observePlatform<Platform>({
    settings,
    metrics: createMetrics(METRIC_TABLE),
    ...(scope && { scope }),
    identity: `worker-${String(state.id).slice(0, 16)}`,
    clock,
    log,
    cache: createMemoryCache(CACHE_BYTES),
    journal: createDurableJournal(state.storage),
    alarms: createDurableAlarms(state.storage),
    locks: createLocks(),
    fetch: createConnectedFetch(environment),
    home: alongside ? home : refusingBesideArgoCd(home, { namespace, clock, log }),
    connectCluster: (connection) => connectCluster(connection, environment),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    ...(environment.ASSETS && { assets: readingFrom(environment.ASSETS) }),
    background: (work) =>
      state.waitUntil(work.catch((error: unknown) => log.error('background work failed', { error: messageOf(error) }))),
  });
}

function readSettings(environment: WorkerEnvironment): Settings {
  const { HAWSER_NAMESPACE, HAWSER_TOKEN, HAWSER_EXTERNAL_URL } = environment;
  const { HAWSER_LOOPBACK, HAWSER_INSECURE_WEBHOOKS, HAWSER_ALONGSIDE } = environment;
  return {
    namespace: HAWSER_NAMESPACE ?? 'argocd',
    loopback: HAWSER_LOOPBACK === 'true',
    insecureWebhooks: HAWSER_INSECURE_WEBHOOKS === 'true',
    ...(HAWSER_ALONGSIDE === 'true' && { alongside: true }),
    ...(HAWSER_TOKEN && { token: HAWSER_TOKEN }),
    ...(HAWSER_EXTERNAL_URL && { externalURL: HAWSER_EXTERNAL_URL }),
  };
}

const ALARM = 'alarm/';

/** A Durable Object has one alarm: it is set to the earliest of the named ones. */
function createDurableAlarms(storage: DurableStorage): Alarms {
  return {
    set: async (name, atMs) => {
      await storage.put(`${ALARM}${name}`, atMs);
      await armAlarm(storage);
    },
    cancel: async (name) => {
      await storage.delete(`${ALARM}${name}`);
      await armAlarm(storage);
    },
  };
}

async function armAlarm(storage: DurableStorage): Promise<void> {
  const instants = [...(await storage.list<number>({ prefix: ALARM })).values()];
  if (instants.length === 0) await storage.deleteAlarm();
  else await storage.setAlarm(Math.min(...instants));
}

/**
 * Called when the object's alarm fires: the names that are due, each removed; the rest are armed again. `guard` is set before that: the
 * object may end before what they are for is done, and a new one is then started by it.
 */
export async function takeDueAlarms(
  storage: DurableStorage,
  nowMs: number,
  guard: { readonly name: string; readonly atMs: number },
): Promise<readonly string[]> {
  const all = [...(await storage.list<number>({ prefix: ALARM }))];
  const due = all.filter(([, atMs]) => atMs <= nowMs).map(([key]) => key);
  if (due.length > 0) await storage.put(`${ALARM}${guard.name}`, guard.atMs);
  for (const key of due) if (key !== `${ALARM}${guard.name}`) await storage.delete(key);
  await armAlarm(storage);
  return due.map((key) => key.slice(ALARM.length));
}

function createConsoleLog(clock: Clock): Log {
  const write = (level: string) => (message: string, fields?: LogFields) => {
    console.log(JSON.stringify({ time: new Date(clock.now()).toISOString(), level, message, ...fields }));
  };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}

/** Which host is asked means nothing to a binding. */
function readingFrom(files: Fetcher): NonNullable<Platform['assets']> {
  return async (name) => {
    const response = await files.fetch(`https://assets/${name}`);
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
  };
}
