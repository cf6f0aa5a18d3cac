// Whose is an object? Argo CD's tracking id, and the label that some installations keep (util/argo/resource_tracking.go).

import { ANNOTATION, annotationOf } from '../application/annotations.ts';
import { HawserError } from '../base/errors.ts';
import { groupOf, type KubeObject, type ObjectKey } from '../kube/object.ts';

export type TrackingMethod = 'annotation' | 'annotation+label' | 'label';

/** argocd-cm: `application.resourceTrackingMethod`, `application.instanceLabelKey`, `installationID`. */
export interface Tracking {
  readonly method: TrackingMethod;
  readonly labelKey: string;
  /** Tells two installations on one cluster apart; '' without. */
  readonly installationId: string;
}

export const DEFAULT_TRACKING: Tracking = {
  method: 'annotation',
  labelKey: 'app.kubernetes.io/instance',
  installationId: '',
};

/** What a tracking id says: this object belongs to this Application. */
export interface TrackingId extends ObjectKey {
  readonly instance: string;
}

const LABEL_LIMIT = 63;

/** `<instance>:<group>/<kind>:<namespace>/<name>`; the core group is empty. */
export function formatTrackingId(id: TrackingId): string {
  return `${id.instance}:${id.group}/${id.kind}:${id.namespace}/${id.name}`;
}

/** undefined for a text of another form. */
export function parseTrackingId(text: string): TrackingId | undefined {
  const [instance = '', type, ...rest] = text.split(':');
  if (type === undefined || rest.length === 0) return undefined;
  const [group, kind, ...moreType] = type.split('/');
  const [namespace, name, ...moreName] = rest.join(':').split('/');
  if (kind === undefined || name === undefined || moreType.length > 0 || moreName.length > 0) return undefined;
  return { instance, group: group ?? '', kind, namespace: namespace ?? '', name };
}

/** The id that an object of Git gets; even cluster-scoped ones carry the destination namespace. */
export function trackingIdFor(object: KubeObject, instance: string, destinationNamespace: string): TrackingId {
  return {
    instance,
    group: groupOf(object.apiVersion),
    kind: object.kind,
    namespace: object.metadata.namespace || destinationNamespace,
    name: object.metadata.name ?? '',
  };
}

/** The id that a live object carries, if it is readable and of this installation. */
export function trackingIdOf(object: KubeObject, tracking: Tracking = DEFAULT_TRACKING): TrackingId | undefined {
  if (tracking.installationId && annotationOf(object, ANNOTATION.installationId) !== tracking.installationId) {
    return undefined;
  }
  return parseTrackingId(annotationOf(object, ANNOTATION.trackingId) ?? '');
}

/** The instance name that an object names, '' for none. */
export function trackedInstance(object: KubeObject, tracking: Tracking = DEFAULT_TRACKING): string {
  if (tracking.method === 'label') return object.metadata.labels?.[tracking.labelKey] ?? '';
  return trackingIdOf(object, tracking)?.instance ?? '';
}

/** The object names this Application as its own, and itself (not the object from which a controller copied it). */
export function isTrackedBy(object: KubeObject, instance: string, tracking: Tracking = DEFAULT_TRACKING): boolean {
  if (trackedInstance(object, tracking) !== instance) return false;
  if (tracking.method === 'label') return true;
  const id = trackingIdOf(object, tracking);
  return id !== undefined && describes(id, object);
}

/**
 * The id is about this object. Cluster-scoped objects carry some namespace in it, which says nothing; that of an object with
 * `generateName` was written before it had a name.
 */
export function describes(id: ObjectKey, object: KubeObject): boolean {
  const { namespace = '', name, generateName } = object.metadata;
  const isSoNamed = name === id.name || (id.name === '' && generateName !== undefined);
  return (
    (namespace === '' || namespace === id.namespace) &&
    isSoNamed &&
    groupOf(object.apiVersion) === id.group &&
    object.kind === id.kind
  );
}

/** A copy of the object that names its Application. Throws `InvalidInput` where the label cannot hold the name. */
export function withTracking(
  object: KubeObject,
  instance: string,
  destinationNamespace: string,
  tracking: Tracking = DEFAULT_TRACKING,
): KubeObject {
  let metadata = object.metadata;
  if (tracking.method !== 'label') {
    const { [ANNOTATION.installationId]: _, ...others } = metadata.annotations ?? {};
    const annotations = {
      ...others,
      ...(tracking.installationId ? { [ANNOTATION.installationId]: tracking.installationId } : {}),
      [ANNOTATION.trackingId]: formatTrackingId(trackingIdFor(object, instance, destinationNamespace)),
    };
    metadata = { ...metadata, annotations };
  }
  if (tracking.method !== 'annotation') {
    // By label alone the value is the name itself: cut, it would name nobody.
    const value = tracking.method === 'label' ? instance : truncateLabel(instance);
    metadata = { ...metadata, labels: { ...metadata.labels, [tracking.labelKey]: value } };
  }
  return { ...object, metadata };
}

/** A copy without what `withTracking` set. */
export function withoutTracking(object: KubeObject, method: string = DEFAULT_TRACKING.method): KubeObject {
  let metadata = object.metadata;
  if (method !== 'label') {
    metadata = withoutKeys(metadata, 'annotations', [ANNOTATION.trackingId, ANNOTATION.installationId]);
  }
  if (method === 'label' || method === 'annotation+label') {
    metadata = withoutKeys(metadata, 'labels', [DEFAULT_TRACKING.labelKey]);
  }
  return { ...object, metadata };
}

/**
 * Live as it would look had it always been tracked by annotation: an object that only has the label gets the annotation of
 * Git's, and the label goes when Git has none. Without this, the move from labels would show everything OutOfSync.
 */
export function alignTracking(target: KubeObject, live: KubeObject, labelKey: string, method: string): KubeObject {
  if (method === '' || method === 'label') return live;
  const isCrd = groupOf(live.apiVersion) === 'apiextensions.k8s.io' && live.kind === 'CustomResourceDefinition';
  if (!live.metadata.labels?.[labelKey] || isCrd) return live;
  let metadata = live.metadata;
  if (!annotationOf(live, ANNOTATION.trackingId)) {
    const id = annotationOf(target, ANNOTATION.trackingId) ?? '';
    metadata = { ...metadata, annotations: { ...metadata.annotations, [ANNOTATION.trackingId]: id } };
  }
  if (!target.metadata.labels?.[labelKey]) metadata = withoutKeys(metadata, 'labels', [labelKey]);
  return { ...live, metadata };
}

/** The first 63 characters, without what a label must not end in. */
function truncateLabel(text: string): string {
  if (text.length <= LABEL_LIMIT) return text;
  const cut = text.slice(0, LABEL_LIMIT).replace(/[^a-zA-Z0-9]+$/, '');
  if (cut !== '') return cut;
  throw new HawserError(
    'InvalidInput',
    'failed to set app instance label: unable to truncate label to not end with a special character',
  );
}

/** Leaves no empty map behind. */
function withoutKeys<K extends 'annotations' | 'labels'>(
  metadata: KubeObject['metadata'],
  field: K,
  keys: readonly string[],
): KubeObject['metadata'] {
  const { [field]: entries, ...others } = metadata;
  const kept = Object.entries(entries ?? {}).filter(([key]) => !keys.includes(key));
  return kept.length > 0 ? { ...others, [field]: Object.fromEntries(kept) } : others;
}
