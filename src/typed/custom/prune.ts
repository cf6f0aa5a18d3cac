// Unknown fields of custom resources are dropped, and missing ones get their defaults.
//
// Source: k8s.io/apiextensions-apiserver, pkg/apiserver/schema/{pruning,defaulting}.

import { isObject } from '../../base/json.ts';
import type { WrittenKeys } from '../decode.ts';
import type { CustomSchema } from './schema.ts';

const META_FIELDS = ['apiVersion', 'kind', 'metadata'];

/** A copy without unknown fields; their paths are added to `unknown`, repeated keys to `repeated`. */
export function prune(
  schema: CustomSchema,
  value: unknown,
  unknown: string[],
  repeated: string[] = [],
  keys?: WrittenKeys,
  path = '',
  isRoot = true,
): unknown {
  if (Array.isArray(value))
    return value.map((item, index) =>
      schema.items ? prune(schema.items, item, unknown, repeated, keys, `${path}[${index}]`, false) : item,
    );
  if (!isObject(value)) return value;
  reportRepeated(value, keys, path, repeated);
  const out: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    const here = path === '' ? key : `${path}.${key}`;
    const property = schema.properties.get(key);
    if ((isRoot || schema.embedded) && META_FIELDS.includes(key)) out[key] = member;
    else if (property) out[key] = prune(property, member, unknown, repeated, keys, here, false);
    else if (schema.additional === true) out[key] = member;
    else if (schema.additional) out[key] = prune(schema.additional, member, unknown, repeated, keys, here, false);
    else if (schema.preserveUnknown) out[key] = member;
    else unknown.push(here);
  }
  return out;
}

function reportRepeated(value: object, keys: WrittenKeys | undefined, path: string, repeated: string[]): void {
  const written = keys?.get(value) ?? [];
  for (const [index, key] of written.entries())
    if (written.indexOf(key) !== index) repeated.push(path === '' ? key : `${path}.${key}`);
}

/** Sets defaults in place. A null where none is allowed counts as missing. */
export function setCustomDefaults(schema: CustomSchema, value: unknown): void {
  if (Array.isArray(value)) {
    if (schema.items) for (const item of value) setCustomDefaults(schema.items, item);
    return;
  }
  if (!isObject(value)) return;
  for (const [name, property] of schema.properties) {
    if (value[name] === null && !property.nullable) delete value[name];
    if (value[name] === undefined && property.hasDefault) value[name] = structuredClone(property.default);
    if (value[name] !== undefined) setCustomDefaults(property, value[name]);
  }
  const { additional } = schema;
  if (additional === true || !additional) return;
  for (const [key, member] of Object.entries(value)) {
    if (schema.properties.has(key)) continue;
    if (member === null && !additional.nullable) {
      if (additional.hasDefault) value[key] = structuredClone(additional.default);
      else delete value[key];
    } else setCustomDefaults(additional, member);
  }
}
