// From nodes to plain values: what Go's encoder writes for a node and its decoder reads back (kyaml: RNode.MarshalJSON), without writing the text
// but where the two do not agree.

import type { GoValue } from '../../go/value.ts';
import { decodeBase64Text } from './base64.ts';
import { failure } from './fail.ts';
import { isQuoted, type Node, STYLE, TAG } from './node.ts';
import { rereadBlock } from './reread.ts';
import { type Resolved, resolvePlain, resolveTagged } from './resolve.ts';

/** How the decoder meets a node: written in indented form, written in brackets, or as it is, without having been written. */
export type Form = 'block' | 'flow' | 'unwritten';

/** The value of a whole object: a mapping of strings to anything, or a list. Throws for what JSON cannot hold. */
export function decodeObject(node: Node | undefined, form: Form = 'block'): Map<string, GoValue> | GoValue[] | null {
  if (node === undefined) return null;
  if (node.kind === 'sequence') return decodeList(node, form);
  if (node.tag === TAG.null && node.kind === 'scalar') return new Map();
  if (node.kind !== 'mapping') throw failure(`expected an object but found a ${node.kind}`);
  return decodeMapping(node, false, form);
}

/** The value of any node. */
export function decodeNode(node: Node, form: Form = 'block'): GoValue {
  switch (node.kind) {
    case 'scalar':
      return decodeScalar(node, form).value;
    case 'sequence':
      return decodeList(node, form);
    case 'mapping':
      return decodeMapping(node, true, form);
    case 'alias':
      if (node.alias === undefined) throw failure(`unknown anchor '${node.value}'`);
      return decodeNode(node.alias, form);
    case 'none':
      if (node.tag === '' && node.value === '') return null;
      throw failure('a node without a kind cannot be written');
  }
}

/** All that is in brackets is written in brackets. */
function formBelow(node: Node, form: Form): Form {
  return form === 'block' && (node.style & STYLE.flow) !== 0 ? 'flow' : form;
}

function decodeList(node: Node, form: Form): GoValue[] {
  const below = formBelow(node, form);
  return node.content.map((item) => decodeNode(item, below));
}

function decodeMapping(node: Node, keysMustBeStrings: boolean, form: Form): Map<string, GoValue> {
  const { content } = node;
  const below = formBelow(node, form);
  const result = new Map<string, GoValue>();
  for (let i = 0; i < content.length; i += 2) {
    const key = content[i];
    const value = content[i + 1];
    if (key === undefined || value === undefined) break;
    const tag = keyTag(key, form);
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
function keyTag(key: Node, form: Form): string {
  if (key.kind !== 'scalar') throw keyFailure(key, 'is no plain text');
  if (form === 'unwritten') return decodeScalar(key, form).tag;
  return key.value === '' ? TAG.str : decodeScalar(key, 'flow').tag;
}

function keyFailure(key: Node, problem: string, hint?: string): Error {
  const line = key.line > 0 ? ` in line ${key.line}` : '';
  return failure(`the key '${key.value}'${line} ${problem}`, hint);
}

/** go-yaml v3 encode.go (encoder.node) followed by decode.go (decoder.scalar): a tag is dropped where the text implies it. */
function decodeScalar(node: Node, form: Form): Resolved {
  const { tag, value } = node;
  if (form === 'unwritten') return decodeUnwritten(node);
  if (tag === '' || tag === TAG.str) {
    if (isQuoted(node) || value.includes('\n')) {
      return { tag: TAG.str, value: form === 'flow' ? value : rereadBlock(node) };
    }
    return tag === TAG.str ? { tag, value } : resolveWritten(value, form);
  }
  if (tag === TAG.binary) return { tag: TAG.str, value: decodeBase64Text(value) };
  if ((node.style & STYLE.tagged) === 0) {
    const resolved = resolvePlain(value);
    if (resolved.tag === tag) {
      return isQuoted(node) || value.includes('\n') ? { tag: TAG.str, value } : resolveWritten(value, form);
    }
  }
  return resolveTagged(tag, value);
}

/** decode.go alone. */
function decodeUnwritten(node: Node): Resolved {
  const { tag, value } = node;
  if (tag === TAG.str || ((tag === '' || tag === '!') && isQuoted(node))) return { tag: TAG.str, value };
  if (tag === TAG.binary) return { tag: TAG.str, value: decodeBase64Text(value) };
  return tag === '' ? resolvePlain(value) : resolveTagged(tag, value);
}

/** In brackets an empty text and one with their characters are quoted, and so are strings. */
function resolveWritten(value: string, form: Form): Resolved {
  return form === 'flow' && (value === '' || /[,?[\]{}:]/.test(value)) ? { tag: TAG.str, value } : resolvePlain(value);
}
