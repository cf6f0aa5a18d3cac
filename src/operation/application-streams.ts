// Changes of Applications and of their trees as they happen, for whoever listens: one watch for all, and none where nobody does.

import type { Application } from '../application/types.ts';
import { type ApplicationEvent, createApplicationHub, type ListenOptions } from './application-hub.ts';
import type { Road } from './road.ts';
import type { ApplicationTree } from './tree/read-tree.ts';
import { createTreeHub } from './tree-hub.ts';

export interface ApplicationStreams {
  /** All Applications, then each change (application-hub.ts). */
  applications(options: ListenOptions, signal: AbortSignal): AsyncGenerator<ApplicationEvent, void, undefined>;
  /** The tree of one, then whenever it differs (tree-hub.ts). */
  tree(app: Application, signal: AbortSignal): AsyncGenerator<ApplicationTree, void, undefined>;
}

export function createApplicationStreams(road: Road): ApplicationStreams {
  const applications = createApplicationHub(road);
  const trees = createTreeHub(road, applications);
  return {
    applications: (options, signal) => applications.listen(options, signal),
    tree: (app, signal) => trees.listen(app, signal),
  };
}
