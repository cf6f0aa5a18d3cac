// Taking over what others applied: their entries in managedFields become ours (client-go: util/csaupgrade).

import type { JsonObject } from '../base/json.ts';
import {
  type FieldSet,
  formatFields,
  type ManagedFieldsEntry,
  managedFieldsOf,
  ownedFields,
  parseFields,
  presentFields,
  releasedFields,
  unionFields,
  withoutFields,
  withParents,
} from './managed-fields.ts';
import type { KubeObject } from './object.ts';
import { isKubeObject } from './parse.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Who applied before us: kubectl apply, and Argo CD by either kind of apply. Others' fields stay theirs. */
const PREDECESSORS: readonly Pick<ManagedFieldsEntry, 'manager' | 'operation'>[] = [
  { manager: 'kubectl-client-side-apply', operation: 'Update' },
  { manager: 'argocd-controller', operation: 'Update' },
  { manager: 'argocd-controller', operation: 'Apply' },
];

/** The managers of a live object whose fields become ours; empty for most. */
export function predecessorsOf(live: KubeObject): readonly string[] {
  return [
    ...new Set(
      managedFieldsOf(live)
        .filter(isPredecessor)
        .map(({ manager }) => manager),
    ),
  ];
}

/**
 * What a forced apply will have made of the object once its predecessors' fields are ours: `predicted` is the dry run's answer
 * before that, and what only a predecessor applied goes. (Two writes cannot be tried in one dry run.)
 */
export function withoutPredecessors(predicted: KubeObject): KubeObject {
  const applied = ownedFields(predicted, (entry) => isPredecessor(entry) && entry.operation === 'Apply');
  const updated = ownedFields(predicted, (entry) => isPredecessor(entry) && entry.operation === 'Update');
  const theirs = withParents(unionFields(applied, withoutDefaults(updated, predicted)));
  const kept = ownedFields(predicted, (entry) => !isPredecessor(entry));
  const result = withoutFields(predicted, releasedFields(theirs, kept));
  return isKubeObject(result) ? result : predicted;
}

/**
 * Who applies on the client's side owns the defaults, too, which would come back at once: only what was asked for counts, by the
 * annotation that tells it.
 */
function withoutDefaults(fields: FieldSet, object: KubeObject): FieldSet {
  const text = object.metadata.annotations?.[LAST_APPLIED];
  if (text === undefined) return fields;
  try {
    return presentFields(fields, JSON.parse(text));
  } catch {
    return fields; // Not what kubectl wrote: all that it owns counts.
  }
}

/** A JSON patch that moves the predecessors' fields to `manager`, guarded by the version that was read; undefined when there are none. */
export function adoptionPatch(live: KubeObject, manager: string): readonly JsonObject[] | undefined {
  const entries = managedFieldsOf(live);
  const theirs = entries.filter(isPredecessor);
  const [first] = theirs;
  if (!first) return undefined;
  const ours = entries.filter((entry) => isOurs(entry, manager));
  const fields = [...theirs, ...ours].map((entry) => parseFields(entry.fieldsV1)).reduce(unionFields);
  const raw = live.metadata.managedFields ?? [];
  const others = raw.filter((_, index) => {
    const entry = entries[index];
    return entry !== undefined && !isPredecessor(entry) && !isOurs(entry, manager);
  });
  const entry = {
    manager,
    operation: 'Apply',
    apiVersion: ours[0]?.apiVersion ?? first.apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1: formatFields(fields),
  };
  return [
    { op: 'replace', path: '/metadata/managedFields', value: [entry, ...others] },
    { op: 'replace', path: '/metadata/resourceVersion', value: live.metadata.resourceVersion ?? '' },
  ];
}

/** The entry is of somebody whose fields become ours. */
export function isPredecessor(entry: ManagedFieldsEntry): boolean {
  if (entry.subresource !== '') return false;
  return PREDECESSORS.some(({ manager, operation }) => entry.manager === manager && entry.operation === operation);
}

function isOurs(entry: ManagedFieldsEntry, manager: string): boolean {
  return entry.manager === manager && entry.operation === 'Apply' && entry.subresource === '';
}
