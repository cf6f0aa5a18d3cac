// AppProjects, as people and programs make and change them.

import type { Road } from './road.ts';

export interface ProjectBook {
  readonly namespace: string;
}

export function createProjectBook({ platform }: Road): ProjectBook {
  return { namespace: platform.settings.namespace };
}
