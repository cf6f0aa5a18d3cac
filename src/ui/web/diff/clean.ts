// Objects without what the API server keeps for itself, which is no difference that anybody wants to see.

import { isMap } from './list-key.ts';

const METADATA = [
  'managedFields',
  'generation',
  'resourceVersion',
  'uid',
  'creationTimestamp',
  'selfLink',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
];
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Without status, and without the bookkeeping of metadata. Not an object of Kubernetes: as it is. */
export function withoutBookkeeping(value: unknown): unknown {
  if (!isMap(value) || typeof value.kind !== 'string' || !isMap(value.metadata)) return value;
  const { status: _, ...rest } = value;
  const metadata = without(value.metadata, METADATA);
  const { annotations } = metadata;
  if (!isMap(annotations) || !(LAST_APPLIED in annotations)) return { ...rest, metadata };
  const kept = without(annotations, [LAST_APPLIED]);
  if (Object.keys(kept).length > 0) return { ...rest, metadata: { ...metadata, annotations: kept } };
  return { ...rest, metadata: without(metadata, ['annotations']) };
}

function without(map: Readonly<Record<string, unknown>>, keys: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}
