// Keys that others added inside an object of ours. Server-side apply leaves them; for kinds in which no controller writes
// they are drift all the same (design 5.2).

import { at, isObject, type Json, type JsonObject } from '../base/json.ts';
import { groupOf, type KubeObject } from '../kube/object.ts';
import { isKubeObject } from '../kube/parse.ts';
import { withoutPath, withPath } from './json-pointer.ts';

interface Territory {
  /** Maps whose every key is Git's, where Git has at least one in any of them: what is empty is often left for a controller to fill. */
  readonly maps?: readonly (readonly string[])[];
  /** Fields without defaults: when Git is silent, nobody else is to speak. */
  readonly fields?: readonly (readonly string[])[];
  readonly except?: (target: KubeObject, live: KubeObject) => boolean;
}

const RBAC = 'rbac.authorization.k8s.io';

const TERRITORIES: Readonly<Record<string, Territory>> = {
  '/ConfigMap': {
    maps: [['data'], ['binaryData']],
    // Written into every namespace by the controller manager.
    except: (target) => target.metadata.name === 'kube-root-ca.crt',
  },
  '/Secret': {
    maps: [['data']],
    // The token controller fills these in.
    except: (_, live) => live.type === 'kubernetes.io/service-account-token',
  },
  '/ResourceQuota': { maps: [['spec', 'hard']] },
  'networking.k8s.io/NetworkPolicy': {
    fields: [
      ['spec', 'ingress'],
      ['spec', 'egress'],
    ],
  },
  'policy/PodDisruptionBudget': {
    fields: [
      ['spec', 'minAvailable'],
      ['spec', 'maxUnavailable'],
      ['spec', 'unhealthyPodEvictionPolicy'],
    ],
  },
  [`${RBAC}/ClusterRole`]: { fields: [['rules']], except: (target) => target.aggregationRule !== undefined },
  [`${RBAC}/ClusterRoleBinding`]: { fields: [['subjects']] },
  [`${RBAC}/Role`]: { fields: [['rules']] },
  [`${RBAC}/RoleBinding`]: { fields: [['subjects']] },
};

export interface Drift {
  readonly paths: readonly (readonly string[])[];
  /** A merge patch that removes them, without its guard. */
  readonly removals: JsonObject;
}

/**
 * What others added. `target` and `predicted` come without ignored fields, so that those are no drift. undefined when there is
 * nothing, and for kinds outside the table.
 */
export function findDrift(target: KubeObject, live: KubeObject, predicted: KubeObject): Drift | undefined {
  const territory = TERRITORIES[`${groupOf(target.apiVersion)}/${target.kind}`];
  if (!territory || territory.except?.(target, live)) return undefined;
  const paths = [
    ...(isFilled(territory, target) ? (territory.maps ?? []) : []).flatMap((path) => {
      return addedKeys(path, target, live, predicted);
    }),
    ...(territory.fields ?? []).filter((path) => isAddedField(path, target, live, predicted)),
  ];
  if (paths.length === 0) return undefined;
  let removals: unknown = {};
  for (const path of paths) removals = withPath(removals, path, null);
  return isJsonObject(removals) ? { paths, removals } : undefined;
}

/** The fields of an object in which whatever others add may be drift; none for kinds outside the table. */
export function territoryOf(object: KubeObject): readonly (readonly string[])[] {
  const { maps = [], fields = [] } = TERRITORIES[`${groupOf(object.apiVersion)}/${object.kind}`] ?? {};
  return [...maps, ...fields];
}

/** What the object will be once the additions are gone. */
export function withoutPaths(object: KubeObject, paths: readonly (readonly string[])[]): KubeObject {
  let remaining: unknown = object;
  for (const path of paths) remaining = withoutPath(remaining, path);
  return isKubeObject(remaining) ? remaining : object;
}

function isFilled({ maps = [] }: Territory, target: KubeObject): boolean {
  return maps.some((path) => {
    const map = at(target, ...path);
    return isObject(map) && Object.keys(map).length > 0;
  });
}

function addedKeys(
  path: readonly string[],
  target: KubeObject,
  live: KubeObject,
  predicted: KubeObject,
): (readonly string[])[] {
  const wanted = at(target, ...path) ?? {};
  const there = at(predicted, ...path);
  const before = at(live, ...path);
  if (!isObject(wanted) || !isObject(there) || !isObject(before)) return [];
  // A key that only the dry run has comes from an admission webhook, which would add it again.
  const added = Object.keys(there).filter((key) => !Object.hasOwn(wanted, key) && Object.hasOwn(before, key));
  return added.map((key) => [...path, key]);
}

function isAddedField(path: readonly string[], target: KubeObject, live: KubeObject, predicted: KubeObject): boolean {
  const isSet = (object: KubeObject) => (at(object, ...path) ?? null) !== null;
  return !isSet(target) && isSet(predicted) && isSet(live);
}

function isJsonObject(value: unknown): value is { [key: string]: Json } {
  return isObject(value);
}
