// Making and changing Applications, and what is rendered of them.

import type { Road } from './road.ts';

export interface ApplicationEditing {
  readonly namespace: string;
}

export function createApplicationEditing({ platform }: Road): ApplicationEditing {
  return { namespace: platform.settings.namespace };
}
