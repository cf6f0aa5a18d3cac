// What an object would become by kubectl's client-side apply, worked out without asking the cluster (Argo CD: gitops-engine
// pkg/diff/diff.go, ThreeWayDiff).

import { isObject } from '../base/json.ts';
import { applyMergePatch } from '../base/merge-patch.ts';
import { threeWayMergePatch } from '../base/three-way-merge-patch.ts';
import { groupOf, type KubeObject } from '../kube/object.ts';
import { createThreeWayPatch } from '../typed/strategic-diff.ts';
import { applyStrategicMerge } from '../typed/strategic-merge.ts';

import { structOf, toObject, withSchemeDefaults } from './remarshal.ts';
import { withFieldsOf, withItemFieldsOf } from './remove-fields.ts';

type Obj = Record<string, unknown>;

/** Live in the form in which it is compared, and what would become of it in the same form. */
export interface StatePair {
  readonly live: KubeObject;
  readonly predicted: KubeObject;
}

/**
 * `original` is what was applied last; without a trace of it, pass `config` again: then nothing that left Git is missed. Throws
 * PatchError for what no patch can be made of.
 */
export function predictThreeWay(original: KubeObject, config: KubeObject, live: KubeObject): StatePair {
  const before = withoutNamespace(original);
  const wanted = withoutNamespace(config);
  const type = structOf(original);
  if (!type) {
    // What the API server filled in is in no last-applied annotation.
    const asked = withFieldsOf(before, live);
    return { live, predicted: toObject(applyMergePatch(live, threeWayMergePatch(before, wanted, asked)), live) };
  }
  const current = isStatefulSet(original) ? withoutClaimDefaults(before, live) : live;
  const patch = createThreeWayPatch(type, before, wanted, current);
  const merged = applyStrategicMerge(type, live, structuredClone(patch));
  return {
    live: toObject(withSchemeDefaults(type, live), live),
    predicted: toObject(withSchemeDefaults(type, merged), live),
  };
}

/** Live has its namespace always, Git and the annotation not; and an empty map of annotations is none. */
function withoutNamespace(object: KubeObject): KubeObject {
  const { namespace: _, ...metadata } = object.metadata;
  const annotations: unknown = metadata.annotations;
  const isEmpty = annotations === null || (isObject(annotations) && Object.keys(annotations).length === 0);
  if (isEmpty) delete metadata.annotations;
  return { ...object, metadata };
}

function isStatefulSet({ apiVersion, kind }: KubeObject): boolean {
  return kind === 'StatefulSet' && ['apps', 'extensions'].includes(groupOf(apiVersion));
}

/** The API server fills in claims that are embedded in a StatefulSet in ways that a client cannot repeat. */
function withoutClaimDefaults(original: KubeObject, live: KubeObject): Obj {
  const asked = isObject(original.spec) ? original.spec.volumeClaimTemplates : undefined;
  const { spec } = live;
  if (!Array.isArray(asked) || !isObject(spec) || !Array.isArray(spec.volumeClaimTemplates)) return live;
  return { ...live, spec: { ...spec, volumeClaimTemplates: withItemFieldsOf(asked, spec.volumeClaimTemplates) } };
}
