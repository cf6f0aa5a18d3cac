// Watching objects of one kind, with a bound, across the server's own time-outs and forgotten versions.

import type { KubeObject } from './object.ts';

export interface WatchOptions {
  /** All namespaces when left out. */
  readonly namespace?: string;
  /** One object alone. */
  readonly name?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Changes after this version. Without it (and after a 410) the first event is `RELISTED`. */
  readonly resourceVersion?: string;
  /** The watch ends after this time. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubeObject }
  /** All that there is now: what is not among the objects is gone. */
  | { readonly type: 'RELISTED'; readonly objects: readonly KubeObject[] };
