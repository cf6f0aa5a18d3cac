// A write to an object that an Application has made: whose it is, and what of Git's it changes. All from memory, within milliseconds; what
// is said here is looked up in the cluster before anything is done.

import { isHook } from '../application/hook.ts';
import type { Application, ResourceStatus } from '../application/types.ts';
import { isHawserError } from '../base/errors.ts';
import { at } from '../base/json.ts';
import type { FieldChange } from '../compare/field-changes.ts';
import { readIgnoreRules } from '../compare/ignore.ts';
import { isSecret } from '../compare/mask-secret.ts';
import { describes, trackingIdOf } from '../compare/tracking.ts';
import { type KubeObject, keyOf, type ObjectKey } from '../kube/object.ts';
import { touchedFields } from './drift-fields.ts';
import { findInstance } from './known-applications.ts';
import type { Notice } from './notice.ts';
import { keyOfApplication, type Road } from './road.ts';
import { isPerson } from './writer.ts';

export interface Touched {
  readonly app: Application;
  readonly key: ObjectKey;
  /** As it was; of a Scale what it scales, without more than its replicas. */
  readonly object: KubeObject;
  /** Of a deletion none. Values of Secrets are masked. */
  readonly fields: readonly FieldChange[];
  readonly isDeletion: boolean;
  /** False while it is not known whether Git says anything about what is changed. */
  readonly isCertain: boolean;
}

/** undefined for what belongs to no known Application, and for what changes nothing that Git says. */
export function findTouched(road: Road, notice: Notice): Touched | undefined {
  const found = notice.scaled ? findScaled(road, notice, notice.scaled) : findTracked(road, notice);
  if (!found) return undefined;
  const { app, before, object } = found;
  const key = keyOf(before);
  if (app.metadata.deletionTimestamp || before.metadata.deletionTimestamp || !isAtHome(road, app)) return undefined;
  const known = resourceOf(app, key);
  if (known?.hook || isHook(before)) return undefined;
  if (notice.operation === 'DELETE') {
    return { app, key, object: before, fields: [], isDeletion: true, isCertain: true };
  }
  if (!object) return undefined;
  const name = keyOfApplication(app);
  const isMoving = road.inWork.has(name) || road.drift.isSuspect(name, key) || road.drift.isTaken(name, key);
  // What differs may be put right by any field; but controllers write all the time, and would have it compared each time.
  const mayBePutRight =
    (known?.status ?? 'Synced') !== 'Synced' && (notice.writer === undefined || isPerson(notice.writer));
  const wasSynced = !isMoving && !mayBePutRight;
  const fields = changesOf(road, app, before, object, wasSynced);
  const setsReplicas = notice.scaled ? road.drift.setsReplicas(name, key) : true;
  if (fields.length === 0 || setsReplicas === false) return undefined;
  const touched = { app, key, object: before, isDeletion: false, isCertain: setsReplicas === true };
  return { ...touched, fields: isSecret(before) ? fields.map(maskValues) : fields };
}

/** What of Git's differs between two states of an object, without what is ignored. */
export function changesOf(
  road: Road,
  app: Application,
  before: KubeObject,
  after: KubeObject,
  wasSynced: boolean,
): readonly FieldChange[] {
  return touchedFields(withoutIgnored(road, app, before), withoutIgnored(road, app, after), wasSynced);
}

interface Found {
  readonly app: Application;
  readonly before: KubeObject;
  readonly object: KubeObject | undefined;
}

/** The id may be taken away by this very write. */
function findTracked(road: Road, { object, before }: Notice): Found | undefined {
  if (!before) return undefined;
  const app = instancesOf(road, before).flatMap((instance) => findInstance(road, instance) ?? [])[0];
  if (!app) return undefined;
  // A label may be anybody's.
  const isLabelled = road.argo.settings.tracking.method === 'label';
  if (isLabelled && !resourceOf(app, keyOf(before))) return undefined;
  return { app, before, object };
}

/** The names by which an object names its Application. */
export function instancesOf({ argo }: Pick<Road, 'argo'>, object: KubeObject): readonly string[] {
  const { tracking } = argo.settings;
  if (tracking.method === 'label') {
    const label = object.metadata.labels?.[tracking.labelKey];
    return label === undefined ? [] : [label];
  }
  const id = trackingIdOf(object, tracking);
  return id && describes(id, object) ? [id.instance] : [];
}

/** A Scale names its workload by resource, namespace and name alone. */
function findScaled(road: Road, { object, before }: Notice, { group, plural }: NonNullable<Notice['scaled']>) {
  const { namespace = '', name } = before?.metadata ?? {};
  const isMeant = (resource: ResourceStatus) =>
    resource.name === name &&
    (resource.namespace ?? '') === namespace &&
    (resource.group ?? '') === group &&
    `${resource.kind.toLowerCase()}s` === plural;
  for (const app of road.lastListed.applications) {
    const resource = (app.status.resources ?? []).find(isMeant);
    if (!resource || !before) continue;
    const as = (scale: KubeObject): KubeObject => ({
      apiVersion: group === '' ? resource.version : `${group}/${resource.version}`,
      kind: resource.kind,
      metadata: scale.metadata,
      // Zero is left out of a Scale.
      spec: { replicas: at(scale, 'spec', 'replicas') ?? 0 },
    });
    return { app, before: as(before), object: object && as(object) };
  }
  return undefined;
}

/** Notices come from the home cluster's API server. */
function isAtHome(road: Road, { spec }: Application): boolean {
  try {
    return road.clusters.find(spec.destination).client() === road.home;
  } catch (error) {
    if (!isHawserError(error)) throw error;
    return false;
  }
}

export function resourceOf(app: Application, { group, kind, namespace, name }: ObjectKey): ResourceStatus | undefined {
  return app.status.resources?.find(
    (resource) =>
      resource.name === name &&
      resource.kind === kind &&
      (resource.group ?? '') === group &&
      (resource.namespace ?? '') === namespace,
  );
}

function withoutIgnored({ argo }: Road, { spec }: Application, object: KubeObject): KubeObject {
  const rules = readIgnoreRules([...(spec.ignoreDifferences ?? []), ...argo.settings.ignoreDifferences]);
  const stripped = rules.rulesFor(object)?.strip(object, object);
  // Who owns what is read from what was stripped, too.
  return stripped ? { ...stripped, metadata: { ...stripped.metadata, ...managedFieldsOf(object) } } : object;
}

function managedFieldsOf({ metadata }: KubeObject) {
  return metadata.managedFields ? { managedFields: metadata.managedFields } : {};
}

const MASK = '++++++++';

function maskValues({ path, before, after }: FieldChange): FieldChange {
  return {
    path,
    ...(before === undefined ? {} : { before: MASK }),
    ...(after === undefined ? {} : { after: before === undefined ? MASK : `${MASK}++++` }),
  };
}
