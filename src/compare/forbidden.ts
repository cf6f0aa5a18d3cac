// What the AppProject forbids: it is shown, and neither read, tried nor touched.

import type { Difference } from '../application/difference.ts';
import { isHook, isSkipped } from '../application/hook.ts';
import type { ResourceStatus } from '../application/types.ts';
import { syncWave } from '../application/wave.ts';
import { type KubeObject, keyOf, versionOf } from '../kube/object.ts';

/** Why an object may not be touched; undefined when it may. */
export type Refuse = (object: KubeObject) => string | undefined;

/** A target: Unknown, and a difference all the same, so that a sync is tried and says so (Argo CD: controller/state.go). */
export function forbiddenTarget(target: KubeObject, message: string): Difference {
  const counts = !isHook(target) && !isSkipped(target);
  return {
    key: keyOf(target),
    version: versionOf(target.apiVersion),
    target,
    hook: isHook(target),
    modified: true,
    ownershipChanges: false,
    ...(counts ? { status: 'Unknown' } : {}),
    message,
    forbidden: true,
    requiresPruning: false,
    syncWave: syncWave(target),
    dryRun: { outcome: 'none' },
    adopts: [],
  };
}

/** Of the inventory, and no longer in Git: it counts for nothing as long as it is forbidden, and is not forgotten. */
export function forbiddenOrphan(resource: ResourceStatus, refuse: Refuse): Difference | undefined {
  const { group = '', version, kind, namespace = '', name } = resource;
  const apiVersion = group === '' ? version : `${group}/${version}`;
  const message = refuse({ apiVersion, kind, metadata: { name, ...(namespace ? { namespace } : {}) } });
  if (message === undefined) return undefined;
  return {
    key: { group, kind, namespace, name },
    version,
    hook: resource.hook === true,
    modified: false,
    ownershipChanges: false,
    message,
    forbidden: true,
    requiresPruning: false,
    syncWave: resource.syncWave ?? 0,
    dryRun: { outcome: 'none' },
    adopts: [],
  };
}
