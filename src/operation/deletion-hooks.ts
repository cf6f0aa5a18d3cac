// Hooks of an Application's deletion: run before (PreDelete) or after (PostDelete) its objects go (Argo CD: controller/hook.go).

import type { DeletionPhase } from '../application/deletion.ts';
import { HOOK_FINALIZER, hookDeletePolicies, isDeletionHook } from '../application/hook.ts';
import { instanceName } from '../application/parse.ts';
import type { ApplicationStatus, HealthStatus, ResourceStatus } from '../application/types.ts';
import { syncWave } from '../application/wave.ts';
import { DEFAULT_CONCURRENCY, mapConcurrent } from '../base/concurrency.ts';
import { HawserError } from '../base/errors.ts';
import { keyOfResource } from '../compare/orphans.ts';
import { readScopes } from '../compare/scope.ts';
import { prepareTargets } from '../compare/target.ts';
import { formatKey, groupOf, type KubeObject, keyOf, versionOf } from '../kube/object.ts';
import { isAlreadyExists } from '../kube/refusal.ts';
import { refOf } from '../kube/resource.ts';
import { nameOf } from '../sync/deletion-blockers.ts';
import { hookVerdict } from '../sync/hook-verdict.ts';
import { orderTasks } from '../sync/order.ts';
import { objectOf } from '../sync/task.ts';
import { renderTargets } from './compare-application.ts';
import { releaseHooks, waitForDeletion } from './deletion-objects.ts';
import type { DeletionPass, PassOutcome } from './deletion-pass.ts';
import { isOwned, readOwnedObjects } from './owned-objects.ts';
import { recordStatus } from './record.ts';

interface Hook {
  readonly target: KubeObject;
  readonly live: KubeObject | undefined;
}

/**
 * Runs the hooks wave after wave. `over` when all have completed. One that fails is deleted, so that the next attempt can run
 * it again, perhaps as Git has it by then; it is thrown.
 */
export async function runDeletionHooks(pass: DeletionPass, phase: DeletionPhase): Promise<PassOutcome> {
  const { client, signal } = pass;
  const targets = await hookTargets(pass, phase);
  const hooks = await mapConcurrent(targets, DEFAULT_CONCURRENCY, async (target) => {
    return { target, live: await client.get(refOf(target), { signal }) };
  });
  const leaving = await removeOldHooks(hooks, pass, phase);
  if (leaving) return leaving;
  const begun = await recordBegun(targets, pass, phase);
  const waves = Map.groupBy(hooks, ({ target }) => syncWave(target));
  for (const wave of [...waves.keys()].sort((a, b) => a - b)) {
    const running = await runWave(waves.get(wave) ?? [], begun, phase);
    if (running.length > 0) {
      const names = running.map(nameOf).join(', ');
      return { until: 'health', objects: running, message: `waiting for the ${phase} hook ${names}` };
    }
  }
  await releaseHooks(await readHooks(begun, phase), client, signal);
  return 'over';
}

/** Deletes what its delete policy says. `over` when nothing of that is left. */
export async function cleanUpDeletionHooks(pass: DeletionPass, phase: DeletionPhase): Promise<PassOutcome> {
  const { road, client, signal } = pass;
  const hooks = await readHooks(pass, phase);
  const healths = hooks.map((hook) => road.argo.healthOf(hook)?.status ?? 'Healthy');
  const isWell = healths.every((health) => health === 'Healthy');
  const hasFailed = healths.includes('Degraded');
  const doomed = hooks.filter((hook) => {
    const policies = hookDeletePolicies(hook);
    return (
      hook.metadata.deletionTimestamp !== undefined ||
      (policies.includes('HookSucceeded') && isWell) ||
      (policies.includes('HookFailed') && hasFailed)
    );
  });
  await releaseHooks(
    hooks.filter((hook) => !doomed.includes(hook)),
    client,
    signal,
  );
  const left = await removeHooks(doomed, pass);
  return left.length > 0 ? waitForDeletion(left) : 'over';
}

/** As Git has them now, with namespace, tracking id, name, and the finalizer that keeps them until they are judged. */
async function hookTargets(pass: DeletionPass, phase: DeletionPhase): Promise<readonly KubeObject[]> {
  const { road, app, client, signal } = pass;
  const objects = await renderTargets(road, { app, reader: await pass.reader(), signal });
  const hooks = objects.filter((object) => isDeletionHook(object, phase)).map((hook) => withName(hook, pass, phase));
  if (hooks.length === 0) return [];
  const { targets } = prepareTargets(hooks, await readScopes(client, hooks, signal), {
    instance: instanceName(app, road.platform.settings.namespace),
    destinationNamespace: app.spec.destination.namespace ?? '',
    tracking: road.argo.settings.tracking,
  });
  const forbidden = targets.find(({ target }) => !pass.isPermitted(target));
  if (forbidden) {
    const name = `the ${phase} hook ${nameOf(forbidden.target)}`;
    throw new HawserError('Forbidden', `${name} is not permitted in project ${app.spec.project}`, {
      hint: 'permit it, or take it out of Git',
    });
  }
  const tasks = targets.map(({ target }) => ({
    phase,
    wave: syncWave(target),
    target: withFinalizer(target),
    namespace: target.metadata.namespace ?? '',
    skipDryRun: false,
  }));
  return orderTasks(tasks).map(objectOf);
}

/** The same name for every attempt of one deletion. */
function withName(hook: KubeObject, { app }: DeletionPass, phase: DeletionPhase): KubeObject {
  const { generateName, ...metadata } = hook.metadata;
  if (metadata.name || !generateName) return hook;
  const seconds = Math.floor(Date.parse(app.metadata.deletionTimestamp ?? '') / 1000);
  return { ...hook, metadata: { ...metadata, name: `${generateName}${phase.toLowerCase()}-${seconds}` } };
}

function withFinalizer(target: KubeObject): KubeObject {
  const finalizers = [...new Set([...(target.metadata.finalizers ?? []), HOOK_FINALIZER])];
  return { ...target, metadata: { ...target.metadata, finalizers } };
}

/** What is left of an earlier run (of a sync, or of somebody else) goes first, by BeforeHookCreation. */
async function removeOldHooks(
  hooks: readonly Hook[],
  pass: DeletionPass,
  phase: DeletionPhase,
): Promise<PassOutcome | undefined> {
  const begun = begunHooks(pass.app.status, phase);
  const old = hooks.flatMap(({ target, live }) => {
    const isOld = live && !begun.has(formatKey(keyOf(live)));
    return isOld && hookDeletePolicies(target).includes('BeforeHookCreation') ? [live] : [];
  });
  if (old.length === 0) return undefined;
  const left = await removeHooks(old, pass);
  return left.length > 0 ? waitForDeletion(left) : 'again';
}

async function removeHooks(hooks: readonly KubeObject[], { client, signal }: DeletionPass) {
  const left = await mapConcurrent(hooks, DEFAULT_CONCURRENCY, async (hook) => {
    if (hook.metadata.deletionTimestamp) return [hook];
    const { uid } = hook.metadata;
    const preconditions = uid ? { preconditions: { uid } } : {};
    const options = { propagationPolicy: 'Background', ...preconditions, signal } as const;
    return (await client.remove(refOf(hook), options)) ?? [];
  });
  return releaseHooks(left.flat(), client, signal);
}

/** Creates what is missing, and gives what still runs. */
async function runWave(
  hooks: readonly Hook[],
  pass: DeletionPass,
  phase: DeletionPhase,
): Promise<readonly KubeObject[]> {
  const { road } = pass;
  const lives: KubeObject[] = [];
  // One after another, in the order of their kinds: a Job may need its ServiceAccount.
  for (const { target, live } of hooks) lives.push(live ?? (await createHook(target, pass)));
  const judged = lives.map((live) => ({ live, ...hookVerdict(live, road.argo.healthOf(live)) }));
  const failed = judged.filter(({ phase: verdict }) => verdict === 'Failed');
  if (failed.length > 0) {
    await removeHooks(
      failed.map(({ live }) => live),
      pass,
    );
    const reasons = failed.map(({ live, message }) => `${nameOf(live)}${message ? ` (${message})` : ''}`);
    throw new HawserError('Conflict', `${phase} hook(s) failed: ${reasons.join(', ')}`, {
      hint: 'it is run again a little later, as Git has it by then',
    });
  }
  return judged.filter(({ phase: verdict }) => verdict === 'Running').map(({ live }) => live);
}

async function createHook(target: KubeObject, { road, app, client, signal }: DeletionPass): Promise<KubeObject> {
  try {
    return await client.create(target, { signal });
  } catch (error) {
    const found = isAlreadyExists(error) ? await client.get(refOf(target), { signal }) : undefined;
    if (!found || !isOwned(road, app, found)) throw error;
    return found;
  }
}

/** The hooks of the phase that are in the cluster, as far as the status names them. */
async function readHooks({ road, client, app, signal }: DeletionPass, phase: DeletionPhase) {
  const owned = await readOwnedObjects(road, client, app, signal);
  return owned.filter((object) => isDeletionHook(object, phase));
}

/** Before the first is created: what the status names can be found, judged and cleaned up by any process, without Git. */
async function recordBegun(
  targets: readonly KubeObject[],
  pass: DeletionPass,
  phase: DeletionPhase,
): Promise<DeletionPass> {
  const { road, app } = pass;
  const begun = begunHooks(app.status, phase);
  const fresh = targets.filter((target) => !begun.has(formatKey(keyOf(target))));
  if (fresh.length === 0) return pass;
  const added = fresh.map((target) => hookStatus(target, phase));
  const isAdded = (resource: ResourceStatus) =>
    added.some((other) => formatKey(keyOfResource(other)) === formatKey(keyOfResource(resource)));
  const others = (app.status.resources ?? []).filter((resource) => !isAdded(resource));
  return { ...pass, app: await recordStatus(road, app, { ...app.status, resources: [...others, ...added] }) };
}

/** Tells a hook of this deletion from one that was left by a sync. */
function healthOfBegun(phase: DeletionPhase): HealthStatus {
  return { status: 'Progressing', message: `${phase} hook of the Application's deletion` };
}

function begunHooks({ resources = [] }: ApplicationStatus, phase: DeletionPhase): ReadonlySet<string> {
  const { message } = healthOfBegun(phase);
  const begun = resources.filter(({ hook, health }) => hook && health?.message === message);
  return new Set(begun.map((resource) => formatKey(keyOfResource(resource))));
}

function hookStatus(target: KubeObject, phase: DeletionPhase): ResourceStatus {
  const { group, kind, namespace, name } = keyOf(target);
  const wave = syncWave(target);
  return {
    ...(groupOf(target.apiVersion) && { group }),
    version: versionOf(target.apiVersion),
    kind,
    ...(namespace && { namespace }),
    name,
    health: healthOfBegun(phase),
    hook: true,
    ...(wave !== 0 && { syncWave: wave }),
  };
}
