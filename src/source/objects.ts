// Rendered text becomes objects, with what is no object refused by name.

import { HawserError } from '../base/errors.ts';
import { isObject } from '../base/json.ts';
import type { KubeObject } from '../kube/object.ts';
import { parseDocuments } from '../render/yaml/plain.ts';

/** The objects in a stream of YAML documents; Lists are expanded, empty documents dropped. `origin` is named in errors. */
export function parseObjects(text: string, origin: string): KubeObject[] {
  return parseDocuments(text).flatMap((document, index) => toObjects(document, `${origin}, document ${index + 1}`));
}

/** One value as objects. Throws `RenderFailed` for what is no Kubernetes object. */
export function toObjects(value: unknown, origin: string): KubeObject[] {
  if (value === null || value === undefined) return [];
  if (!isObject(value)) throw notAnObject(origin, 'it is not a mapping');
  const { apiVersion, kind, metadata, items } = value;
  if (typeof kind !== 'string' || kind === '') throw notAnObject(origin, "Object 'Kind' is missing");
  if (typeof apiVersion !== 'string' || apiVersion === '') throw notAnObject(origin, "Object 'apiVersion' is missing");
  if (kind.endsWith('List') && Array.isArray(items)) {
    return items.flatMap((item, index) => toObjects(item, `${origin}, item ${index + 1}`));
  }
  if (!isObject(metadata) || !(metadata.name || metadata.generateName)) {
    throw notAnObject(origin, `${kind} has no metadata.name`);
  }
  return [value as KubeObject];
}

function notAnObject(origin: string, reason: string): HawserError {
  return new HawserError('RenderFailed', `${origin} is not a Kubernetes object: ${reason}`);
}
