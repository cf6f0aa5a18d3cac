// ControllerRevisions: the templates that StatefulSets and DaemonSets have had.
//
// Source: k8s.io/kubernetes, pkg/controller/history.

import type { KubeObject } from '../../kube/object.ts';
import { equalJson } from '../../typed/equal.ts';
import { type Cluster, safeEncode } from '../cluster.ts';
import { create, hashOf, ownedBy, ownedIn, remove, specOf } from './act.ts';

const REVISIONS = 'apps/controllerrevisions';

export interface Revision {
  readonly name: string;
  /** The value of the label `controller-revision-hash`. */
  readonly hash: string;
}

/** The revision of an object's current template; the newest after all others, made when it is new. */
export function currentRevision(cluster: Cluster, owner: KubeObject, limit: number): Revision {
  const { namespace = '', name = '' } = owner.metadata;
  const data = { spec: { template: { ...templateOf(owner), $patch: 'replace' } } };
  const known = ownedIn(cluster, REVISIONS, owner).sort((a, b) => Number(a.revision) - Number(b.revision));
  const found = known.find((revision) => equalJson(revision.data, data));
  const hash = safeEncode(hashOf(data));
  const newest = Number(known.at(-1)?.revision ?? 0);
  if (found) {
    if (Number(found.revision) !== newest) cluster.store.put(REVISIONS, { ...found, revision: newest + 1 });
    return { name: found.metadata.name ?? '', hash: found.metadata.labels?.['controller-revision-hash'] ?? hash };
  }
  const labels = { ...(templateLabels(owner) ?? {}), 'controller-revision-hash': hash };
  create(cluster, REVISIONS, namespace, {
    metadata: { name: `${name}-${hash}`, labels, ownerReferences: [ownedBy(owner)] },
    data,
    revision: newest + 1,
  });
  for (const old of known.slice(0, Math.max(0, known.length - limit))) remove(cluster, REVISIONS, old);
  return { name: `${name}-${hash}`, hash };
}

function templateOf(owner: KubeObject): Record<string, unknown> {
  const { template } = specOf(owner);
  return typeof template === 'object' && template !== null ? { ...template } : {};
}

function templateLabels(owner: KubeObject): Record<string, string> | undefined {
  const { metadata } = templateOf(owner);
  if (typeof metadata !== 'object' || metadata === null || !('labels' in metadata)) return undefined;
  return Object.fromEntries(Object.entries(metadata.labels ?? {}).map(([key, value]) => [key, String(value)]));
}
