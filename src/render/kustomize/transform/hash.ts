// Appends a hash of its content to the name of what asks for it (kustomize: api/hasher/hasher.go, HashTransformer).

import { sha256 } from '@noble/hashes/sha2.js';
import type { Json } from '../../../base/json.ts';
import { utf8Encode } from '../../go/strings.ts';
import { decodeObject } from '../node/decode.ts';
import { field } from '../node/fields.ts';
import { goJson } from '../node/go-json.ts';
import { jsonOf } from '../node/json.ts';
import type { Node } from '../node/node.ts';
import { NEEDS_HASH } from '../resource/build-annotations.ts';
import type { ResMap } from '../resource/res-map.ts';
import { isEnabled, kindOf, nameOf, type Resource, setName, storePreviousId } from '../resource/resource.ts';
import { goNodeJson } from './node-json.ts';

/** Hexadecimal digits that could spell something are replaced. */
const LETTERS: Readonly<Record<string, string>> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' };

export function addHashes(map: ResMap): void {
  for (const resource of map.resources) {
    if (!isEnabled(resource, NEEDS_HASH)) continue;
    const hash = hashOf(resource);
    storePreviousId(resource);
    setName(resource, `${nameOf(resource)}-${hash}`);
  }
}

function hashOf(resource: Resource): string {
  const digest = sha256(utf8Encode(hashedText(resource)));
  const hex = [...digest.subarray(0, 5)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [...hex].map((digit) => LETTERS[digit] ?? digit).join('');
}

function hashedText(resource: Resource): string {
  const { root } = resource;
  const kind = kindOf(resource);
  if (root === undefined) return 'null';
  const hashed: Record<string, Json> = {
    kind,
    name: hashedValue(root, 'metadata/name'),
    data: hashedValue(root, 'data'),
  };
  if (kind === 'ConfigMap') return goJson(withMapping(hashed, root, 'binaryData'));
  if (kind === 'Secret') return goJson(withMapping({ ...hashed, type: hashedValue(root, 'type') }, root, 'stringData'));
  return goNodeJson(root);
}

function withMapping(hashed: Record<string, Json>, root: Node, name: string): Record<string, Json> {
  const value = hashedValue(root, name);
  return typeof value === 'object' && value !== null ? { ...hashed, [name]: value } : hashed;
}

/** The field's text, its mapping as JSON, or '' where there is none. 'metadata/name' is looked up as one field, as in kustomize, and so is always ''. */
function hashedValue(root: Node, name: string): Json {
  const found = field(root, name);
  if (found === undefined) return '';
  if (found.kind === 'scalar') return found.value;
  return found.kind === 'mapping' ? jsonOf(decodeObject(found)) : null;
}
