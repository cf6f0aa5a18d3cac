// The OpenAPI v3 schema of a custom resource's version, read once into what pruning, defaulting, validation and apply need.
//
// Source: k8s.io/apiextensions-apiserver, pkg/apiserver/schema (structural schemas).

import { isObject } from '../../base/json.ts';

export interface CustomSchema {
  /** '' where anything goes. */
  readonly type: string;
  readonly format: string;
  readonly properties: ReadonlyMap<string, CustomSchema>;
  readonly items: CustomSchema | undefined;
  /** A schema for other keys, or true for any. */
  readonly additional: CustomSchema | true | undefined;
  readonly hasDefault: boolean;
  readonly default: unknown;
  readonly nullable: boolean;
  readonly preserveUnknown: boolean;
  readonly embedded: boolean;
  readonly intOrString: boolean;
  readonly listType: string;
  readonly listKeys: readonly string[];
  readonly mapType: string;
  /** The schema as written, for the checks of values. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** Reads a JSONSchemaProps; anything that is none allows everything. */
export function readCustomSchema(raw: unknown): CustomSchema {
  const schema: Record<string, unknown> = isObject(raw) ? raw : { 'x-kubernetes-preserve-unknown-fields': true };
  const { additionalProperties, properties } = schema;
  const isAny = additionalProperties === true;
  return {
    type: textOf(schema.type),
    format: textOf(schema.format),
    properties: new Map(
      Object.entries(isObject(properties) ? properties : {}).map(([name, value]) => [name, readCustomSchema(value)]),
    ),
    items: isObject(schema.items) ? readCustomSchema(schema.items) : undefined,
    additional: isAny ? true : isObject(additionalProperties) ? readCustomSchema(additionalProperties) : undefined,
    hasDefault: schema.default !== undefined,
    default: schema.default,
    nullable: schema.nullable === true,
    preserveUnknown: schema['x-kubernetes-preserve-unknown-fields'] === true,
    embedded: schema['x-kubernetes-embedded-resource'] === true,
    intOrString: schema['x-kubernetes-int-or-string'] === true,
    listType: textOf(schema['x-kubernetes-list-type']),
    listKeys: Array.isArray(schema['x-kubernetes-list-map-keys'])
      ? schema['x-kubernetes-list-map-keys'].map(String)
      : [],
    mapType: textOf(schema['x-kubernetes-map-type']),
    raw: schema,
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
