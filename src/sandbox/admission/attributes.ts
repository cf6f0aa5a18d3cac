// What is being admitted: one write to one object, as admission sees it.

import type { KubeObject } from '../../kube/object.ts';
import type { Resource } from '../resource/resource.ts';

export interface Attributes {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  /** In the version of the request. */
  readonly resource: Resource;
  readonly subresource: string;
  /** What is written, where that is no object of the resource itself: the Scale of its scale subresource. */
  readonly as?: { readonly group: string; readonly version: string; readonly kind: string };
  /** '' for cluster-scoped kinds; of a Namespace its own name. */
  readonly namespace: string;
  /** '' while it is to be generated, and in the deletion of a collection. */
  readonly name: string;
  /** As it will be; of a deletion undefined. */
  readonly object: KubeObject | undefined;
  /** As it was; of a creation undefined. */
  readonly oldObject: KubeObject | undefined;
  readonly dryRun: boolean;
  /** What the client asked for beside it: `fieldManager`, `propagationPolicy` … */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Webhooks, asked in the middle of a write. Both may throw a Refusal. */
export interface Admission {
  /** The object as mutating webhooks leave it. */
  mutate(attributes: Attributes): KubeObject | undefined;
  validate(attributes: Attributes): void;
}

/** The namespace that requests for an object are said to be in. */
export function namespaceOf(resource: Resource, namespace: string, name: string): string {
  if (resource.storage === '/namespaces') return name;
  return resource.namespaced ? namespace : '';
}
