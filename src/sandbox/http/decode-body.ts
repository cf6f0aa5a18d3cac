// A request's body as an object of the kind that the path names, checked as strictly as the client asks.
//
// Source: k8s.io/apiserver, pkg/endpoints/handlers/{create,rest}.go (transformDecodeError) and pkg/runtime/serializer/json.

import { isObject } from '../../base/json.ts';
import { groupOf, type KubeObject, versionOf } from '../../kube/object.ts';
import type { WrittenKeys } from '../../typed/decode.ts';
import { DecodeError } from '../../typed/decode.ts';
import { typeOfKind } from '../../typed/types.ts';
import type { Resource } from '../resource/resource.ts';
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
      message: `Unsupported value: ${JSON.stringify(value)}: supported values: "", "Ignore", "Strict", "Warn"`,
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
    const raw = summarize(body.text);
    const why =
      body.problem ??
      `json: cannot unmarshal ${jsonType(body.value)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`;
    const parse = body.yaml ? why : `json parse error: ${why}`;
    throw badRequest(
      `the object provided is unrecognized (must be of type ${expected.kind}): couldn't get version/kind; ${parse} (${raw})`,
    );
  }
  checkKind(expected, body.value);
  const label = `${expected.kind} in version ${JSON.stringify(expected.version)} cannot be handled as a ${expected.kind}`;
  const decoded = decodeValue(resource, body.value, body.keys, label);
  const yaml = (body.yamlKeys ?? []).map((line) => `yaml: unmarshal errors:\n  ${line}`);
  const { object } = decoded;
  const strict = [...yaml, ...decoded.strict];
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

/** The body may leave out apiVersion and kind, but not say others. Throws 400 with what the codec says. */
function checkKind(resource: Resource, value: Record<string, unknown>): void {
  const { apiVersion, kind } = gvkOf(resource, value);
  if (kind === resource.kind && apiVersion === resource.apiVersion) return;
  if (resource.definition)
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${resource.apiVersion})`,
    );
  const label = `${kind} in version ${JSON.stringify(versionOf(apiVersion))} cannot be handled as a ${resource.kind}`;
  throw badRequest(`${label}: ${unknownConversion(resource, apiVersion, kind)}`);
}

/** What a value says that it is; the resource where it says nothing. */
export function gvkOf(resource: Resource, value: Record<string, unknown>): { apiVersion: string; kind: string } {
  const text = (key: string, otherwise: string) => {
    const found = value[key];
    return typeof found === 'string' && found !== '' ? found : otherwise;
  };
  return { apiVersion: text('apiVersion', resource.apiVersion), kind: text('kind', resource.kind) };
}

/** Why an object of another kind cannot become one of this. */
export function unknownConversion(resource: Resource, apiVersion: string, kind: string): string {
  const version = versionOf(apiVersion);
  if (!typeOfKind(groupOf(apiVersion), version, kind))
    return `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`;
  return `converting (${version}.${kind}) to (${internalPackage(resource.group)}.${resource.kind}): unknown conversion`;
}

/** The package of the internal type: `core`, `apps`, `rbac`. */
function internalPackage(group: string): string {
  return group === '' ? 'core' : (group.split('.')[0] ?? group);
}

/** What a message quotes of a body: as it is when it looks like an object, else in hexadecimal (summarizeData). */
function summarize(text: string): string {
  if (text === '') return '<empty>';
  const shown = text.startsWith('{') ? text : hexadecimal(text);
  const limit = text.startsWith('{') ? 1024 : 2048;
  return shown.length > limit ? `${shown.slice(0, limit)} ...` : shown;
}

function hexadecimal(text: string): string {
  return [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The type of a JSON value in Go's messages. */
export function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
