// Sync waves: objects of a lower wave are applied first (Argo CD: gitops-engine pkg/sync/syncwaves/waves.go).

import type { KubeObject } from '../kube/object.ts';
import { ANNOTATION, annotationOf } from './annotations.ts';

/** `sync-wave`, else Helm's `hook-weight` (on any object), else 0. Texts that Go's Atoi refuses count as absent. */
export function syncWave(object: KubeObject): number {
  return (
    parseInteger(annotationOf(object, ANNOTATION.syncWave)) ??
    parseInteger(annotationOf(object, ANNOTATION.helmHookWeight)) ??
    0
  );
}

function parseInteger(text: string | undefined): number | undefined {
  if (text === undefined || !/^[+-]?\d+$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ''));
  return BigInt.asIntN(64, value) === value ? Number(value) : undefined;
}
