// The labels and annotations that an Application asks for on its destination namespace.

import { isEqualJson } from '../base/equal.ts';
import type { Application } from './types.ts';

/** They are others than the last operation had: nothing else need differ for a sync (Argo CD: HasChangedManagedNamespaceMetadata). */
export function hasChangedNamespaceMetadata({ spec, status }: Application): boolean {
  const wanted = spec.syncPolicy?.managedNamespaceMetadata;
  const last = status.operationState?.syncResult;
  return wanted !== undefined && last !== undefined && !isEqualJson(wanted, last.managedNamespaceMetadata);
}
