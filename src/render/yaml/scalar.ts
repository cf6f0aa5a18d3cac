// A scalar node → what it means in go-yaml v2, tags and `!!binary` included.

import { utf8Decode } from '../go/strings.ts';
import type { YamlNode } from './node.ts';
import { yamlProblem } from './problem.ts';
import { resolvePlain, resolveTagged, type Scalar, TAG_PREFIX } from './resolve.ts';

const BINARY_TAG = `${TAG_PREFIX}binary`;

/** Throws go-yaml's error where the text is not of the tag's type. */
export function scalarOf(node: YamlNode): Scalar {
  if (node.tag === '') return node.implicit ? resolvePlain(node.value, 'v2') : node.value;
  return node.tag === BINARY_TAG ? decodeBinary(node.value) : resolveTagged(node.tag, node.value, 'v2');
}

/** The text of base64 data, stray bytes included. */
function decodeBinary(base64: string): string {
  const compact = base64.replace(/[\r\n]/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(compact)) {
    throw yamlProblem('!!binary value contains invalid base64 data');
  }
  const bytes = Uint8Array.from(atob(compact), (character) => character.charCodeAt(0));
  return utf8Decode(bytes);
}
