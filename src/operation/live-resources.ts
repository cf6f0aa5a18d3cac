// One Application's objects in its cluster: their tree, each of them, its events, its logs and what can be done with it.

import type { Road } from './road.ts';

export interface LiveResources {
  readonly namespace: string;
}

export function createLiveResources({ platform }: Road): LiveResources {
  return { namespace: platform.settings.namespace };
}
