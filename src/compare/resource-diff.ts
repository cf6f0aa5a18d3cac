// One object of a comparison in the shape of Argo CD's managed-resources, with Secrets masked.

import type { Difference } from '../application/difference.ts';
import { formatGoJson } from '../base/go-json.ts';
import type { KubeObject } from '../kube/object.ts';
import { type FieldChange, fieldChanges } from './field-changes.ts';
import { shownStates } from './states.ts';

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
  /** From normalizedLiveState to predictedLiveState; hawser's own. */
  readonly changes: readonly FieldChange[];
  /** Why it cannot be told what a sync would make of it; hawser's own, left out where it can. */
  readonly message?: string;
}

/** `hiddenAnnotations` of Secrets are masked beside their data. */
export function resourceDiff(difference: Difference, hiddenAnnotations: readonly string[] = []): ResourceDiff {
  const { key, live, hook, target, message } = difference;
  const states = shownStates(difference, hiddenAnnotations);
  return {
    group: key.group,
    kind: key.kind,
    namespace: key.namespace,
    name: key.name,
    targetState: text(states.target),
    liveState: text(states.live),
    normalizedLiveState: text(states.normalizedLive),
    predictedLiveState: text(states.predicted),
    resourceVersion: live?.metadata.resourceVersion ?? '',
    // Argo CD's differ says false for what is to be pruned; its absence from the target state is what shows it.
    modified: target !== undefined && difference.modified,
    hook,
    changes: fieldChanges(states.normalizedLive, states.predicted),
    ...(message !== undefined && { message }),
  };
}

function text(object: KubeObject | undefined): string {
  return object ? formatGoJson(object) : 'null';
}
