// Selects resources by patterns of what they are, and by labels and annotations (kustomize: api/types/selector.go).

import type { Gvk } from '../resource/gvk.ts';
import type { ResId } from '../resource/res-id.ts';
import type { Selector } from './kustomization.ts';
import { compileWholePattern } from './pattern.ts';

export interface SelectorMatcher {
  readonly selector: Selector;
  matchesGvk(gvk: Gvk): boolean;
  matchesName(name: string): boolean;
  matchesNamespace(namespace: string): boolean;
}

export function compileSelector(selector: Selector): SelectorMatcher {
  const group = compileWholePattern(selector.group);
  const version = compileWholePattern(selector.version);
  const kind = compileWholePattern(selector.kind);
  const name = compileWholePattern(selector.name);
  const namespace = compileWholePattern(selector.namespace);
  return {
    selector,
    matchesGvk: (gvk) => group(gvk.group) && version(gvk.version) && kind(gvk.kind),
    matchesName: name,
    matchesNamespace: namespace,
  };
}

/** True where all parts match the very namespace of the id. */
export function matchesId(matcher: SelectorMatcher, id: ResId): boolean {
  return matcher.matchesGvk(id) && matcher.matchesName(id.name) && matcher.matchesNamespace(id.namespace);
}
