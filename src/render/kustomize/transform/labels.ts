// Adds labels or annotations to the fields that hold them (kustomize: LabelTransformer, AnnotationsTransformer).

import { compareBytes } from '../../go/strings.ts';
import type { FieldSpec } from '../config/kustomization.ts';
import { TAG } from '../node/node.ts';
import { eachRoot, type ResMap } from '../resource/res-map.ts';
import { changeFields, entrySetter } from './field-spec.ts';

export function addEntries(map: ResMap, entries: ReadonlyMap<string, string>, specs: readonly FieldSpec[]): void {
  const keys = [...entries.keys()].sort(compareBytes);
  for (const root of eachRoot(map)) {
    for (const key of keys) {
      changeFields(root, specs, {
        set: entrySetter(key, entries.get(key) ?? '', TAG.str),
        createKind: 'mapping',
        createTag: TAG.map,
      });
    }
  }
}
