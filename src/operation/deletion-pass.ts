// What one pass of a deletion knows, and what it comes to: over, or waiting for something.

import type { Application } from '../application/types.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import type { SourceReader } from '../source/source.ts';
import type { Road } from './road.ts';

export interface DeletionPass {
  readonly road: Road;
  /** As it is now. */
  readonly app: Application;
  /** Of the destination. */
  readonly client: KubeClient;
  /** Only hooks need Git. */
  readonly reader: () => Promise<SourceReader>;
  readonly isPermitted: (object: KubeObject) => boolean;
  /** Ends a wait: somebody has news of the Application. */
  readonly wake: AbortSignal;
  readonly signal: AbortSignal;
}

export interface DeletionWait {
  readonly until: 'deletion' | 'health' | 'confirmation';
  readonly objects: readonly KubeObject[];
  /** Shown once the wait has lasted a moment: what holds the deletion up, and who. */
  readonly message: string;
}

/** `again`: another pass can follow at once. */
export type PassOutcome = 'over' | 'again' | DeletionWait;
