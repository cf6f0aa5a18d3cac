// From nodes to plain values: what Go's encoder writes for a node and its decoder reads back (kyaml: RNode.MarshalJSON), without the text between.

import type { GoValue } from '../../go/value.ts';
import { decodeBase64Text } from './base64.ts';
import { failure } from './fail.ts';
import { isQuoted, type Node, STYLE, TAG } from './node.ts';
import { type Resolved, resolvePlain, resolveTagged } from './resolve.ts';

/** The value of a whole object: a mapping of strings to anything, or a list. Throws for what JSON cannot hold. */
export function decodeObject(node: Node | undefined): Map<string, GoValue> | GoValue[] | null {
  if (node === undefined) return null;
  if (node.kind === 'sequence') return node.content.map(decodeNode);
  if (node.tag === TAG.null && node.kind === 'scalar') return new Map();
  if (node.kind !== 'mapping') throw failure(`expected an object but found a ${node.kind}`);
  return decodeMapping(node, false);
}

/** The value of any node. */
export function decodeNode(node: Node): GoValue {
  switch (node.kind) {
    case 'scalar':
      return decodeScalar(node).value;
    case 'sequence':
      return node.content.map(decodeNode);
    case 'mapping':
      return decodeMapping(node, true);
    case 'alias':
      if (node.alias === undefined) throw failure(`unknown anchor '${node.value}'`);
      return decodeNode(node.alias);
    case 'none':
      if (node.tag === '' && node.value === '') return null;
      throw failure('a node without a kind cannot be written');
  }
}

function decodeMapping(node: Node, keysMustBeStrings: boolean): Map<string, GoValue> {
  const { content } = node;
  const result = new Map<string, GoValue>();
  for (let i = 0; i < content.length; i += 2) {
    const key = content[i];
    const value = content[i + 1];
    if (key === undefined || value === undefined) break;
    if (key.kind !== 'scalar') throw keyFailure(key, 'is no plain text');
    const resolved = decodeScalar(key);
    if (resolved.tag === TAG.null && !keysMustBeStrings) continue;
    if (keysMustBeStrings && resolved.tag !== TAG.str && resolved.tag !== TAG.merge) {
      throw keyFailure(key, `is a ${resolved.tag.slice(2)} and no string`, 'put the key into quotes');
    }
    const name = key.value;
    if (result.has(name)) throw keyFailure(key, 'is there twice');
    result.set(name, decodeNode(value));
  }
  return result;
}

function keyFailure(key: Node, problem: string, hint?: string): Error {
  const line = key.line > 0 ? ` in line ${key.line}` : '';
  return failure(`the key '${key.value}'${line} ${problem}`, undefined, hint);
}

/** go-yaml v3 encode.go (encoder.node) followed by decode.go (decoder.scalar): a tag is dropped where the text implies it. */
export function decodeScalar(node: Node): Resolved {
  const { tag, value } = node;
  if ((tag === TAG.str || tag === '') && isQuoted(node)) return { tag: TAG.str, value };
  if (tag === '') return value.includes('\n') ? { tag: TAG.str, value } : resolvePlain(value);
  if (tag === TAG.str) return { tag: TAG.str, value };
  if (tag === TAG.binary) return { tag: TAG.str, value: decodeBase64Text(value) };
  if ((node.style & STYLE.tagged) === 0) {
    const resolved = resolvePlain(value);
    if (resolved.tag === tag && !isQuoted(node) && !value.includes('\n')) return resolved;
    if (resolved.tag === tag) return { tag: TAG.str, value };
  }
  return resolveTagged(tag, value);
}
