// Showing drift before the whole Application is compared: for one with many objects that takes longer than people like to wait. The
// comparison follows, and has the last word.

import { parseApplication } from '../application/parse.ts';
import type { Application } from '../application/types.ts';
import { isHawserError } from '../base/errors.ts';
import type { JsonPatchStep } from '../base/merge-patch.ts';
import type { KubeObject } from '../kube/object.ts';
import { changesOf, resourceOf, type Touched } from './drift.ts';
import { learnApplication } from './known-applications.ts';
import { applicationRef, formatTime, keyOfApplication, type Road } from './road.ts';
import { mergeConditions } from './status.ts';

/** Fewer are compared as a whole in the time of a request or two. */
const MANY = 100;

/** Only where a Synced object is now, in the cluster, not as hawser has applied it. Resolves in any case. */
export async function markDrift(
  road: Road,
  touched: Touched,
  live: KubeObject | undefined,
  text: string,
): Promise<void> {
  const { app, isCertain } = touched;
  if (!isCertain || (app.status.resources?.length ?? 0) < MANY || road.inWork.has(keyOfApplication(app))) return;
  if (!isChanged(road, touched, live)) return;
  const { namespace, name } = app.metadata;
  const ref = applicationRef(namespace, name);
  try {
    const found = await road.home.get(ref);
    const steps = found && stepsOf(road, parseApplication(found), touched, text);
    if (steps) learnApplication(road, parseApplication(await road.home.patch(ref, steps, { type: 'json' })));
  } catch (error) {
    // Somebody else writes what has become of it, or the comparison that follows will say what is wrong.
    if (!isHawserError(error)) throw error;
  }
}

function isChanged(road: Road, { app, object, isDeletion }: Touched, live: KubeObject | undefined): boolean {
  if (isDeletion) return live === undefined || live.metadata.deletionTimestamp !== undefined;
  if (!live) return false;
  // A Scale tells no more of it than the replicas, and not who has set them.
  const isScale = object.metadata.managedFields === undefined;
  const before = isScale ? { ...live, spec: { ...specOf(live), ...specOf(object) } } : object;
  const paths = changesOf(road, app, before, live, !isScale).map(({ path }) => path);
  // An autoscaler may set them: the comparison knows.
  const isScaled = paths.every((path) => path === '/spec/replicas');
  const hasScaler = app.status.resources?.some(({ kind }) => kind === 'HorizontalPodAutoscaler') ?? false;
  return paths.length > 0 && !(isScaled && hasScaler);
}

function specOf({ spec }: KubeObject): object {
  return typeof spec === 'object' && spec !== null ? spec : {};
}

/** Guarded by the version that was read; undefined where it shows already, or an operation will show it. */
function stepsOf(road: Road, app: Application, { key }: Touched, text: string): readonly JsonPatchStep[] | undefined {
  const { sync, resources = [], conditions, operationState } = app.status;
  const resource = resourceOf(app, key);
  if (sync?.status !== 'Synced' || resource?.status !== 'Synced' || operationState?.phase === 'Running')
    return undefined;
  const now = formatTime(road.platform.clock.now());
  const told = mergeConditions(conditions, [{ type: 'DriftDetected', message: text }], ['DriftDetected'], now);
  return [
    { op: 'add', path: '/metadata/resourceVersion', value: app.metadata.resourceVersion ?? '' },
    { op: 'add', path: '/status/sync/status', value: 'OutOfSync' },
    { op: 'add', path: `/status/resources/${resources.indexOf(resource)}/status`, value: 'OutOfSync' },
    { op: 'add', path: '/status/conditions', value: told.map((condition) => ({ ...condition })) },
  ];
}
