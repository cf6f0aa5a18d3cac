// Objects that the settings leave alone (resource.exclusions, resource.inclusions): not compared, not synced, never pruned.

import { type ArgoSettings, isExcludedResource } from '../application/argo-settings.ts';
import type { Condition, ResourceStatus } from '../application/types.ts';
import { groupOf, type KubeObject } from '../kube/object.ts';

export interface Excludable {
  readonly targets: readonly KubeObject[];
  readonly inventory: readonly ResourceStatus[];
}

/** What is left, and a warning for each object of Git that is not. `server` is that of the destination. */
export function withoutExcluded(
  settings: Pick<ArgoSettings, 'inclusions' | 'exclusions'>,
  server: string,
  { targets, inventory }: Excludable,
): Excludable & { readonly conditions: readonly Condition[] } {
  // Once a kind: an Application has many objects of few kinds.
  const verdicts = new Map<string, boolean>();
  const isExcluded = (group: string, kind: string) => {
    const key = `${group}/${kind}`;
    const verdict = verdicts.get(key) ?? isExcludedResource(settings, { group, kind, server });
    verdicts.set(key, verdict);
    return verdict;
  };
  const excluded = new Set(targets.filter(({ apiVersion, kind }) => isExcluded(groupOf(apiVersion), kind)));
  return {
    targets: excluded.size === 0 ? targets : targets.filter((target) => !excluded.has(target)),
    inventory: inventory.filter(({ group = '', kind }) => !isExcluded(group, kind)),
    conditions: [...excluded].map(warning),
  };
}

/** Argo CD: controller/state.go, CompareAppState. */
function warning({ apiVersion, kind, metadata }: KubeObject): Condition {
  const message = `Resource ${groupOf(apiVersion)}/${kind} ${metadata.name ?? ''} is excluded in the settings`;
  return { type: 'ExcludedResourceWarning', message };
}
