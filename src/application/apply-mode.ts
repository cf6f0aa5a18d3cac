// How an object is applied and compared, by the options of its Application and its own (Argo CD: pkg/sync/sync_context.go,
// shouldUseServerSideApply; controller/state.go for compare-options). Server-side is the default of both.

import type { Adoption } from '../kube/adoption.ts';
import type { KubeObject } from '../kube/object.ts';
import { ANNOTATION, annotationList, annotationOf, hasSyncOption, syncOptionOf } from './annotations.ts';

const MIGRATION_MANAGER = 'argocd.argoproj.io/client-side-apply-migration-manager';

/** By kubectl's three-way patch. The object's own option wins over the Application's. */
export function isAppliedClientSide(target: KubeObject | undefined, syncOptions: readonly string[]): boolean {
  if (hasSyncOption(target, 'ServerSideApply=false')) return true;
  return syncOptions.includes('ServerSideApply=false') && !hasSyncOption(target, 'ServerSideApply=true');
}

/**
 * By `kubectl replace`. The object's own option wins over the Application's; that of the live object counts, too: who wants to be
 * replaced may say so in the cluster.
 */
export function isReplaced(
  target: KubeObject | undefined,
  live: KubeObject | undefined,
  syncOptions: readonly string[],
): boolean {
  const own = syncOptionOf(target, 'Replace');
  if (own !== undefined) return own === 'true';
  return syncOptions.includes('Replace=true') || hasSyncOption(live, 'Replace=true');
}

/** Without a dry run. The object's own option wins over the Application's, and either over how it is applied. */
export function isComparedClientSide(
  target: KubeObject,
  syncOptions: readonly string[],
  compareOptions: readonly string[],
): boolean {
  for (const options of [annotationList(target, ANNOTATION.compareOptions), compareOptions]) {
    if (options.includes('ServerSideDiff=true')) return false;
    if (options.includes('ServerSideDiff=false')) return true;
  }
  return isAppliedClientSide(target, syncOptions);
}

/** Whose fields become ours with the first server-side apply. */
export function adoptionOf(target: KubeObject, syncOptions: readonly string[]): Adoption {
  const option = 'ClientSideApplyMigration=false';
  const manager = annotationOf(target, MIGRATION_MANAGER);
  return {
    clientSide: !syncOptions.includes(option) && !hasSyncOption(target, option),
    ...(manager ? { manager } : {}),
  };
}
