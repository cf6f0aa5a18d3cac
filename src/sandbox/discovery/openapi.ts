// OpenAPI v3 documents, one a group version, from the table of types: what kubectl needs to validate, merge and explain.
//
// They have no descriptions. `/openapi/v2` is not served; clients that know v3 do not ask for it.

import { isObject, type Json, type JsonObject } from '../../base/json.ts';
import { builtinKinds, type Field, type TypeNode, typeOf, typeSpecOf } from '../../typed/types.ts';
import type { Registry } from '../resource/registry.ts';
import type { Resource } from '../resource/resource.ts';
import { VERSION } from './version.ts';

/** `/openapi/v3` */
export function openapiIndex(registry: Registry): JsonObject {
  const paths: JsonObject = {};
  for (const { group, versions } of registry.groups())
    for (const version of versions) {
      const path = pathOf(group, version);
      // The hash lets clients keep a document until its definitions change.
      const hash = registry
        .resources(group, version)
        .map(({ definition }) => definition?.metadata.resourceVersion ?? '0');
      paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${[...new Set(hash)].join('-')}` };
    }
  return { paths };
}

function pathOf(group: string, version: string): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`;
}

/** `/openapi/v3/apis/apps/v1`; undefined when it is not served. */
export function openapiDocument(registry: Registry, path: string): JsonObject | undefined {
  const found = registry
    .groups()
    .flatMap(({ group, versions }) => versions.map((version) => ({ group, version })))
    .find(({ group, version }) => pathOf(group, version) === path);
  if (!found) return undefined;
  const schemas: JsonObject = {};
  const paths: JsonObject = {};
  for (const resource of registry.resources(found.group, found.version)) {
    const name = addKind(resource, schemas);
    if (name !== undefined) addPaths(resource, name, paths);
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: `v${VERSION.major}.${VERSION.minor}` },
    paths,
    components: { schemas },
  };
}

/** Adds a resource's schema and all that it refers to; the name of its definition. */
function addKind(resource: Resource, schemas: JsonObject): string | undefined {
  const { group, version, kind, definition } = resource;
  const gvk = { group, version, kind };
  if (definition) {
    const name = `${group.split('.').reverse().join('.')}.${version}.${kind}`;
    addType('meta/v1.ObjectMeta', schemas);
    schemas[name] = { ...customSchema(resource), 'x-kubernetes-group-version-kind': [gvk] };
    return name;
  }
  const type = builtinKinds().find(
    (known) => known.group === group && known.version === version && known.kind === kind,
  );
  if (!type) return undefined;
  addType(type.type, schemas);
  const name = longName(type.type);
  const schema = schemas[name];
  if (isObject(schema)) schema['x-kubernetes-group-version-kind'] = [gvk];
  return name;
}

function customSchema({ definition, version }: Resource): JsonObject {
  const spec = isObject(definition?.spec) ? definition.spec : {};
  const versions: readonly unknown[] = Array.isArray(spec.versions) ? spec.versions : [];
  const found = versions.find((item) => isObject(item) && item.name === version);
  const schema = isObject(found) && isObject(found.schema) ? found.schema.openAPIV3Schema : undefined;
  const raw: JsonObject = JSON.parse(JSON.stringify(isObject(schema) ? schema : { type: 'object' }));
  const properties: JsonObject = JSON.parse(JSON.stringify(isObject(raw.properties) ? raw.properties : {}));
  return {
    ...raw,
    properties: {
      ...properties,
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { allOf: [{ $ref: refTo('meta/v1.ObjectMeta') }] },
    },
  };
}

const PREFIXES: readonly (readonly [string, string])[] = [
  ['meta/', 'io.k8s.apimachinery.pkg.apis.meta.'],
  ['api/resource', 'io.k8s.apimachinery.pkg.api.resource'],
  ['util/intstr', 'io.k8s.apimachinery.pkg.util.intstr'],
  ['pkg/runtime', 'io.k8s.apimachinery.pkg.runtime'],
  ['pkg/version', 'io.k8s.apimachinery.pkg.version'],
  ['apiextensions/', 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.'],
  ['apiregistration/', 'io.k8s.kube-aggregator.pkg.apis.apiregistration.'],
];

/** `core/v1.Container` → `io.k8s.api.core.v1.Container`. */
function longName(short: string): string {
  const known = PREFIXES.find(([prefix]) => short.startsWith(prefix));
  return known ? known[1] + short.slice(known[0].length) : `io.k8s.api.${short.replace('/', '.')}`;
}

function refTo(short: string): string {
  return `#/components/schemas/${longName(short)}`;
}

function addType(short: string, schemas: JsonObject): void {
  const name = longName(short);
  if (name in schemas) return;
  const spec = typeSpecOf(short);
  const type = typeOf(short);
  if (type.kind === 'quantity') schemas[name] = { oneOf: [{ type: 'string' }, { type: 'number' }] };
  else if (type.kind === 'intOrString')
    schemas[name] = { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] };
  else if (!type.fields) {
    const scalar = spec?.scalar;
    schemas[name] = {
      ...(scalar && scalar !== 'any' ? { type: scalar } : {}),
      ...(spec?.format ? { format: spec.format } : {}),
    };
  } else {
    const fields = [...type.fields().values()];
    const properties: JsonObject = {};
    const required = fields.filter((field) => field.required).map((field) => field.name);
    // Entered before its fields are, since types refer to themselves.
    schemas[name] = {
      type: 'object',
      properties,
      ...(required.length > 0 ? { required } : {}),
      ...(type.atomic ? { 'x-kubernetes-map-type': 'atomic' } : {}),
    };
    for (const field of fields) properties[field.name] = fieldSchema(field, schemas);
  }
}

function fieldSchema(field: Field, schemas: JsonObject): JsonObject {
  const base = typeSchema(field.type, schemas);
  const fallback: Json | undefined =
    field.default === undefined ? undefined : JSON.parse(JSON.stringify(field.default));
  return {
    ...('$ref' in base ? { allOf: [base] } : base),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(field.enum ? { enum: [...field.enum] } : {}),
    ...(field.listType ? { 'x-kubernetes-list-type': field.listType } : {}),
    ...(field.listKeys ? { 'x-kubernetes-list-map-keys': [...field.listKeys] } : {}),
    ...(field.mapType ? { 'x-kubernetes-map-type': field.mapType } : {}),
    ...(field.mergeKey ? { 'x-kubernetes-patch-merge-key': field.mergeKey } : {}),
    ...(field.patchStrategy ? { 'x-kubernetes-patch-strategy': field.patchStrategy.join(',') } : {}),
  };
}

function typeSchema(type: TypeNode, schemas: JsonObject): JsonObject {
  const element = type.element;
  switch (type.kind) {
    case 'string':
      return { type: 'string' };
    case 'bytes':
      return { type: 'string', format: 'byte' };
    case 'boolean':
      return { type: 'boolean' };
    case 'integer':
      return { type: 'integer', format: type.bits === 32 ? 'int32' : 'int64' };
    case 'number':
      return { type: 'number', format: 'double' };
    case 'list':
      return { type: 'array', items: element ? typeSchema(element(), schemas) : {} };
    case 'map':
      return { type: 'object', additionalProperties: element ? typeSchema(element(), schemas) : {} };
    default:
      if (!type.name) return {};
      addType(type.name, schemas);
      return { $ref: refTo(type.name) };
  }
}

const PATCH_TYPES = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
];

function addPaths(resource: Resource, name: string, paths: JsonObject): void {
  const { group, version, kind, plural } = resource;
  const scope = resource.namespaced ? '/namespaces/{namespace}' : '';
  const collection = `/${pathOf(group, version)}${scope}/${plural}`;
  const schema = { $ref: `#/components/schemas/${name}` };
  const content = { 'application/json': { schema } };
  const responses = { '200': { description: 'OK', content } };
  const gvk = { group, version, kind };
  const query = (parameter: string, type: string) => ({
    name: parameter,
    in: 'query',
    schema: { type, uniqueItems: true },
  });
  const writing = [query('dryRun', 'string'), query('fieldManager', 'string'), query('fieldValidation', 'string')];
  const operation = (action: string, extra: JsonObject): JsonObject => ({
    responses,
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvk,
    ...extra,
  });
  const has = (verb: string) => resource.verbs.has(verb);
  const types = resource.definition ? PATCH_TYPES.filter((type) => !type.includes('strategic')) : PATCH_TYPES;
  paths[collection] = {
    ...(has('list') ? { get: operation('list', {}) } : {}),
    ...(has('create') ? { post: operation('post', { parameters: writing, requestBody: { content } }) } : {}),
  };
  paths[`${collection}/{name}`] = {
    ...(has('get') ? { get: operation('get', {}) } : {}),
    ...(has('update') ? { put: operation('put', { parameters: writing, requestBody: { content } }) } : {}),
    ...(has('delete') ? { delete: operation('delete', { parameters: [query('dryRun', 'string')] }) } : {}),
    ...(has('patch')
      ? {
          patch: operation('patch', {
            parameters: [...writing, query('force', 'boolean')],
            requestBody: { content: Object.fromEntries(types.map((type) => [type, { schema: { type: 'object' } }])) },
          }),
        }
      : {}),
  };
}
