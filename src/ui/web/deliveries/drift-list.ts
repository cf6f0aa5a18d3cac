// Drift over all Applications: whether what was changed is as Git says again, by the Applications as they are now.

import type { Application } from '../../../application/types.ts';
import type { Routes } from '../api/types.ts';

export type Drift = Routes['GET /api/v1/drift']['answer']['items'][number];

export type DriftState = 'repaired' | 'differs' | 'unknown';

export function driftState({ kind, name, at }: Drift, app: Application | undefined): DriftState {
  const found = app?.status.resources?.filter((resource) => resource.kind === kind && resource.name === name) ?? [];
  if (found.length === 0) return 'unknown';
  if (found.some(({ status }) => status !== 'Synced')) return 'differs';
  // A comparison of before the change says nothing about it.
  const comparedAt = app?.status.reconciledAt;
  return comparedAt !== undefined && Date.parse(comparedAt) < Math.floor(Date.parse(at) / 1_000) * 1_000
    ? 'unknown'
    : 'repaired';
}

/** A value as it stands in a sentence. */
export function shownValue(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Entries of a service of Kubernetes' own, in short: `system:serviceaccount:ns:name` is `ns/name`. */
export function shownUser(user: string): string {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  return namespace === undefined ? user : `${namespace}/${name}`;
}
