// From text to nodes. This file alone knows which YAML parser is used.

import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  Scalar,
  type Node as YamlNode,
} from 'yaml';
import { failure } from './fail.ts';
import { makeNode, type Node, STYLE, TAG } from './node.ts';
import { resolvePlain } from './resolve.ts';

const LONG_TAG = 'tag:yaml.org,2002:';

/** The first document of a text; undefined where there is none. Throws for what is no YAML. */
export function parseNode(text: string): Node | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.1',
    schema: 'failsafe',
    uniqueKeys: false,
    merge: false,
    strict: true,
    lineCounter: lines,
    logLevel: 'silent',
    keepSourceTokens: true,
  });
  const [error] = document.errors.filter((found) => found.code !== 'MULTIPLE_DOCS');
  if (error !== undefined) {
    throw failure(`malformed YAML: ${error.message.split('\n')[0]}`);
  }
  if (document.contents === null) return undefined;
  return convert(document.contents, { lines, anchors: new Map() });
}

interface Context {
  readonly lines: LineCounter;
  readonly anchors: Map<string, Node>;
}

function convert(source: YamlNode | null, context: Context): Node {
  if (source === null) return makeNode('scalar', TAG.null);
  const { line, col } = source.range ? context.lines.linePos(source.range[0]) : { line: 0, col: 0 };
  if (isAlias(source)) {
    const node = makeNode('alias', '', source.source);
    node.alias = context.anchors.get(source.source);
    node.line = line;
    node.column = col;
    if (node.alias === undefined) throw failure(`unknown anchor '${source.source}' referenced in line ${line}`);
    return node;
  }
  const tag = shortTag(source.tag);
  const node = isScalar(source) ? scalar(source, tag) : makeNode(isMap(source) ? 'mapping' : 'sequence', '', '');
  node.line = line;
  node.column = col;
  if (tag !== '') {
    node.tag = tag;
    node.style |= STYLE.tagged;
  }
  if (source.anchor !== undefined) {
    node.anchor = source.anchor;
    context.anchors.set(source.anchor, node);
  }
  if (isMap(source)) {
    if (node.tag === '') node.tag = TAG.map;
    if (source.flow) node.style |= STYLE.flow;
    for (const pair of source.items) {
      node.content.push(convert(asNode(pair.key), context), convert(asNode(pair.value), context));
    }
  } else if (isSeq(source)) {
    if (node.tag === '') node.tag = TAG.seq;
    if (source.flow) node.style |= STYLE.flow;
    for (const item of source.items) {
      if (isPair(item)) {
        const map = makeNode('mapping', TAG.map);
        map.content.push(convert(asNode(item.key), context), convert(asNode(item.value), context));
        node.content.push(map);
      } else node.content.push(convert(asNode(item), context));
    }
  }
  return node;
}

function asNode(value: unknown): YamlNode | null {
  if (value === null || value === undefined) return null;
  if (isAlias(value) || isScalar(value) || isMap(value) || isSeq(value)) return value;
  throw failure('the YAML parser gave something that is no node');
}

function scalar(source: Scalar, tag: string): Node {
  const style = styleOf(source);
  const value = style === 0 ? (source.source ?? '') : String(source.value ?? '');
  const node = makeNode('scalar', '', value, style);
  if (tag === '') node.tag = style === 0 ? resolvePlain(value).tag : TAG.str;
  return node;
}

function styleOf(source: Scalar): number {
  switch (source.type) {
    case Scalar.QUOTE_DOUBLE:
      return STYLE.double;
    case Scalar.QUOTE_SINGLE:
      return STYLE.single;
    case Scalar.BLOCK_LITERAL:
      return STYLE.literal;
    case Scalar.BLOCK_FOLDED:
      return STYLE.folded;
    default:
      return 0;
  }
}

function shortTag(tag: string | undefined): string {
  if (tag === undefined || tag === '!') return '';
  return tag.startsWith(LONG_TAG) ? `!!${tag.slice(LONG_TAG.length)}` : tag;
}
