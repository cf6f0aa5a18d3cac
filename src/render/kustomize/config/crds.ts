// What `crds` teaches: which fields of custom resources hold labels, annotations and names (kustomize: loadconfigfromcrds.go).

import { at, isObject, type Json, stringAt } from '../../../base/json.ts';
import { parseConfig } from '../node/config-json.ts';
import { failure, inFile } from '../node/fail.ts';
import { mergeFieldSpecs } from './field-spec.ts';
import type { FieldSpec } from './kustomization.ts';
import {
  EMPTY_CONFIG,
  mergeNameReference,
  mergeTransformerConfigs,
  type TransformerConfig,
} from './transformer-config.ts';

type Definitions = Readonly<Record<string, unknown>>;

/** Reads the OpenAPI definitions of a file. */
export function parseCrdConfig(source: string, file: string): TransformerConfig {
  return inFile(file, () => {
    const json: Json = source.startsWith('{') ? parseJson(source) : parseConfig(source);
    if (!isObject(json)) throw failure('the file holds no mapping of definitions');
    let config = EMPTY_CONFIG;
    for (const [name, definition] of Object.entries(json)) {
      const properties = propertiesOf(definition);
      if (!['kind', 'apiVersion', 'metadata'].every((field) => Object.hasOwn(properties, field))) continue;
      const kind = name.split('.').at(-1) ?? '';
      config = mergeTransformerConfigs(config, configOf(json, name, kind, [], EMPTY_CONFIG, 0));
    }
    return config;
  });
}

/** What begins as JSON is read as that alone. */
function parseJson(source: string): Json {
  try {
    return JSON.parse(source);
  } catch (error) {
    throw failure(`the definitions are no valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function propertiesOf(definition: unknown): Definitions {
  const properties = at(definition, 'Schema', 'properties') ?? at(definition, 'schema', 'properties');
  return isObject(properties) ? properties : {};
}

function configOf(
  definitions: Definitions,
  type: string,
  kind: string,
  path: readonly string[],
  start: TransformerConfig,
  depth: number,
): TransformerConfig {
  if (depth > 100) throw failure(`the definition '${type}' refers to itself`);
  let config = start;
  for (const [name, property] of Object.entries(propertiesOf(definitions[type]))) {
    const here = [...path, name];
    const spec: FieldSpec = { group: '', version: '', kind, path: here.join('/'), create: false };
    if (stringAt(property, 'x-kubernetes-annotation') !== undefined) {
      config = { ...config, commonAnnotations: mergeFieldSpecs(config.commonAnnotations, [spec]) };
    }
    if (stringAt(property, 'x-kubernetes-label-selector') !== undefined) {
      config = { ...config, commonLabels: mergeFieldSpecs(config.commonLabels, [spec]) };
    }
    if (stringAt(property, 'x-kubernetes-identity') !== undefined) {
      config = { ...config, namePrefix: mergeFieldSpecs(config.namePrefix, [spec]) };
    }
    const version = stringAt(property, 'x-kubernetes-object-ref-api-version');
    const target = stringAt(property, 'x-kubernetes-object-ref-kind');
    if (version !== undefined && target !== undefined) {
      const key = stringAt(property, 'x-kubernetes-object-ref-name-key') ?? 'name';
      const fieldSpecs = [{ ...spec, path: [...here, key].join('/') }];
      const reference = { group: '', version, kind: target, fieldSpecs };
      config = { ...config, nameReference: mergeNameReference(config.nameReference, reference) };
    }
    const reference = stringAt(property, '$ref');
    if (reference !== undefined) config = configOf(definitions, reference, kind, here, config, depth + 1);
  }
  return config;
}
