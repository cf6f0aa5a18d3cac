// One object of an Application's tree, in the shape of Argo CD (`v1alpha1.ResourceNode`).

import type { HealthCode } from '../../application/types.ts';
import { groupOf, type KubeObject, type OwnerReference, versionOf } from '../../kube/object.ts';
import { type NetworkingInfo, networkingInfo } from './networking.ts';
import { isPod, type PodInfo, podInfo } from './pod-info.ts';

export interface NodeRef {
  readonly group?: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid?: string;
}

export interface InfoRow {
  readonly name: string;
  readonly value: string;
}

export interface ResourceNode extends NodeRef {
  readonly parentRefs?: readonly NodeRef[];
  readonly info?: readonly InfoRow[];
  readonly networkingInfo?: NetworkingInfo;
  readonly resourceVersion?: string;
  readonly images?: readonly string[];
  readonly health?: { readonly status: HealthCode; readonly message?: string };
  readonly createdAt?: string;
}

/** An owner, and whether it lies in the object's namespace or in none. */
export interface Parent {
  readonly owner: Omit<OwnerReference, 'uid'> & { readonly uid?: string };
  readonly namespace: string;
}

export interface NodeParts {
  readonly parents: readonly Parent[];
  readonly health: { readonly status: HealthCode; readonly message?: string } | undefined;
}

export function nodeOf(object: KubeObject, { parents, health }: NodeParts): ResourceNode {
  const { uid, resourceVersion, creationTimestamp } = object.metadata;
  const pod: PodInfo | undefined = isPod(object) ? podInfo(object) : undefined;
  const info = [...revisionRow(object), ...managedBy(object), ...(pod?.rows ?? [])];
  const network = networkingInfo(object);
  return {
    ...refOf(object),
    ...(uid && { uid }),
    ...(parents.length > 0 && { parentRefs: parents.map(parentRef) }),
    ...(info.length > 0 && { info }),
    ...(network && { networkingInfo: network }),
    ...(resourceVersion && { resourceVersion }),
    ...(pod && pod.images.length > 0 && { images: pod.images }),
    ...(health && { health: { status: health.status, ...(health.message && { message: health.message }) } }),
    ...(creationTimestamp && { createdAt: creationTimestamp }),
  };
}

/** What Git or the inventory has and the cluster has not. */
export function missingNode(ref: NodeRef): ResourceNode {
  return { ...ref, health: { status: 'Missing' } };
}

export function formatNode({ group = '', kind, namespace = '', name }: NodeRef): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

function refOf({ apiVersion, kind, metadata }: KubeObject): NodeRef {
  return placeOf(apiVersion, kind, metadata.namespace ?? '', metadata.name ?? '');
}

function parentRef({ owner, namespace }: Parent): NodeRef {
  return {
    ...placeOf(owner.apiVersion, owner.kind, namespace, owner.name),
    ...(owner.uid !== undefined && owner.uid !== '' && { uid: owner.uid }),
  };
}

function placeOf(apiVersion: string, kind: string, namespace: string, name: string): NodeRef {
  const group = groupOf(apiVersion);
  return { ...(group && { group }), version: versionOf(apiVersion), kind, ...(namespace && { namespace }), name };
}

const MANAGED_BY_URL = 'argocd.argoproj.io/managed-by-url';
const REVISIONS = ['deployment.kubernetes.io/revision', 'rollout.argoproj.io/revision'];

/** Of ReplicaSets by their annotation, of ControllerRevisions by their field (Argo CD: util/resource, GetRevision). */
function revisionRow(object: KubeObject): readonly InfoRow[] {
  const noted = REVISIONS.map((name) => object.metadata.annotations?.[name]).find((text) => text !== undefined);
  const revision = Number(noted ?? object.revision ?? 0);
  return Number.isInteger(revision) && revision > 0 ? [{ name: 'Revision', value: `Rev:${revision}` }] : [];
}

function managedBy({ apiVersion, kind, metadata }: KubeObject): readonly InfoRow[] {
  const url = metadata.annotations?.[MANAGED_BY_URL];
  const isApplication = groupOf(apiVersion) === 'argoproj.io' && kind === 'Application';
  return isApplication && url !== undefined ? [{ name: 'managed-by-url', value: url }] : [];
}
