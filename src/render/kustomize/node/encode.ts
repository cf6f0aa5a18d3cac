// From plain values to nodes: what go-yaml v3 writes for a value and reads back (kyaml: FromMap).

import { formatFloat } from '../../go/strconv.ts';
import { GoMap, GoNumber, type GoValue } from '../../go/value.ts';
import { failure } from './fail.ts';
import { makeNode, type Node, STYLE, TAG } from './node.ts';
import { resolvePlain } from './resolve.ts';
import { analyzeScalar } from './scalar-analysis.ts';

const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const OLD_BOOL = /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/;

/** The node of a value, mappings sorted as go-yaml sorts them for a map without order (the order shows nowhere but in texts). */
export function encodeNode(value: GoValue): Node {
  if (value === null) return makeNode('scalar', TAG.null, 'null');
  switch (typeof value) {
    case 'boolean':
      return makeNode('scalar', TAG.bool, String(value));
    case 'number':
      return floatNode(value);
    case 'string':
      return stringValueNode(value);
  }
  if (value instanceof GoNumber) return makeNode('scalar', TAG.int, String(value.value));
  if (Array.isArray(value)) {
    const node = makeNode('sequence', TAG.seq);
    node.content = value.map(encodeNode);
    return node;
  }
  if (value instanceof Map) return mapNode(value);
  if (value instanceof GoMap) return mapNode(value.entries);
  throw failure('a value of this type cannot be written as YAML');
}

function mapNode(entries: ReadonlyMap<string, GoValue>): Node {
  const node = makeNode('mapping', TAG.map);
  for (const [key, value] of entries) node.content.push(stringValueNode(key), encodeNode(value));
  return node;
}

/** go-yaml v3: encoder.floatv; a whole number reads back as an integer. */
function floatNode(value: number): Node {
  const text = formatFloat(value, 'g', -1, 64);
  const { tag } = resolvePlain(text);
  return makeNode('scalar', tag, text);
}

/** go-yaml v3: encoder.stringv. */
function stringValueNode(text: string): Node {
  if (text.includes('\n')) return makeNode('scalar', TAG.str, text, STYLE.literal);
  const plain = resolvePlain(text).tag === TAG.str && !BASE_60.test(text) && !OLD_BOOL.test(text);
  if (!plain) return makeNode('scalar', TAG.str, text, STYLE.double);
  return makeNode('scalar', TAG.str, text, analyzeScalar(text).blockPlain ? 0 : STYLE.single);
}
