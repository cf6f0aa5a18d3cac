// Request bodies: JSON, or YAML as sigs.k8s.io/yaml reads it.

import { messageOf } from '../../base/errors.ts';
import { groupOf, versionOf } from '../../kube/object.ts';
import { parseYamlStrict, yamlToJson } from '../../render/yaml/decode.ts';
import type { WrittenKeys } from '../../typed/decode.ts';
import { typeOf, typeOfKind } from '../../typed/types.ts';
import { type JsonSource, readJson } from '../schema/json-source.ts';
import { decodeProtobuf, readEnvelope } from '../schema/protobuf.ts';
import { refuse } from './status.ts';

const MAX_BODY = 3 * 1024 * 1024;

export interface Body {
  readonly value: unknown;
  readonly text: string;
  /** Repeated keys, for strict validation. */
  readonly keys: WrittenKeys;
  readonly yaml: boolean;
  /** `line 7: key "x" already set in map`, where the text was no JSON. */
  readonly yamlKeys?: readonly string[];
  readonly problem: string | undefined;
}

/** The media type of a request's body without parameters. */
export function mediaTypeOf(request: Request): string {
  return (request.headers.get('Content-Type') ?? '').split(';')[0]?.trim() ?? '';
}

const PROTOBUF = 'application/vnd.kubernetes.protobuf';

export async function readText(request: Request): Promise<string> {
  const text = await request.text();
  if (text.length > MAX_BODY)
    throw refuse(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${MAX_BODY}`);
  return text;
}

/** Reads a body; what is no JSON, YAML or protobuf is told in `problem`. */
export async function readBody(request: Request): Promise<Body> {
  if (mediaTypeOf(request) === PROTOBUF) return readProtobuf(new Uint8Array(await request.arrayBuffer()));
  const text = await readText(request);
  return parseBody(text, /yaml/.test(mediaTypeOf(request)));
}

export function parseBody(text: string, yaml: boolean): Body {
  try {
    if (!yaml) return { ...readJson(text), text, yaml, problem: undefined };
    const source = readYaml(text);
    return { ...source, text, yaml, problem: undefined };
  } catch (error) {
    return { value: undefined, text, keys: new WeakMap(), yaml, problem: messageOf(error) };
  }
}

function readProtobuf(bytes: Uint8Array): Body {
  const empty = { value: undefined, text: '', keys: new WeakMap(), yaml: false, problem: undefined };
  if (bytes.length === 0) return empty;
  try {
    const { apiVersion, kind, raw } = readEnvelope(bytes);
    const type =
      kind === 'DeleteOptions'
        ? typeOf('meta/v1.DeleteOptions')
        : typeOfKind(groupOf(apiVersion), versionOf(apiVersion), kind);
    if (!type)
      return {
        ...empty,
        text: kind,
        problem: `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`,
      };
    return { ...empty, text: kind, value: { apiVersion, kind, ...decodeProtobuf(type, raw) } };
  } catch (error) {
    return { ...empty, text: '?', problem: messageOf(error) };
  }
}

/** Most YAML that clients send is JSON. */
function readYaml(text: string): JsonSource & { yamlKeys: readonly string[] } {
  if (/^\s*\{/.test(text)) {
    try {
      const source = readJson(text);
      return { ...source, yamlKeys: source.repeats ? repeatedYamlKeys(text) : [] };
    } catch {
      // A flow mapping of YAML that is no JSON.
    }
  }
  let json: string;
  try {
    json = yamlToJson(text);
  } catch (error) {
    throw new Error(`error converting YAML to JSON: ${messageOf(error)}`);
  }
  return { value: JSON.parse(json), keys: new WeakMap(), repeats: false, yamlKeys: repeatedYamlKeys(text) };
}

/** `line 7: key "x" already set in map` for each key that is written twice. */
function repeatedYamlKeys(text: string): string[] {
  try {
    parseYamlStrict(text);
    return [];
  } catch (error) {
    return messageOf(error)
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
}
