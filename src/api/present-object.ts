// Objects of the cluster as the API shows them: less what only the API server's own bookkeeping needs.

import type { KubeObject } from '../kube/object.ts';

export function presentObject(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
