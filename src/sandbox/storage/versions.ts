// One object in several versions: what the store holds, what a version shows, and which schema a version has.

import { at, isObject } from '../../base/json.ts';
import { type KubeObject, versionOf } from '../../kube/object.ts';
import type { Versioned } from '../../typed/fields/updater.ts';
import type { Registry } from '../resource/registry.ts';
import type { Resource } from '../resource/resource.ts';
import { toAutoscalerV1, toAutoscalerV2 } from './autoscaler-versions.ts';

/** A stored object as a resource's version shows it. */
export function presentAs(resource: Resource, stored: KubeObject): KubeObject {
  if (stored.apiVersion === resource.apiVersion && stored.kind === resource.kind) return stored;
  const convert = CONVERSIONS[`${stored.apiVersion}/${stored.kind}>${resource.apiVersion}`];
  const converted = convert ? convert(stored) : stored;
  return { ...converted, apiVersion: resource.apiVersion, kind: resource.kind };
}

/** A value between versions of the resource's kind, with the target's schema; undefined when that version is not served. */
export function convertObject(
  registry: Registry,
  resource: Resource,
  value: unknown,
  from: string,
  to: string,
): Versioned | undefined {
  const source = from === resource.apiVersion ? resource : registry.findKind(from, resource.kind);
  const target = to === resource.apiVersion ? resource : registry.findKind(to, resource.kind);
  if (!source || !target || target.storage !== resource.storage) return undefined;
  if (source === target || !isObject(value)) return { atom: target.schema.atom, value };
  const object = { ...value, apiVersion: source.apiVersion, kind: source.kind, metadata: value.metadata ?? {} };
  return { atom: target.schema.atom, value: presentAs(target, object) };
}

type Convert = (object: KubeObject) => KubeObject;

/** Kinds whose versions differ in more than their name. */
const CONVERSIONS: Readonly<Record<string, Convert>> = {
  'v1/Event>events.k8s.io/v1': toEventsEvent,
  'events.k8s.io/v1/Event>v1': toCoreEvent,
  'autoscaling/v1/HorizontalPodAutoscaler>autoscaling/v2': toAutoscalerV2,
  'autoscaling/v2/HorizontalPodAutoscaler>autoscaling/v1': toAutoscalerV1,
};

/** The version in which a resource's objects are kept. */
export function storageVersion(resource: Resource): string {
  if (resource.storage === '/events') return 'v1';
  if (resource.storage === 'autoscaling/horizontalpodautoscalers') return 'autoscaling/v2';
  const versions = at(resource.definition, 'spec', 'versions');
  if (!Array.isArray(versions)) return resource.apiVersion;
  const stored = versions.find((version) => at(version, 'storage') === true);
  return `${resource.group}/${at(stored, 'name') ?? versionOf(resource.apiVersion)}`;
}

const EVENT_RENAMES = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
  ['reportingComponent', 'reportingController'],
] as const;

function rename(object: KubeObject, pairs: readonly (readonly [string, string])[]): KubeObject {
  const out = { ...object };
  for (const [from, to] of pairs) {
    if (!(from in out)) continue;
    out[to] = out[from];
    delete out[from];
  }
  return out;
}

function toEventsEvent(object: KubeObject): KubeObject {
  return rename(object, EVENT_RENAMES);
}

function toCoreEvent(object: KubeObject): KubeObject {
  return rename(
    object,
    EVENT_RENAMES.map(([core, events]) => [events, core] as const),
  );
}
