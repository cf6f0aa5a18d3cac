// Rendered objects as they are to be applied: with their namespace and tracking id, each once.

import type { Condition } from '../application/types.ts';
import { at, isObject, stringAt } from '../base/json.ts';
import { formatKey, groupOf, type KubeObject, keyOf } from '../kube/object.ts';
import type { ApiResource } from '../kube/resource.ts';
import { isSecret } from './mask-secret.ts';
import { normalizeSecret } from './normalize.ts';
import { type Tracking, withTracking } from './tracking.ts';

/** Where a kind of object lives; `resource` is undefined when the server does not have it (yet). */
export interface Scope {
  readonly resource: ApiResource | undefined;
  readonly namespaced: boolean;
  /** Its CRD is among the targets. */
  readonly comesWithTargets: boolean;
}

export interface PreparedTarget {
  readonly target: KubeObject;
  readonly scope: Scope;
}

export interface PreparedTargets {
  readonly targets: readonly PreparedTarget[];
  readonly conditions: readonly Condition[];
}

export interface TargetSettings {
  readonly instance: string;
  readonly destinationNamespace: string;
  readonly tracking: Tracking;
}

/** `apiVersion` and kind as one text. */
export function typeOf({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): string {
  return `${apiVersion} ${kind}`;
}

export function isCrd(object: KubeObject): boolean {
  return groupOf(object.apiVersion) === 'apiextensions.k8s.io' && object.kind === 'CustomResourceDefinition';
}

/** The scopes that the CRDs among the objects bring: by group and kind, true for namespaced. */
export function crdScopes(objects: readonly KubeObject[]): ReadonlyMap<string, boolean> {
  return new Map(
    objects.filter(isCrd).map((crd) => {
      const kind = `${stringAt(crd, 'spec', 'group') ?? ''}/${stringAt(crd, 'spec', 'names', 'kind') ?? ''}`;
      return [kind, at(crd, 'spec', 'scope') !== 'Cluster'];
    }),
  );
}

/**
 * Namespaces and tracking ids. Of an object that Git has twice the last one counts, and a RepeatedResourceWarning says so
 * (Argo CD: controller/state.go, NormalizeTargetObjects).
 */
export function prepareTargets(
  objects: readonly KubeObject[],
  scopeOf: (object: KubeObject) => Scope,
  settings: TargetSettings,
): PreparedTargets {
  const byKey = new Map<string, { prepared: PreparedTarget; times: number }>();
  for (const [index, object] of objects.entries()) {
    const scope = scopeOf(object);
    const target = prepareTarget(object, scope, settings);
    const name = target.metadata.name || `${target.metadata.generateName ?? ''}${index}`;
    const key = formatKey({ ...keyOf(target), name });
    const times = (byKey.get(key)?.times ?? 0) + 1;
    byKey.delete(key);
    byKey.set(key, { prepared: { target, scope }, times });
  }
  const repeated = [...byKey].filter(([, { times }]) => times > 1);
  return {
    targets: [...byKey.values()].map(({ prepared }) => prepared),
    conditions: repeated.map(([key, { times }]) => ({
      type: 'RepeatedResourceWarning',
      message: `Resource ${key.replace(':', '/')} appeared ${times} times among application resources.`,
    })),
  };
}

function prepareTarget(object: KubeObject, scope: Scope, settings: TargetSettings): KubeObject {
  const { namespace, managedFields: _, ...metadata } = object.metadata;
  const placed = {
    // Fields of stringData would be ours while those of data are not: a key that leaves Git would stay in the cluster.
    ...(isSecret(object) && isObject(object.stringData) ? normalizeSecret(object) : object),
    metadata: scope.namespaced ? { ...metadata, namespace: namespace || settings.destinationNamespace } : metadata,
  };
  // A CRD is often shared, and Argo CD leaves it untracked.
  if (isCrd(object) && settings.tracking.method !== 'label') return placed;
  return withTracking(placed, settings.instance, settings.destinationNamespace, settings.tracking);
}
