// Between nodes and plain JSON, where every number becomes a float64 as Go's encoding/json has it (kyaml: RNode.UnmarshalJSON).

import type { Json } from '../../../base/json.ts';
import { GoNumber, type GoValue } from '../../go/value.ts';
import { decodeObject } from './decode.ts';
import { encodeNode } from './encode.ts';
import { failure } from './fail.ts';
import { makeNode, type Node, STYLE, TAG } from './node.ts';
import { resolvePlain } from './resolve.ts';

/** An object as JSON. */
export function jsonOfNode(root: Node | undefined): Json {
  return jsonOf(decodeObject(root));
}

export function jsonOf(value: GoValue): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw failure('JSON has no .inf and .nan');
    return value;
  }
  if (value instanceof GoNumber) return Number(value.value);
  if (Array.isArray(value)) return value.map(jsonOf);
  if (value instanceof Map) {
    const object: Record<string, Json> = {};
    for (const [key, item] of value) {
      Object.defineProperty(object, key, { value: jsonOf(item), enumerable: true, configurable: true, writable: true });
    }
    return object;
  }
  throw failure('a value of this type has no JSON');
}

/** The node of a JSON value as Go writes it in YAML and reads it back. */
export function nodeOfJson(json: Json): Node {
  return encodeNode(goValueOf(json));
}

export function goValueOf(json: Json): GoValue {
  if (json === null || typeof json !== 'object') return json;
  if (Array.isArray(json)) return json.map(goValueOf);
  return new Map(Object.entries(json).map(([key, item]) => [key, goValueOf(item)]));
}

/** The node that reading a value's JSON text gives: flow style, strings in double quotes. */
export function nodeOfJsonText(value: GoValue): Node {
  if (value === null) return makeNode('scalar', TAG.null, 'null');
  if (typeof value === 'boolean') return makeNode('scalar', TAG.bool, String(value));
  if (typeof value === 'string') return makeNode('scalar', TAG.str, value, STYLE.double);
  if (value instanceof GoNumber) return makeNode('scalar', TAG.int, String(value.value));
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw failure('JSON has no .inf and .nan');
    return makeNode('scalar', resolvePlain(String(value)).tag, String(value));
  }
  const node = makeNode(Array.isArray(value) ? 'sequence' : 'mapping', '', '', STYLE.flow);
  if (Array.isArray(value)) {
    node.tag = TAG.seq;
    node.content = value.map(nodeOfJsonText);
  } else if (value instanceof Map) {
    node.tag = TAG.map;
    for (const [key, item] of value)
      node.content.push(makeNode('scalar', TAG.str, key, STYLE.double), nodeOfJsonText(item));
  }
  return node;
}
