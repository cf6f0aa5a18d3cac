// From the roots down: whatever they own among what lies in the cluster, and what that owns.

import type { Refuse } from '../../compare/forbidden.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Parent } from './node.ts';
import { isClaimOf, isOwner, isStatefulSet, type Owner, ownersOf } from './owners.ts';

/**
 * The roots and their descendants, each once, in the order in which they are found. What the project forbids is left out with everything
 * below it. `all` may be metadata alone.
 */
export function descend(
  roots: readonly KubeObject[],
  all: readonly KubeObject[],
  refuse: Refuse,
): readonly KubeObject[] {
  const children = indexChildren(all);
  const found = new Map<string, KubeObject>();
  const waiting = [...roots];
  for (let object = waiting.shift(); object; object = waiting.shift()) {
    const { uid = '' } = object.metadata;
    if (found.has(uid) || refuse(object) !== undefined) continue;
    found.set(uid, object);
    waiting.push(...children(object));
  }
  return [...found.values()];
}

/** Claims that StatefulSets made; these must be there as a whole. */
export function findClaims(
  members: readonly KubeObject[],
  all: readonly KubeObject[],
): ReadonlyMap<string, KubeObject> {
  const claims = all.filter(({ apiVersion, kind }) => apiVersion === 'v1' && kind === 'PersistentVolumeClaim');
  const found = new Map<string, KubeObject>();
  for (const set of members.filter(isStatefulSet)) {
    for (const claim of claims) if (isClaimOf(set, claim)) found.set(claim.metadata.uid ?? '', set);
  }
  return found;
}

/** The owners of each, with the namespaces in which they lie; `makers` are the StatefulSets that made claims, by the claims' uids. */
export function createParentFinder(
  members: readonly KubeObject[],
  makers: ReadonlyMap<string, KubeObject>,
): (object: KubeObject) => readonly Parent[] {
  const byUid = new Map(members.map((member) => [member.metadata.uid ?? '', member]));
  const find = (owner: Owner, object: KubeObject) =>
    owner.uid ? byUid.get(owner.uid) : members.find((member) => isOwner(owner, member) && isNear(member, object));
  return (object) => {
    const parents = ownersOf(object).map((owner): Parent => {
      const known = find(owner, object);
      const uid = owner.uid ?? known?.metadata.uid;
      return { owner: { ...owner, ...(uid && { uid }) }, namespace: known?.metadata.namespace ?? '' };
    });
    const maker = makers.get(object.metadata.uid ?? '');
    return maker ? [...parents, parentOf(maker)] : parents;
  };
}

function parentOf({ apiVersion, kind, metadata }: KubeObject): Parent {
  const { name = '', uid, namespace = '' } = metadata;
  return { owner: { apiVersion, kind, name, ...(uid && { uid }) }, namespace };
}

function indexChildren(all: readonly KubeObject[]): (owner: KubeObject) => readonly KubeObject[] {
  const byUid = new Map<string, KubeObject[]>();
  const byName = new Map<string, KubeObject[]>();
  const add = (index: Map<string, KubeObject[]>, key: string, object: KubeObject) => {
    const known = index.get(key);
    if (known) known.push(object);
    else index.set(key, [object]);
  };
  for (const object of all) {
    for (const { uid, kind, name } of ownersOf(object)) {
      if (uid) add(byUid, uid, object);
      else add(byName, `${kind} ${object.metadata.namespace ?? ''}/${name}`, object);
    }
  }
  return (owner) => {
    const { uid = '', namespace = '', name = '' } = owner.metadata;
    const named = byName.get(`${owner.kind} ${namespace}/${name}`) ?? [];
    const isOwned = (child: KubeObject) => ownersOf(child).some((reference) => isOwner(reference, owner));
    return [...(byUid.get(uid) ?? []), ...named].filter((child) => isNear(owner, child) && isOwned(child));
  };
}

/** An owner lies in the namespace of what it owns, or in none; a reference across namespaces means nothing (Kubernetes: garbage collection). */
function isNear(owner: KubeObject, child: KubeObject): boolean {
  const { namespace = '' } = owner.metadata;
  return namespace === '' || namespace === (child.metadata.namespace ?? '');
}
