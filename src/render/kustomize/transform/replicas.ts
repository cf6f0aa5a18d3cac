// Sets replica counts by name (kustomize: ReplicaCountTransformer).

import type { FieldSpec, Replica } from '../config/kustomization.ts';
import { failure } from '../node/fail.ts';
import { TAG } from '../node/node.ts';
import { formatGvk, isSelectedBy } from '../resource/gvk.ts';
import { findByAnyId, type ResMap } from '../resource/res-map.ts';
import { changeField, scalarSetter } from './field-spec.ts';

/** `field` is what errors call one that is not of the kustomization itself. */
export function setReplicas(
  map: ResMap,
  replica: Replica & { readonly field?: string },
  specs: readonly FieldSpec[],
): void {
  let found = false;
  for (const spec of specs) {
    for (const { root } of findByAnyId(map, (id) => id.name === replica.name && isSelectedBy(id, spec))) {
      found = true;
      if (root === undefined) continue;
      changeField(root, spec, {
        set: scalarSetter(String(replica.count), TAG.int),
        createKind: 'scalar',
        createTag: TAG.int,
      });
    }
  }
  if (!found) {
    throw failure(
      `${replica.field ?? 'replicas'}: no resource is called '${replica.name}' and of one of the kinds ${specs.map(formatGvk).join(', ')}`,
    );
  }
}
