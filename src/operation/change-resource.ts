// Changing one of an Application's objects by hand: a patch, a deletion, an action. What Git says may bring it back.

import type { ActionContext, ActionStep, ResourceAction } from '../application/actions/action.ts';
import { listActions, planAction } from '../application/actions/resource-actions.ts';
import type { Application } from '../application/types.ts';
import { HawserError, isHawserError } from '../base/errors.ts';
import { isObject, type Json, type JsonObject } from '../base/json.ts';
import { mergePatchOf } from '../base/merge-patch.ts';
import { isSecret } from '../compare/mask-secret.ts';
import type { KubeClient, PatchType, RemoveOptions } from '../kube/client.ts';
import { formatKey, type KubeObject, keyOf } from '../kube/object.ts';
import { isNotFound } from '../kube/refusal.ts';
import { refOf } from '../kube/resource.ts';
import { applicationRef, type Road } from './road.ts';
import { findLive, type ResourceQuery } from './tree/find-live.ts';
import { readStanding, type Standing } from './tree/standing.ts';

/** Not the manager of syncs: what a person has set is no part of what Git asked for. */
const MANAGER = 'hawser-server';

const PATCH_TYPES: Readonly<Record<string, PatchType>> = {
  'application/merge-patch+json': 'merge',
  'application/json-patch+json': 'json',
  'application/strategic-merge-patch+json': 'strategic',
  merge: 'merge',
  json: 'json',
  strategic: 'strategic',
};

export interface PatchRequest {
  /** A media type, or the short name of one. */
  readonly type: string;
  readonly text: string;
}

export interface RemoveRequest {
  /** At once, without waiting for what it owns. */
  readonly force?: boolean;
  /** What it owns stays. */
  readonly orphan?: boolean;
}

/** The object as it is afterwards. */
export async function patchResource(
  road: Road,
  app: Application,
  query: ResourceQuery,
  request: PatchRequest,
  signal: AbortSignal,
): Promise<KubeObject> {
  const type = PATCH_TYPES[request.type];
  if (!type || !Object.hasOwn(PATCH_TYPES, request.type)) {
    throw new HawserError('InvalidInput', `patchType ${request.type || '""'} is not supported`, {
      hint: `it is one of ${Object.keys(PATCH_TYPES).join(', ')}`,
    });
  }
  const patch = readPatch(request.text, type);
  const standing = await readStanding(road, app);
  const live = await findLive(road, standing, query, signal);
  const patched = await standing.client
    .patch(refOf(live), patch, { type, fieldManager: MANAGER, signal })
    .catch((error: unknown) => {
      throw isSecret(live) ? hidden(live, error) : error;
    });
  lookAgain(road, app);
  return patched;
}

/** In the foreground, unless something else is said. */
export async function removeResource(
  road: Road,
  app: Application,
  query: ResourceQuery,
  { force = false, orphan = false }: RemoveRequest,
  signal: AbortSignal,
): Promise<void> {
  const standing = await readStanding(road, app);
  const live = await findLive(road, standing, query, signal);
  const { uid } = live.metadata;
  const how: RemoveOptions = orphan
    ? { propagationPolicy: 'Orphan' }
    : force
      ? { propagationPolicy: 'Background', gracePeriodSeconds: 0 }
      : { propagationPolicy: 'Foreground' };
  await standing.client.remove(refOf(live), { ...how, ...(uid && { preconditions: { uid } }), signal });
  lookAgain(road, app);
}

export async function readActions(
  road: Road,
  app: Application,
  query: ResourceQuery,
  signal: AbortSignal,
): Promise<readonly ResourceAction[]> {
  const { live } = await findActor(road, app, query, signal);
  const { actionCustomizations } = road.argo.settings;
  return listActions(live, actionCustomizations, new Date(road.platform.clock.now()));
}

/** Everything that it wants to make is tried first, so that no half of it is done. */
export async function runAction(
  road: Road,
  app: Application,
  query: ResourceQuery,
  action: { readonly name: string; readonly parameters: ActionContext['parameters'] },
  signal: AbortSignal,
): Promise<void> {
  const { live, client, refuse } = await findActor(road, app, query, signal);
  const context = { parameters: action.parameters, now: new Date(road.platform.clock.now()) };
  const steps = planAction(live, action.name, road.argo.settings.actionCustomizations, context);
  for (const { resource, operation } of steps) {
    const key = formatKey(keyOf(resource));
    if (refuse(resource) !== undefined) {
      throw new HawserError('Forbidden', `application is not permitted to manage ${key}`);
    }
    if (operation === 'patch' && key !== formatKey(keyOf(live))) {
      throw new HawserError('InvalidInput', `the action ${action.name} wants to patch ${key}, not its own object`);
    }
  }
  const made = steps.filter(({ operation }) => operation === 'create');
  for (const { resource } of made) await client.create(resource, { dryRun: true, fieldManager: MANAGER, signal });
  for (const step of steps) await carryOut(step, live, client, signal);
  lookAgain(road, app);
}

interface Actor extends Pick<Standing, 'client' | 'refuse'> {
  readonly live: KubeObject;
}

/** One of the Application's objects, or the Application itself. */
async function findActor(road: Road, app: Application, query: ResourceQuery, signal: AbortSignal): Promise<Actor> {
  const standing = await readStanding(road, app);
  const isSelf = query.group === 'argoproj.io' && query.kind === 'Application' && query.name === app.metadata.name;
  if (!isSelf) return { ...standing, live: await findLive(road, standing, query, signal) };
  const live = await road.home.get(applicationRef(app.metadata.namespace, app.metadata.name), { signal });
  if (!live) throw new HawserError('NotFound', `applications.argoproj.io "${app.metadata.name}" not found`);
  return { client: road.home, refuse: () => undefined, live };
}

/** A status is written apart where its kind has it apart. */
async function carryOut(
  { operation, resource }: ActionStep,
  live: KubeObject,
  client: KubeClient,
  signal: AbortSignal,
): Promise<void> {
  const options = { fieldManager: MANAGER, signal };
  if (operation === 'create') {
    await client.create(resource, options);
    return;
  }
  const patch = mergePatchOf(live, resource);
  if (!patch) return;
  const { status, ...rest } = patch;
  let left: JsonObject = patch;
  if (status !== undefined && (await patchStatus(live, { status }, client, signal))) left = rest;
  if (Object.keys(left).length > 0) await client.patch(refOf(live), left, { type: 'merge', ...options });
}

/** False where the kind has no such subresource. */
async function patchStatus(
  live: KubeObject,
  patch: JsonObject,
  client: KubeClient,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await client.patch(refOf(live), patch, { type: 'merge', subresource: 'status', fieldManager: MANAGER, signal });
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

function readPatch(text: string, type: PatchType): JsonObject | readonly JsonObject[] {
  const value = parse(text);
  if (type === 'json' && Array.isArray(value) && value.every(isPatchStep)) return value;
  if (type !== 'json' && isPatchStep(value)) return value;
  throw new HawserError('InvalidInput', `the patch is no JSON ${type === 'json' ? 'list of steps' : 'object'}`);
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    // What does not parse may hold a secret.
    throw new HawserError('InvalidInput', 'the patch is not valid JSON');
  }
}

function isPatchStep(value: Json): value is JsonObject {
  return isObject(value);
}

/** An API server quotes what it refuses. */
function hidden({ metadata }: KubeObject, error: unknown): HawserError {
  const message = `failed to patch Secret ${metadata.namespace}/${metadata.name}`;
  const status = isHawserError(error, 'ClusterRefused') ? error.data.status : undefined;
  if (!isHawserError(error)) return new HawserError('Internal', message);
  return new HawserError(error.code, message, { data: { ...(status !== undefined && { status }) } });
}

/** The status tells what the change has made of sync and health. */
function lookAgain(road: Road, { metadata }: Application): void {
  road.wakeApplication(metadata.name, undefined, metadata.namespace);
}

/** `group/Kind/namespace/name`, for rights and the log. */
export function formatQuery({ group, kind, namespace, name }: ResourceQuery): string {
  return `${group}/${kind}/${namespace}/${name}`;
}
