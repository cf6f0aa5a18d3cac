// An Application that hawser shall leave alone: neither compared nor synced (Argo CD: canProcessApp, common.AnnotationKeyAppSkipReconcile).

import type { Application } from './types.ts';

export const SKIP_RECONCILE = 'argocd.argoproj.io/skip-reconcile';

export const SUSPENDED = `the annotation ${SKIP_RECONCILE} is set: it is neither compared nor synced`;

/** What Go's strconv.ParseBool takes for true. */
const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);

export function isSuspended({ metadata }: Pick<Application, 'metadata'>): boolean {
  return TRUE.has(metadata.annotations?.[SKIP_RECONCILE] ?? '');
}
