// POST, PUT, PATCH and DELETE of objects: from the request to the write, in the order of the API server.

import { isObject } from '../../base/json.ts';
import { applyMergePatch } from '../../base/merge-patch.ts';
import { groupOf, type KubeObject, versionOf } from '../../kube/object.ts';
import { DecodeError, type DecodeSource, decodeStruct } from '../../typed/decode.ts';
import { equalJson } from '../../typed/equal.ts';
import { invalidValue } from '../../typed/field-error.ts';
import { formatGo } from '../../typed/fields/go-format.ts';
import { goJson } from '../../typed/fields/path.ts';
import { applyStrategicMerge, PatchError } from '../../typed/strategic-merge.ts';
import { type TypeNode, typeOfKind } from '../../typed/types.ts';
import type { Admission } from '../admission/attributes.ts';
import type { Cluster } from '../cluster.ts';
import { type FieldManager, nameForErrors, trackApply, trackUpdate } from '../fields/manager.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import type { Resource } from '../resource/resource.ts';
import { createObject } from '../write/create.ts';
import { fieldManagerOf, type WriteOptions } from '../write/options.ts';
import { checkUid, type Updated, updateObject } from '../write/update.ts';
import { type Body, mediaTypeOf, parseBody, readBody, readText } from './body.ts';
import {
  decodeBody,
  type FieldValidation,
  fieldValidationOf,
  gvkOf,
  jsonType,
  unknownConversion,
} from './decode-body.ts';
import type { ResourcePath } from './request-info.ts';
import { badRequest, invalid, refuse } from './status.ts';

const BODY_TYPES = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const PATCH_TYPES = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
  'application/apply-patch+cbor': 'cbor',
} as const;
type PatchType = (typeof PATCH_TYPES)[keyof typeof PATCH_TYPES];

/** What a write is made of; the client is told the warnings even when the write is refused. */
export interface Write {
  readonly cluster: Cluster;
  readonly resource: Resource;
  readonly path: ResourcePath;
  readonly request: Request;
  readonly warnings: string[];
  /** Runs what changes the store, with webhooks where there are any; it may run more than once. */
  commit<T>(write: (cluster: Cluster, admission: Admission | undefined) => T): Promise<T>;
}

export async function handleCreate(write: Write): Promise<Updated> {
  const { resource, path, warnings } = write;
  const { body, validation, options } = await readWrite(write, 'CreateOptions');
  const object = decodeBody(resource, body, validation, warnings);
  const created = await write.commit((cluster, admission) =>
    createObject(cluster, resource, path.namespace, object, { ...options, admission }),
  );
  return { object: created, created: true };
}

export async function handleUpdate(write: Write): Promise<Updated> {
  const { resource, path, warnings } = write;
  const { namespace, name } = path;
  const { body, validation, options } = await readWrite(write, 'UpdateOptions');
  const object = decodeBody(resource, body, validation, warnings);
  checkName(object, path);
  const mayCreate = resource.rules.createOnUpdate === true && path.subresource === '';
  return write.commit((cluster, admission) => {
    checkUid(cluster, resource, namespace, object);
    const fields = fieldManagerOf(cluster, resource, path.subresource);
    const update = (live: KubeObject | undefined) => trackUpdate(fields, live, object, options.manager);
    return updateObject(cluster, resource, namespace, name, update, { ...options, admission }, mayCreate);
  });
}

/** The body's name is the URL's. */
function checkName(object: KubeObject, path: ResourcePath): void {
  const { name = '' } = object.metadata;
  if (name === '')
    throw badRequest(`the name of the object (${path.name} based on URL) was undeterminable: name must be provided`);
  if (name !== path.name)
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${path.name})`);
}

async function readWrite(
  write: Write,
  kind: string,
): Promise<{ body: Body; validation: FieldValidation; options: WriteOptions }> {
  const { request } = write;
  const type = mediaTypeOf(request);
  if (type !== '' && !BODY_TYPES.includes(type)) throw unsupported(BODY_TYPES);
  const body = await readBody(request);
  const query = new URL(request.url).searchParams;
  return { body, validation: fieldValidationOf(query, kind), options: writeOptionsOf(write, query, kind) };
}

function unsupported(types: readonly string[]): Error {
  return refuse(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${types.join(', ')}`,
  );
}

/** dryRun and fieldManager. Throws 422. */
function writeOptionsOf({ request, path, warnings }: Write, query: URLSearchParams, kind: string): WriteOptions {
  const dryRun = query.getAll('dryRun').filter((value) => value !== '');
  if (dryRun.some((value) => value !== 'All'))
    throw invalid('meta.k8s.io', kind, '', [
      {
        reason: 'FieldValueNotSupported',
        field: 'dryRun',
        message: `Unsupported value: ${JSON.stringify(dryRun)}: supported values: "All"`,
      },
    ]);
  const manager = query.get('fieldManager') ?? '';
  if (manager.length > 128)
    throw invalid('meta.k8s.io', kind, '', [
      { reason: 'FieldValueTooLong', field: 'fieldManager', message: 'Too long: may not be more than 128 bytes' },
    ]);
  return {
    manager: manager === '' ? managerOfAgent(request.headers.get('User-Agent') ?? '') : manager,
    dryRun: dryRun.length > 0,
    subresource: path.subresource,
    warnings,
  };
}

function managerOfAgent(agent: string): string {
  return (agent.split('/')[0] ?? '').replace(/[^\x20-\x7e\u00a0-\uffff]/g, '').slice(0, 128);
}

export async function handlePatch(write: Write): Promise<Updated> {
  const { resource, path, request, warnings } = write;
  const { namespace, name } = path;
  const type = patchTypeOf(resource, request);
  const query = new URL(request.url).searchParams;
  const text = await readText(request);
  const options = writeOptionsOf(write, query, 'PatchOptions');
  checkPatchOptions(query, type);
  const validation = fieldValidationOf(query, 'PatchOptions');
  const body = parseBody(text, type === 'apply');
  if (type === 'apply') {
    if (body.problem !== undefined || !isObject(body.value))
      throw badRequest(`error decoding YAML: ${yamlProblem(body)}`);
    const config = asConfig(body.value);
    const apply = (fields: FieldManager, live: KubeObject | undefined): KubeObject => {
      const next = trackApply(fields, live, config, options.manager, query.get('force') === 'true');
      if (validation !== 'Ignore') checkRepeatedKeys(body, validation, warnings);
      return decodeApplied(resource, next, config);
    };
    const mayCreate = path.subresource === '';
    return write.commit((cluster, admission) => {
      const fields = fieldManagerOf(cluster, resource, path.subresource);
      const update = (live: KubeObject | undefined) => apply(fields, live);
      return updateObject(cluster, resource, namespace, name, update, { ...options, admission }, mayCreate);
    });
  }
  checkPatch(body, type);
  const patch = (fields: FieldManager, live: KubeObject | undefined): KubeObject => {
    if (!live) throw new Error('a patch has no live object');
    const next = patchLive(resource, type, live, body, validation, warnings);
    return trackUpdate(fields, live, next, options.manager);
  };
  return write.commit((cluster, admission) => {
    const fields = fieldManagerOf(cluster, resource, path.subresource);
    const update = (live: KubeObject | undefined) => patch(fields, live);
    return updateObject(cluster, resource, namespace, name, update, { ...options, admission });
  });
}

function patchTypeOf(resource: Resource, request: Request): PatchType {
  const mediaType = mediaTypeOf(request);
  const names = Object.keys(PATCH_TYPES).filter(
    (name) => resource.definition === undefined || !name.includes('strategic'),
  );
  const found = Object.entries(PATCH_TYPES).find(([name]) => name === mediaType && names.includes(name));
  if ((!found || found[1] === 'cbor') && resource.definition)
    throw unsupported(names.filter((name) => !name.includes('cbor')));
  // For built-in kinds the router turns unknown types away before a handler could name the known ones.
  if (!found || found[1] === 'cbor') throw refuse(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  return found[1];
}

/** ValidatePatchOptions: apply needs a manager, and only apply may be forced. */
function checkPatchOptions(query: URLSearchParams, type: PatchType): void {
  if (type === 'apply' && !query.get('fieldManager'))
    throw invalid('meta.k8s.io', 'PatchOptions', '', [
      {
        reason: 'FieldValueRequired',
        field: 'fieldManager',
        message: 'Required value: is required for apply patch',
      },
    ]);
  if (type !== 'apply' && query.has('force'))
    throw invalid('meta.k8s.io', 'PatchOptions', '', [
      { reason: 'FieldValueForbidden', field: 'force', message: 'Forbidden: may not be specified for non-apply patch' },
    ]);
}

/** sigs.k8s.io/yaml turns YAML into JSON first. */
function yamlProblem(body: Body): string {
  if (body.problem !== undefined) return body.problem;
  return `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${jsonType(body.value)} into Go value of type map[string]interface {}`;
}

function asConfig(value: Record<string, unknown>): KubeObject {
  const metadata = isObject(value.metadata) ? value.metadata : {};
  return { ...value, apiVersion: String(value.apiVersion ?? ''), kind: String(value.kind ?? ''), metadata };
}

/** Keys that the YAML or JSON repeats; unknown fields have failed before. */
function checkRepeatedKeys(body: Body, validation: FieldValidation, warnings: string[]): void {
  const problems =
    body.yamlKeys ??
    repeatedPaths(body.value, body, '').map(
      (path) => `line 1: key ${JSON.stringify(path.split('.').pop())} already set in map`,
    );
  if (problems.length === 0) return;
  if (validation === 'Warn') warnings.push(...problems);
  else
    throw badRequest(
      `error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n${problems.map((line) => `  ${line}`).join('\n')}`,
    );
}

/** Paths of keys that an object repeats, in the order of the document. */
function repeatedPaths(value: unknown, body: Body, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const written = body.keys.get(value) ?? [];
  const at = (key: string) => (Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`);
  const own = written.filter((key, index) => written.indexOf(key) !== index).map(at);
  return [...own, ...Object.entries(value).flatMap(([key, member]) => repeatedPaths(member, body, at(key)))];
}

/** A patch is an object, a JSON patch a list. Throws 400 with the decoder's message. */
function checkPatch(body: Body, type: PatchType): void {
  const prefix = type === 'strategic' ? '' : 'error decoding patch: ';
  if (body.problem !== undefined) throw badRequest(`${prefix}${body.problem}`);
  if (type === 'json' || isObject(body.value)) return;
  throw badRequest(
    `${prefix}json: cannot unmarshal ${jsonType(body.value)} into Go value of type map[string]interface {}`,
  );
}

/** The merged object through the kind's decoder; its values have passed the schema, but not the kind's own forms. */
function decodeApplied(resource: Resource, next: KubeObject, config: KubeObject): KubeObject {
  try {
    const { object } = resource.schema.decode(next, undefined, 'map');
    return resource.schema.setDefaults(object);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const name = nameForErrors(config);
    const kind = name.slice(name.indexOf('; ') + 2);
    throw refuse(
      500,
      '',
      `failed to convert new object (${name}) to proper version: unable to convert unstructured object to ${kind}: ${error.message}`,
    );
  }
}

function patchLive(
  resource: Resource,
  type: PatchType,
  live: KubeObject,
  body: Body,
  validation: FieldValidation,
  warnings: string[],
): KubeObject {
  const repeated = repeatedPaths(body.value, body, '').map((path) => `duplicate field "${path}"`);
  if (type === 'strategic') return patchStrategic(resource, live, body, repeated, validation, warnings);
  const patched = type === 'json' ? applyJsonPatch(live, body.value) : applyMergePatch(live, body.value);
  if (!isObject(patched))
    throw badRequest('json: cannot unmarshal value into Go value of type map[string]interface {}');
  const findings = type === 'json' ? unknownOfJsonPatch(body.value) : repeated;
  const written = () => goJson(asWritten(resource.schema.decode(live).object, patched));
  return decodePatched(resource, patched, 'json', written, findings, validation, warnings);
}

function unknownOfJsonPatch(patch: unknown): string[] {
  const known = ['op', 'path', 'from', 'value'];
  return (Array.isArray(patch) ? patch : []).flatMap((operation, index) =>
    Object.keys(isObject(operation) ? operation : {})
      .filter((key) => !known.includes(key))
      .map((key) => `json patch unknown field "[${index}].${key}"`),
  );
}

/** The patch library writes what it touched with sorted keys, the rest as it was. */
function asWritten(before: unknown, after: unknown): unknown {
  if (equalJson(before, after) || !isObject(after)) return equalJson(before, after) ? before : after;
  const from = isObject(before) ? before : {};
  return Object.fromEntries(
    Object.keys(after)
      .sort()
      .map((key) => [key, asWritten(from[key], after[key])]),
  );
}

function patchStrategic(
  resource: Resource,
  live: KubeObject,
  body: Body,
  findings: readonly string[],
  validation: FieldValidation,
  warnings: string[],
): KubeObject {
  const { patchType } = resource.schema;
  if (!patchType || !isObject(body.value)) throw badRequest('strategic merge patch format is not supported');
  const patch = structuredClone(body.value);
  const patched = mergeStrategic(patchType, live, patch);
  return decodePatched(resource, patched, 'map', () => formatGo(patch), findings, validation, warnings);
}

/** Throws 400 or 500 as the API server does. */
function mergeStrategic(type: TypeNode, live: KubeObject, patch: Record<string, unknown>): Record<string, unknown> {
  try {
    return applyStrategicMerge(type, live, patch);
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    throw error.malformed ? badRequest(error.message) : refuse(500, '', error.message);
  }
}

/** A patched document as an object; what does not fit is the patch's fault. Throws 422. */
function decodePatched(
  resource: Resource,
  patched: Record<string, unknown>,
  source: DecodeSource,
  written: () => string,
  repeated: readonly string[],
  validation: FieldValidation,
  warnings: string[],
): KubeObject {
  const bad = (detail: string) => invalid('', '', '', [invalidValue('patch', written(), detail)]);
  try {
    const { apiVersion, kind } = gvkOf(resource, patched);
    if (apiVersion !== resource.apiVersion || kind !== resource.kind) throw otherKind(resource, patched);
    const { object, strict } = resource.schema.decode(patched, undefined, source);
    const findings = [...repeated, ...strict];
    if (findings.length > 0 && validation === 'Strict') throw bad(`strict decoding error: ${findings.join(', ')}`);
    if (validation === 'Warn') warnings.push(...findings);
    return resource.schema.setDefaults(object);
  } catch (error) {
    if (error instanceof DecodeError) throw bad(error.message);
    throw error;
  }
}

/** A patch that changes the kind is decoded as what it says, and fails there or in the conversion. */
function otherKind(resource: Resource, patched: Record<string, unknown>): DecodeError {
  const { apiVersion, kind } = gvkOf(resource, patched);
  const type = typeOfKind(groupOf(apiVersion), versionOf(apiVersion), kind);
  try {
    if (type) decodeStruct(type, patched);
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
  return new DecodeError(unknownConversion(resource, apiVersion, kind));
}
