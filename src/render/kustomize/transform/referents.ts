// What references may mean: the resources of a build by the names and namespaces that they once had. Looking through all resources for
// each reference would take a time that grows with the square of their number.

import { effectiveNamespace, type ResId } from '../resource/res-id.ts';
import type { ResMap } from '../resource/res-map.ts';
import { currentId, previousIds, type Resource } from '../resource/resource.ts';

export interface Referent {
  readonly resource: Resource;
  readonly previousIds: readonly ResId[];
}

export interface Referents {
  /** Those that had the name, in their order. */
  named(name: string): readonly Referent[];
  /** Those whose first namespace it is. */
  firstIn(namespace: string): readonly Referent[];
}

/** Finds them once they are asked for; names and namespaces must not change as long as the result is used. */
export function referentsOf(map: ResMap): Referents {
  let index: ReturnType<typeof indexReferents> | undefined;
  const find = () => {
    index ??= indexReferents(map);
    return index;
  };
  return {
    named: (name) => find().byName.get(name) ?? [],
    firstIn: (namespace) => find().byNamespace.get(namespace) ?? [],
  };
}

export function firstNamespace({ resource, previousIds: [first] }: Referent): string {
  return effectiveNamespace(first ?? currentId(resource));
}

function indexReferents(map: ResMap) {
  const byName = new Map<string, Referent[]>();
  const byNamespace = new Map<string, Referent[]>();
  for (const resource of map.resources) {
    const referent = { resource, previousIds: previousIds(resource) };
    for (const name of new Set(referent.previousIds.map((id) => id.name))) append(byName, name, referent);
    append(byNamespace, firstNamespace(referent), referent);
  }
  return { byName, byNamespace };
}

function append<T>(groups: Map<string, T[]>, key: string, item: T): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [item]);
  else group.push(item);
}
