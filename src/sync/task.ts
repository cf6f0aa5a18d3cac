// One object in one phase of a sync: to be applied, or to be pruned.

import type { Difference } from '../application/difference.ts';
import { type HookDeletePolicy, hookDeletePolicies, isHook } from '../application/hook.ts';
import type { SyncPhase } from '../application/types.ts';
import { stringAt } from '../base/json.ts';
import { groupOf, type KubeObject } from '../kube/object.ts';

export interface SyncTask {
  readonly phase: SyncPhase;
  readonly wave: number;
  /** At least one of target and live is there. Without a target it is a prune. */
  readonly target?: KubeObject;
  readonly live?: KubeObject;
  /**
   * The namespace by which results name it: Argo CD gives even cluster-scoped objects the destination namespace there, and an
   * operation that it began has to be read alike.
   */
  readonly namespace: string;
  /** Why it cannot be run: it has failed before anything was tried. */
  readonly failure?: string;
  /** The kind comes into being by this very sync, or may be missing. */
  readonly skipDryRun: boolean;
  /** Where this came from; missing for the destination namespace. */
  readonly difference?: Difference;
}

export function objectOf({ target, live }: Pick<SyncTask, 'target' | 'live'>): KubeObject {
  const object = target ?? live;
  if (!object) throw new TypeError('a task has neither target nor live object');
  return object;
}

export function isPrune(task: SyncTask): boolean {
  return task.target === undefined;
}

export function isHookTask(task: SyncTask): boolean {
  return isHook(objectOf(task));
}

export function hasDeletePolicy(task: SyncTask, policy: HookDeletePolicy): boolean {
  return isHookTask(task) && hookDeletePolicies(objectOf(task)).includes(policy);
}

/** `group/Kind/name`, as Argo CD's messages have it. */
export function describeTask(task: SyncTask): string {
  const { apiVersion, kind, metadata } = objectOf(task);
  return `${groupOf(apiVersion)}/${kind}/${metadata.name ?? ''}`;
}

export function isNamespace(object: KubeObject | undefined, name?: string): boolean {
  if (!object || groupOf(object.apiVersion) !== '' || object.kind !== 'Namespace') return false;
  return name === undefined || object.metadata.name === name;
}

export function isCrd(object: KubeObject): boolean {
  return groupOf(object.apiVersion) === 'apiextensions.k8s.io' && object.kind === 'CustomResourceDefinition';
}

/** `group/Kind`. */
export function kindOf({ apiVersion, kind }: KubeObject): string {
  return `${groupOf(apiVersion)}/${kind}`;
}

/** The `group/Kind` that a CRD brings; undefined for every other object. */
export function crdKind(object: KubeObject): string | undefined {
  const group = stringAt(object, 'spec', 'group');
  const kind = stringAt(object, 'spec', 'names', 'kind');
  return isCrd(object) && group !== undefined && kind !== undefined ? `${group}/${kind}` : undefined;
}

/** One object may have several tasks: a hook of two phases, the destination namespace and its prune. They have one key. */
export function objectKey(task: SyncTask): string {
  const object = objectOf(task);
  return `${kindOf(object)} ${task.namespace}/${object.metadata.name ?? ''}`;
}

/** The task with what is live now; undefined for a prune whose object is gone. */
export function taskWithLive(task: SyncTask, live: KubeObject | undefined): SyncTask | undefined {
  const { live: _, ...rest } = task;
  if (live) return { ...rest, live };
  return task.target ? rest : undefined;
}
