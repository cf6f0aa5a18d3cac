// Changes of Applications as they happen, for whoever listens: one watch for all, and none where nobody does.

import type { Road } from './road.ts';

export interface ApplicationStreams {
  readonly namespace: string;
}

export function createApplicationStreams({ platform }: Road): ApplicationStreams {
  return { namespace: platform.settings.namespace };
}
