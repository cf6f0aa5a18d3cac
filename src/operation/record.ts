// Writing what became of an Application: one patch of exactly what changed.

import { parseApplication } from '../application/parse.ts';
import type { Application, ApplicationStatus } from '../application/types.ts';
import { isEqualJson } from '../base/equal.ts';
import { HawserError, isHawserError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import { type JsonPatchStep, jsonPatchOf, mergePatchOf } from '../base/merge-patch.ts';
import { isConflict, refusalStatus } from '../kube/refusal.ts';
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

/** Stores `wanted` and gives the Application as it then is. Nothing is sent where nothing changed. */
export async function recordStatus(
  road: Road,
  app: Application,
  wanted: ApplicationStatus,
  { takeOperation = false }: RecordOptions = {},
): Promise<Application> {
  const status = { ...fieldsOfOthers(app.status), ...wanted };
  const change: Change = { app, status };
  let stored: Application = { ...app, status };
  if (takeOperation) stored = await storeTaken(road, change);
  else if (mergePatchOf(app.status, status)) stored = await store(road, change);
  road.observer.recorded(app, stored, takeOperation);
  return isRefreshAsked(app) ? endRefresh(road, app, stored) : stored;
}

const OWN_FIELDS: Readonly<Record<keyof ApplicationStatus, true>> = {
  sync: true,
  health: true,
  resources: true,
  history: true,
  conditions: true,
  operationState: true,
  reconciledAt: true,
  sourceType: true,
  sourceTypes: true,
  summary: true,
};

/** What is to be recorded may have been made before somebody else wrote: of fields that are not hawser's, none is removed. */
function fieldsOfOthers(status: ApplicationStatus): ApplicationStatus {
  return Object.fromEntries(Object.entries(status).filter(([name]) => !Object.hasOwn(OWN_FIELDS, name)));
}

interface Change {
  readonly app: Application;
  readonly status: ApplicationStatus;
  /** The operation is taken from the object as long as it is at this version. */
  readonly takenAt?: string;
}

async function store({ home }: Road, change: Change): Promise<Application> {
  const { namespace, name } = change.app.metadata;
  const ref = applicationRef(namespace, name);
  const steps = stepsOf(change);
  if (steps) {
    try {
      const isRepeatable = change.takenAt === undefined;
      return parseApplication(await home.patch(ref, steps, { type: 'json', isRepeatable }));
    } catch (error) {
      // Somebody changed the status meanwhile, so that a step found nothing, or something else, at its path.
      if (refusalStatus(error) !== 422) throw error;
      await requireSameOperation({ home }, change);
    }
  }
  return parseApplication(await home.patch(ref, mergeOf(change), { type: 'merge' }));
}

/** undefined where the object has no status yet, which a JSON patch would have to know. */
function stepsOf({ app, status, takenAt }: Change): readonly JsonPatchStep[] | undefined {
  if (Object.keys(app.status).length === 0) return undefined;
  const steps = [...testsOf(app.status, status), ...jsonPatchOf(app.status, status, '/status')];
  if (takenAt === undefined) return steps;
  return [
    { op: 'add', path: '/metadata/resourceVersion', value: takenAt },
    { op: 'remove', path: '/operation' },
    ...steps,
  ];
}

/**
 * What is written of an operation is for the one that was read: a request that a slow API server had kept for long must not put an
 * operation back that another process has ended meanwhile.
 */
function testsOf({ operationState: before }: ApplicationStatus, { operationState: after }: ApplicationStatus) {
  if (!before || isEqualJson(before, after)) return [];
  const { startedAt, phase } = before;
  return Object.entries({ startedAt, phase }).map(
    ([key, value]): JsonPatchStep => ({ op: 'test', path: `/status/operationState/${key}`, value }),
  );
}

/** That somebody has asked for the end of an operation, or has emptied the status, is no reason to give up. */
async function requireSameOperation({ home }: Pick<Road, 'home'>, { app }: Change): Promise<void> {
  const { namespace, name } = app.metadata;
  const found = await home.get(applicationRef(namespace, name));
  const before = app.status.operationState;
  const now = found && parseApplication(found).status.operationState;
  if (!now || !before || (now.startedAt === before.startedAt && now.finishedAt === before.finishedAt)) return;
  throw new HawserError('Unavailable', `another process has worked on the Application ${name} meanwhile`, {
    hint: 'it is looked at again',
  });
}

function mergeOf({ app, status, takenAt }: Change): JsonObject {
  const statusPatch = mergePatchOf(app.status, status);
  return {
    ...(statusPatch && { status: statusPatch }),
    ...(takenAt !== undefined && { operation: null, metadata: { resourceVersion: takenAt } }),
  };
}

/**
 * Guarded, so that an operation which somebody put in its place meanwhile is not removed for it; any other edit is no reason to give
 * up. Throws a conflict otherwise.
 */
async function storeTaken(road: Road, change: Change): Promise<Application> {
  const { app } = change;
  const { namespace, name, uid } = app.metadata;
  let { resourceVersion = '' } = app.metadata;
  for (let tries = 1; ; tries++) {
    try {
      return await store(road, { ...change, takenAt: resourceVersion });
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
