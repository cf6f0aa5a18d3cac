// Results in kubectl's words: `deployment.apps/web configured`.

import { groupOf, type KubeObject } from '../kube/object.ts';

export type Outcome = 'created' | 'configured' | 'unchanged' | 'replaced' | 'updated';

export function sayOutcome(object: KubeObject, outcome: Outcome, dryRun = false): string {
  const group = groupOf(object.apiVersion);
  const type = `${object.kind.toLowerCase()}${group ? `.${group}` : ''}`;
  return `${type}/${object.metadata.name ?? ''} ${outcome}${dryRun ? ' (dry run)' : ''}`;
}

/** What a write did, by the versions before and after. */
export function outcomeOf(before: KubeObject | undefined, after: KubeObject): Outcome {
  if (!before || before.metadata.uid !== after.metadata.uid) return 'created';
  return before.metadata.resourceVersion === after.metadata.resourceVersion ? 'unchanged' : 'configured';
}
