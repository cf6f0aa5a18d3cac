// A request's body as an object of the kind that the path names, checked as strictly as the client asks.
//
// Source: k8s.io/apiserver, pkg/endpoints/handlers/{create,rest}.go (transformDecodeError) and pkg/runtime/serializer/json.

import { isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Resource } from '../resource/resource.ts';
import { DecodeError } from '../schema/decode.ts';
import type { WrittenKeys } from '../schema/json-source.ts';
import type { Body } from './body.ts';
import { badRequest, invalid } from './status.ts';

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

/** `fieldValidation`; what the server does when nothing is said is to warn. Throws 422. */
export function fieldValidationOf(query: URLSearchParams, options: string): FieldValidation {
  const value = query.get('fieldValidation') ?? '';
  if (value === '') return 'Warn';
  if (value === 'Ignore' || value === 'Warn' || value === 'Strict') return value;
  throw invalid('meta.k8s.io', options, '', [
    {
      reason: 'FieldValueNotSupported',
      field: 'fieldValidation',
      message: `Unsupported value: ${JSON.stringify(value)}: supported values: "Ignore", "Strict", "Warn"`,
    },
  ]);
}

/** Decodes and defaults a body. Strict findings are refused, told in `warnings`, or forgotten. Throws 400. */
export function decodeBody(
  resource: Resource,
  body: Body,
  validation: FieldValidation,
  warnings: string[],
  expected = resource,
): KubeObject {
  if (body.problem !== undefined || !isObject(body.value)) {
    const raw = body.text === '' ? '<empty>' : printable(body.text);
    const why =
      body.problem ??
      'json: cannot unmarshal value into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
    const parse = body.yaml ? why : `json parse error: ${why}`;
    throw badRequest(
      `the object provided is unrecognized (must be of type ${expected.kind}): couldn't get version/kind; ${parse} (${raw})`,
    );
  }
  checkKind(expected, body.value);
  const label = `${expected.kind} in version ${JSON.stringify(expected.version)} cannot be handled as a ${expected.kind}`;
  const { object, strict } = decodeValue(resource, body.value, body.keys, label);
  if (strict.length > 0 && validation === 'Strict')
    throw badRequest(`${label}: strict decoding error: ${strict.join(', ')}`);
  if (validation === 'Warn') warnings.push(...strict);
  return object;
}

/** Decodes a JSON object and sets its defaults. Throws 400 with the decoder's message. */
export function decodeValue(
  resource: Resource,
  value: Record<string, unknown>,
  keys: WrittenKeys | undefined,
  label: string,
): { object: KubeObject; strict: readonly string[] } {
  try {
    const { object, strict } = resource.schema.decode(value, keys);
    return { object: resource.schema.setDefaults(object), strict };
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(`${label}: ${error.message}`);
    throw error;
  }
}

/** The body may leave out apiVersion and kind, but not say others. */
function checkKind(resource: Resource, value: Record<string, unknown>): void {
  const apiVersion =
    typeof value.apiVersion === 'string' && value.apiVersion !== '' ? value.apiVersion : resource.apiVersion;
  const kind = typeof value.kind === 'string' && value.kind !== '' ? value.kind : resource.kind;
  if (kind === resource.kind && apiVersion === resource.apiVersion) return;
  if (resource.definition && kind !== resource.kind) {
    const [group = '', version = ''] = resource.apiVersion.split('/');
    throw badRequest(
      `${kind} in version ${JSON.stringify(apiVersion)} cannot be handled as a ${resource.kind}: ` +
        `unable to decode ${apiVersion}, Kind=${kind}: expected ${group}/${version}, Kind=${resource.kind}`,
    );
  }
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  if (kind === resource.kind)
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${resource.apiVersion})`,
    );
  const from = `${version}.${kind}`;
  const to = `${internalPackage(resource.group)}.${resource.kind}`;
  throw badRequest(
    `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${resource.kind}: converting (${from}) to (${to}): unknown conversion`,
  );
}

/** The package of the internal type: `core`, `apps`, `rbac`. */
function internalPackage(group: string): string {
  return group === '' ? 'core' : (group.split('.')[0] ?? group);
}

/** Go prints what is no text as hexadecimal. */
function printable(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
