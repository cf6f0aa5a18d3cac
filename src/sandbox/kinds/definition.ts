// CustomResourceDefinition: names, versions, and schemas that are structural.
//
// Source: k8s.io/apiextensions-apiserver, pkg/apis/apiextensions/validation/validation.go.

import { isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { equalJson } from '../../typed/equal.ts';
import { type FieldError, invalidValue, notSupported, required } from '../../typed/field-error.ts';
import type { KindRules } from '../resource/resource.ts';
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
  validate(object, _cluster, live) {
    const spec = objectOf(object.spec);
    const names = objectOf(spec.names);
    const wanted = `${names.plural ?? ''}.${spec.group ?? ''}`;
    const errors: FieldError[] = [];
    if (object.metadata.name !== wanted)
      errors.push(invalidValue('metadata.name', object.metadata.name, 'must be spec.names.plural+"."+spec.group'));
    return [
      ...errors,
      ...validateSpec(spec, names),
      ...validateStored(object.status, spec),
      ...validateApproval(object, live),
      ...(spec.preserveUnknownFields === true && objectOf(live?.spec).preserveUnknownFields !== true
        ? [invalidValue('spec.preserveUnknownFields', true, NO_PRESERVING)]
        : []),
    ];
  },
  warnings(object, live) {
    const known = new Set(live ? unknownFormats(live) : []);
    return unknownFormats(object).flatMap((format) =>
      known.has(format) ? [] : [`unrecognized format ${JSON.stringify(format)}`],
    );
  },
};

const NO_PRESERVING =
  'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
const APPROVAL = 'api-approved.kubernetes.io';
const SEE = 'see https://github.com/kubernetes/enhancements/pull/1111';

/** Kubernetes' own groups are not for everybody. */
function validateApproval(object: KubeObject, live: KubeObject | undefined): FieldError[] {
  const group = String(objectOf(object.spec).group ?? '');
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(group)) return [];
  const text = object.metadata.annotations?.[APPROVAL] ?? '';
  if (live && text === (live.metadata.annotations?.[APPROVAL] ?? '')) return [];
  const field = `metadata.annotations[${APPROVAL}]`;
  const wanted = `protected groups must have approval annotation ${JSON.stringify(APPROVAL)}`;
  if (text === '') return [required(field, `${wanted}, ${SEE}`)];
  if (text.startsWith('unapproved') || /^[a-z]+:\/\/[^/]/i.test(text)) return [];
  return [invalidValue(field, text, `${wanted} with either a URL or a reason starting with "unapproved", ${SEE}`)];
}

const FORMATS: Readonly<Record<string, readonly string[]>> = {
  integer: ['int32', 'int64'],
  number: ['float', 'double'],
  string: [
    ...['bsonobjectid', 'uri', 'email', 'hostname', 'ipv4', 'ipv6', 'cidr', 'mac', 'uuid', 'uuid3', 'uuid4', 'uuid5'],
    ...['isbn', 'isbn10', 'isbn13', 'creditcard', 'ssn', 'hexcolor', 'rgbcolor', 'byte', 'password', 'date'],
    ...['duration', 'datetime', 'k8sshortname', 'k8slongname'],
  ],
};

/** Formats that are not checked (pkg/apiserver/validation/formats.go, GetUnrecognizedFormats). */
function unknownFormats(object: KubeObject): string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (!isObject(value)) return;
    const { format, type = 'string' } = value;
    if (typeof format === 'string' && format !== '' && !FORMATS[String(type)]?.includes(format.replaceAll('-', '')))
      found.add(format);
    for (const part of ['properties', 'patternProperties', 'definitions'])
      for (const inner of Object.values(objectOf(value[part]))) visit(inner);
    for (const part of ['items', 'additionalProperties', 'not', 'additionalItems']) visit(value[part]);
    for (const part of ['allOf', 'anyOf', 'oneOf']) for (const inner of objectsOf(value[part])) visit(inner);
  };
  for (const version of objectsOf(objectOf(object.spec).versions)) visit(objectOf(version.schema).openAPIV3Schema);
  return [...found];
}

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
  for (const [index, version] of versions.entries()) {
    const name = String(version.name ?? '');
    errors.push(...problems(`spec.versions[${index}].name`, name, label1035Problems(name)));
    errors.push(...validateVersion(versions, version, index));
  }
  if (new Set(versions.map(({ name }) => name)).size < versions.length)
    errors.push(invalidValue('spec.versions', versions.map(internalVersion), 'must contain unique version names'));
  if (versions.filter(({ storage }) => storage === true).length !== 1)
    errors.push(
      invalidValue(
        'spec.versions',
        versions.length === 0 ? null : versions.map(internalVersion),
        'must have exactly one version marked as storage version',
      ),
    );
  for (const part of ['plural', 'singular', 'kind', 'listKind'])
    if (!names[part]) errors.push(required(`spec.names.${part}`));
  return [...errors, ...validateNames(names)];
}

function validateNames(names: Obj): FieldError[] {
  const plain = (field: string, name: unknown) => (name ? problems(field, name, label1035Problems(String(name))) : []);
  const mixed = (field: string, name: unknown) =>
    (name ? label1035Problems(String(name).toLowerCase()) : []).map((text) =>
      invalidValue(field, name, `may have mixed case, but should otherwise match: ${text}`),
    );
  const list = (part: string) => {
    const own = names[part];
    return (Array.isArray(own) ? own : []).flatMap((name, index) => plain(`spec.names.${part}[${index}]`, name));
  };
  const isSame = names.kind && names.kind === names.listKind;
  return [
    ...plain('spec.names.plural', names.plural),
    ...plain('spec.names.singular', names.singular),
    ...mixed('spec.names.kind', names.kind),
    ...mixed('spec.names.listKind', names.listKind),
    ...list('shortNames'),
    ...(isSame ? [invalidValue('spec.names.listKind', names.listKind, 'kind and listKind may not be the same')] : []),
    ...list('categories'),
  ];
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

function validateVersion(versions: readonly Obj[], version: Obj, index: number): FieldError[] {
  const schema = objectOf(version.schema).openAPIV3Schema;
  if (!isObject(schema)) return [required(`spec.versions[${index}].schema.openAPIV3Schema`)];
  // What all versions have alike is at the top in the internal type.
  const isShared = (part: string) => versions.every((other) => equalJson(other[part] ?? null, version[part] ?? null));
  const place = (part: string, top = part) => {
    if (!isShared(part)) return `spec.versions[${index}].${part}`;
    return index === 0 ? `spec.${top}` : undefined;
  };
  const [inSchema, inColumns, inSubresources] = [
    place('schema', 'validation'),
    place('additionalPrinterColumns'),
    place('subresources'),
  ];
  return [
    ...(inSchema ? validateStructure(`${inSchema}.openAPIV3Schema`, schema, true) : []),
    ...(inColumns
      ? objectsOf(version.additionalPrinterColumns).flatMap((column, at) =>
          validateColumn(`${inColumns}[${at}]`, column),
        )
      : []),
    ...(inSubresources ? validateScale(`${inSubresources}.scale`, objectOf(version.subresources).scale) : []),
  ];
}

const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string'];
const COLUMN_FORMATS = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];

function validateColumn(field: string, { name, type, format, jsonPath }: Obj): FieldError[] {
  const oneOfTypes = `must be one of ${COLUMN_TYPES.join(',')}`;
  const errors = name ? [] : [required(`${field}.name`)];
  if (!type) errors.push(required(`${field}.type`, oneOfTypes));
  else if (!COLUMN_TYPES.includes(String(type))) errors.push(invalidValue(`${field}.type`, type, oneOfTypes));
  if (format && !COLUMN_FORMATS.includes(String(format)))
    errors.push(invalidValue(`${field}.format`, format, `must be one of ${COLUMN_FORMATS.join(',')}`));
  if (!jsonPath) errors.push(required(`${field}.JSONPath`));
  else if (!String(jsonPath).startsWith('.')) errors.push(invalidValue(`${field}.JSONPath`, jsonPath, SIMPLE_PATH));
  return errors;
}

const SIMPLE_PATH = 'must be a simple json path starting with .';

function validateScale(field: string, scale: unknown): FieldError[] {
  if (!isObject(scale)) return [];
  return [
    ['specReplicasPath', '.spec.'],
    ['statusReplicasPath', '.status.'],
  ].flatMap(([name = '', start = '']) => {
    const path = scale[name];
    if (!path) return [required(`${field}.${name}`)];
    if (!String(path).startsWith('.')) return [invalidValue(`${field}.${name}`, path, SIMPLE_PATH)];
    return String(path).startsWith(start)
      ? []
      : [invalidValue(`${field}.${name}`, path, `should be a json path under ${start.slice(0, -1)}`)];
  });
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
