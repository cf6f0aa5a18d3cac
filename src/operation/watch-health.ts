// What was just deployed becomes healthy a little later: its objects are watched, with a bound, until the health is settled.

import { parseApplication } from '../application/parse.ts';
import type { Application, ResourceStatus } from '../application/types.ts';
import { messageOf } from '../base/errors.ts';
import type { HealthOf } from '../health/health.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { recordStatus } from './record.ts';
import { applicationRef, clientFor, formatTime, keyOfApplication, type Road } from './road.ts';
import { withTransition } from './status.ts';

/** Longer than a Deployment's progressDeadlineSeconds by default. */
const BOUND_MS = 11 * 60_000;

/** Ends when everything that was Progressing has settled, at the bound, or when a newer intent works on the Application. */
export async function watchHealth(road: Road, app: Application, intent: number): Promise<void> {
  const key = keyOfApplication(app);
  const isNewest = () => (road.newestIntent.get(key) ?? intent) <= intent;
  const client = clientFor(road, app.spec.destination);
  const waiting = (app.status.resources ?? []).filter(({ health }) => health?.status === 'Progressing');
  road.healthWatches.get(key)?.abort();
  const ended = new AbortController();
  road.healthWatches.set(key, ended);
  const signal = AbortSignal.any([ended.signal, road.stopping]);
  try {
    await Promise.all(
      waiting.map((resource) => waitUntilSettled({ client, healthOf: road.argo.healthOf, signal }, resource)),
    );
  } catch (error) {
    if (!signal.aborted)
      road.platform.log.warn('watching the health ended early', { application: key, reason: messageOf(error) });
  } finally {
    if (road.healthWatches.get(key) === ended) road.healthWatches.delete(key);
    ended.abort();
  }
  if (!isNewest() || road.stopping.aborted) return;
  await road.platform.locks.run(key, async () => {
    if (isNewest()) await recordHealth(road, client, app);
  });
}

interface SettleContext {
  readonly client: KubeClient;
  readonly healthOf: HealthOf;
  readonly signal: AbortSignal;
}

async function waitUntilSettled({ client, healthOf, signal }: SettleContext, resource: ResourceStatus): Promise<void> {
  const isProgressing = (object: KubeObject) => healthOf(object)?.status === 'Progressing';
  const { name, namespace } = resource;
  const type = typeOf(resource);
  const now = await client.get({ ...type, name, ...(namespace && { namespace }) }, { signal });
  if (!now || !isProgressing(now)) return;
  const events = client.watch(type, {
    ...(namespace && { namespace }),
    name,
    ...(now.metadata.resourceVersion && { resourceVersion: now.metadata.resourceVersion }),
    timeoutMs: BOUND_MS,
    signal,
  });
  for await (const event of events) {
    if (event.type === 'DELETED') return;
    const objects = event.type === 'RELISTED' ? event.objects : [event.object];
    if (!objects.some(isProgressing)) return;
  }
}

/** The health of every resource anew, and the worst of them: of what the last comparison found, nothing else is read. */
async function recordHealth(road: Road, client: KubeClient, { metadata }: Application): Promise<void> {
  const found = await road.home.get(applicationRef(metadata.namespace, metadata.name));
  if (!found) return;
  const app = parseApplication(found);
  const resources = await Promise.all(
    (app.status.resources ?? []).map(async (resource) => {
      if (resource.health?.status !== 'Progressing') return resource;
      const { name, namespace } = resource;
      const live = await client.get({ ...typeOf(resource), name, ...(namespace && { namespace }) });
      const health = live && road.argo.healthOf(live);
      return health ? { ...resource, health } : resource;
    }),
  );
  const now = formatTime(road.platform.clock.now());
  const health = withTransition(app.status.health, worstOf(resources), now);
  await recordStatus(road, app, { ...app.status, resources, health });
}

const ORDER = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'] as const;

function worstOf(resources: readonly ResourceStatus[]) {
  const healths = resources.flatMap(({ health }) => (health && health.status !== 'Missing' ? [health] : []));
  const worst = Math.max(0, ...healths.map(({ status }) => ORDER.indexOf(status)));
  return { status: ORDER[worst] ?? 'Healthy' };
}

function typeOf({ group, version, kind }: ResourceStatus) {
  return { apiVersion: group ? `${group}/${version}` : version, kind };
}
