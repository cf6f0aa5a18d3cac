// Repositories and their credentials, as people and programs register them.

import type { Road } from './road.ts';

export interface RepositoryBook {
  readonly namespace: string;
}

export function createRepositoryBook({ platform }: Road): RepositoryBook {
  return { namespace: platform.settings.namespace };
}
