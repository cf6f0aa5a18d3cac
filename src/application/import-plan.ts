// What the import of an Argo CD installation's export would do, object by object (Argo CD: cmd/argocd/commands/admin/backup.go, NewImportCommand).
// Where hawser differs: a status is taken when an Application is made and never put over a newer one, operations that were running are
// not taken up, and what hawser itself keeps on an object is no difference; so a second import changes nothing.

import { isEqualJson } from '../base/equal.ts';
import { HawserError } from '../base/errors.ts';
import { isObject, stringAt } from '../base/json.ts';
import { LAST_APPLIED } from '../kube/last-applied.ts';
import { formatKey, groupOf, type KubeObject, keyOf, type ObjectKey } from '../kube/object.ts';
import { parseDocuments } from '../render/yaml/plain.ts';
import { ANNOTATION } from './annotations.ts';
import { EXPORTED_KINDS, type Installation, isOfInstallation, rankOf } from './export.ts';
import { parseProject } from './project.ts';

export interface ImportOptions {
  readonly installation: Installation;
  /** Removes what the file does not have. */
  readonly prune?: boolean;
  /** Takes the operations of Applications that are there already away. */
  readonly stopOperation?: boolean;
  /** Leaves the tracking of objects that an Application manages as it is. */
  readonly ignoreTracking?: boolean;
  /** Objects with this label are passed over. */
  readonly skipLabel?: { readonly key: string; readonly value: string };
}

export type ImportAction = 'create' | 'update' | 'unchanged' | 'skip' | 'prune' | 'needs-pruning';

export interface ImportStep {
  readonly action: ImportAction;
  readonly key: ObjectKey;
  /** As it is to be written; of what goes and of what is passed over, as it is. */
  readonly object: KubeObject;
  /** What people should know of this step. */
  readonly notes: readonly string[];
}

/** The objects of an export, each with its namespace. Throws `InvalidInput` for anything else. */
export function parseExport(text: string, namespace: string, origin: string): readonly KubeObject[] {
  return readObjects(text, origin)
    .map((value, index) => toExported(value, namespace, `${origin}, document ${index + 1}`))
    .map((object, index) => ({ object, index, rank: rankOf(object) }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map(({ object }) => object);
}

/** One step for each object of the file, then one for each of `live` that the file does not have. `live` also has what the file names. */
export function planImport(
  objects: readonly KubeObject[],
  live: readonly KubeObject[],
  options: ImportOptions,
): readonly ImportStep[] {
  const there = new Map(live.map((object) => [formatKey(keyOf(object)), object]));
  const named = new Set<string>();
  const steps = objects.map((object): ImportStep => {
    const key = keyOf(object);
    const id = formatKey(key);
    const isTwice = named.has(id);
    named.add(id);
    if (isTwice) return { action: 'skip', key, object, notes: ['the file has it a second time; the first one counts'] };
    return planOne(object, there.get(id), options);
  });
  const left = live.filter(
    (object) => !named.has(formatKey(keyOf(object))) && isOfInstallation(object, options.installation),
  );
  const action = options.prune ? 'prune' : 'needs-pruning';
  return [...steps, ...left.map((object): ImportStep => ({ action, key: keyOf(object), object, notes: [] }))];
}

/** The same for the Applications of an Argo CD that goes: they stay where they are, without the operations that were running. */
export function planTakeOver(live: readonly KubeObject[]): readonly ImportStep[] {
  return live
    .filter(({ kind }) => kind === 'Application')
    .map((given): ImportStep => {
      const { object, notes } = withoutRunningOperation(given);
      return { action: notes.length > 0 ? 'update' : 'unchanged', key: keyOf(given), object, notes };
    });
}

function planOne(given: KubeObject, live: KubeObject | undefined, options: ImportOptions): ImportStep {
  const key = keyOf(given);
  const { skipLabel, installation } = options;
  const skip = (note: string): ImportStep => ({ action: 'skip', key, object: given, notes: [note] });
  if (skipLabel && given.metadata.labels?.[skipLabel.key] === skipLabel.value) {
    return skip(`it has the label ${skipLabel.key}=${skipLabel.value}`);
  }
  if (/^Application(Set)?$/.test(given.kind) && !isOfInstallation(given, installation)) {
    return skip(
      `the namespace ${key.namespace} may not have any (application.namespaces of argocd-cmd-params-cm, or --application-namespaces)`,
    );
  }
  const { object, notes: ofOperation } = withoutRunningOperation(given);
  const notes = [...ofOperation, ...ineffective(given)];
  if (!live) return { action: 'create', key, object, notes };
  const wanted = mergeInto(live, options.ignoreTracking ? withTrackingOf(object, live) : object);
  const stops = options.stopOperation === true && live.kind === 'Application' && isObject(live.operation);
  if (stops) delete wanted.operation;
  const isSame = isEqualJson(comparable(wanted), comparable(live));
  return { action: isSame ? 'unchanged' : 'update', key, object: isSame ? live : wanted, notes: isSame ? [] : notes };
}

/** What is taken over, and means nothing here. */
function ineffective(given: KubeObject): readonly string[] {
  if (given.kind === 'ApplicationSet') return ['no Applications are made of it yet; those that it has made stay'];
  if (given.kind !== 'AppProject') return [];
  const keys = parseProject(given).unused;
  const signed = isObject(given.spec) && Array.isArray(given.spec.signatureKeys) && given.spec.signatureKeys.length > 0;
  const unused = signed && !keys.includes('signatureKeys') ? [...keys, 'signatureKeys'] : keys;
  return unused.map((key) => `spec.${key} has no effect`);
}

/** An operation of another installation's time is not carried out here: Argo CD would start it at once. */
function withoutRunningOperation(given: KubeObject): { object: KubeObject; notes: readonly string[] } {
  if (given.kind !== 'Application') return { object: given, notes: [] };
  const { operation, ...object } = given;
  const notes: string[] = [];
  if (isObject(operation)) notes.push('the operation that was asked for is not taken over');
  const phase = stringAt(object, 'status', 'operationState', 'phase');
  if ((phase === 'Running' || phase === 'Terminating') && isObject(object.status)) {
    const { operationState: _, ...status } = object.status;
    notes.push('the operation that was running is not taken over');
    return { object: { ...object, status } as KubeObject, notes };
  }
  return { object: object as KubeObject, notes };
}

/** The live object with what the file says of it. */
function mergeInto(live: KubeObject, object: KubeObject): KubeObject {
  const { labels, annotations = {}, finalizers = [] } = object.metadata;
  const kept = Object.entries(live.metadata.annotations ?? {}).filter(([name]) => isKept(name));
  const own = Object.entries(annotations).filter(([name]) => !isKept(name));
  const metadata: KubeObject['metadata'] = {
    ...live.metadata,
    ...(labels && { labels }),
    annotations: Object.fromEntries([...own, ...kept]),
    finalizers: [...finalizers, ...(live.metadata.finalizers ?? []).filter((name) => isHooksOwn(name, finalizers))],
  };
  if (!labels) delete metadata.labels;
  const merged: KubeObject = { ...live, metadata };
  const key = object.kind === 'Secret' || object.kind === 'ConfigMap' ? 'data' : 'spec';
  if (object[key] === undefined) delete merged[key];
  else merged[key] = object[key];
  if (object.kind === 'Secret' && object.metadata.name === 'argocd-secret') {
    merged.data = { ...keptSecretKeys(live.data, object.data), ...(isObject(object.data) ? object.data : {}) };
  }
  if (object.kind === 'Application' && isNewerStatus(object.status, live.status)) merged.status = object.status;
  return merged;
}

/** Of annotations that come and go by themselves: a refresh that is asked for, what was notified of, what kubectl applied. */
function isKept(name: string): boolean {
  return (
    name === LAST_APPLIED ||
    name === 'notified.notifications.argoproj.io' ||
    name.startsWith('hawser.dev/') ||
    /^argocd\.argoproj\.io\/(refresh|hydrate)(-timestamp)?$/.test(name)
  );
}

/** The finalizers of deletion hooks are put there when a render has such hooks. */
function isHooksOwn(name: string, given: readonly string[]): boolean {
  return /^(pre|post)-delete-finalizer\.argocd\.argoproj\.io(\/|$)/.test(name) && !given.includes(name);
}

/** What a server makes for itself where nobody gave it; without these nobody could log in any more. */
function keptSecretKeys(live: unknown, given: unknown): Record<string, unknown> {
  const here = isObject(given) ? given : {};
  const isOwn = (key: string) => key.startsWith('hawser.') || OWN_SECRET_KEYS.includes(key);
  return Object.fromEntries(
    Object.entries(isObject(live) ? live : {}).filter(([key]) => isOwn(key) && !Object.hasOwn(here, key)),
  );
}

const OWN_SECRET_KEYS = ['server.secretkey', 'admin.password', 'admin.passwordMtime'];

/** Only where the live Application was never compared, or longer ago than the file's. `status.resources` is what a prune goes by. */
function isNewerStatus(given: unknown, live: unknown): boolean {
  if (!isObject(given)) return false;
  if (!isObject(live) || live.sync === undefined) return true;
  return (stringAt(given, 'reconciledAt') ?? '') > (stringAt(live, 'reconciledAt') ?? '');
}

/** What is compared: empty is nothing, and what kubectl applied says nothing. */
function comparable({ metadata, ...rest }: KubeObject): unknown {
  const { labels = {}, annotations = {}, finalizers = [] } = metadata;
  return { ...rest, metadata: { labels, annotations, finalizers } };
}

/** Argo CD: updateTracking. */
function withTrackingOf(object: KubeObject, live: KubeObject): KubeObject {
  const { labels, annotations } = object.metadata;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      ...(annotations && {
        annotations: withValueOf(annotations, live.metadata.annotations, ANNOTATION.trackingId),
      }),
      ...(labels && { labels: withValueOf(labels, live.metadata.labels, 'app.kubernetes.io/instance') }),
    },
  };
}

function withValueOf(
  map: Record<string, string>,
  live: Record<string, string> | undefined,
  name: string,
): Record<string, string> {
  const value = live?.[name];
  return value !== undefined && map[name] !== undefined ? { ...map, [name]: value } : map;
}

function readObjects(text: string, origin: string): readonly unknown[] {
  try {
    return parseDocuments(text);
  } catch (error) {
    throw new HawserError('InvalidInput', `${origin} is no YAML`, { cause: error });
  }
}

function toExported(value: unknown, home: string, origin: string): KubeObject {
  const kind = stringAt(value, 'kind') ?? '';
  const apiVersion = stringAt(value, 'apiVersion') ?? '';
  const name = stringAt(value, 'metadata', 'name');
  const isKnown = EXPORTED_KINDS.some(
    (exported) => exported.kind === kind && groupOf(exported.apiVersion) === groupOf(apiVersion),
  );
  if (!isObject(value) || !isObject(value.metadata) || !isKnown || !name) {
    throw new HawserError(
      'InvalidInput',
      `${origin} has ${kind ? `a ${kind}` : 'no object'}${name ? ` ${name}` : ''}`,
      {
        hint: 'argocd admin export and hawser admin export write ConfigMaps, Secrets, AppProjects, Applications and ApplicationSets',
      },
    );
  }
  const namespace = stringAt(value, 'metadata', 'namespace') || home;
  const { resourceVersion: _, uid: __, ...metadata } = value.metadata;
  return withData({ ...value, apiVersion, kind, metadata: { ...metadata, name, namespace } });
}

/** A Secret as the API server keeps it: exports have no stringData, hand-written files may. */
function withData(object: KubeObject): KubeObject {
  const { stringData, ...rest } = object;
  if (object.kind !== 'Secret' || !isObject(stringData)) return object;
  const encoded = Object.entries(stringData).map(([key, value]) => [key, toBase64(String(value))]);
  return {
    ...(rest as KubeObject),
    data: { ...(isObject(object.data) ? object.data : {}), ...Object.fromEntries(encoded) },
  };
}

function toBase64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
}
