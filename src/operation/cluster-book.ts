// Clusters, as people and programs register them.

import type { Road } from './road.ts';

export interface ClusterBook {
  readonly namespace: string;
}

export function createClusterBook({ platform }: Road): ClusterBook {
  return { namespace: platform.settings.namespace };
}
