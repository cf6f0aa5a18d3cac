// The same target state as two renderers make it, object by object.

import { isEqualJson } from '../base/equal.ts';
import { formatKey, type KubeObject, keyOf, type ObjectKey } from '../kube/object.ts';

export type Verdict = 'equal' | 'differs' | 'only ours' | 'only theirs';

export interface ComparedObject {
  readonly key: ObjectKey;
  readonly verdict: Verdict;
  readonly ours?: KubeObject;
  readonly theirs?: KubeObject;
}

/** By group, kind, namespace and name; of several with one key, one after the other. The order is no difference, nor are comments. */
export function compareRenderings(
  ours: readonly KubeObject[],
  theirs: readonly KubeObject[],
): readonly ComparedObject[] {
  const left = new Map<string, KubeObject[]>();
  for (const object of theirs) {
    const id = idOf(object);
    left.set(id, [...(left.get(id) ?? []), object]);
  }
  const compared = ours.map((object): ComparedObject => {
    const other = left.get(idOf(object))?.shift();
    if (!other) return { key: keyOf(object), verdict: 'only ours', ours: object };
    const isEqual = isEqualJson(object, other);
    return { key: keyOf(object), verdict: isEqual ? 'equal' : 'differs', ours: object, theirs: other };
  });
  const others = [...left.values()].flat();
  return [
    ...compared,
    ...others.map((object): ComparedObject => ({ key: keyOf(object), verdict: 'only theirs', theirs: object })),
  ];
}

function idOf(object: KubeObject): string {
  return `${formatKey(keyOf(object))} ${object.metadata.generateName ?? ''}`;
}
