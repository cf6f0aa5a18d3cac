// What identifies a resource in a build: group, version, kind, name and namespace (kyaml: resid/resid.go).

import { formatGvk, type Gvk, isSelectedBy, sameGvk } from './gvk.ts';

export interface ResId extends Gvk {
  readonly name: string;
  readonly namespace: string;
  /** Known to be cluster-scoped; never said of a previous id. */
  readonly clusterScoped: boolean;
}

/** Stands for the namespace of what has none. */
export const NO_NAMESPACE = '_non_namespaceable_';
export const DEFAULT_NAMESPACE = 'default';

/** The namespace that counts in comparisons: none, `default`, or the one that is given. */
export function effectiveNamespace(id: ResId): string {
  if (id.clusterScoped) return NO_NAMESPACE;
  return id.namespace === '' ? DEFAULT_NAMESPACE : id.namespace;
}

export function sameNamespace(a: ResId, b: ResId): boolean {
  return effectiveNamespace(a) === effectiveNamespace(b);
}

export function sameGvkName(a: ResId, b: ResId): boolean {
  return a.name === b.name && sameGvk(a, b);
}

export function sameId(a: ResId, b: ResId): boolean {
  return sameGvkName(a, b) && sameNamespace(a, b);
}

/** One text for all ids that sameId calls the same. */
export function idKey(id: ResId): string {
  return [id.group, id.version, id.kind, id.name, effectiveNamespace(id)].join('\0');
}

/** True where every part that `selector` names is the same (kyaml: ResId.IsSelectedBy). */
export function isIdSelectedBy(id: ResId, selector: ResId): boolean {
  return (
    (selector.name === '' || selector.name === id.name) &&
    (selector.namespace === '' || sameNamespace(selector, id)) &&
    isSelectedBy(id, selector)
  );
}

/** `Deployment.v1.apps/name.namespace`, for messages and build annotations. */
export function formatId(id: ResId): string {
  return `${formatGvk(id)}/${id.name || '[noName]'}.${id.namespace || '[noNs]'}`;
}
