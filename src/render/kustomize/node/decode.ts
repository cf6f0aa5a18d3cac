// From nodes to plain values: what Go's encoder writes for a node and its decoder reads back (kyaml: RNode.MarshalJSON), without writing the text
// but where the two do not agree.

import type { GoValue } from '../../go/value.ts';
import { decodeBase64Text } from './base64.ts';
import { failure } from './fail.ts';
import { isQuoted, type Node, STYLE, TAG } from './node.ts';
import { rereadBlock } from './reread.ts';
import { type Resolved, resolvePlain, resolveTagged } from './resolve.ts';

/** The value of a whole object: a mapping of strings to anything, or a list. Throws for what JSON cannot hold. */
export function decodeObject(node: Node | undefined): Map<string, GoValue> | GoValue[] | null {
  if (node === undefined) return null;
  if (node.kind === 'sequence') return decodeList(node, false);
  if (node.tag === TAG.null && node.kind === 'scalar') return new Map();
  if (node.kind !== 'mapping') throw failure(`expected an object but found a ${node.kind}`);
  return decodeMapping(node, false, false);
}

/** The value of any node. `inFlow`: it will be written in brackets. */
export function decodeNode(node: Node, inFlow = false): GoValue {
  switch (node.kind) {
    case 'scalar':
      return decodeScalar(node, inFlow).value;
    case 'sequence':
      return decodeList(node, inFlow);
    case 'mapping':
      return decodeMapping(node, true, inFlow);
    case 'alias':
      if (node.alias === undefined) throw failure(`unknown anchor '${node.value}'`);
      return decodeNode(node.alias, inFlow);
    case 'none':
      if (node.tag === '' && node.value === '') return null;
      throw failure('a node without a kind cannot be written');
  }
}

function decodeList(node: Node, inFlow: boolean): GoValue[] {
  const below = inFlow || (node.style & STYLE.flow) !== 0;
  return node.content.map((item) => decodeNode(item, below));
}

function decodeMapping(node: Node, keysMustBeStrings: boolean, inFlow: boolean): Map<string, GoValue> {
  const { content } = node;
  const below = inFlow || (node.style & STYLE.flow) !== 0;
  const result = new Map<string, GoValue>();
  for (let i = 0; i < content.length; i += 2) {
    const key = content[i];
    const value = content[i + 1];
    if (key === undefined || value === undefined) break;
    const tag = keyTag(key);
    if (tag === TAG.null && !keysMustBeStrings) continue;
    if (keysMustBeStrings && tag !== TAG.str && tag !== TAG.merge) {
      throw keyFailure(key, `is a ${tag.slice(2)} and no string`, 'put the key into quotes');
    }
    if (result.has(key.value)) throw keyFailure(key, 'is there twice');
    result.set(key.value, decodeNode(value, below));
  }
  return result;
}

/** An empty key is written in quotes, and so is no null. */
function keyTag(key: Node): string {
  if (key.kind !== 'scalar') throw keyFailure(key, 'is no plain text');
  return key.value === '' ? TAG.str : decodeScalar(key, true).tag;
}

function keyFailure(key: Node, problem: string, hint?: string): Error {
  const line = key.line > 0 ? ` in line ${key.line}` : '';
  return failure(`the key '${key.value}'${line} ${problem}`, hint);
}

/** go-yaml v3 encode.go (encoder.node) followed by decode.go (decoder.scalar): a tag is dropped where the text implies it. */
function decodeScalar(node: Node, inFlow: boolean): Resolved {
  const { tag, value } = node;
  if (tag === '' || tag === TAG.str) {
    if (isQuoted(node) || value.includes('\n')) return { tag: TAG.str, value: inFlow ? value : rereadBlock(node) };
    return tag === TAG.str ? { tag, value } : resolveWritten(value, inFlow);
  }
  if (tag === TAG.binary) return { tag: TAG.str, value: decodeBase64Text(value) };
  if ((node.style & STYLE.tagged) === 0) {
    const resolved = resolvePlain(value);
    if (resolved.tag === tag) {
      return isQuoted(node) || value.includes('\n') ? { tag: TAG.str, value } : resolveWritten(value, inFlow);
    }
  }
  return resolveTagged(tag, value);
}

/** In brackets an empty text and one with their characters are quoted, and so are strings. */
function resolveWritten(value: string, inFlow: boolean): Resolved {
  return inFlow && (value === '' || /[,?[\]{}:]/.test(value)) ? { tag: TAG.str, value } : resolvePlain(value);
}
