// Puts a prefix before names or a suffix after them (kustomize: PrefixTransformer, SuffixTransformer).

import type { FieldSpec } from '../config/kustomization.ts';
import { setScalarText } from '../node/fields.ts';
import { TAG } from '../node/node.ts';
import { type Gvk, isSelectedBy } from '../resource/gvk.ts';
import type { ResMap } from '../resource/res-map.ts';
import { addNamePrefix, addNameSuffix, originalId, storePreviousId } from '../resource/resource.ts';
import { changeField } from './field-spec.ts';

/** Their names mean something to the cluster. */
const UNCHANGED: readonly Gvk[] = [
  { group: '', version: '', kind: 'CustomResourceDefinition' },
  { group: 'apiregistration.k8s.io', version: '', kind: 'APIService' },
  { group: '', version: '', kind: 'Namespace' },
];

export function addAffix(map: ResMap, where: 'prefix' | 'suffix', affix: string, specs: readonly FieldSpec[]): void {
  for (const resource of [...map.resources]) {
    const id = originalId(resource);
    if (UNCHANGED.some((gvk) => isSelectedBy(id, gvk))) continue;
    for (const spec of specs) {
      if (!isSelectedBy(id, spec)) continue;
      if (spec.path === 'metadata/name') {
        if (where === 'prefix') addNamePrefix(resource, affix);
        else addNameSuffix(resource, affix);
        if (affix !== '') storePreviousId(resource);
      }
      if (resource.root === undefined) continue;
      changeField(resource.root, spec, {
        set: (node) => {
          const text = where === 'prefix' ? `${affix}${node.value}` : `${node.value}${affix}`;
          setScalarText(node, text);
        },
        createKind: 'scalar',
        createTag: TAG.str,
      });
    }
  }
}
