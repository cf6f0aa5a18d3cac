// What was just deployed becomes healthy a little later: its objects are watched for a short while, then looked at by one-shot alarms,
// until the health is settled or a rollout would have given up.

import { parseApplication } from '../application/parse.ts';
import { isSuspended } from '../application/suspended.ts';
import type { Application, ResourceStatus } from '../application/types.ts';
import { messageOf } from '../base/errors.ts';
import { aggregateStatuses } from '../health/aggregate.ts';
import type { KubeClient } from '../kube/client.ts';
import { alarmName, tryAgainLater } from './alarms.ts';
import { isPassing } from './compare-application.ts';
import { guardedRoad } from './guarded-road.ts';
import { recordStatus } from './record.ts';
import { applicationRef, clientFor, formatTime, keyOfApplication, type Road } from './road.ts';
import { withTransition } from './status.ts';

/** Most rollouts take less. Nothing is watched for longer: what may never be healthy (a load balancer) shall not keep hawser busy. */
const WATCH_MS = 60_000;

/** Afterwards it is looked at again after these, the last one beyond a Deployment's progressDeadlineSeconds by default. */
const LOOKS_MS = [60_000, 2 * 60_000, 4 * 60_000, 4 * 60_000] as const;

/** Ends when everything that was Progressing has settled, at the bound, or when the Application is brought to something else. */
export async function watchHealth(work: Road, app: Application): Promise<void> {
  // It outlasts the work that has begun it, and what that one held.
  const road = work.unguarded ?? work;
  const key = keyOfApplication(app);
  road.healthWatches.get(key)?.abort();
  const ended = new AbortController();
  road.healthWatches.set(key, ended);
  const signal = AbortSignal.any([ended.signal, road.stopping]);
  const done = road.holdings.busy();
  try {
    await watchUntilSettled(road, app, signal);
    if (!signal.aborted) await lookLater(road, app, 0);
  } catch (error) {
    if (signal.aborted) return;
    const reason = messageOf(error);
    road.platform.log.warn('the health of an Application could not be watched', { application: key, reason });
    if (isPassing(error)) await tryAgainLater(road, app);
  } finally {
    done();
    if (road.healthWatches.get(key) === ended) road.healthWatches.delete(key);
    ended.abort();
  }
}

/** Throws for a cluster that is not known; a watch that fails only ends early. */
async function watchUntilSettled(road: Road, app: Application, signal: AbortSignal): Promise<void> {
  const key = keyOfApplication(app);
  const client = clientFor(road, app.spec.destination);
  const record = async () => {
    if (signal.aborted) return;
    await road.holdings.hold(key, async (held) => {
      if (signal.aborted) return;
      await held.take(app.metadata);
      await recordHealth(guardedRoad(road, held), client, app);
    });
  };
  try {
    const places = groupByPlace((app.status.resources ?? []).filter(isProgressing));
    await Promise.all(
      places.map(async (resources) => {
        await waitUntilSettled(road, client, resources, signal);
        await record();
      }),
    );
  } catch (error) {
    if (!signal.aborted)
      road.platform.log.warn('watching the health ended early', { application: key, reason: messageOf(error) });
  }
}

/** A look by alarm, the next one if that is not the end of it. */
export async function lookAtHealth(road: Road, { metadata }: Pick<Application, 'metadata'>): Promise<void> {
  const key = `${metadata.namespace}/${metadata.name}`;
  const looks = (road.healthLooks.get(key) ?? 0) + 1;
  await road.holdings.hold(key, async (held) => {
    await held.take();
    const found = await road.home.get(applicationRef(metadata.namespace, metadata.name));
    if (!found) {
      road.healthLooks.delete(key);
      return;
    }
    const app = parseApplication(found);
    await recordHealth(guardedRoad(road, held), clientFor(road, app.spec.destination), app);
    await lookLater(road, app, looks);
  });
}

async function lookLater(road: Road, { metadata }: Application, looks: number): Promise<void> {
  const { platform, healthLooks } = road;
  const key = `${metadata.namespace}/${metadata.name}`;
  const found = await road.home.get(applicationRef(metadata.namespace, metadata.name));
  const pause = LOOKS_MS[looks];
  if (!found || pause === undefined || !(parseApplication(found).status.resources ?? []).some(isProgressing)) {
    healthLooks.delete(key);
    return;
  }
  healthLooks.set(key, looks);
  await platform.alarms.set(alarmName('health', { metadata }), platform.clock.now() + pause);
}

/** All resources are of one kind and namespace: one watch. */
async function waitUntilSettled(
  { argo }: Road,
  client: KubeClient,
  resources: readonly ResourceStatus[],
  signal: AbortSignal,
): Promise<void> {
  const [first] = resources;
  if (!first) return;
  const { name, namespace } = first;
  const left = new Set(resources.map((resource) => resource.name));
  const events = client.watch(typeOf(first), {
    ...(namespace && { namespace }),
    ...(resources.length === 1 && { name }),
    timeoutMs: WATCH_MS,
    signal,
  });
  for await (const event of events) {
    if (event.type === 'RELISTED') {
      const progressing = event.objects.filter((object) => argo.healthOf(object)?.status === 'Progressing');
      const names = new Set(progressing.map(({ metadata }) => metadata.name));
      for (const one of left) if (!names.has(one)) left.delete(one);
    } else if (event.type === 'DELETED' || argo.healthOf(event.object)?.status !== 'Progressing') {
      left.delete(event.object.metadata.name ?? '');
    }
    if (left.size === 0) return;
  }
}

/** The health of every resource anew, and the worst of them: of what the last comparison found, nothing else is read. */
async function recordHealth(road: Road, client: KubeClient, { metadata }: Application): Promise<void> {
  const found = await road.home.get(applicationRef(metadata.namespace, metadata.name));
  if (!found) return;
  const app = parseApplication(found);
  if (isSuspended(app)) return;
  const resources = await Promise.all(
    (app.status.resources ?? []).map(async (resource) => {
      if (!isProgressing(resource)) return resource;
      const { name, namespace } = resource;
      const live = await client.get({ ...typeOf(resource), name, ...(namespace && { namespace }) });
      const health = live ? road.argo.healthOf(live) : ({ status: 'Missing' } as const);
      return health ? { ...resource, health } : resource;
    }),
  );
  // What was pruned is gone at last: the Application may be Synced now, which only a comparison tells.
  if (resources.some(({ requiresPruning, health }) => requiresPruning && health?.status === 'Missing')) {
    road.wakeApplication(metadata.name, undefined, metadata.namespace);
    return;
  }
  const now = formatTime(road.platform.clock.now());
  const health = withTransition(app.status.health, aggregateStatuses(resources), now);
  await recordStatus(road, app, { ...app.status, resources, health });
}

function isProgressing({ health }: ResourceStatus): boolean {
  return health?.status === 'Progressing';
}

function groupByPlace(resources: readonly ResourceStatus[]): readonly (readonly ResourceStatus[])[] {
  return [
    ...Map.groupBy(resources, ({ group, version, kind, namespace }) =>
      [group, version, kind, namespace].join(' '),
    ).values(),
  ];
}

function typeOf({ group, version, kind }: ResourceStatus) {
  return { apiVersion: group ? `${group}/${version}` : version, kind };
}
