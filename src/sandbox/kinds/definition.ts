// CustomResourceDefinition: names, versions, and schemas that are structural.
//
// Source: k8s.io/apiextensions-apiserver, pkg/apis/apiextensions/validation/validation.go.

import { isObject } from '../../base/json.ts';
import type { FieldError } from '../http/status.ts';
import type { KindRules } from '../resource/resource.ts';
import { invalidValue, notSupported, required } from '../validation/field-error.ts';
import { label1035Problems, subdomainProblems } from '../validation/names.ts';
import { type Obj, objectOf, objectsOf, problems } from '../validation/value.ts';

export const DEFINITION: KindRules = {
  generation: true,
  needsRevision: true,
  keepsStatus: true,
  prepareCreate(object) {
    const stored = objectOf(object.status).storedVersions;
    object.status = { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: stored ?? null };
  },
  validate(object) {
    const spec = objectOf(object.spec);
    const names = objectOf(spec.names);
    const wanted = `${names.plural}.${spec.group}`;
    const errors: FieldError[] = [];
    if (object.metadata.name !== wanted)
      errors.push(invalidValue('metadata.name', object.metadata.name, 'must be spec.names.plural+"."+spec.group'));
    return [...errors, ...validateSpec(spec, names), ...validateStored(object.status, spec)];
  },
};

function validateSpec(spec: Obj, names: Obj): FieldError[] {
  const errors: FieldError[] = [];
  const group = String(spec.group ?? '');
  if (group === '') errors.push(required('spec.group'));
  else errors.push(...problems('spec.group', group, subdomainProblems(group)));
  if (group !== '' && !group.includes('.'))
    errors.push(invalidValue('spec.group', group, 'should be a domain with at least one dot'));
  if (spec.scope !== 'Cluster' && spec.scope !== 'Namespaced')
    errors.push(
      spec.scope ? notSupported('spec.scope', spec.scope, ['Cluster', 'Namespaced']) : required('spec.scope'),
    );
  const versions = objectsOf(spec.versions);
  if (versions.filter(({ storage }) => storage === true).length !== 1)
    errors.push(
      invalidValue(
        'spec.versions',
        versions.map(internalVersion),
        'must have exactly one version marked as storage version',
      ),
    );
  for (const [index, version] of versions.entries()) errors.push(...validateVersion(spec, versions, version, index));
  for (const part of ['plural', 'singular']) {
    const name = String(names[part] ?? '');
    if (name === '' && part === 'plural') errors.push(required(`spec.names.${part}`));
    else if (name !== '') errors.push(...problems(`spec.names.${part}`, name, label1035Problems(name)));
  }
  for (const part of ['kind', 'listKind']) {
    const name = String(names[part] ?? '');
    if (name === '') errors.push(required(`spec.names.${part}`));
    else
      errors.push(
        ...label1035Problems(name.toLowerCase()).map((text) =>
          invalidValue(`spec.names.${part}`, name, `may have mixed case, but should otherwise match: ${text}`),
        ),
      );
  }
  return errors;
}

/** A version in messages is Go's internal type. */
function internalVersion(version: Obj): Obj {
  return {
    Name: version.name ?? '',
    Served: version.served ?? false,
    Storage: version.storage ?? false,
    Deprecated: version.deprecated ?? false,
    DeprecationWarning: version.deprecationWarning ?? null,
    Schema: null,
    Subresources: null,
    AdditionalPrinterColumns: null,
    SelectableFields: null,
  };
}

function validateVersion(_spec: Obj, versions: readonly Obj[], version: Obj, index: number): FieldError[] {
  const schema = objectOf(version.schema).openAPIV3Schema;
  if (!isObject(schema)) return [required(`spec.versions[${index}].schema.openAPIV3Schema`)];
  // With one version the schema moves to the top in the internal type.
  const here =
    versions.length === 1 ? 'spec.validation.openAPIV3Schema' : `spec.versions[${index}].schema.openAPIV3Schema`;
  return validateStructure(here, schema, true);
}

/** Every field has a type, and arrays their items (structural schemas). */
function validateStructure(field: string, schema: Obj, isRoot = false): FieldError[] {
  const errors: FieldError[] = [];
  for (const [name, property] of Object.entries(objectOf(schema.properties)).sort(([a], [b]) => (a < b ? -1 : 1)))
    errors.push(...validateStructure(`${field}.properties[${name}]`, objectOf(property)));
  if (isObject(schema.additionalProperties))
    errors.push(...validateStructure(`${field}.additionalProperties`, schema.additionalProperties));
  if (isObject(schema.items)) errors.push(...validateStructure(`${field}.items`, schema.items));
  const isFree =
    schema['x-kubernetes-preserve-unknown-fields'] === true || schema['x-kubernetes-int-or-string'] === true;
  if (!schema.type && !isFree)
    errors.push(
      required(`${field}.type`, `must not be empty for ${isRoot ? 'the root schema' : 'specified object fields'}`),
    );
  if (schema.type === 'array' && !isObject(schema.items)) errors.push(required(`${field}.items`, 'must be specified'));
  return errors;
}

function validateStored(status: unknown, spec: Obj): FieldError[] {
  const stored = objectOf(status).storedVersions;
  if (!Array.isArray(stored) || stored.length === 0)
    return [invalidValue('status.storedVersions', stored ?? null, 'must have at least one stored version')];
  const storage = objectsOf(spec.versions).find((version) => version.storage === true);
  return storage && !stored.includes(storage.name)
    ? [invalidValue('status.storedVersions', stored, `must have the storage version ${storage.name}`)]
    : [];
}
