// What differs between two renders, object by object. Secrets leave it masked.

import { isEqualJson } from '../../../base/equal.ts';
import { isSecret, maskSecrets } from '../../../compare/mask-secret.ts';
import { groupOf, type KubeObject } from '../../../kube/object.ts';

export interface ChangedObject {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** undefined: it is new. */
  readonly before: KubeObject | undefined;
  /** undefined: it is gone. */
  readonly after: KubeObject | undefined;
}

/** In the order of the later render, with what is gone at its end. */
export function changedObjects(before: readonly KubeObject[], after: readonly KubeObject[]): readonly ChangedObject[] {
  const [earlier, later] = [byName(before), byName(after)];
  const names = [...new Set([...later.keys(), ...earlier.keys()])];
  return names.flatMap((name) => {
    const [old, now] = [earlier.get(name), later.get(name)];
    const shown = old ?? now;
    if (!shown || (old && now && isEqualJson(old, now))) return [];
    const isHidden = [old, now].some((object) => object && isSecret(object));
    const [from, to] = isHidden ? maskSecrets([old, now]) : [old, now];
    const { apiVersion, kind, metadata } = shown;
    return [
      {
        ...{ group: groupOf(apiVersion), kind, namespace: metadata.namespace ?? '', name: metadata.name ?? '' },
        ...{ before: from, after: to },
      },
    ];
  });
}

/** Two of one name, which only a cluster would refuse, stay two. */
function byName(objects: readonly KubeObject[]): ReadonlyMap<string, KubeObject> {
  const found = new Map<string, KubeObject>();
  for (const object of objects) {
    const { apiVersion, kind, metadata } = object;
    const name = [groupOf(apiVersion), kind, metadata.namespace ?? '', metadata.name ?? metadata.generateName].join(
      '/',
    );
    let key = name;
    for (let number = 2; found.has(key); number++) key = `${name}#${number}`;
    found.set(key, object);
  }
  return found;
}
