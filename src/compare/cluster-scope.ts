// A cluster may be registered for some of its namespaces only (Argo CD: gitops-engine pkg/cache/cluster.go, GetManagedLiveObjs).

import type { Difference } from '../application/difference.ts';
import { HawserError } from '../base/errors.ts';

export interface ManagedScope {
  /** Empty: all. */
  readonly namespaces: readonly string[];
  /** Whether cluster-scoped objects are managed as well. */
  readonly clusterResources: boolean;
}

/** Throws `Forbidden` for the first object outside of what is managed: then nothing of the Application is. */
export function requireManaged(scope: ManagedScope, differences: readonly Pick<Difference, 'key'>[]): void {
  if (scope.namespaces.length === 0) return;
  for (const { key } of differences) {
    if (key.namespace === '' && !scope.clusterResources) {
      throw refused(`cluster level ${key.kind} "${key.name}" can not be managed when in namespaced mode`);
    }
    if (key.namespace !== '' && !scope.namespaces.includes(key.namespace)) {
      throw refused(`namespace "${key.namespace}" for ${key.kind} "${key.name}" is not managed`);
    }
  }
}

function refused(reason: string): HawserError {
  return new HawserError('Forbidden', `Failed to load live state: ${reason}`);
}
