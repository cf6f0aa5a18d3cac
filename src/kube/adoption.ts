// Taking over what others applied: their entries in managedFields become ours (client-go: util/csaupgrade).

import { isEqualJson } from '../base/equal.ts';
import { isObject, type JsonObject } from '../base/json.ts';
import { LAST_APPLIED } from './last-applied.ts';
import {
  type FieldSet,
  formatFields,
  isEmptySet,
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

/** Who applied before us: kubectl apply, and Argo CD by either kind of apply. Others' fields stay theirs. */
const PREDECESSORS: readonly Pick<ManagedFieldsEntry, 'manager' | 'operation'>[] = [
  { manager: 'kubectl-client-side-apply', operation: 'Update' },
  { manager: 'argocd-controller', operation: 'Update' },
  { manager: 'argocd-controller', operation: 'Apply' },
];

/** Who made objects before us and tells nowhere what of them was asked for: `kubectl apply --server-side`, and Helm 3 and 4. */
const SHARERS: readonly Pick<ManagedFieldsEntry, 'manager' | 'operation'>[] = [
  { manager: 'kubectl', operation: 'Apply' },
  { manager: 'helm', operation: 'Update' },
  { manager: 'helm', operation: 'Apply' },
];

/** Applied on the client's side before: as an updater it is a predecessor of itself as an applier. */
const SELF = 'hawser';

/** Whose fields become ours beside those that always do. */
export interface Adoption {
  /** False: who applied on the client's side keeps its fields (Argo CD: `ClientSideApplyMigration=false`). */
  readonly clientSide: boolean;
  /** One more manager that applied on the client's side. */
  readonly manager?: string;
}

const ADOPT_ALL: Adoption = { clientSide: true };

/** The managers of a live object whose fields become ours; empty for most. */
export function predecessorsOf(live: KubeObject, adoption: Adoption = ADOPT_ALL): readonly string[] {
  return [
    ...new Set(
      managedFieldsOf(live)
        .filter(predecessorTest(live, adoption))
        .map(({ manager }) => manager),
    ),
  ];
}

function predecessorTest(object: KubeObject, { clientSide, manager }: Adoption) {
  const wasApplied = object.metadata.annotations?.[LAST_APPLIED] !== undefined;
  return (entry: ManagedFieldsEntry): boolean => {
    if (entry.operation !== 'Update') return isPredecessor(entry);
    if (!clientSide || entry.subresource !== '') return false;
    return isPredecessor(entry) || entry.manager === manager || (entry.manager === SELF && wasApplied);
  };
}

/**
 * What a forced apply will have made of the object once its predecessors' fields are ours: `predicted` is the dry run's answer
 * before that, and what only a predecessor applied goes. (Two writes cannot be tried in one dry run.)
 */
export function withoutPredecessors(predicted: KubeObject, adoption: Adoption = ADOPT_ALL): KubeObject {
  const isTheirs = predecessorTest(predicted, adoption);
  const applied = ownedFields(predicted, (entry) => isTheirs(entry) && entry.operation === 'Apply');
  const updated = ownedFields(predicted, (entry) => isTheirs(entry) && entry.operation === 'Update');
  const theirs = withParents(unionFields(applied, withoutDefaults(updated, predicted)));
  const kept = ownedFields(predicted, (entry) => !isTheirs(entry));
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
export function adoptionPatch(
  live: KubeObject,
  manager: string,
  adoption: Adoption = ADOPT_ALL,
): readonly JsonObject[] | undefined {
  const entries = managedFieldsOf(live);
  const isTheirs = predecessorTest(live, adoption);
  const theirs = entries.filter(isTheirs);
  const [first] = theirs;
  if (!first) return undefined;
  const ours = entries.filter((entry) => isOurs(entry, manager));
  const fields = [...theirs, ...ours].map((entry) => parseFields(entry.fieldsV1)).reduce(unionFields);
  const raw = live.metadata.managedFields ?? [];
  const others = raw.filter((_, index) => {
    const entry = entries[index];
    return entry !== undefined && !isTheirs(entry) && !isOurs(entry, manager);
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

/**
 * The managers that share fields with us: what Git names is ours alone after a sync, so that it goes when it leaves Git. What Git never
 * named (Helm's marks of a release, say) stays theirs, and stays.
 */
export function sharersOf(object: KubeObject, manager: string, adoption: Adoption = ADOPT_ALL): readonly string[] {
  const sharing = managedFieldsOf(object).filter((entry) => releasedBy(entry, object, manager, adoption));
  return [...new Set(sharing.map((entry) => entry.manager))];
}

/** A JSON patch that takes our fields from those that share them, guarded by the version; undefined when there are none. */
export function releasePatch(
  object: KubeObject,
  manager: string,
  adoption: Adoption = ADOPT_ALL,
): readonly JsonObject[] | undefined {
  const entries = managedFieldsOf(object);
  let isShared = false;
  const value = (object.metadata.managedFields ?? []).flatMap((raw, index) => {
    const entry = entries[index];
    const left = entry && releasedBy(entry, object, manager, adoption);
    if (!left) return [raw];
    isShared = true;
    return isEmptySet(left) || !isObject(raw) ? [] : [{ ...raw, fieldsV1: formatFields(left) }];
  });
  if (!isShared) return undefined;
  return [
    { op: 'replace', path: '/metadata/managedFields', value },
    { op: 'replace', path: '/metadata/resourceVersion', value: object.metadata.resourceVersion ?? '' },
  ];
}

/** What is left to a sharer without our fields; undefined where nothing is shared. */
function releasedBy(
  entry: ManagedFieldsEntry,
  object: KubeObject,
  manager: string,
  { clientSide }: Adoption,
): FieldSet | undefined {
  if (!isSharer(entry) || entry.manager === manager || (!clientSide && entry.operation === 'Update')) return undefined;
  const ours = ownedFields(object, (other) => isOurs(other, manager));
  const theirs = parseFields(entry.fieldsV1);
  const left = releasedFields(theirs, ours);
  return isEqualJson(formatFields(left), formatFields(theirs)) ? undefined : left;
}

function isSharer(entry: ManagedFieldsEntry): boolean {
  if (entry.subresource !== '') return false;
  return SHARERS.some(({ manager, operation }) => entry.manager === manager && entry.operation === operation);
}

/** The entry is of somebody whose fields become ours. */
export function isPredecessor(entry: ManagedFieldsEntry): boolean {
  if (entry.subresource !== '') return false;
  return PREDECESSORS.some(({ manager, operation }) => entry.manager === manager && entry.operation === operation);
}

function isOurs(entry: ManagedFieldsEntry, manager: string): boolean {
  return entry.manager === manager && entry.operation === 'Apply' && entry.subresource === '';
}
