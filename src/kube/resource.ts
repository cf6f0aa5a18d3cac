// What an API server serves: one resource (deployments) of one group and version, and the path of its objects.

import { HawserError } from '../base/errors.ts';
import type { KubeObject } from './object.ts';

export interface ApiResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Lower-case plural, as in paths: `deployments`. */
  readonly plural: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** Names without the resource's own: `status`, `scale`. */
  readonly subresources: readonly string[];
}

/** A kind of objects: `apps/v1`, `Deployment`. */
export interface TypeRef {
  readonly apiVersion: string;
  readonly kind: string;
}

/** One object by its coordinates. `namespace` is left out for cluster-scoped kinds. */
export interface ObjectRef extends TypeRef {
  readonly name: string;
  readonly namespace?: string;
}

export function refOf(object: KubeObject): ObjectRef {
  const { name = '', namespace } = object.metadata;
  return { apiVersion: object.apiVersion, kind: object.kind, name, ...(namespace ? { namespace } : {}) };
}

/** The path of a collection, or of one object in it. A cluster-scoped resource ignores the namespace. Throws `InvalidInput`. */
export function pathOf(resource: ApiResource, namespace?: string, name?: string): string {
  const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const scope = resource.namespaced && namespace ? `/namespaces/${pathStep(namespace)}` : '';
  return `${root}${scope}/${resource.plural}${name ? `/${pathStep(name)}` : ''}`;
}

/** One name as a part of a path. No object is called `.` or `..` (apimachinery: NameMayNotBe), and a request would go up by them. */
export function pathStep(name: string): string {
  if (name !== '.' && name !== '..') return encodeURIComponent(name);
  throw new HawserError('InvalidInput', `${name} is no name of an object or a namespace`);
}
