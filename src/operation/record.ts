// Writing what became of an Application: one merge patch of exactly what changed.

import { parseApplication } from '../application/parse.ts';
import type { Application, ApplicationStatus } from '../application/types.ts';
import { isEqualJson } from '../base/equal.ts';
import { isHawserError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import { mergePatchOf } from '../base/merge-patch.ts';
import { isConflict } from '../kube/refusal.ts';
import { applicationRef, type Road } from './road.ts';

/** By these annotations people and tools ask for a refresh; they are removed once it was done. */
const REFRESH = 'argocd.argoproj.io/refresh';
const REFRESH_TIMESTAMP = 'argocd.argoproj.io/refresh-timestamp';

export function isRefreshAsked({ metadata }: Application): boolean {
  return metadata.annotations?.[REFRESH] !== undefined;
}

export function isHardRefreshAsked({ metadata }: Application): boolean {
  return metadata.annotations?.[REFRESH] === 'hard';
}

export interface RecordOptions {
  /** Takes the requested operation up: it is removed from the object, guarded by its resourceVersion. */
  readonly takeOperation?: boolean;
}

/** Stores `status` and gives the Application as it then is. Nothing is sent where nothing changed. */
export async function recordStatus(
  road: Road,
  app: Application,
  status: ApplicationStatus,
  { takeOperation = false }: RecordOptions = {},
): Promise<Application> {
  const patch: JsonObject = {};
  const statusPatch = mergePatchOf(app.status, status);
  if (statusPatch) patch.status = statusPatch;
  let stored: Application = { ...app, status };
  if (takeOperation) stored = await storeTaken(road, app, patch);
  else if (Object.keys(patch).length > 0) stored = await store(road, app, patch);
  return isRefreshAsked(app) ? endRefresh(road, app, stored) : stored;
}

async function store({ home }: Road, { metadata }: Application, patch: JsonObject): Promise<Application> {
  return parseApplication(
    await home.patch(applicationRef(metadata.namespace, metadata.name), patch, { type: 'merge' }),
  );
}

/**
 * Guarded, so that an operation which somebody put in its place meanwhile is not removed for it; any other edit is no reason to give
 * up. Throws a conflict otherwise.
 */
async function storeTaken(road: Road, app: Application, patch: JsonObject): Promise<Application> {
  const { namespace, name, uid } = app.metadata;
  let { resourceVersion = '' } = app.metadata;
  for (let tries = 1; ; tries++) {
    try {
      return await store(road, app, { ...patch, operation: null, metadata: { resourceVersion } });
    } catch (error) {
      const found =
        isConflict(error) && tries < TRIES ? await road.home.get(applicationRef(namespace, name)) : undefined;
      const now = found && parseApplication(found);
      if (!now || now.metadata.uid !== uid || !isEqualJson(now.operation, app.operation)) throw error;
      resourceVersion = now.metadata.resourceVersion ?? '';
    }
  }
}

const TRIES = 5;

/** A request that came meanwhile differs in its time or kind, and stays (Argo CD removes the pair by a JSON patch with a test, too). */
async function endRefresh({ home }: Road, asked: Application, stored: Application): Promise<Application> {
  const { namespace, name, annotations = {} } = asked.metadata;
  const values = [REFRESH, REFRESH_TIMESTAMP].flatMap((key) => {
    const value = annotations[key];
    return value === undefined ? [] : { path: `/metadata/annotations/${key.replace('/', '~1')}`, value };
  });
  const tests = values.map(({ path, value }) => ({ op: 'test', path, value }));
  const removals = values.map(({ path }) => ({ op: 'remove', path }));
  try {
    return parseApplication(
      await home.patch(applicationRef(namespace, name), [...tests, ...removals], { type: 'json' }),
    );
  } catch (error) {
    if (!isHawserError(error, 'ClusterRefused')) throw error;
    return stored;
  }
}
