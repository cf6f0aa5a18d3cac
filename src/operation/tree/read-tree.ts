// The tree of an Application: its objects, what controllers made of them, and what lies beside them in its namespace and is nobody's
// (Argo CD: controller/appcontroller.go, getResourceTree, which has a cache of the cluster to look into).

import { isExcludedResource } from '../../application/argo-settings.ts';
import type { Application } from '../../application/types.ts';
import { chooseOrphaned } from '../../compare/orphaned.ts';
import { keyOfResource } from '../../compare/orphans.ts';
import { formatKey, groupOf, type KubeObject, keyOf } from '../../kube/object.ts';
import { instancesOf } from '../orphaned-resources.ts';
import { readOwnedObjects } from '../owned-objects.ts';
import type { Road } from '../road.ts';
import { createParentFinder, descend, findClaims } from './descend.ts';
import { type HostInfo, readHosts } from './hosts.ts';
import { type Listed, listMetadata } from './listed.ts';
import { missingNode, nodeOf, type ResourceNode } from './node.ts';
import { readWhole } from './read-whole.ts';
import type { Standing } from './standing.ts';

/** Argo CD: `v1alpha1.ApplicationTree`. */
export interface ApplicationTree {
  readonly nodes: readonly ResourceNode[];
  readonly orphanedNodes: readonly ResourceNode[];
  readonly hosts: readonly HostInfo[];
  readonly shardsCount: number;
}

/** Cluster-scoped kinds of Kubernetes that own nothing. Any other may own objects everywhere. */
const OWNS_NOTHING: ReadonlySet<string> = new Set([
  '/Namespace',
  '/PersistentVolume',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'apiregistration.k8s.io/APIService',
  'flowcontrol.apiserver.k8s.io/FlowSchema',
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration',
  'networking.k8s.io/IngressClass',
  'node.k8s.io/RuntimeClass',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
  'scheduling.k8s.io/PriorityClass',
  'storage.k8s.io/CSIDriver',
  'storage.k8s.io/StorageClass',
]);

/** Throws what the cluster refuses of the Application's own objects. */
export async function readResourceTree(road: Road, standing: Standing, signal: AbortSignal): Promise<ApplicationTree> {
  const { app, client, project, server } = standing;
  const roots = await readOwnedObjects(road, client, app, signal);
  const { settings } = road.argo;
  const looksForOrphans = project.orphanedResources !== undefined;
  const destination = looksForOrphans ? (app.spec.destination.namespace ?? '') : '';
  const namespaces = new Set([destination, ...roots.map(({ metadata }) => metadata.namespace ?? '')]);
  namespaces.delete('');
  const isWide = roots.some((root) => !root.metadata.namespace && !OWNS_NOTHING.has(typeOf(root)));
  const isExcluded = (group: string, kind: string) => isExcludedResource(settings, { group, kind, server });
  const listed: Listed =
    namespaces.size > 0 || isWide
      ? await listMetadata({ client, namespaces: [...namespaces], isWide, isExcluded, signal })
      : { objects: [], counts: new Map() };

  const members = await readMembers(roots, listed, standing, signal);
  const orphans = looksForOrphans ? await readOrphans(road, standing, listed, signal) : [];
  const pods = members.objects.filter(({ kind, apiVersion }) => kind === 'Pod' && apiVersion === 'v1');
  return {
    nodes: [...toNodes(road, members), ...missingNodes(app, roots)],
    orphanedNodes: toNodes(road, { objects: orphans, makers: new Map() }).sort(byName),
    hosts: await readHosts(client, pods, signal),
    shardsCount: 1,
  };
}

interface Members {
  readonly objects: readonly KubeObject[];
  /** The StatefulSets that made claims, by the claims' uids. */
  readonly makers: ReadonlyMap<string, KubeObject>;
}

async function readMembers(
  roots: readonly KubeObject[],
  { objects: all, counts }: Listed,
  { client, refuse }: Standing,
  signal: AbortSignal,
): Promise<Members> {
  const read = new Map(roots.map((root) => [root.metadata.uid ?? '', root]));
  const readAll = async (found: readonly KubeObject[]) => {
    const missing = found.filter(({ metadata }) => !read.has(metadata.uid ?? ''));
    for (const [uid, object] of await readWhole(missing, counts, client, signal)) read.set(uid, object);
  };
  const owned = descend(roots, all, refuse);
  await readAll(owned);
  const isRead = ({ metadata }: KubeObject) => read.get(metadata.uid ?? '') ?? [];
  const makers = findClaims(owned.flatMap(isRead), all);
  const claims = all.filter(({ metadata }) => makers.has(metadata.uid ?? ''));
  const whole = claims.length > 0 ? descend([...owned, ...claims], all, refuse) : owned;
  await readAll(whole);
  return { objects: whole.flatMap(isRead), makers };
}

async function readOrphans(
  road: Road,
  { app, project, refuse, client }: Standing,
  { objects, counts }: Listed,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const { namespace = '' } = app.spec.destination;
  if (!project.orphanedResources || namespace === '') return [];
  const orphans = await chooseOrphaned(
    objects.filter(({ metadata }) => metadata.namespace === namespace),
    {
      rules: project.orphanedResources,
      refuse,
      managed: (app.status.resources ?? []).map(keyOfResource),
      tracking: road.argo.settings.tracking,
      isInstance: instancesOf(road, signal),
    },
  );
  const read = await readWhole(orphans, counts, client, signal);
  return orphans.flatMap(({ metadata }) => read.get(metadata.uid ?? '') ?? []);
}

function toNodes({ argo }: Road, { objects, makers }: Members): ResourceNode[] {
  const parentsOf = createParentFinder(objects, makers);
  return objects.map((object) => nodeOf(object, { parents: parentsOf(object), health: argo.healthOf(object) }));
}

/** Hooks that are gone have done their work. */
function missingNodes({ status }: Application, roots: readonly KubeObject[]): readonly ResourceNode[] {
  const live = new Set(roots.map((root) => formatKey(keyOf(root))));
  return (status.resources ?? [])
    .filter((resource) => !resource.hook && !resource.requiresPruning && !live.has(formatKey(keyOfResource(resource))))
    .map(({ group, version, kind, namespace, name }) =>
      missingNode({ ...(group && { group }), version, kind, ...(namespace && { namespace }), name }),
    );
}

function typeOf({ apiVersion, kind }: KubeObject): string {
  return `${groupOf(apiVersion)}/${kind}`;
}

function byName(a: ResourceNode, b: ResourceNode): number {
  const [left, right] = [a, b].map(({ group = '', kind, namespace = '', name }) =>
    [group, kind, namespace, name].join('/'),
  );
  return (left ?? '') < (right ?? '') ? -1 : 1;
}
