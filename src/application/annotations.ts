// Argo CD's annotations on managed objects, and the comma-separated options that some of them hold.

import { LAST_APPLIED } from '../kube/last-applied.ts';
import type { KubeObject } from '../kube/object.ts';

export const ANNOTATION = {
  trackingId: 'argocd.argoproj.io/tracking-id',
  installationId: 'argocd.argoproj.io/installation-id',
  syncOptions: 'argocd.argoproj.io/sync-options',
  compareOptions: 'argocd.argoproj.io/compare-options',
  syncWave: 'argocd.argoproj.io/sync-wave',
  hook: 'argocd.argoproj.io/hook',
  hookDeletePolicy: 'argocd.argoproj.io/hook-delete-policy',
  ignoreHealthCheck: 'argocd.argoproj.io/ignore-healthcheck',
  ignoreRestartPolicy: 'argocd.argoproj.io/ignore-restart-policy',
  deletionApproved: 'argocd.argoproj.io/deletion-approved',
  helmHook: 'helm.sh/hook',
  helmHookWeight: 'helm.sh/hook-weight',
  helmHookDeletePolicy: 'helm.sh/hook-delete-policy',
  helmResourcePolicy: 'helm.sh/resource-policy',
  lastApplied: LAST_APPLIED,
} as const;

export function annotationOf(object: Pick<KubeObject, 'metadata'>, name: string): string | undefined {
  const value: unknown = object.metadata.annotations?.[name];
  return typeof value === 'string' ? value : undefined;
}

/** The values of a comma-separated annotation, trimmed, each once. */
export function annotationList(object: Pick<KubeObject, 'metadata'>, name: string): readonly string[] {
  const text = annotationOf(object, name);
  if (text === undefined) return [];
  const values = text.split(',').map((value) => value.trim());
  return [...new Set(values.filter((value) => value !== ''))];
}

/** Whether the object's `sync-options` hold exactly `option` (`Replace=true`). */
export function hasSyncOption(object: KubeObject | undefined, option: string): boolean {
  return object !== undefined && annotationList(object, ANNOTATION.syncOptions).includes(option);
}

/** The value of `Prune=…`, `Delete=…` among the object's `sync-options`; the first one counts. */
export function syncOptionOf(object: KubeObject | undefined, name: string): string | undefined {
  if (!object) return undefined;
  const prefix = `${name}=`;
  const found = annotationList(object, ANNOTATION.syncOptions).find((option) => option.startsWith(prefix));
  return found?.slice(prefix.length);
}
