// Objects of the destination namespace that belong to no Application, for projects that ask to be told of them (Argo CD:
// controller/appcontroller.go, getResourceTree). Nothing else ever lists a namespace for it.

import type { OrphanRules } from '../application/project.ts';
import type { Condition } from '../application/types.ts';
import { isHawserError } from '../base/errors.ts';
import { matchesGlob } from '../base/glob.ts';
import type { Limiter } from '../base/limiter.ts';
import type { KubeClient } from '../kube/client.ts';
import { formatKey, type KubeObject, keyOf, type ObjectKey } from '../kube/object.ts';
import type { ApiResource, TypeRef } from '../kube/resource.ts';
import type { Refuse } from './forbidden.ts';
import { type Tracking, trackedInstance } from './tracking.ts';

/** By what an object is nobody's. */
export interface OrphanedRules {
  readonly rules: OrphanRules;
  /** What the project forbids is not told. */
  readonly refuse: Refuse;
  /** What the Application has in Git or in its inventory. */
  readonly managed: readonly ObjectKey[];
  readonly tracking: Tracking;
  /** Whether there is an Application of this name: what one that is gone has left behind is nobody's. */
  readonly isInstance: (instance: string) => Promise<boolean>;
}

export interface OrphanedInput extends OrphanedRules {
  readonly client: KubeClient;
  /** The destination namespace. */
  readonly namespace: string;
  /** By argocd-cm. */
  readonly isExcluded: (group: string, kind: string) => boolean;
  readonly limiter: Limiter;
  readonly signal?: AbortSignal | undefined;
}

/** Made by the cluster itself, and by the thousand (Argo CD: coreExcludedResources). */
const NEVER_TOLD: readonly (readonly [group: string, kind: string])[] = [
  ['', 'Event'],
  ['events.k8s.io', '*'],
  ['metrics.k8s.io', '*'],
  ['coordination.k8s.io', 'Lease'],
];

/** They and what they own, sorted. Kinds that cannot be listed are left out. Asks for one list of metadata a namespaced kind. */
export async function findOrphaned(input: OrphanedInput): Promise<readonly ObjectKey[]> {
  if (input.namespace === '') return [];
  const types = listedTypes(await input.client.resources({ signal: input.signal }), input);
  const objects = (await Promise.all(types.map((type) => listOf(type, input)))).flat();
  const found = (await chooseOrphaned(objects, input)).map(keyOf);
  return found.sort((a, b) => (formatKey(a) < formatKey(b) ? -1 : 1));
}

/** The same of the objects of one namespace that are at hand; their metadata suffice. */
export async function chooseOrphaned(
  objects: readonly KubeObject[],
  input: OrphanedRules,
): Promise<readonly KubeObject[]> {
  const managed = new Set(input.managed.map(formatKey));
  const roots = objects.filter(
    (object) =>
      !isOwned(object, objects) &&
      !managed.has(formatKey(keyOf(object))) &&
      !isMadeByCluster(object) &&
      !isRecord(object) &&
      !isIgnored(object, input.rules),
  );
  const nobodys: KubeObject[] = [];
  for (const root of roots) {
    const instance = trackedInstance(root, input.tracking);
    if (instance === '' || !(await input.isInstance(instance))) nobodys.push(root);
  }
  return withOwned(nobodys, objects, input.refuse);
}

/** Argo CD's words, where the project wants to be warned. */
export function orphanedConditions({ warn }: OrphanRules, orphaned: readonly ObjectKey[]): readonly Condition[] {
  if (!warn || orphaned.length === 0) return [];
  return [{ type: 'OrphanedResourceWarning', message: `Application has ${orphaned.length} orphaned resources` }];
}

/** Each kind once, in the version that the server names first. */
function listedTypes(resources: readonly ApiResource[], { isExcluded }: OrphanedInput): readonly TypeRef[] {
  const types = new Map<string, TypeRef>();
  for (const { group, version, kind, namespaced, verbs } of resources) {
    const isNeverTold = NEVER_TOLD.some(([g, k]) => g === group && (k === '*' || k === kind));
    if (!namespaced || !verbs.includes('list') || isNeverTold || isExcluded(group, kind)) continue;
    const apiVersion = group === '' ? version : `${group}/${version}`;
    if (!types.has(`${group}/${kind}`)) types.set(`${group}/${kind}`, { apiVersion, kind });
  }
  return [...types.values()];
}

async function listOf(type: TypeRef, { client, namespace, limiter, signal }: OrphanedInput) {
  try {
    const options = { namespace, metadataOnly: true, resourceVersion: '0', signal };
    return (await limiter(() => client.list(type, options))).items;
  } catch (error) {
    if (!isHawserError(error, 'ClusterRefused')) throw error;
    return []; // What may not be read is not looked after either.
  }
}

/** By a reference, or one that Argo CD infers (gitops-engine: pkg/cache/references.go; here from names alone). */
function isOwned(object: KubeObject, all: readonly KubeObject[]): boolean {
  const { ownerReferences, annotations, name = '' } = object.metadata;
  if ((ownerReferences?.length ?? 0) > 0) return true;
  if (object.apiVersion !== 'v1') return false;
  if (object.kind === 'Endpoints') return true;
  if (object.kind === 'Secret') return Boolean(annotations?.['kubernetes.io/service-account.uid']);
  if (object.kind !== 'PersistentVolumeClaim' || !/-\d+$/.test(name)) return false;
  const stem = name.replace(/-\d+$/, '');
  return all.some(({ kind, metadata }) => kind === 'StatefulSet' && stem.endsWith(`-${metadata.name}`));
}

function isMadeByCluster({ apiVersion, kind, metadata }: KubeObject): boolean {
  if (apiVersion !== 'v1') return false;
  if (kind === 'ServiceAccount') return metadata.name === 'default';
  if (kind === 'ConfigMap') return metadata.name === 'kube-root-ca.crt';
  return kind === 'Service' && metadata.name === 'kubernetes' && metadata.namespace === 'default';
}

/** What hawser keeps about pushes and changes; there are thousands of them. */
function isRecord({ metadata }: KubeObject): boolean {
  return metadata.labels?.['hawser.dev/record'] !== undefined;
}

/** A group or name that is not given matches: an empty group is the core group, though, as in Argo CD. */
function isIgnored(object: KubeObject, { ignore }: OrphanRules): boolean {
  const key = keyOf(object);
  return ignore.some(
    ({ group, kind, name }) =>
      (!kind || matchesGlob(kind, key.kind)) && matchesGlob(group, key.group) && (!name || matchesGlob(name, key.name)),
  );
}

/** What is forbidden hides what it owns. */
function withOwned(roots: readonly KubeObject[], all: readonly KubeObject[], refuse: Refuse): readonly KubeObject[] {
  const byOwner = new Map<string, KubeObject[]>();
  for (const object of all) {
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      byOwner.set(uid, [...(byOwner.get(uid) ?? []), object]);
    }
  }
  const found = new Set<KubeObject>();
  const waiting = [...roots];
  for (let object = waiting.pop(); object; object = waiting.pop()) {
    if (found.has(object) || refuse(object) !== undefined) continue;
    found.add(object);
    waiting.push(...(byOwner.get(object.metadata.uid ?? '') ?? []));
  }
  return [...found];
}
