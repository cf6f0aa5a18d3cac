// Replica counts that a HorizontalPodAutoscaler sets: Git's number is where it starts from, and no difference afterwards.

import { isHawserError } from '../base/errors.ts';
import { at, stringAt } from '../base/json.ts';
import type { Limiter } from '../base/limiter.ts';
import { isPredecessor } from '../kube/adoption.ts';
import type { KubeClient } from '../kube/client.ts';
import { managedFieldsOf, ownedFields, parseFields, presentFields } from '../kube/managed-fields.ts';
import { groupOf, type KubeObject } from '../kube/object.ts';
import { isKubeObject } from '../kube/parse.ts';
import { withoutPath, withPath } from './json-pointer.ts';

const REPLICAS = ['spec', 'replicas'] as const;
const VERSIONS = ['autoscaling/v2', 'autoscaling/v1'] as const;
const SCALER = 'kube-controller-manager';
/** A namespace with more autoscalers than four pages hold is not asked further. */
const PAGES = 4;

export interface Autoscalers {
  /** Whether an autoscaler of Git or of the cluster sets the replicas of this object. */
  scales(target: KubeObject, live: KubeObject): Promise<boolean>;
}

/** The cluster's are asked for once a namespace, and only when some replica count is not what Git says. */
export function createAutoscalers(
  client: KubeClient,
  targets: readonly KubeObject[],
  limiter: Limiter,
  signal: AbortSignal | undefined,
): Autoscalers {
  const inGit = new Set(targets.filter(isAutoscaler).map(scaledBy));
  const inCluster = new Map<string, Promise<ReadonlySet<string> | undefined>>();

  const readScaled = async (namespace: string): Promise<ReadonlySet<string> | undefined> => {
    for (const apiVersion of VERSIONS) {
      const type = { apiVersion, kind: 'HorizontalPodAutoscaler' };
      if (!(await client.resourceFor(type.apiVersion, type.kind, { signal }))) continue;
      try {
        const { items } = await limiter(() => client.list(type, { namespace, pages: PAGES, signal }));
        return new Set(items.map(scaledBy));
      } catch (error) {
        // Who may not list them goes by who wrote the number.
        if (isHawserError(error, 'ClusterRefused')) return undefined;
        throw error;
      }
    }
    return new Set();
  };

  return {
    async scales(target, live) {
      const { namespace = '', name = '' } = target.metadata;
      const key = scaleKey(namespace, groupOf(target.apiVersion), target.kind, name);
      if (inGit.has(key)) return true;
      const reading = inCluster.get(namespace) ?? readScaled(namespace);
      inCluster.set(namespace, reading);
      const scaled = await reading;
      return scaled ? scaled.has(key) : isScaledByController(live);
    },
  };
}

/**
 * The target with the replica count left to its autoscaler: without one where others own the field, so that no apply comes in
 * their way, and with live's where it is ours alone (without it the count would fall back to the default) or where `asLive`
 * says that what is left out would be reset. A zero in Git stays: it switches the autoscaler off.
 */
export async function leaveScale(
  target: KubeObject,
  live: KubeObject,
  autoscalers: Autoscalers,
  { manager, asLive }: { readonly manager: string; readonly asLive: boolean },
): Promise<KubeObject> {
  const [wanted, current] = [at(target, ...REPLICAS), at(live, ...REPLICAS)];
  if (typeof wanted !== 'number' || wanted === 0 || typeof current !== 'number' || wanted === current) return target;
  if (!(await autoscalers.scales(target, live))) return target;
  const others = ownedFields(live, (entry) => entry.manager !== manager && !isPredecessor(entry));
  const isOthers = presentFields(others, live).children.get('f:spec')?.children.has('f:replicas') === true;
  const left = isOthers && !asLive ? withoutPath(target, REPLICAS) : withPath(target, REPLICAS, current);
  return isKubeObject(left) ? left : target;
}

function isScaledByController(live: KubeObject): boolean {
  return managedFieldsOf(live).some(
    ({ manager, subresource, fieldsV1 }) =>
      manager === SCALER &&
      subresource === 'scale' &&
      parseFields(fieldsV1).children.get('f:spec')?.children.has('f:replicas') === true,
  );
}

function isAutoscaler(object: KubeObject): boolean {
  return groupOf(object.apiVersion) === 'autoscaling' && object.kind === 'HorizontalPodAutoscaler';
}

function scaledBy(autoscaler: KubeObject): string {
  const ref = at(autoscaler, 'spec', 'scaleTargetRef');
  const group = groupOf(stringAt(ref, 'apiVersion') ?? '');
  return scaleKey(autoscaler.metadata.namespace ?? '', group, stringAt(ref, 'kind') ?? '', stringAt(ref, 'name') ?? '');
}

function scaleKey(namespace: string, group: string, kind: string, name: string): string {
  return `${namespace} ${group}/${kind} ${name}`;
}
