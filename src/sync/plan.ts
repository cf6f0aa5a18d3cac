// What a sync does, and in which order, as a value (Argo CD: pkg/sync/sync_context.go, getSyncTasks).

import { hasSyncOption } from '../application/annotations.ts';
import type { Difference, NamespaceTarget } from '../application/difference.ts';
import { HOOK_FINALIZER, hasHookFinalizer, isHook, syncPhases } from '../application/hook.ts';
import type { SyncPhase, SyncRequest } from '../application/types.ts';
import { syncWave } from '../application/wave.ts';
import { groupOf, type KubeObject } from '../kube/object.ts';
import { orderTasks } from './order.ts';
import { crdKind, isPrune, kindOf, objectOf, type SyncTask } from './task.ts';

export interface SyncSettings {
  /** The destination namespace. */
  readonly namespace: string;
  readonly revision: string;
  /** RFC 3339: the operation's start. Names of hooks with a generateName follow from it. */
  readonly startedAt: string;
  readonly prune: boolean;
  readonly dryRun: boolean;
  /** Delete and create again what cannot be applied. */
  readonly force: boolean;
  /** A sync of chosen resources, or by strategy `apply`. */
  readonly skipHooks: boolean;
  /** Only these objects. */
  readonly resources?: SyncRequest['resources'];
  /** `syncPolicy.syncOptions` or those of the operation. */
  readonly syncOptions: readonly string[];
  /** The Application's `deletion-approved` annotation is newer than the operation. */
  readonly pruneConfirmed: boolean;
}

export interface SyncInput {
  readonly differences: readonly Difference[];
  readonly namespace?: NamespaceTarget;
  readonly settings: SyncSettings;
  /** Why an object may not be touched (the rules of its AppProject), undefined when it may. */
  readonly refuse?: (object: KubeObject) => string | undefined;
}

export interface SyncPlan {
  /** In order of execution. */
  readonly tasks: readonly SyncTask[];
  /** Why nothing may be run, by task; empty when the plan is valid. */
  readonly problems: readonly { readonly task: SyncTask; readonly message: string }[];
  /** The whole operation fails with this, whatever the tasks are. */
  readonly refusal?: string;
  readonly settings: SyncSettings;
}

/** Pure: the same differences and settings give the same plan. */
export function planSync(input: SyncInput): SyncPlan {
  const { differences, settings } = input;
  const drafts = [
    ...differences.filter((difference) => isWanted(difference, settings)).flatMap(draftResource),
    ...(settings.skipHooks ? [] : differences.flatMap((difference) => draftHook(difference, settings))),
  ].map((task) => (task.target ? { ...task, namespace: task.namespace || settings.namespace } : task));
  if (input.namespace?.modified) drafts.push(draftNamespace(input.namespace));

  const coming = new Set(differences.flatMap(({ target }) => (target && crdKind(target)) ?? []));
  const checked = drafts.map((task) => withSkippedDryRun(task, coming, settings));
  const tasks = orderTasks(withPruneWaves(checked, settings));
  const refusal = sharedRefusal(differences, settings);
  return {
    tasks,
    problems: tasks.flatMap((task) => {
      const message = problemOf(task) ?? input.refuse?.(objectOf(task));
      return message === undefined ? [] : [{ task, message }];
    }),
    ...(refusal === undefined ? {} : { refusal }),
    settings,
  };
}

/** An object of both or either side that is no hook, and that was asked for. */
function isWanted({ target, live, requiresPruning }: Difference, settings: SyncSettings): boolean {
  const object = target ?? live;
  // A hook that is live and no longer in Git is left alone.
  if (!object || isHook(object) || (!target && !requiresPruning)) return false;
  if (!settings.resources || settings.resources.length === 0) return true;
  const { kind, apiVersion } = object;
  const { name = '', namespace = '' } = object.metadata;
  return settings.resources.some(
    (wanted) =>
      wanted.kind === kind &&
      (wanted.group ?? '') === groupOf(apiVersion) &&
      wanted.name === name &&
      (!wanted.namespace || wanted.namespace === namespace),
  );
}

function draftResource(difference: Difference): SyncTask[] {
  const { target, live } = difference;
  const object = objectOf(difference);
  return syncPhases(object).map((phase) => ({
    phase,
    wave: syncWave(object),
    ...(target ? { target } : {}),
    ...(live ? { live } : {}),
    namespace: object.metadata.namespace ?? '',
    skipDryRun: false,
    difference,
  }));
}

/** One task for each of the hook's phases, with the name that it gets there and the finalizer that keeps it until it is judged. */
function draftHook(difference: Difference, settings: SyncSettings): SyncTask[] {
  const { target, live } = difference;
  if (!target || !isHook(target)) return [];
  return syncPhases(target).map((phase) => ({
    phase,
    wave: syncWave(target),
    target: asHook(target, phase, settings),
    ...(live ? { live } : {}),
    namespace: target.metadata.namespace ?? '',
    skipDryRun: false,
    difference,
  }));
}

function asHook(target: KubeObject, phase: SyncPhase, settings: SyncSettings): KubeObject {
  const { metadata } = target;
  const finalizers = hasHookFinalizer(target) ? metadata.finalizers : [...(metadata.finalizers ?? []), HOOK_FINALIZER];
  const name = metadata.name || hookName(metadata.generateName ?? '', phase, settings);
  return { ...target, metadata: { ...metadata, name, ...(finalizers ? { finalizers } : {}) } };
}

/** `<generateName><first seven of the revision>-<phase>-<start in seconds>`: the same for every attempt of one operation. */
function hookName(generateName: string, phase: SyncPhase, { revision, startedAt }: SyncSettings): string {
  const short = revision.length >= 8 ? revision.slice(0, 7) : revision;
  const seconds = Math.floor(Date.parse(startedAt) / 1000);
  return `${generateName}${`${short}-${phase}-${seconds}`.toLowerCase()}`;
}

/** The destination namespace comes before everything, outside of the dry run. */
function draftNamespace({ target, live, failure }: NamespaceTarget): SyncTask {
  return {
    phase: 'PreSync',
    wave: 0,
    target,
    ...(live ? { live } : {}),
    ...(failure === undefined ? {} : { failure }),
    namespace: '',
    skipDryRun: false,
  };
}

function isKindMissing({ difference }: SyncTask): boolean {
  const dryRun = difference?.dryRun;
  return dryRun?.outcome === 'unknownKind' || (dryRun?.outcome === 'deferred' && dryRun.awaits === 'kind');
}

function withSkippedDryRun(task: SyncTask, coming: ReadonlySet<string>, settings: SyncSettings): SyncTask {
  if (!isKindMissing(task)) return task;
  const mayBeMissing =
    coming.has(kindOf(objectOf(task))) ||
    settings.syncOptions.includes('SkipDryRunOnMissingResource=true') ||
    hasSyncOption(task.target, 'SkipDryRunOnMissingResource=true');
  return mayBeMissing ? { ...task, skipDryRun: true } : task;
}

function problemOf(task: SyncTask): string | undefined {
  const dryRun = task.difference?.dryRun;
  if (!isKindMissing(task) || task.skipDryRun) return undefined;
  return dryRun && 'message' in dryRun ? dryRun.message : undefined;
}

/** Prunes run in the mirrored order of their waves; with PruneLast after all of the Sync phase. */
function withPruneWaves(tasks: readonly SyncTask[], settings: SyncSettings): readonly SyncTask[] {
  const waves = [...new Set(tasks.filter(isPrune).map(({ wave }) => wave))].sort((a, b) => a - b);
  const mirrored = tasks.map((task) => {
    if (!isPrune(task)) return task;
    return { ...task, wave: waves[waves.length - 1 - waves.indexOf(task.wave)] ?? task.wave };
  });
  const last = Math.max(0, ...mirrored.filter(({ phase }) => phase === 'Sync').map(({ wave }) => wave)) + 1;
  const isLast = settings.syncOptions.includes('PruneLast=true');
  return mirrored.map((task) => {
    if (!isPrune(task) || !(isLast || hasSyncOption(task.live, 'PruneLast=true'))) return task;
    return { ...task, wave: last };
  });
}

/** FailOnSharedResource: nothing is done as long as another Application has one of the objects. */
function sharedRefusal(differences: readonly Difference[], settings: SyncSettings): string | undefined {
  if (!settings.syncOptions.includes('FailOnSharedResource=true')) return undefined;
  const shared = differences.find(({ sharedWith }) => sharedWith !== undefined);
  if (!shared) return undefined;
  const { kind, name } = shared.key;
  return `Shared resource found: ${kind}/${name} is part of application ${shared.sharedWith?.replaceAll('_', '/') ?? ''}, too`;
}
