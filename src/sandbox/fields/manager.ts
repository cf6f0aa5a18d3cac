// The field manager of one resource: managedFields before and after every kind of write.
//
// Source: k8s.io/apimachinery, pkg/util/managedfields/internal: the chain of NewDefaultFieldManager, read from the outside in
// (version check, last-applied annotation, skip non-applied, cap, manager info, timestamps, strip metadata).

import { at, isObject, stringAt } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { equalJson } from '../../typed/equal.ts';
import {
  type Managed,
  type ManagedEntry,
  type ManagerInfo,
  managerId,
  readManagedFields,
  secondsOf,
  writeManagedFields,
} from '../../typed/fields/managed.ts';
import { formatPath, goJson } from '../../typed/fields/path.ts';
import { difference, type FieldSet, fieldSetOf, hasPath, isEmptySet, pathsOf, union } from '../../typed/fields/set.ts';
import { compareTyped, fieldSetOfValue, formatTypeErrors, validateTyped } from '../../typed/fields/typed.ts';
import { applyOwners, type Conflict, updateOwners, type WriteContext } from '../../typed/fields/updater.ts';
import { refuse } from '../http/status.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const MAX_UPDATE_MANAGERS = 10;

/** Fields that nobody owns (stripmeta.go). */
const STRIPPED = fieldSetOf(
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ...['name', 'namespace', 'creationTimestamp', 'selfLink', 'uid', 'clusterName', 'generation', 'managedFields'].map(
    (name) => ['f:metadata', `f:${name}`],
  ),
  ['f:metadata', 'f:resourceVersion'],
);

export interface FieldManager {
  readonly context: WriteContext;
  /** An object of the kind of which nothing was ever set: what a new object is compared with. */
  readonly empty: KubeObject;
  readonly kind: string;
  /** '' for the main endpoint. */
  readonly subresource: string;
  /** RFC 3339, seconds. */
  readonly now: string;
}

function infoFor(fields: FieldManager, manager: string, operation: 'Apply' | 'Update'): ManagerInfo {
  return {
    manager: manager === '' ? 'unknown' : manager,
    operation,
    apiVersion: fields.context.version,
    subresource: fields.subresource,
  };
}

/** `next` with its managedFields after a create, update or patch by `manager`. `live` is undefined on create. */
export function trackUpdate(
  fields: FieldManager,
  live: KubeObject | undefined,
  next: KubeObject,
  manager: string,
): KubeObject {
  let managed: Managed;
  try {
    managed = liveOrNew(fields, live, next);
  } catch {
    // managedFields that cannot be read start anew (emptyManagedFieldsOnErr).
    managed = new Map();
  }
  const bare = withManagedFields(next, undefined);
  if (managed.size === 0 && live?.metadata.uid) return bare;
  let entries: Map<string, ManagedEntry>;
  try {
    entries = update(fields, live ?? fields.empty, bare, managed, manager);
  } catch {
    // What cannot be compared (an item without its key) is nobody's; validation will say what is wrong (UpdateNoErrors).
    return bare;
  }
  return withManagedFields(bare, writeManagedFields(cap(entries)));
}

/** True for `managedFields: []`, which decoding would drop: ownership is to start anew. */
export function asksForReset(value: unknown): boolean {
  const fields = at(value, 'metadata', 'managedFields');
  return Array.isArray(fields) && fields.length === 0;
}

/** Who owns what is decided by the request where it says so, else by the live object (fieldmanager.go, decodeLiveOrNew). */
function liveOrNew(fields: FieldManager, live: KubeObject | undefined, next: KubeObject): Managed {
  if (fields.subresource !== '') return readManagedFields(live?.metadata.managedFields);
  const given = next.metadata.managedFields;
  const first = given?.[0];
  const isReset = given !== undefined && (given.length === 0 || (given.length === 1 && equalJson(first, {})));
  if (isReset) return new Map();
  try {
    const managed = readManagedFields(given);
    if (managed.size > 0) return managed;
  } catch {
    // As above: what the request says cannot be read, so the live object's counts.
  }
  return readManagedFields(live?.metadata.managedFields);
}

function update(
  fields: FieldManager,
  live: KubeObject,
  next: KubeObject,
  managed: Managed,
  manager: string,
): Map<string, ManagedEntry> {
  const info = infoFor(fields, manager, 'Update');
  const id = managerId(info);
  const self: ManagerInfo = { ...info, manager: 'current-operation', subresource: '\u0000' };
  const entries = updateOwners(fields.context, withManagedFields(live, undefined), next, managed, self);
  strip(entries, managerId(self));
  const own = entries.get(managerId(self));
  if (own) {
    entries.delete(managerId(self));
    const previous = entries.get(id);
    // Changes through scale carry no time (scalehandler.go).
    const time = fields.subresource === 'scale' ? undefined : fields.now;
    entries.set(id, { ...info, set: previous ? union(own.set, previous.set) : own.set, time });
  }
  return entries;
}

function strip(entries: Map<string, ManagedEntry>, id: string): void {
  const entry = entries.get(id);
  if (!entry) return;
  const set = difference(entry.set, STRIPPED);
  if (isEmptySet(set)) entries.delete(id);
  else entries.set(id, { ...entry, set });
}

/** Beyond ten updaters the oldest are put together as `ancient-changes` (capmanagers.go). */
function cap(entries: Map<string, ManagedEntry>): Map<string, ManagedEntry> {
  const updaters = [...entries]
    .filter(([, entry]) => entry.operation === 'Update')
    .sort(([a, left], [b, right]) => secondsOf(left.time) - secondsOf(right.time) || (a < b ? -1 : 1));
  let count = updaters.length;
  const first = new Map<string, string>();
  for (const [id, entry] of updaters) {
    if (count <= MAX_UPDATE_MANAGERS) break;
    const { apiVersion } = entry;
    const oldest = first.get(apiVersion);
    if (oldest === undefined) {
      first.set(apiVersion, id);
      continue;
    }
    const info: ManagerInfo = { manager: 'ancient-changes', operation: 'Update', apiVersion, subresource: '' };
    const bucket = managerId(info);
    const seed = entries.get(bucket) ?? entries.get(oldest);
    if (!entries.has(bucket)) entries.delete(oldest);
    entries.set(bucket, { ...info, set: seed ? union(entry.set, seed.set) : entry.set, time: entry.time });
    entries.delete(id);
    count--;
  }
  return entries;
}

/**
 * The object after an apply of `config` over `live` (undefined: it is created), before defaulting.
 * Throws `400` for a config that is none, `409` for conflicts, `500` for one that does not fit the schema: as the API server.
 */
export function trackApply(
  fields: FieldManager,
  live: KubeObject | undefined,
  config: KubeObject,
  manager: string,
  force: boolean,
): KubeObject {
  checkVersion(fields, config);
  const base = live ?? fields.empty;
  let managed = readManagedFields(base.metadata.managedFields);
  if (managed.size === 0 && live) {
    managed = update(fields, fields.empty, withManagedFields(live, undefined), managed, 'before-first-apply');
  }
  checkConfig(fields, config);
  const info = infoFor(fields, manager, 'Apply');
  const bare = withManagedFields(base, undefined);
  let applied = applyOwners(fields.context, bare, config, managed, info, force);
  if (applied.conflicts.length > 0 && !force) {
    const left =
      manager === 'kubectl' ? conflictsBeyondLastApplied(fields, bare, applied.conflicts) : applied.conflicts;
    if (left.length > 0) throw conflictError(left);
    applied = applyOwners(fields.context, bare, config, managed, info, true);
  }
  const id = managerId(info);
  strip(applied.managed, id);
  if (!isObject(applied.value)) throw refuse(500, '', 'apply left no object');
  const changed = !equalJson(bare, applied.value);
  const own = applied.managed.get(id);
  // An apply that changes nothing gives a new owner no time (managedfieldsupdater.go).
  if (own && changed) applied.managed.set(id, { ...own, time: fields.now });
  let next: KubeObject = { ...base, ...asObject(applied.value) };
  for (const key of Object.keys(next)) if (!(key in applied.value)) delete next[key];
  next = withManagedFields(next, writeManagedFields(applied.managed));
  return manager === 'kubectl' ? refreshLastApplied(next, config) : next;
}

function asObject(value: Record<string, unknown>): KubeObject {
  const metadata = isObject(value.metadata) ? value.metadata : {};
  return { ...value, apiVersion: String(value.apiVersion), kind: String(value.kind), metadata: { ...metadata } };
}

function checkVersion(fields: FieldManager, config: KubeObject): void {
  if (config.apiVersion === fields.context.version && config.kind === fields.kind) return;
  throw refuse(400, 'BadRequest', `invalid object type: ${formatKind(config)}`);
}

function checkConfig(fields: FieldManager, config: KubeObject): void {
  if (config.metadata?.managedFields !== undefined && config.metadata.managedFields !== null)
    throw refuse(400, 'BadRequest', 'metadata.managedFields must be nil');
  const versioned = fields.context.convert(config, fields.context.version, fields.context.version);
  if (!versioned) throw refuse(500, '', `no schema for ${fields.context.version}`);
  const problems = validateTyped(versioned.atom, config);
  if (problems.length === 0) return;
  throw refuse(
    500,
    '',
    `failed to create typed patch object (${nameForErrors(config)}): ${formatTypeErrors(problems)}`,
  );
}

/** `GROUP/VERSION, Kind=KIND`, as GroupVersionKind prints itself. */
function formatKind({ apiVersion, kind }: KubeObject): string {
  return `${apiVersion.includes('/') ? '' : '/'}${apiVersion}, Kind=${kind}`;
}

/** How messages of server-side apply name an object. */
export function nameForErrors(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}; ${formatKind(object)}`;
}

/** kubectl may take over what its own client-side apply set (lastappliedmanager.go). */
function conflictsBeyondLastApplied(
  fields: FieldManager,
  live: KubeObject,
  conflicts: readonly Conflict[],
): readonly Conflict[] {
  const text = live.metadata.annotations?.[LAST_APPLIED];
  if (!text) return conflicts;
  let last: unknown;
  try {
    last = JSON.parse(text);
  } catch {
    return conflicts;
  }
  if (stringAt(last, 'apiVersion') !== fields.context.version) return conflicts;
  const versioned = fields.context.convert(live, fields.context.version, fields.context.version);
  if (!versioned || validateTyped(versioned.atom, last).length > 0) return conflicts;
  const { added, modified, removed } = compareTyped(versioned.atom, last, versioned.value);
  let allowed: FieldSet = fieldSetOfValue(versioned.atom, last);
  for (const changed of [modified, added, removed]) allowed = difference(allowed, changed);
  return conflicts.filter(({ path }) => !hasPath(allowed, path));
}

function refreshLastApplied(next: KubeObject, config: KubeObject): KubeObject {
  const annotations = next.metadata.annotations;
  if (!annotations?.[LAST_APPLIED]) return next;
  const { [LAST_APPLIED]: _, ...own } = config.metadata.annotations ?? {};
  const metadata = config.metadata.annotations ? { ...config.metadata, annotations: own } : config.metadata;
  const text = `${goJson(sortKeys({ ...config, metadata }))}\n`;
  return { ...next, metadata: { ...next.metadata, annotations: { ...annotations, [LAST_APPLIED]: text } } };
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortKeys(value[key])]),
  );
}

function withManagedFields(object: KubeObject, managedFields: KubeObject['metadata']['managedFields']): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata: managedFields === undefined ? metadata : { ...metadata, managedFields } };
}

/** 409 with a cause for each field (conflict.go). */
function conflictError(conflicts: readonly Conflict[]): Error {
  const causes = conflicts.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${formatManager(manager)}`,
    field: formatPath(path),
  }));
  const [only] = conflicts;
  let message: string;
  if (conflicts.length === 1 && only) {
    message = `Apply failed with 1 conflict: conflict with ${formatManager(only.manager)}: ${formatPath(only.path)}`;
  } else {
    const lines: string[] = [];
    for (const [index, { manager, path }] of conflicts.entries()) {
      if (conflicts[index - 1]?.manager !== manager) lines.push(`conflicts with ${formatManager(manager)}:`);
      lines.push(`- ${formatPath(path)}`);
    }
    message = `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`;
  }
  return refuse(409, 'Conflict', message, { causes });
}

/** The identity holds no time, so the message of the API server has none either. */
function formatManager(entry: ManagedEntry): string {
  const subresource = entry.subresource === '' ? '' : ` with subresource ${JSON.stringify(entry.subresource)}`;
  const using = entry.operation === 'Update' ? ` using ${entry.apiVersion}` : '';
  return `${JSON.stringify(entry.manager)}${subresource}${using}`;
}

/** True when two objects differ in nothing but the times of their managedFields. */
export function equalButTimes(a: KubeObject, b: KubeObject): boolean {
  return equalJson(withoutTimes(a), withoutTimes(b));
}

function withoutTimes(object: KubeObject): unknown {
  const managedFields = (object.metadata.managedFields ?? []).map((entry) =>
    isObject(entry) ? { ...entry, time: undefined } : entry,
  );
  return { ...object, metadata: { ...object.metadata, managedFields, resourceVersion: undefined } };
}

/** The names of the managers that own a path, for tests and messages. */
export function ownersOf(object: KubeObject, path: readonly string[]): string[] {
  const managed = readManagedFields(at(object, 'metadata', 'managedFields'));
  return [...managed.values()].filter(({ set }) => hasPath(set, path)).map(({ manager }) => manager);
}

export { pathsOf };
