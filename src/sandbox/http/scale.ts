// The scale subresource: replicas of any kind that has them, in one form.

import { at, isObject, stringAt } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Resource } from '../resource/resource.ts';
import { readJsonPath } from '../table/json-path.ts';

export interface ScalePaths {
  readonly spec: string;
  readonly status: string;
  /** To a selector in text form, or '' where the object has a LabelSelector. */
  readonly selector: string;
}

const BUILTIN: ScalePaths = { spec: '.spec.replicas', status: '.status.replicas', selector: '' };

/** Where a kind keeps its replicas; undefined for kinds that cannot be scaled. */
export function scalePathsOf(resource: Resource): ScalePaths | undefined {
  if (!resource.subresources.has('scale')) return undefined;
  if (!resource.definition) return BUILTIN;
  const versions = at(resource.definition, 'spec', 'versions');
  const version = Array.isArray(versions)
    ? versions.find((item) => stringAt(item, 'name') === resource.version)
    : undefined;
  const scale = at(version, 'subresources', 'scale');
  if (!isObject(scale)) return undefined;
  return {
    spec: stringAt(scale, 'specReplicasPath') ?? '.spec.replicas',
    status: stringAt(scale, 'statusReplicasPath') ?? '.status.replicas',
    selector: stringAt(scale, 'labelSelectorPath') ?? '',
  };
}

/** The object as an autoscaling/v1 Scale. */
export function readScale(object: KubeObject, paths: ScalePaths): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const own = Object.entries({ name, namespace, uid, resourceVersion, creationTimestamp });
  const replicas = readJsonPath(object, paths.spec);
  const selector =
    paths.selector === '' ? selectorText(at(object, 'spec', 'selector')) : readJsonPath(object, paths.selector);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: Object.fromEntries(own.filter(([, value]) => value !== undefined)),
    spec: replicas ? { replicas } : {},
    status: { replicas: readJsonPath(object, paths.status) ?? 0, ...(selector ? { selector } : {}) },
  };
}

/** A LabelSelector as a query (`a=b,c in (d,e)`). */
export function selectorText(selector: unknown): string {
  const labels = isObject(selector) && isObject(selector.matchLabels) ? selector.matchLabels : {};
  const expressions = isObject(selector) && Array.isArray(selector.matchExpressions) ? selector.matchExpressions : [];
  return [
    ...Object.entries(labels).map(([key, value]) => `${key}=${value}`),
    ...expressions.map((expression) => {
      const key = String(at(expression, 'key'));
      const values = at(expression, 'values');
      const list = Array.isArray(values) ? `(${values.join(',')})` : '';
      switch (at(expression, 'operator')) {
        case 'In':
          return `${key} in ${list}`;
        case 'NotIn':
          return `${key} notin ${list}`;
        case 'DoesNotExist':
          return `!${key}`;
        default:
          return key;
      }
    }),
  ].join(',');
}

/** A copy of the object with other replicas. */
export function withReplicas(object: KubeObject, paths: ScalePaths, replicas: number): KubeObject {
  const copy = structuredClone(object);
  const steps = paths.spec.split('.').filter((step) => step !== '');
  const last = steps.pop() ?? 'replicas';
  let here: Record<string, unknown> = copy;
  for (const step of steps) {
    const next = here[step];
    const child: Record<string, unknown> = isObject(next) ? next : {};
    here[step] = child;
    here = child;
  }
  here[last] = replicas;
  return copy;
}
