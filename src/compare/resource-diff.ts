// One object of a comparison in the shape of Argo CD's managed-resources, with Secrets masked.

import type { Difference } from '../application/difference.ts';

/** Argo CD: `v1alpha1.ResourceDiff`. States are JSON text, `null` where there is none. */
export interface ResourceDiff {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly targetState: string;
  readonly liveState: string;
  readonly normalizedLiveState: string;
  readonly predictedLiveState: string;
  readonly resourceVersion: string;
  readonly modified: boolean;
  readonly hook: boolean;
}

export function resourceDiff(_difference: Difference): ResourceDiff {
  throw new Error('not yet');
}
