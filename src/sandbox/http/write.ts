// POST, PUT, PATCH and DELETE of objects: from the request to the write, in the order of the API server.

import { isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Cluster } from '../cluster.ts';
import { formatGo } from '../fields/go-format.ts';
import { trackApply, trackUpdate } from '../fields/manager.ts';
import { goJson } from '../fields/path.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import { applyMergePatch } from '../patch/merge-patch.ts';
import { applyStrategicMerge } from '../patch/strategic-merge.ts';
import type { Resource } from '../resource/resource.ts';
import { DecodeError } from '../schema/decode.ts';
import { createObject } from '../write/create.ts';
import { fieldManagerOf, type WriteOptions } from '../write/options.ts';
import { type Updated, updateObject } from '../write/update.ts';
import { type Body, mediaTypeOf, parseBody, readBody, readText } from './body.ts';
import { decodeBody, type decodeValue, type FieldValidation, fieldValidationOf } from './decode-body.ts';
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

export interface Written extends Updated {
  readonly warnings: readonly string[];
}

export async function handleCreate(
  cluster: Cluster,
  resource: Resource,
  path: ResourcePath,
  request: Request,
): Promise<Written> {
  const { body, validation, options } = await readWrite(request, path, 'CreateOptions');
  const object = decodeBody(resource, body, validation, options.warnings);
  const created = createObject(cluster, resource, path.namespace, object, options);
  return { object: created, created: true, warnings: options.warnings };
}

export async function handleUpdate(
  cluster: Cluster,
  resource: Resource,
  path: ResourcePath,
  request: Request,
): Promise<Written> {
  const { body, validation, options } = await readWrite(request, path, 'UpdateOptions');
  const object = decodeBody(resource, body, validation, options.warnings);
  checkName(object, path);
  const fields = fieldManagerOf(cluster, resource, path.subresource);
  const mayCreate = resource.rules.createOnUpdate === true && path.subresource === '';
  const updated = updateObject(
    cluster,
    resource,
    path.namespace,
    path.name,
    (live) => trackUpdate(fields, live, object, options.manager),
    options,
    mayCreate,
  );
  return { ...updated, warnings: options.warnings };
}

/** The body's name is the URL's. */
function checkName(object: KubeObject, path: ResourcePath): void {
  const { name = '' } = object.metadata;
  if (name === '') throw badRequest(`the name of the object (based on URL) was undeterminable: name must be provided`);
  if (name !== path.name)
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${path.name})`);
}

async function readWrite(
  request: Request,
  path: ResourcePath,
  kind: string,
): Promise<{ body: Body; validation: FieldValidation; options: WriteOptions }> {
  const type = mediaTypeOf(request);
  if (type !== '' && !BODY_TYPES.includes(type)) throw unsupported(BODY_TYPES);
  const body = await readBody(request);
  const query = new URL(request.url).searchParams;
  return { body, validation: fieldValidationOf(query, kind), options: writeOptionsOf(request, query, path, kind) };
}

function unsupported(types: readonly string[]): Error {
  return refuse(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${types.join(', ')}`,
  );
}

/** dryRun and fieldManager. Throws 422. */
function writeOptionsOf(request: Request, query: URLSearchParams, path: ResourcePath, kind: string): WriteOptions {
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
    warnings: [],
  };
}

function managerOfAgent(agent: string): string {
  return (agent.split('/')[0] ?? '').replace(/[^\x20-\x7e\u00a0-\uffff]/g, '').slice(0, 128);
}

export async function handlePatch(
  cluster: Cluster,
  resource: Resource,
  path: ResourcePath,
  request: Request,
): Promise<Written> {
  const type = patchTypeOf(resource, request);
  const query = new URL(request.url).searchParams;
  const text = await readText(request);
  const options = writeOptionsOf(request, query, path, 'PatchOptions');
  checkPatchOptions(query, type);
  const validation = fieldValidationOf(query, 'PatchOptions');
  const fields = fieldManagerOf(cluster, resource, path.subresource);
  const body = await parseBody(text, type === 'apply');
  if (type === 'apply') {
    if (body.problem !== undefined || !isObject(body.value))
      throw badRequest(
        `error decoding YAML: ${body.problem ?? 'json: cannot unmarshal value into Go value of type map[string]interface {}'}`,
      );
    const config = body.value;
    const apply = (live: KubeObject | undefined): KubeObject => {
      const next = trackApply(fields, live, asConfig(config), options.manager, query.get('force') === 'true');
      if (validation !== 'Ignore') checkRepeatedKeys(body, validation, options.warnings);
      return decodeApplied(resource, next, config);
    };
    const mayCreate = path.subresource === '';
    const updated = updateObject(cluster, resource, path.namespace, path.name, apply, options, mayCreate);
    return { ...updated, warnings: options.warnings };
  }
  if (body.problem !== undefined) throw badRequest(body.problem);
  const patch = (live: KubeObject | undefined): KubeObject => {
    if (!live) throw new Error('a patch has no live object');
    const next = patchLive(resource, type, live, body, validation, options.warnings);
    return trackUpdate(fields, live, next, options.manager);
  };
  const updated = updateObject(cluster, resource, path.namespace, path.name, patch, options);
  return { ...updated, warnings: options.warnings };
}

function patchTypeOf(resource: Resource, request: Request): PatchType {
  const mediaType = mediaTypeOf(request);
  const names = Object.keys(PATCH_TYPES).filter(
    (name) => resource.definition === undefined || !name.includes('strategic'),
  );
  const found = Object.entries(PATCH_TYPES).find(([name]) => name === mediaType && names.includes(name));
  if (!found || found[1] === 'cbor') throw unsupported(names.filter((name) => !name.includes('cbor')));
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

function asConfig(value: Record<string, unknown>): KubeObject {
  const metadata = isObject(value.metadata) ? value.metadata : {};
  return { ...value, apiVersion: String(value.apiVersion ?? ''), kind: String(value.kind ?? ''), metadata };
}

/** Keys that the YAML or JSON repeats; unknown fields have failed before. */
function checkRepeatedKeys(body: Body, validation: FieldValidation, warnings: string[]): void {
  const repeated = findRepeated(body.value, body);
  if (repeated === undefined) return;
  const message = `error converting YAML to JSON: yaml: unmarshal errors:\n  line 1: key ${JSON.stringify(repeated)} already set in map`;
  if (validation === 'Strict') throw badRequest(`error strict decoding YAML: ${message}`);
  warnings.push(message);
}

function findRepeated(value: unknown, body: Body): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const written = body.keys.get(value);
  const repeated = written?.find((key, index) => written.indexOf(key) !== index);
  if (repeated !== undefined) return repeated;
  for (const member of Object.values(value)) {
    const found = findRepeated(member, body);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The merged object through the kind's decoder; its values have passed the schema, but not the kind's own forms. */
function decodeApplied(resource: Resource, next: KubeObject, config: Record<string, unknown>): KubeObject {
  try {
    const { object } = resource.schema.decode(next);
    return resource.schema.setDefaults(object);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const metadata = isObject(config.metadata) ? config.metadata : {};
    const name = `${metadata.namespace ?? ''}/${metadata.name ?? ''}; ${resource.apiVersion}, Kind=${resource.kind}`;
    throw refuse(
      500,
      '',
      `failed to convert new object (${name}) to proper version (${resource.apiVersion}): ${error.message}`,
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
  if (type === 'strategic') return patchStrategic(resource, live, body, validation, warnings);
  const patched = type === 'json' ? applyJsonPatch(live, body.value) : applyMergePatch(live, body.value);
  if (!isObject(patched))
    throw badRequest('json: cannot unmarshal value into Go value of type map[string]interface {}');
  const written = () => goJson(patched);
  return decodePatched(resource, patched, written, validation, warnings, findRepeated(body.value, body));
}

function patchStrategic(
  resource: Resource,
  live: KubeObject,
  body: Body,
  validation: FieldValidation,
  warnings: string[],
): KubeObject {
  if (!isObject(body.value))
    throw badRequest('json: cannot unmarshal array into Go value of type map[string]interface {}');
  const { patchType } = resource.schema;
  if (!patchType) throw badRequest('strategic merge patch format is not supported');
  const patch = body.value;
  const patched = applyStrategicMerge(patchType, live, patch);
  return decodePatched(resource, patched, () => formatGo(patch), validation, warnings, findRepeated(patch, body));
}

/** A patched document as an object; what does not fit is the patch's fault. Throws 422. */
function decodePatched(
  resource: Resource,
  patched: Record<string, unknown>,
  written: () => string,
  validation: FieldValidation,
  warnings: string[],
  repeated: string | undefined,
): KubeObject {
  const bad = (detail: string) =>
    invalid('', '', '', [
      {
        reason: 'FieldValueInvalid',
        field: 'patch',
        message: `Invalid value: ${JSON.stringify(written())}: ${detail}`,
      },
    ]);
  let decoded: ReturnType<typeof decodeValue>;
  try {
    decoded = resource.schema.decode(patched);
  } catch (error) {
    if (error instanceof DecodeError) throw bad(error.message);
    throw error;
  }
  const findings = [...(repeated === undefined ? [] : [`duplicate field "${repeated}"`]), ...decoded.strict];
  if (findings.length > 0 && validation === 'Strict') throw bad(`strict decoding error: ${findings.join(', ')}`);
  if (validation === 'Warn') warnings.push(...findings);
  return resource.schema.setDefaults(decoded.object);
}
