// Hooks: objects that run in a phase of a sync instead of being kept in step with Git (Argo CD: gitops-engine pkg/sync/hook).

import type { KubeObject } from '../kube/object.ts';
import { ANNOTATION, annotationList, annotationOf } from './annotations.ts';
import type { SyncPhase } from './types.ts';

/** Keeps a hook's object until its phase has been judged, even when a TTL deletes it. */
export const HOOK_FINALIZER = 'argocd.argoproj.io/hook-finalizer';

export type HookDeletePolicy = 'HookSucceeded' | 'HookFailed' | 'BeforeHookCreation';
type SyncHook = 'PreSync' | 'Sync' | 'PostSync' | 'SyncFail';

const SYNC_HOOKS: readonly string[] = ['PreSync', 'Sync', 'PostSync', 'SyncFail'] satisfies SyncHook[];
const DELETE_POLICIES: readonly string[] = [
  'HookSucceeded',
  'HookFailed',
  'BeforeHookCreation',
] satisfies HookDeletePolicy[];

/** Helm's other hooks (tests, rollback, deletion) have no place in a sync. */
const HELM_HOOKS: Readonly<Record<string, SyncHook>> = {
  'pre-install': 'PreSync',
  'pre-upgrade': 'PreSync',
  'post-install': 'PostSync',
  'post-upgrade': 'PostSync',
};
const HELM_DELETE_POLICIES: Readonly<Record<string, HookDeletePolicy>> = {
  'before-hook-creation': 'BeforeHookCreation',
  'hook-succeeded': 'HookSucceeded',
  'hook-failed': 'HookFailed',
};

/** Carries a hook annotation, be it one that means anything or not; `Skip` alone makes it an object that is never applied. */
export function isHook(object: KubeObject): boolean {
  if (annotationOf(object, ANNOTATION.hook) !== undefined) return !isSkipped(object);
  const helm = annotationOf(object, ANNOTATION.helmHook);
  // Helm 2 marked CRDs like this; they are plain objects.
  return helm !== undefined && helm !== 'crd-install';
}

/** `argocd.argoproj.io/hook: Skip` and nothing else. */
export function isSkipped(object: KubeObject): boolean {
  const types = hookTypes(object);
  return types.length === 1 && types[0] === 'Skip';
}

/** A hook of no phase (a Helm test, a misspelt name): in Git, but never applied. */
export function isIgnored(object: KubeObject): boolean {
  return isHook(object) && hookTypes(object).length === 0;
}

/** The phases of a sync in which an object is applied. */
export function syncPhases(object: KubeObject): readonly SyncPhase[] {
  if (isSkipped(object)) return [];
  if (!isHook(object)) return ['Sync'];
  return hookTypes(object).filter((type) => type !== 'Skip');
}

/** Runs when the Application is deleted. Those that run in a sync too are left to it. */
export function isDeletionHook(object: KubeObject, phase: 'PreDelete' | 'PostDelete'): boolean {
  const helm = phase === 'PreDelete' ? 'pre-delete' : 'post-delete';
  return (
    annotationList(object, ANNOTATION.hook).includes(phase) ||
    annotationList(object, ANNOTATION.helmHook).includes(helm)
  );
}

/** Argo CD's and Helm's policies together; without any, the old object is deleted before the next run. */
export function hookDeletePolicies(object: KubeObject): readonly HookDeletePolicy[] {
  const own = annotationList(object, ANNOTATION.hookDeletePolicy).filter(isDeletePolicy);
  const helm = annotationList(object, ANNOTATION.helmHookDeletePolicy).flatMap(
    (policy) => HELM_DELETE_POLICIES[policy] ?? [],
  );
  const policies = [...own, ...helm];
  return policies.length > 0 ? policies : ['BeforeHookCreation'];
}

export function hasHookFinalizer(object: KubeObject): boolean {
  return object.metadata.finalizers?.includes(HOOK_FINALIZER) === true;
}

/** Argo CD's types hide Helm's, when there is at least one that is valid. */
function hookTypes(object: KubeObject): readonly (SyncHook | 'Skip')[] {
  const own = annotationList(object, ANNOTATION.hook).filter(isHookType);
  if (own.length > 0) return own;
  const helm = annotationList(object, ANNOTATION.helmHook).flatMap((type) => HELM_HOOKS[type] ?? []);
  return [...new Set(helm)];
}

function isHookType(text: string): text is SyncHook | 'Skip' {
  return text === 'Skip' || SYNC_HOOKS.includes(text);
}

function isDeletePolicy(text: string): text is HookDeletePolicy {
  return DELETE_POLICIES.includes(text);
}
