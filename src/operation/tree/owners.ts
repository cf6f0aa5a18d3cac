// Who owns an object: by its references, and by what Argo CD infers where Kubernetes writes none (gitops-engine:
// pkg/cache/references.go).

import { at, stringAt } from '../../base/json.ts';
import { groupOf, type KubeObject, type OwnerReference } from '../../kube/object.ts';
import type { Parent } from './node.ts';

export type Owner = Parent['owner'];

/** Its references, and those that its kind and its annotations tell of. Without a uid the name counts. */
export function ownersOf(object: KubeObject): readonly Owner[] {
  const own: readonly OwnerReference[] = object.metadata.ownerReferences ?? [];
  return [...own, ...inferredOwners(object)];
}

function inferredOwners({ apiVersion, kind, metadata }: KubeObject): readonly Owner[] {
  const { name = '', annotations = {}, ownerReferences = [] } = metadata;
  // Kubernetes: issue 28483.
  if (apiVersion === 'v1' && kind === 'Endpoints' && ownerReferences.length === 0) {
    return [{ apiVersion: 'v1', kind: 'Service', name }];
  }
  if (apiVersion === 'v1' && kind === 'Secret') {
    const account = annotations['kubernetes.io/service-account.name'];
    const uid = annotations['kubernetes.io/service-account.uid'];
    return account && uid ? [{ apiVersion: 'v1', kind: 'ServiceAccount', name: account, uid }] : [];
  }
  const operators = annotations['olm.operatorGroup'];
  if (groupOf(apiVersion) === 'operators.coreos.com' && kind === 'ClusterServiceVersion' && operators) {
    return [{ apiVersion: 'operators.coreos.com/v1', kind: 'OperatorGroup', name: operators }];
  }
  return [];
}

/** Of StatefulSets: which claims were made from their templates. */
export function isClaimOf(set: KubeObject, claim: KubeObject): boolean {
  if (!isStatefulSet(set) || claim.apiVersion !== 'v1' || claim.kind !== 'PersistentVolumeClaim') return false;
  if (set.metadata.namespace !== claim.metadata.namespace) return false;
  const templates = at(set, 'spec', 'volumeClaimTemplates');
  const { name = '' } = claim.metadata;
  return (Array.isArray(templates) ? templates : []).some((template) => {
    const stem = `${stringAt(template, 'metadata', 'name')}-${set.metadata.name}-`;
    return name.startsWith(stem) && /^\d+$/.test(name.slice(stem.length));
  });
}

export function isStatefulSet({ apiVersion, kind }: KubeObject): boolean {
  return groupOf(apiVersion) === 'apps' && kind === 'StatefulSet';
}

/** Whether the reference means this object. */
export function isOwner(owner: Owner, object: KubeObject): boolean {
  if (owner.uid) return owner.uid === object.metadata.uid;
  return (
    owner.name === object.metadata.name &&
    owner.kind === object.kind &&
    groupOf(owner.apiVersion) === groupOf(object.apiVersion)
  );
}
