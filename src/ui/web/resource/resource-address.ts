// How an address names one object: `?resource=apps/Deployment/shop/web`, with group and namespace empty where there is none. Pure.

import { keyOfRef, type ObjectRef } from '../tree/tree-model.ts';

export function queryOfResource(ref: Omit<ObjectRef, 'version'>): { readonly resource: string } {
  return { resource: keyOfRef(ref) };
}

/** undefined where none is named. The version is not part of it: it is the one that the cluster prefers. */
export function parseResourceKey(key: string | undefined): ObjectRef | undefined {
  const [, group, kind, namespace, name] = /^([^/]*)\/([^/]+)\/([^/]*)\/(.+)$/.exec(key ?? '') ?? [];
  if (!kind || !name) return undefined;
  return { group: group ?? '', version: '', kind, namespace: namespace ?? '', name };
}

/** As the API takes it. */
export function apiQueryOf({ group, version, kind, namespace, name }: ObjectRef) {
  return { group, version, kind, namespace, resourceName: name };
}
